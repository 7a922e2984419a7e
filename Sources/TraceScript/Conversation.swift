import TraceDecode

/// What a script remembers of one four-tuple while it is read.
struct Conversation {
  /// One end: its address, and the numbers its next segment takes when the script leaves them out.
  struct End {
    var address: SocketAddress
    var isn: UInt32
    var window: UInt16 = 64240
    /// Space: relative to the ISN.
    var next: Int64 = 0
    /// The TSval it last received.
    var tsRecent: UInt32 = 0
    /// TSval at time 0.
    var tsBase: UInt32
    var ttl: UInt8 = 64
    /// Its last segment that took sequence numbers, for `again`.
    var last: Sending?
    /// Its last segment, for an ICMP error to quote; empty when it sent none.
    var lastPacket: [UInt8] = []
  }
  /// What `again` repeats.
  struct Sending {
    var flags: TCPFlags
    var start: Int64
    var length: Int64
    var text: [UInt8]?
  }
  var originator: End
  var responder: End

  init(number: Int, v6: Bool) {
    let port = UInt16(truncatingIfNeeded: 39_999 + number)
    func address(_ host: UInt64) -> IPAddress {
      v6 ? IPAddress(high: 0x2001_0db8_0000_0000, low: host) : IPAddress(v4: 0x0a00_0000 | UInt32(host))
    }
    originator = End(address: SocketAddress(address: address(1), port: port), isn: 1000, tsBase: 1_000_000)
    responder = End(address: SocketAddress(address: address(2), port: 80), isn: 5000, tsBase: 2_000_000)
  }

  subscript(role: Role) -> End {
    get { role == .originator ? originator : responder }
    set { if role == .originator { originator = newValue } else { responder = newValue } }
  }

  /// Octets that depend only on where they stand in the stream, so that a repeat repeats them.
  static func payload(from start: Int64, count: Int) -> [UInt8] {
    (0..<count).map { i in UInt8(97 + ((start &+ Int64(i)) &* 7).magnitude % 26) }
  }
}
