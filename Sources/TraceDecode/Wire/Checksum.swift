/// The Internet checksum (RFC 1071) of TCP segments.
enum Checksum {
  /// The ones' complement sum of `count` octets in native word order, not folded.
  ///
  /// Word order does not matter to a ones' complement sum, so octets are swapped once at the end. The 16-bit
  /// words of a block are added in 32-bit lanes, which 32,768 blocks cannot overflow.
  @inline(__always)
  static func sum(_ base: UnsafeRawPointer, count: Int) -> UInt64 {
    var total: UInt64 = 0
    var offset = 0
    if count >= 64 {
      let mask = SIMD8<UInt32>(repeating: 0xffff)
      while count &- offset >= 64 {
        let stop = offset &+ min((count &- offset) & ~63, 1 << 19)
        var a = SIMD8<UInt32>(repeating: 0)
        var b = SIMD8<UInt32>(repeating: 0)
        while offset < stop {
          let x = base.loadUnaligned(fromByteOffset: offset, as: SIMD8<UInt32>.self)
          let y = base.loadUnaligned(fromByteOffset: offset &+ 32, as: SIMD8<UInt32>.self)
          a &+= (x & mask) &+ (x &>> 16)
          b &+= (y & mask) &+ (y &>> 16)
          offset &+= 64
        }
        for lane in 0..<8 { total &+= UInt64(a[lane]) &+ UInt64(b[lane]) }
      }
    }
    while count &- offset >= 8 {
      let word = base.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      total &+= (word & 0xffff_ffff) &+ (word &>> 32)
      offset &+= 8
    }
    if count & 4 != 0 {
      total &+= UInt64(base.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
      offset &+= 4
    }
    if count & 2 != 0 {
      total &+= UInt64(base.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
      offset &+= 2
    }
    // An odd octet is padded with zero on its right, in network order.
    if count & 1 != 0 {
      total &+= UInt64(UInt16(bigEndian: UInt16(base.load(fromByteOffset: offset, as: UInt8.self)) &<< 8))
    }
    return total
  }

  /// Folds a sum to 16 bits by adding the carries back.
  @inline(__always)
  static func fold(_ sum: UInt64) -> UInt16 {
    var sum = (sum & 0xffff_ffff) &+ (sum &>> 32)
    sum = (sum & 0xffff) &+ (sum &>> 16)
    sum = (sum & 0xffff) &+ (sum &>> 16)
    sum = (sum & 0xffff) &+ (sum &>> 16)
    return UInt16(truncatingIfNeeded: sum)
  }

  /// The sum of TCP's pseudo-header without its length, as numbers in network order.
  ///
  /// The ffff of an IPv4-mapped address is a zero of ones' complement, so both families take the same way.
  @inline(__always)
  static func pseudoHeader(_ source: IPAddress, _ destination: IPAddress) -> UInt64 {
    func halves(_ value: UInt64) -> UInt64 { (value & 0xffff_ffff) &+ (value &>> 32) }
    return 6 &+ halves(source.high) &+ halves(source.low) &+ halves(destination.high)
      &+ halves(destination.low)
  }

  /// Judges a segment of which every octet was captured.
  ///
  /// An interface that finishes checksums in hardware is handed the sum of the pseudo-header, with the
  /// segment's length or, for segmentation offload, without; that sum in the field is no damage.
  @inline(__always)
  static func state(
    segment base: UnsafeRawPointer, length: Int, field: UInt16, source: IPAddress, destination: IPAddress,
    error: inout UInt16
  ) -> ChecksumState {
    let pseudo = pseudoHeader(source, destination)
    let withLength = pseudo &+ UInt64(truncatingIfNeeded: length)
    let data = UInt16(bigEndian: fold(sum(base, count: length)))
    let whole = fold(withLength &+ UInt64(data))
    if whole == 0xffff { return .good }
    if field == 0 { return .unknown }
    if field == fold(withLength) || field == fold(pseudo) { return .offload }
    error = whole
    return .bad
  }
}
