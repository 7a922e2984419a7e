import TraceDecode

/// Walks the records of classic pcap in all its forms.
struct ClassicWalk: RecordWalk {
  private(set) var info: CaptureInfo
  private(set) var nextFrame: UInt64
  private let header: ClassicHeader
  private let interface: UInt32

  init(_ header: ClassicHeader, path: String, compression: Compression?, numbering: Numbering) {
    self.header = header
    nextFrame = numbering.frame
    interface = numbering.interface
    info = header.info(path: path, compression: compression, reader: .record)
  }

  var headerLength: Int { ClassicHeader.length }

  mutating func walk(
    _ bytes: UnsafeRawBufferPointer, at offset: UInt64, into frames: UnsafeMutableBufferPointer<Frame>
  ) -> WalkStep {
    var step = WalkStep()
    let headerLength = header.recordHeaderLength
    guard let start = bytes.baseAddress, let room = frames.baseAddress else {
      step.stop = .needs(headerLength)
      return step
    }
    let swapped = header.swapped
    let order = header.lengthOrder
    let linkType = header.linkType
    let longest = CaptureLimits.capturedLength(linkType.rawValue)
    let snapLength = header.effectiveSnapLength
    let fractionScale: Int64 = header.format == .pcapNanoseconds ? 1 : 1000
    var cursor = 0
    var count = 0
    while count < frames.count {
      let left = bytes.count - cursor
      guard left >= headerLength else {
        step.stop = .needs(headerLength)
        break
      }
      let record = start + cursor
      var captured = record.word(8, swapped: swapped)
      var wire = record.word(12, swapped: swapped)
      if order != .capturedFirst, order == .wireFirst || captured > wire { swap(&captured, &wire) }
      if captured > longest {
        step.stop = .damaged(
          .corrupt, "a record claims \(captured) captured octets, where \(longest) are the most there can be")
        break
      }
      let size = headerLength + Int(captured)
      guard left >= size else {
        step.stop = .needs(size)
        break
      }
      let seconds = Int64(record.word(0, swapped: swapped))
      let fraction = Int64(record.word(4, swapped: swapped))
      (room + count).initialize(
        to: Frame(
          number: nextFrame &+ UInt64(count), time: seconds * 1_000_000_000 + fraction * fractionScale,
          recordOffset: offset &+ UInt64(cursor),
          bytes: UnsafeRawBufferPointer(start: record + headerLength, count: Int(min(captured, snapLength))),
          wireLength: wire, linkType: linkType, interface: interface))
      cursor += size
      count += 1
    }
    nextFrame &+= UInt64(count)
    step.consumed = cursor
    step.frames = count
    return step
  }
}

extension ClassicHeader {
  /// What the header says of the capture.
  func info(path: String, compression: Compression?, reader: ReaderChoice) -> CaptureInfo {
    let order = swapped ? ByteOrder.native.swapped : .native
    var info = CaptureInfo(
      path: path, format: format, compression: compression, byteOrder: order, version: "\(major).\(minor)",
      reader: reader)
    info.sections = [CaptureSection(offset: 0, byteOrder: order)]
    var interface = CaptureInterface(linkType: linkType, snapLength: snapLength)
    interface.resolution = format == .pcapNanoseconds ? .nanoseconds : .microseconds
    interface.frameCheckOctets = frameCheckOctets
    info.interfaces = [interface]
    return info
  }
}
