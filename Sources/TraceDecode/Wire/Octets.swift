/// Captured octets with loads that cannot leave them: outside the buffer every load gives 0.
///
/// Decoders ask `has` before they trust a value; the bound in each load is the second line of defence.
struct Octets {
  let buffer: UnsafeRawBufferPointer

  @inline(__always) var count: Int { buffer.count }

  /// Whether `length` octets were captured from `offset` on.
  @inline(__always) func has(_ length: Int, at offset: Int) -> Bool {
    offset >= 0 && length >= 0 && offset <= count && length <= count &- offset
  }

  @inline(__always) func u8(_ offset: Int) -> UInt8 {
    has(1, at: offset) ? buffer.loadUnaligned(fromByteOffset: offset, as: UInt8.self) : 0
  }

  @inline(__always) func u16(_ offset: Int) -> UInt16 {
    has(2, at: offset)
      ? UInt16(bigEndian: buffer.loadUnaligned(fromByteOffset: offset, as: UInt16.self)) : 0
  }

  @inline(__always) func u32(_ offset: Int) -> UInt32 {
    has(4, at: offset)
      ? UInt32(bigEndian: buffer.loadUnaligned(fromByteOffset: offset, as: UInt32.self)) : 0
  }

  @inline(__always) func u64(_ offset: Int) -> UInt64 {
    has(8, at: offset)
      ? UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) : 0
  }

  /// The IPv6 address at `offset`.
  @inline(__always) func address(_ offset: Int) -> IPAddress {
    IPAddress(high: u64(offset), low: u64(offset &+ 8))
  }
}

/// Loads in network order without a bound, for code that has proved the bound beforehand.
extension UnsafeRawPointer {
  @inline(__always) func u8(_ offset: Int) -> UInt8 { load(fromByteOffset: offset, as: UInt8.self) }

  @inline(__always) func be16(_ offset: Int) -> UInt16 {
    UInt16(bigEndian: loadUnaligned(fromByteOffset: offset, as: UInt16.self))
  }

  @inline(__always) func be32(_ offset: Int) -> UInt32 {
    UInt32(bigEndian: loadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  @inline(__always) func be64(_ offset: Int) -> UInt64 {
    UInt64(bigEndian: loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }
}
