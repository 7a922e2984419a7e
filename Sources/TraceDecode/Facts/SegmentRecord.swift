/// What was found true of a segment when it arrived, against everything before it.
struct Marks: OptionSet {
  var rawValue: UInt32
  static let fromResponder = Marks(rawValue: 1 << 0)
  /// A copy by the network or the capture (P0.2).
  static let duplicate = Marks(rawValue: 1 << 1)
  static let badChecksum = Marks(rawValue: 1 << 2)
  /// Belongs to no opening or close of this flow: an old SYN, a foreign segment (P8.7).
  static let injected = Marks(rawValue: 1 << 3)
  /// Starts at or above everything sent before (P1.5).
  static let new = Marks(rawValue: 1 << 4)
  /// Its own retransmission overtook it (P1.7).
  static let lateOriginal = Marks(rawValue: 1 << 5)
  /// Unseen octets below the highest, sent before what is already here (P1.6).
  static let outOfOrder = Marks(rawValue: 1 << 6)
  static let retransmission = Marks(rawValue: 1 << 7)
  static let keepAlive = Marks(rawValue: 1 << 8)
  static let windowProbe = Marks(rawValue: 1 << 9)
  static let hasTimestamps = Marks(rawValue: 1 << 10)
  /// Reports octets by SACK that were not reported before, D-SACK apart.
  static let newSACK = Marks(rawValue: 1 << 11)
  static let hasSACK = Marks(rawValue: 1 << 12)
  /// No round-trip sample may rest on it: its octets were sent again (Karn).
  static let resent = Marks(rawValue: 1 << 13)
  /// Taken into the replay of its sender, and of its receiver (P2).
  static let replayedAsSent = Marks(rawValue: 1 << 14)
  static let replayedAsArrival = Marks(rawValue: 1 << 15)
  /// A RST that a newer incarnation's socket sent (P8).
  static let forNewer = Marks(rawValue: 1 << 16)
  static let ipV6 = Marks(rawValue: 1 << 17)
  /// Acknowledges more than any segment before it.
  static let advancesAck = Marks(rawValue: 1 << 18)
  /// Equal in every octet to an earlier SYN-ACK and without identification: copy or repeat (P0.2c).
  static let undecidedCopy = Marks(rawValue: 1 << 19)
  /// The order against what it repeats or follows could not be told.
  static let orderUnknown = Marks(rawValue: 1 << 20)
  /// Opens, closes, resets or first answers: kept with the opening when the log forgets it.
  static let notable = Marks(rawValue: 1 << 22)
  /// The retransmission's octets were never captured before: it fills a hole.
  static let fillsHole = Marks(rawValue: 1 << 21)
}

/// A segment as a flow remembers it: one cache line.
struct SegmentRecord {
  var time: Int64 = 0
  var frame: UInt64 = 0
  var recordOffset: UInt64 = 0
  var seq: UInt32 = 0
  var ack: UInt32 = 0
  /// Octets of payload.
  var payload: UInt32 = 0
  /// Scaled.
  var window: UInt32 = 0
  var tsVal: UInt32 = 0
  var tsEcr: UInt32 = 0
  /// Highest right edge of its SACK blocks, D-SACK apart; of a SYN, its `TCPOptionSet`.
  var sackTop: UInt32 = 0
  var ipID: UInt16 = 0
  var checksum: UInt16 = 0
  var flags: TCPFlags = []
  var ttl: UInt8 = 0
  /// `sumKnown`: the checksum is right, and options other than the usual timestamps are not under it.
  var spare: UInt8 = 0
  static let sumKnown: UInt8 = 1
  var marks: Marks = []

  init() {}

  /// What is remembered of `s`, but for whose it is and how it stands to what came before.
  @inline(__always)
  init(_ s: borrowing Segment, window: UInt32) {
    time = s.time
    frame = s.frame
    recordOffset = s.recordOffset
    seq = s.seq
    ack = s.ack
    payload = s.payloadLength
    self.window = window
    tsVal = s.tsVal
    tsEcr = s.tsEcr
    ipID = s.ipID
    checksum = s.checksum
    flags = s.flags
    ttl = s.ttl
    if s.checksumState == .good, s.urgentPointer == 0, s.options.isSubset(of: .timestamps) {
      spare = Self.sumKnown
    }
    if s.options.contains(.timestamps) { marks.insert(.hasTimestamps) }
    if !s.isV4 { marks.insert(.ipV6) }
  }

  var sender: Role { marks.contains(.fromResponder) ? .responder : .originator }

  /// Octets of sequence space.
  var segLen: UInt32 {
    payload &+ (flags.contains(.syn) ? 1 : 0) &+ (flags.contains(.fin) ? 1 : 0)
  }

  /// Equal on every octet of the TCP header, as far as it is kept.
  func sameSegment(as other: SegmentRecord) -> Bool {
    seq == other.seq && ack == other.ack && payload == other.payload && flags == other.flags
      && checksum == other.checksum && tsVal == other.tsVal && tsEcr == other.tsEcr
      && window == other.window
  }
}
