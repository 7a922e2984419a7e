/// The ones' complement sum of a segment's payload, as its checksum tells it: what is left of the checksum when
/// pseudo-header and header are taken away.
///
/// Two segments of one place in a stream whose sums differ carry other octets, without either being at hand.
/// Equal sums prove nothing: one change in 65,535 keeps the sum.
/// Source: RFC 1071, RFC 9293 3.1.
struct PayloadSum: Equatable {
  /// Folded; 0 and ffff are the same number, held as 0.
  let value: UInt16

  /// The header of a segment, as far as it is summed.
  struct Header {
    var source: SocketAddress
    var destination: SocketAddress
    var seq: UInt32
    /// As in the header, also without the ACK flag.
    var ack: UInt32
    var flags: TCPFlags
    /// Not scaled.
    var window: UInt16
    var urgentPointer: UInt16 = 0
    /// The header's length in words of 32 bits: 5 without options.
    var words: UInt8
    var hasTimestamps = false
    var tsVal: UInt32 = 0
    var tsEcr: UInt32 = 0
    /// Octets of payload.
    var payload: UInt32
  }

  /// Takes a header away from a checksum that is known to be right.
  ///
  /// nil for options other than timestamps with their padding: those are not kept, so they cannot be taken
  /// away.
  init?(checksum: UInt16, of header: Header) {
    var sum = Checksum.pseudoHeader(header.source.address, header.destination.address)
    sum &+= UInt64(header.words) &* 4 &+ UInt64(header.payload)
    sum &+= UInt64(header.source.port) &+ UInt64(header.destination.port)
    sum &+= Self.halves(header.seq) &+ Self.halves(header.ack)
    sum &+= UInt64(header.words) &<< 12 &+ UInt64(header.flags.rawValue & 0x0fff)
    sum &+= UInt64(header.window) &+ UInt64(header.urgentPointer)
    switch (header.words, header.hasTimestamps) {
    case (5, false): break
    case (8, true):
      // NOP, NOP, timestamps; the sum is the same with the padding behind.
      sum &+= 0x0101 &+ 0x080a &+ Self.halves(header.tsVal) &+ Self.halves(header.tsEcr)
    default: return nil
    }
    let rest = Checksum.fold(UInt64(~checksum) &+ UInt64(~Checksum.fold(sum)))
    value = rest == 0xffff ? 0 : rest
  }

  private static func halves(_ number: UInt32) -> UInt64 { UInt64(number >> 16) &+ UInt64(number & 0xffff) }
}
