import TraceDecode

/// Copies a pcapng block by block, adding comments to the packets and to the first section.
struct PcapngCopy {
  private let annotations: Annotations
  private let sink: ByteSink
  private(set) var result = AnnotationResult()

  // The section being copied.
  private var swapped = false
  private var inSection = false
  /// A section of a version nobody knows: its packets have no numbers.
  private var skipping = false
  /// The first interface's snapshot length, which simple packets are cut to; nil before one.
  private var firstSnapLength: UInt32?
  private var interfaces = 0
  /// Where in the output the section's length stands, and what it was; nil where it says nothing.
  private var sectionLength: (place: UInt64, value: UInt64)?
  /// Octets the section has grown by; negative where it shrank.
  private var growth: Int64 = 0

  private var frame: UInt64 = 0
  private var isFirstSection = true
  private var frameComments = 0

  init(_ annotations: Annotations, sink: ByteSink) {
    self.annotations = annotations
    self.sink = sink
  }

  mutating func run(_ source: any ByteSource) throws(CaptureError) {
    let reader = BlockReader(source)
    while let header = reader.peek(12) {
      // The same in either byte order.
      let isSection = header.loadUnaligned(as: UInt32.self) == PcapngHeader.sectionBlock
      if isSection {
        guard let start = reader.peek(28)?.baseAddress else { break }
        guard takeByteOrder(start) else {
          return try stop(.corrupt, reader.offset, "a section header has no byte-order magic 0x1a2b3c4d")
        }
      }
      guard let start = reader.peek(12)?.baseAddress else { break }
      let type = start.word(0, swapped: swapped)
      let length = start.word(4, swapped: swapped)
      guard length >= 12, length % 4 == 0, length <= CaptureLimits.blockLength else {
        return try stop(.corrupt, reader.offset, "a block of type \(type) claims \(length) octets")
      }
      guard let block = reader.peek(Int(length)), let base = block.baseAddress else { break }
      guard base.word(Int(length) - 4, swapped: swapped) == length else {
        return try stop(.corrupt, reader.offset, "a block does not end with its length")
      }
      try copy(type, block)
      reader.skip(Int(length))
    }
    if let fault = source.fault {
      return try stop(fault.kind, reader.offset, fault.reason)
    }
    if !reader.isAtEnd { return try stop(.cut, reader.offset, "the file ends within a block") }
    try endSection()
    countLeft()
  }

  private mutating func stop(
    _ kind: CaptureDamage.Kind, _ offset: UInt64, _ reason: String
  ) throws(CaptureError) {
    result.damage = CaptureDamage(kind: kind, offset: offset, reason: reason, framesBefore: frame)
    try endSection()
    countLeft()
  }

  private mutating func countLeft() {
    result.commentsLeft = annotations.frames.reduce(0) { $0 + $1.value.count } - frameComments
  }

  private mutating func takeByteOrder(_ block: UnsafeRawPointer) -> Bool {
    switch block.word(8, swapped: false) {
    case PcapngHeader.byteOrderMagic: swapped = false
    case PcapngHeader.byteOrderMagic.byteSwapped: swapped = true
    default: return false
    }
    return true
  }

  // MARK: - Blocks

  private mutating func copy(_ type: UInt32, _ block: UnsafeRawBufferPointer) throws(CaptureError) {
    switch type {
    case PcapngHeader.sectionBlock: return try section(block)
    case 6 where !skipping && block.count >= 32: return try packet(type, block, fixed: 28)
    case 2 where !skipping && block.count >= 32: return try packet(type, block, fixed: 28)
    case 3 where !skipping && block.count >= 16: return try simplePacket(block)
    case 1 where !skipping && block.count >= 20:
      if interfaces == 0, let start = block.baseAddress {
        let link = start.half(8, swapped: swapped)
        firstSnapLength = effectiveSnap(start.word(12, swapped: swapped), link)
      }
      interfaces += 1
    default: break
    }
    try sink.append(block)
  }

  private mutating func section(_ block: UnsafeRawBufferPointer) throws(CaptureError) {
    try endSection()
    guard block.count >= 28, let start = block.baseAddress else { return try sink.append(block) }
    let major = start.half(12, swapped: swapped)
    let minor = start.half(14, swapped: swapped)
    skipping = !(major == 1 && (minor == 0 || minor == 2))
    interfaces = 0
    firstSnapLength = nil
    let length = start.long(16, swapped: swapped)
    let comments = isFirstSection && !skipping ? annotations.section.map { [$0] } ?? [] : []
    if !skipping { isFirstSection = false }
    if length != .max { sectionLength = (sink.position &+ 16, length) }
    var copy = Array(block)
    if !comments.isEmpty {
      copy = commented(PcapngHeader.sectionBlock, block, options: 24, comments)
      // The section's length counts from behind its header.
      result.commentsWritten += comments.count
    }
    if length != .max, !sink.isSeekable {
      // What cannot be mended later is left open.
      for i in 16..<24 { copy[i] = 0xff }
      sectionLength = nil
    }
    try sink.append(copy)
  }

  private mutating func endSection() throws(CaptureError) {
    defer {
      sectionLength = nil
      growth = 0
    }
    guard let (place, value) = sectionLength, growth != 0 else { return }
    var field = PcapngBlock(swapped: swapped)
    field.append(value &+ UInt64(bitPattern: growth))
    try sink.replace(field.bytes, at: place)
  }

  /// Enhanced and obsolete packet blocks: `fixed` octets of block header and fields, data, options.
  private mutating func packet(
    _ type: UInt32, _ block: UnsafeRawBufferPointer, fixed: Int
  ) throws(CaptureError) {
    frame &+= 1
    guard annotations.kept?.contains(frame) ?? true else {
      growth -= Int64(block.count)
      return
    }
    result.framesWritten &+= 1
    guard let comments = annotations.frames[frame], !comments.isEmpty, let start = block.baseAddress else {
      return try sink.append(block)
    }
    let captured = Int(start.word(20, swapped: swapped))
    let options = fixed + (captured + 3) & ~3
    guard options <= block.count - 4 else { return try sink.append(block) }
    let copy = commented(type, block, options: options, comments)
    growth += Int64(copy.count - block.count)
    note(comments)
    try sink.append(copy)
  }

  /// A simple packet block has no options: with a comment it becomes an enhanced one without a time.
  private mutating func simplePacket(_ block: UnsafeRawBufferPointer) throws(CaptureError) {
    frame &+= 1
    guard annotations.kept?.contains(frame) ?? true else {
      growth -= Int64(block.count)
      return
    }
    result.framesWritten &+= 1
    guard let comments = annotations.frames[frame], !comments.isEmpty, let snap = firstSnapLength,
      let start = block.baseAddress
    else { return try sink.append(block) }
    let wire = start.word(8, swapped: swapped)
    let captured = min(wire, snap)
    guard Int(captured) <= block.count - 16 else { return try sink.append(block) }
    var body = PcapngBlock(swapped: swapped)
    body.append(0 as UInt32)
    body.append(0 as UInt64)
    body.append(captured)
    body.append(wire)
    body.append(UnsafeRawBufferPointer(start: start + 12, count: Int(captured)))
    body.pad()
    for comment in comments { body.comment(comment) }
    body.endOfOptions()
    let copy = body.framed(6)
    growth += Int64(copy.count - block.count)
    result.simplePacketsConverted += 1
    note(comments)
    try sink.append(copy)
  }

  private mutating func note(_ comments: [String]) {
    frameComments += comments.count
    result.commentsWritten += comments.count
  }

  /// The block with comments behind the options it has, which begin at `options`.
  private func commented(
    _ type: UInt32, _ block: UnsafeRawBufferPointer, options: Int, _ comments: [String]
  ) -> [UInt8] {
    let area = UnsafeRawBufferPointer(rebasing: block[options..<(block.count - 4)])
    var walk = PcapngOptions(area, swapped: swapped)
    var end = 0
    while let option = walk.next() { end += 4 + (option.value.count + 3) & ~3 }
    // Options that make no sense stay behind the comments, where they harm no reader of these.
    if walk.malformed { end = 0 }
    var body = PcapngBlock(swapped: swapped)
    body.append(UnsafeRawBufferPointer(rebasing: block[8..<(options + min(end, area.count))]))
    for comment in comments { body.comment(comment) }
    if end < area.count {
      body.append(UnsafeRawBufferPointer(rebasing: area[end...]))
    } else {
      body.endOfOptions()
    }
    let copy = body.framed(type)
    // A block nobody would read any more is worse than a missing comment.
    return copy.count <= Int(CaptureLimits.blockLength) ? copy : Array(block)
  }
}

/// Consecutive octets of a source, looked at before they are passed.
private final class BlockReader {
  private let source: any ByteSource
  private var buffer = UnsafeMutableRawBufferPointer.allocate(
    byteCount: CaptureLimits.blockOctets, alignment: 16)
  private var start = 0
  private var end = 0
  /// Octets passed.
  private(set) var offset: UInt64 = 0

  init(_ source: any ByteSource) { self.source = source }

  deinit { buffer.deallocate() }

  var isAtEnd: Bool { start == end }

  /// The next `count` octets; nil where there are not so many. Valid until the next call.
  func peek(_ count: Int) -> UnsafeRawBufferPointer? {
    while end - start < count {
      if start > 0 {
        buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[start..<end]))
        end -= start
        start = 0
      }
      if end == buffer.count {
        // Grown by what has really arrived, never by what is claimed.
        let grown = UnsafeMutableRawBufferPointer.allocate(byteCount: buffer.count * 2, alignment: 16)
        grown.copyMemory(from: UnsafeRawBufferPointer(buffer))
        buffer.deallocate()
        buffer = grown
      }
      let got = source.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[end...]))
      if got == 0 { return nil }
      end += got
    }
    return UnsafeRawBufferPointer(rebasing: buffer[start..<(start + count)])
  }

  func skip(_ count: Int) {
    start += count
    offset &+= UInt64(count)
  }
}
