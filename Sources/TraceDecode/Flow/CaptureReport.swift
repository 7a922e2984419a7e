/// What is known of one capture when it is over (METRICS 1).
///
/// What flows add to is put together again by `ShareMerger.merge`, where several workers had flows.
public struct CaptureReport: Sendable {
  public var packets: UInt64 = 0
  public var tcpPackets: UInt64 = 0
  public var octetsCaptured: UInt64 = 0
  public var octetsOnWire: UInt64 = 0
  public var flows = 0
  /// Four-tuples, however often each was used.
  public var fourTuples = 0
  /// Distinct stream octets of the flows reported so far.
  public var octetsUnique: UInt64 = 0
  public var firstTime: Int64?
  public var lastTime: Int64?
  public var timeRegressions: UInt64 = 0
  /// Nanoseconds.
  public var largestRegression: Int64 = 0
  public var firstRegression: SegmentRef?
  public var firstRegressionFrame: UInt64 = 0
  /// Jumps of the capture's clock that the hosts' own clocks disprove; the first few.
  public var clockSteps: [ClockStep] = []
  public var duplicates: UInt64 = 0
  public var firstDuplicateFrame: UInt64 = 0
  /// Median lag of the copies, nanoseconds.
  public var duplicateLag: Int64 = 0
  /// Copies that differed in TTL, or in link header.
  public var duplicatesWithOtherTTL: UInt64 = 0
  public var duplicatesWithOtherLink: UInt64 = 0
  /// The copies share a signature and are no network's doing.
  public var duplicatesAreCapture = false
  public var truncatedPackets: UInt64 = 0
  public var snapLength: UInt32?
  public var badChecksums: UInt64 = 0
  /// Of them, those wrong by the amount that all between their hosts are: the addresses were changed.
  public var rewrittenChecksums: UInt64 = 0
  public var firstRewrittenFrame: UInt64 = 0
  public var offloadChecksums: UInt64 = 0
  public var offloadHosts: [IPAddress] = []
  public var superSegments: UInt64 = 0
  public var asymmetricFlows = 0
  public var midStreamFlows = 0
  public var gapOctets: UInt64 = 0
  /// Segments with ACK of the flows reported so far, and those of them that acknowledge what the capture lacks.
  public var acknowledgements: UInt64 = 0
  public var gapAcks: UInt64 = 0
  public var reorderedPairs: UInt64 = 0
  /// Counters of the capture's interfaces; nil when the format has none.
  public var dropsByInterface: UInt64?
  public var dropsBySystem: UInt64?
  /// Frames that passed the capturing system's filter, where the capture says.
  public var acceptedByFilter: UInt64?
  /// Flows shed or evicted by a limit, and frames that met no room.
  public var shedFlows: UInt64 = 0
  public var fragments: UInt64 = 0
  public var fragmentsUnfinished: UInt64 = 0
  public var notTCP: UInt64 = 0
  /// Frames by why they could not be decoded.
  public var undecodable: [DecodeFault.Key: UInt64] = [:]
  public init() {}
}

extension CaptureReport {
  /// Notes what the copies in the capture have in common, and whether it made them itself.
  mutating func note(_ copies: CopyStatistics, areCapture: Bool) {
    duplicates = copies.count
    firstDuplicateFrame = copies.firstFrame
    duplicateLag = copies.medianLag
    duplicatesWithOtherTTL = copies.withOtherTTL
    duplicatesAreCapture = areCapture
  }
}

extension DecodeFault {
  /// A fault's layer and cause, to count by.
  public struct Key: Hashable, Sendable {
    public var layer: Layer
    public var cause: Cause
    public init(layer: Layer, cause: Cause) {
      self.layer = layer
      self.cause = cause
    }
  }
}
