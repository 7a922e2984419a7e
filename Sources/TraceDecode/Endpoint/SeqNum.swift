/// Sequence number arithmetic: 32-bit values that wrap, compared by signed difference (RFC 9293 3.4).
public enum SeqNum {
  /// `a - b` on the circle. Units: octets, -2^31 ..< 2^31.
  @inlinable public static func difference(_ a: UInt32, _ b: UInt32) -> Int32 {
    Int32(bitPattern: a &- b)
  }

  /// The stream offset nearest to `reference` that has the low 32 bits of `offset`.
  @inlinable public static func unwrap(_ offset: UInt32, near reference: Int64) -> Int64 {
    reference &+ Int64(Int32(bitPattern: offset &- UInt32(truncatingIfNeeded: reference)))
  }
}
