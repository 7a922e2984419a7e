import TraceDecode

/// Writes the frames of a capture that is no pcapng as one, with comments.
struct PcapngConversion {
  private let annotations: Annotations
  private let sink: ByteSink
  private(set) var result = AnnotationResult()
  private var hasBegun = false
  private var scale: Int64 = 1
  private var failure: CaptureError?

  init(_ annotations: Annotations, sink: ByteSink) {
    self.annotations = annotations
    self.sink = sink
  }

  mutating func run(_ source: any CaptureSource) throws(CaptureError) {
    try begin(source.info)
    while try source.nextBatch({ frames in
      for frame in frames { if failure == nil { write(frame) } }
    }) > 0, failure == nil {}
    if let failure { throw failure }
    result.damage = source.info.damage
    result.commentsLeft = annotations.frames.reduce(0) { $0 + $1.value.count } - frameComments
  }

  private var frameComments = 0

  /// The section and the one interface that classic pcap has.
  private mutating func begin(_ info: CaptureInfo) throws(CaptureError) {
    var section = PcapngBlock(swapped: false)
    section.append(PcapngHeader.byteOrderMagic)
    section.append(1 as UInt16)
    section.append(0 as UInt16)
    section.append(Int64(-1))
    if let comment = annotations.section {
      section.comment(comment)
      section.endOfOptions()
      result.commentsWritten += 1
    }
    try sink.append(section.framed(PcapngHeader.sectionBlock))

    let described = info.interfaces.first
    let resolution = described?.resolution ?? .nanoseconds
    scale = resolution == .microseconds ? 1000 : 1
    var interface = PcapngBlock(swapped: false)
    interface.append(described?.linkType.rawValue ?? LinkType.ethernet.rawValue)
    interface.append(0 as UInt16)
    interface.append(described?.snapLength ?? 0)
    // if_tsresol; microseconds are what its absence means, yet saying so spares doubt.
    interface.option(9, [scale == 1000 ? 6 : 9])
    if let octets = described?.frameCheckOctets { interface.option(13, [octets]) }
    interface.endOfOptions()
    try sink.append(interface.framed(1))
  }

  private mutating func write(_ frame: Frame) {
    guard annotations.kept?.contains(frame.number) ?? true else { return }
    let stamp = UInt64(bitPattern: frame.time / scale)
    var block = PcapngBlock(swapped: false)
    block.append(0 as UInt32)
    block.append(UInt32(truncatingIfNeeded: stamp >> 32))
    block.append(UInt32(truncatingIfNeeded: stamp))
    block.append(UInt32(truncatingIfNeeded: frame.bytes.count))
    block.append(frame.wireLength)
    block.append(frame.bytes)
    block.pad()
    if let comments = annotations.frames[frame.number], !comments.isEmpty {
      for comment in comments { block.comment(comment) }
      block.endOfOptions()
      frameComments += comments.count
      result.commentsWritten += comments.count
    }
    do throws(CaptureError) {
      try sink.append(block.framed(6))
      result.framesWritten &+= 1
    } catch {
      failure = error
    }
  }
}
