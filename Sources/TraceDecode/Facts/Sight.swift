/// One segment as the signal machines see it: its numbers, and how things stood just before it.
struct Sight {
  /// What sets a segment apart from the ordinary ones, for the machines that care.
  struct Facts: OptionSet {
    var rawValue: UInt16
    /// Grants no octet.
    static let closesWindow = Facts(rawValue: 1 << 0)
    /// Its right edge lies a whole unit of the window scale below one granted before.
    static let drawsEdgeBack = Facts(rawValue: 1 << 1)
    /// New data that leaves less than a segment's room in the peer's window, or none.
    static let fillsWindow = Facts(rawValue: 1 << 2)
    static let probes = Facts(rawValue: 1 << 3)
    /// Acknowledges again what is acknowledged, with data outstanding.
    static let repeatsAck = Facts(rawValue: 1 << 4)
    static let hasSACK = Facts(rawValue: 1 << 5)
    /// Acknowledges octets that the capture has not seen.
    static let acksUnseen = Facts(rawValue: 1 << 6)
    /// Acknowledges less than was acknowledged before.
    static let takesAckBack = Facts(rawValue: 1 << 7)
    /// Data that was seen before.
    static let repeatsData = Facts(rawValue: 1 << 8)
    /// Flags, options or stamps that call for a look.
    static let isOdd = Facts(rawValue: 1 << 9)
    /// A timestamp older than the last one of its sender.
    static let turnsClockBack = Facts(rawValue: 1 << 10)
  }
  var facts: Facts = []
  var record: SegmentRecord
  var ref: SegmentRef
  var options: TCPOptionSet
  /// Space: offsets of its sender, and of its peer for `ack`.
  var start: Int64
  var end: Int64
  var ack: Int64
  var hasAck: Bool
  /// Highest acknowledgement of the peer's octets, and right edge granted to the peer, before it.
  var unaBefore: Int64
  var edgeBefore: Int64
  /// Highest end of its sender's octets before it.
  var maxBefore: Int64
  /// Right edge that the peer has granted to its sender.
  var room: Int64
  /// Window that its sender advertised last.
  var windowBefore: UInt32
  /// Highest end of the peer's octets.
  var peerMax: Int64
  /// Capture point to its sender and back, to the peer and back, both: nanoseconds.
  var senderHalf: Int64
  var peerHalf: Int64

  var time: Int64 { record.time }
  var flags: TCPFlags { record.flags }
  var marks: Marks { record.marks }
  var pathTime: Int64 { senderHalf &+ peerHalf }
  /// One past its last octet of payload.
  var payloadEnd: Int64 { start &+ Int64(record.payload) }
  var isPureAck: Bool { hasAck && start == end && flags.isDisjoint(with: [.syn, .fin, .rst]) }
  var isNewData: Bool { record.payload > 0 && marks.contains(.new) }
}
