import TraceCapture

/// Octets in either byte order.
struct ByteBuilder {
  var bytes: [UInt8] = []
  var big = false

  mutating func put<Value: FixedWidthInteger>(_ value: Value) {
    withUnsafeBytes(of: big ? value.bigEndian : value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func pad() { while bytes.count % 4 != 0 { bytes.append(0) } }
}

/// One record a test puts into a capture.
struct TestRecord: Equatable {
  var seconds: UInt32 = 1_700_000_000
  /// Microseconds or nanoseconds, as the file has it.
  var fraction: UInt32 = 0
  var wireLength: UInt32?
  var data: [UInt8]
}

/// Builds classic pcap files, well-formed and otherwise.
struct ClassicBuilder {
  var magic: UInt32 = 0xa1b2_c3d4
  var big = false
  var major: UInt16 = 2
  var minor: UInt16 = 4
  var snapLength: UInt32 = 262_144
  var linkField: UInt32 = 1
  /// The wire length is written first.
  var wireFirst = false

  func bytes(_ records: [TestRecord]) -> [UInt8] {
    var out = ByteBuilder(big: big)
    out.put(magic)
    out.put(major)
    out.put(minor)
    out.put(UInt64(0))
    out.put(snapLength)
    out.put(linkField)
    for record in records { append(record, to: &out) }
    return out.bytes
  }

  func append(_ record: TestRecord, to out: inout ByteBuilder) {
    out.put(record.seconds)
    out.put(record.fraction)
    let lengths = [UInt32(record.data.count), record.wireLength ?? UInt32(record.data.count)]
    for length in wireFirst ? lengths.reversed() : lengths { out.put(length) }
    if magic == 0xa1b2_cd34 {
      out.put(UInt32(7))  // interface index
      out.put(UInt16(0x0800))
      out.put(UInt16(0))  // packet type and padding
    }
    out.bytes += record.data
  }
}

/// Builds pcapng files block by block.
struct PcapngBuilder {
  var out = ByteBuilder()

  /// An option's code and octets.
  typealias Option = (code: UInt16, value: [UInt8])

  mutating func block(_ type: UInt32, options: [Option] = [], _ body: (inout ByteBuilder) -> Void) {
    var inner = ByteBuilder(big: out.big)
    body(&inner)
    inner.pad()
    for option in options {
      inner.put(option.code)
      inner.put(UInt16(option.value.count))
      inner.bytes += option.value
      inner.pad()
    }
    if !options.isEmpty { inner.put(UInt32(0)) }
    out.put(type)
    out.put(UInt32(inner.bytes.count + 12))
    out.bytes += inner.bytes
    out.put(UInt32(inner.bytes.count + 12))
  }

  mutating func section(big: Bool = false, major: UInt16 = 1, options: [Option] = []) {
    out.big = big
    block(0x0a0d_0d0a, options: options) {
      $0.put(UInt32(0x1a2b_3c4d))
      $0.put(major)
      $0.put(UInt16(0))
      $0.put(UInt64.max)
    }
  }

  mutating func interface(link: UInt16 = 1, snapLength: UInt32 = 262_144, options: [Option] = []) {
    block(1, options: options) {
      $0.put(link)
      $0.put(UInt16(0))
      $0.put(snapLength)
    }
  }

  mutating func packet(
    _ data: [UInt8], interface: UInt32 = 0, stamp: UInt64 = 1_700_000_000_000_000, wireLength: UInt32? = nil,
    options: [Option] = []
  ) {
    block(6, options: options) {
      $0.put(interface)
      $0.put(UInt32(stamp >> 32))
      $0.put(UInt32(truncatingIfNeeded: stamp))
      $0.put(UInt32(data.count))
      $0.put(wireLength ?? UInt32(data.count))
      $0.bytes += data
    }
  }

  mutating func simplePacket(_ data: [UInt8], wireLength: UInt32? = nil) {
    block(3) {
      $0.put(wireLength ?? UInt32(data.count))
      $0.bytes += data
    }
  }

  mutating func obsoletePacket(_ data: [UInt8], interface: UInt16 = 0, drops: UInt16, stamp: UInt64) {
    block(2) {
      $0.put(interface)
      $0.put(drops)
      $0.put(UInt32(stamp >> 32))
      $0.put(UInt32(truncatingIfNeeded: stamp))
      $0.put(UInt32(data.count))
      $0.put(UInt32(data.count))
      $0.bytes += data
    }
  }

  mutating func statistics(interface: UInt32, options: [Option]) {
    block(5, options: options) {
      $0.put(interface)
      $0.put(UInt64(0))
    }
  }

  /// A number as an option's octets, in the section's byte order.
  func number(_ value: UInt64) -> [UInt8] {
    var inner = ByteBuilder(big: out.big)
    inner.put(value)
    return inner.bytes
  }
}

/// A gzip member (RFC 1952) of one stored block, so that tests need no compressor.
func gzipMember(_ data: [UInt8]) -> [UInt8] {
  var out = ByteBuilder(bytes: [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 1])
  out.put(UInt16(data.count))
  out.put(~UInt16(data.count))
  out.bytes += data
  var crc: UInt32 = .max
  for octet in data {
    crc ^= UInt32(octet)
    for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xedb8_8320 : crc >> 1 }
  }
  out.put(~crc)
  out.put(UInt32(data.count))
  return out.bytes
}

/// A zstd frame (RFC 8878) of one raw block of at most 64 KiB.
func zstdFrame(_ data: [UInt8]) -> [UInt8] {
  var out = ByteBuilder(bytes: [0x28, 0xb5, 0x2f, 0xfd, 0xa0])  // single segment, 4-octet content size
  out.put(UInt32(data.count))
  let header = UInt32(data.count) << 3 | 1
  out.bytes += [UInt8(header & 255), UInt8(header >> 8 & 255), UInt8(header >> 16)]
  return ByteBuilder(bytes: out.bytes + data).bytes
}
