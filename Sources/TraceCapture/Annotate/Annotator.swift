import TraceDecode

/// Copies a capture to pcapng with comments added.
///
/// A pcapng is copied block by block: every octet stays as it is but for the comments and the lengths they
/// change. Classic pcap becomes pcapng of the same link type, snapshot length and time resolution. Compressed
/// captures are unpacked. A capture that breaks off is copied as far as it goes.
public enum Annotator {
  /// Errors: an input that is no capture, an output that cannot be written or is the input.
  public static func copy(
    _ input: String, to output: String, _ annotations: Annotations
  ) throws(CaptureError) -> AnnotationResult {
    let (source, _) = Opening.unpack(try FileByteSource.open(path: input))
    if PcapngHeader.recognise(source.head) {
      let sink = try ByteSink(path: output, source: input)
      var copy = PcapngCopy(annotations, sink: sink)
      try copy.run(source)
      try sink.close()
      return copy.result
    }
    let reader: ReaderChoice = ClassicHeader.recognise(source.head) == nil ? .automatic : .record
    let frames = try Capture.open(path: input, options: CaptureOptions(reader: reader))
    let sink = try ByteSink(path: output, source: input)
    var conversion = PcapngConversion(annotations, sink: sink)
    try conversion.run(frames)
    try sink.close()
    return conversion.result
  }

  /// What an option can hold. Units: octets.
  static let longestComment = 65_535

  /// The text of a comment, cut to what an option can hold at a character's end.
  static func octets(_ comment: String) -> [UInt8] {
    let all = Array(comment.utf8)
    guard all.count > longestComment else { return all }
    var end = longestComment
    while end > 0, all[end] & 0xc0 == 0x80 { end -= 1 }
    return Array(all[..<end])
  }
}

/// A block being put together, in one byte order.
struct PcapngBlock {
  let swapped: Bool
  private(set) var bytes: [UInt8] = []

  init(swapped: Bool) { self.swapped = swapped }

  mutating func append<Value: FixedWidthInteger>(_ value: Value) {
    withUnsafeBytes(of: swapped ? value.byteSwapped : value) { bytes.append(contentsOf: $0) }
  }

  mutating func append(_ octets: UnsafeRawBufferPointer) { bytes.append(contentsOf: octets) }

  mutating func pad() {
    while bytes.count % 4 != 0 { bytes.append(0) }
  }

  mutating func comment(_ text: String) {
    let octets = Annotator.octets(text)
    option(PcapngOptions.comment, octets)
  }

  mutating func option(_ code: UInt16, _ value: [UInt8]) {
    append(code)
    append(UInt16(truncatingIfNeeded: value.count))
    bytes.append(contentsOf: value)
    pad()
  }

  mutating func endOfOptions() { append(UInt32(0)) }

  /// The whole block: type, length, body, length.
  func framed(_ type: UInt32) -> [UInt8] {
    var block = PcapngBlock(swapped: swapped)
    let length = UInt32(truncatingIfNeeded: bytes.count + 12)
    block.append(type)
    block.append(length)
    block.bytes += bytes
    block.append(length)
    return block.bytes
  }
}
