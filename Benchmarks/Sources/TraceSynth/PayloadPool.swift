/// Text-like octets that all payloads are cut from, with prefix sums that give any cut's checksum at once.
final class PayloadPool {
  /// Cuts begin at an even offset below this power of two.
  static let size = 1 << 20
  let octets: UnsafeMutablePointer<UInt8>
  private let sums: UnsafeMutablePointer<UInt64>

  init(random: inout RandomSource) {
    let alphabet = Array("etaoin shrdlucmfwypvbgkjqxz<>/=\"0123456789ETAOINSHRDLUCMFWYPV\r\n..".utf8)
    let total = Self.size + 65_536
    octets = .allocate(capacity: total)
    sums = .allocate(capacity: total / 2 + 1)
    for i in 0..<total { octets[i] = alphabet[Int(random.word() & 63)] }
    sums[0] = 0
    for i in 0..<total / 2 {
      sums[i + 1] = sums[i] + (UInt64(octets[2 * i]) << 8 | UInt64(octets[2 * i + 1]))
    }
  }

  deinit {
    octets.deallocate()
    sums.deallocate()
  }

  /// The cut for an octet with this sequence number: a stream's payload is a function of its place in it.
  static func offset(of sequence: UInt32) -> Int { Int(sequence) & (size - 2) }

  /// The sum of the cut's 16-bit words; `offset` is even.
  func sum(from offset: Int, count: Int) -> UInt64 {
    let whole = sums[(offset + count) / 2] - sums[offset / 2]
    return count & 1 == 1 ? whole + UInt64(octets[offset + count - 1]) << 8 : whole
  }
}
