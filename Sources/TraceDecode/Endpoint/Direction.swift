/// What one side sent, as it passed the capture point: the sender's half of a connection, cheap to keep.
///
/// Offsets count from the ISS (0); mid-stream, the first octet seen is 1.
struct Direction {
  struct Known: OptionSet {
    var rawValue: UInt32
    static let base = Known(rawValue: 1 << 0)
    static let isn = Known(rawValue: 1 << 1)
    static let synAck = Known(rawValue: 1 << 2)
    /// It sent a SYN, whose options are known.
    static let syn = Known(rawValue: 1 << 3)
    static let windowScale = Known(rawValue: 1 << 4)
    static let sackPermitted = Known(rawValue: 1 << 5)
    static let timestamps = Known(rawValue: 1 << 6)
    static let data = Known(rawValue: 1 << 7)
    static let fin = Known(rawValue: 1 << 8)
    static let finAcked = Known(rawValue: 1 << 9)
    static let rst = Known(rawValue: 1 << 10)
    static let window = Known(rawValue: 1 << 11)
    /// Its window was 0 at the last segment of the peer's new data, or has been since (P5.1).
    static let zeroWindow = Known(rawValue: 1 << 12)
    static let zeroWindowSinceData = Known(rawValue: 1 << 13)
    static let synData = Known(rawValue: 1 << 14)
    static let repeatedSynAck = Known(rawValue: 1 << 15)
    static let segment = Known(rawValue: 1 << 16)
    static let mssOption = Known(rawValue: 1 << 17)
    static let nonSyn = Known(rawValue: 1 << 18)
    static let acked = Known(rawValue: 1 << 19)
    static let v6 = Known(rawValue: 1 << 20)
    /// Its segments pass the capture point before segmentation offload, or after its like on receipt.
    static let offloads = Known(rawValue: 1 << 21)
    /// The snapshot length cut options of its SYN: what is absent there may have been offered.
    static let synCut = Known(rawValue: 1 << 22)
  }
  // In the order of use, a cache line at a time: what segments of either side need, what its own segments need,
  // and what is seldom needed. Offsets are this side's. No octet is left without a field, for packing reads all.

  var known: Known = []
  /// Sequence number of offset 0.
  var base: UInt32 = 0
  /// Highest end of data, SYN or FIN sent; never moved by RST, probes or bad segments.
  var maxEnd: Int64 = 0
  /// How far the seen stream has passed without a gap.
  var contiguous: Int64 = 0
  /// Highest acknowledgement of the peer.
  var una: Int64 = 0
  /// Up to where acknowledgements have been held against what was seen.
  var ackedAssessed: Int64 = 0
  /// Highest right edge the peer advertised to this side.
  var edge: Int64 = 0
  /// Log index from which this side's unacknowledged segments are looked for.
  var unackedIndex = 0
  /// The window it advertises.
  var window: UInt32 = 0
  var mss: UInt16 = 0
  var windowShift: UInt8 = 0
  var ttlMin: UInt8 = 255

  // Its clocks, its path, its counters.
  var lastTime: Int64 = 0
  var lastTSVal: UInt32 = 0
  var firstTSVal: UInt32 = 0
  /// min (t - TSval / hz) over its segments, against `firstTSVal`.
  var tsOffset = Int64.max
  /// Ticks a second, 0 while unknown (P0.4).
  var tsHz: Int32 = 0
  var stamps: UInt32 = 0
  var lastIPID: UInt16 = 0
  var lastStepID: UInt16 = 0
  /// Consecutive identifications that rose by 1...255, and all of them (P0.3).
  var idSteps: UInt16 = 0
  var idRises: UInt16 = 0
  /// ... and those that rose by exactly 1: a counter of this flow alone.
  var idOnes: UInt16 = 0
  /// All control bits it ever set.
  var flagsUnion: UInt16 = 0
  var ttlMax: UInt8 = 0
  private var gap: UInt8 = 0
  /// Its plain acknowledgements of more than four full segments that nothing had held up.
  var stretchAcks: UInt16 = 0
  var windowMin = UInt32.max
  var windowMax: UInt32 = 0
  var packets: UInt32 = 0
  var dataPackets: UInt32 = 0

  var octetsPayload: UInt64 = 0
  var octetsUnique: UInt64 = 0
  /// Octets of IP packets, copies included.
  var octetsIP: UInt64 = 0
  /// First and last payload, copies and repeats included; 0 before the first. Units: nanoseconds since the epoch.
  var firstDataTime: Int64 = 0
  var lastDataTime: Int64 = 0
  var firstTSTime: Int64 = 0
  var pureAcks: UInt32 = 0
  var ackCount: UInt32 = 0
  var pshCount: UInt32 = 0
  var maxSegment: UInt32 = 0

  /// Capture point to this endpoint and back. Units: nanoseconds; Int64.max while unknown.
  var rttMin = Int64.max
  var rttMax: Int64 = 0
  var rttSum: Int64 = 0
  var rttSamples: UInt32 = 0
  /// The acknowledgement number on its SYN-ACK.
  var synAckAck: UInt32 = 0
  /// Where the seen stream begins.
  var firstOffset: Int64 = 0
  var finEnd: Int64 = 0
  /// What its SYN offered.
  var offered: TCPOptionSet = []
  var synCount: UInt16 = 0
  var finCount: UInt16 = 0
  var rstCount: UInt16 = 0
  var zeroWindows: UInt16 = 0
  /// Its plain acknowledgements that only widened a window at least half open, with no repeat to answer.
  var idleUpdates: UInt16 = 0
  private var rest: UInt32 = 0

  /// Reads a word of each cache line that a segment of its own needs.
  @inline(__always)
  func touch() -> UInt64 {
    UInt64(truncatingIfNeeded: lastTime) &+ octetsPayload &+ UInt64(truncatingIfNeeded: rttMin)
  }

  /// Its identifications count up by little (P0.3): at least three, three steps in five.
  var ipIDIsCounter: Bool { idSteps >= 2 && Int(idRises) &* 5 >= Int(idSteps) &* 3 }

  /// Its identifications count this flow's packets one by one, so that a gap is a packet that did not pass.
  var ipIDCountsPackets: Bool { idSteps >= 4 && Int(idOnes) &* 4 >= Int(idSteps) &* 3 }

  /// Stream offset of a sequence number of this side, nearest to what was sent last.
  func offset(_ seq: UInt32) -> Int64 { SeqNum.unwrap(seq &- base, near: maxEnd) }

  /// Learns from a segment's clock and identification; duplicates and resets teach nothing.
  mutating func learnClock(_ r: SegmentRecord) {
    if r.ipID != 0, !r.flags.contains(.syn) {
      if idSteps < .max, lastStepID != 0 {
        idSteps &+= 1
        let step = r.ipID &- lastStepID
        if step > 0 && step < 256 { idRises &+= 1 }
        if step == 1 { idOnes &+= 1 }
      }
      lastStepID = r.ipID
    }
    guard r.marks.contains(.hasTimestamps) else { return }
    if stamps == 0 {
      firstTSVal = r.tsVal
      firstTSTime = r.time
    }
    if stamps < .max { stamps &+= 1 }
    if tsHz > 0 {
      tsOffset = min(tsOffset, r.time &- ticksToTime(r.tsVal))
    } else if stamps >= 4, r.time &- firstTSTime >= 50_000_000 {
      tsHz = Self.snap(
        ticks: Int64(SeqNum.difference(r.tsVal, firstTSVal)), over: r.time &- firstTSTime)
      if tsHz > 0 {
        tsOffset = min(firstTSTime, r.time &- ticksToTime(r.tsVal))
      }
    }
  }

  /// Time since the reference stamp by its own clock. Units: nanoseconds.
  func ticksToTime(_ tsVal: UInt32) -> Int64 {
    Int64(SeqNum.difference(tsVal, firstTSVal)) &* (1_000_000_000 / Int64(max(1, tsHz)))
  }

  /// The clock rate nearest to what was measured, within a quarter; 0 when none is.
  static func snap(ticks: Int64, over time: Int64) -> Int32 {
    guard ticks > 0, time > 0 else { return 0 }
    let rate = Double(ticks) * 1e9 / Double(time)
    for hz in [1000, 250, 100, 10, 1_000_000] as [Int32] where abs(rate / Double(hz) - 1) < 0.25 {
      return hz
    }
    return 0
  }
}

/// Order of two segments of one sender, by what it stamped on them (P0.5).
enum SendOrder { case before, after, unknown }

extension Direction {
  /// Whether `f` was sent before or after `g`.
  func order(_ f: SegmentRecord, _ g: SegmentRecord) -> SendOrder {
    if f.marks.contains(.hasTimestamps), g.marks.contains(.hasTimestamps) {
      let ticks = SeqNum.difference(f.tsVal, g.tsVal)
      if ticks != 0 { return ticks > 0 ? .after : .before }
    }
    if ipIDIsCounter, f.ipID != 0, g.ipID != 0 {
      let step = Int16(bitPattern: f.ipID &- g.ipID)
      if step != 0, abs(Int(step)) < 4096 { return step > 0 ? .after : .before }
    }
    return .unknown
  }
}
