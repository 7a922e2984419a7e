/// What kind of traffic a synthetic trace shows.
public enum Shape: String, CaseIterable, Sendable {
  /// Everything a server's uplink carries: many short exchanges, few long ones, other protocols, some loss.
  case mix
  /// Few connections that move whole segments, payload included.
  case bulk
  /// A million connections of a handful of segments each.
  case manyFlows = "many-flows"
  /// SYNs from random addresses, none of them answered.
  case synFlood = "syn-flood"
  /// Four connections with large windows over a path that loses and reorders.
  case longFat = "long-fat"
  /// A million connections, all open at once, that exchange little now and then until the trace ends.
  case liveFlows = "live-flows"
}

/// The numbers that make a trace; shares and probabilities are in 0 ... 1.
public struct Recipe: Sendable {
  /// Frames at most; fewer when the flows end before.
  public var frames = 100_000
  /// Connections under way at any time.
  public var concurrentFlows = 100
  /// Connections in all; nil is as many as the frames hold.
  public var totalFlows: Int?
  /// Segments of a response, on average over a heavy tail.
  public var meanSegments = 20.0
  /// The chance of one more exchange on the same connection.
  public var persistence = 0.4
  /// Per segment, half of them lost before the capture point and half after it.
  public var loss = 0.003
  /// Per segment, half of them late before the capture point and half after it.
  public var reordering = 0.002
  /// Per segment: seen twice by the capture.
  public var duplication = 0.0002
  public var sackShare = 0.95
  public var timestampShare = 0.7
  public var ipv6Share = 0.25
  public var vlanShare = 0.1
  /// Of frames that are no TCP: DNS and QUIC sized UDP, ARP.
  public var otherShare = 0.1
  /// Connections that the originator ends with RST.
  public var resetShare = 0.05
  /// Connections that end without a closing handshake.
  public var silentShare = 0.03
  /// Connections whose handshake was before the capture.
  public var midstreamShare = 0.03
  /// Octets of a frame that are kept.
  public var snapLength = 65_535
  /// Segments under way at most; a power of two, at least 64.
  public var windowSegments = 64
  /// The path's largest segment; nil is 1460 for one connection in ten and 1300 for the others.
  public var segmentSize: Int?
  /// Units: milliseconds.
  public var roundTrip = 30.0
  /// Between exchanges of a connection. Units: milliseconds.
  public var idleGap = 50.0
  /// Between segments of one flight. Units: microseconds.
  public var pace = 40.0
  /// SYNs from random addresses and nothing else.
  public var floods = false

  public init() {}

  /// The recipe of a shape, at the size its published figures are for.
  public init(_ shape: Shape) {
    switch shape {
    case .mix:
      frames = 10_000_000
      concurrentFlows = 25_000
      meanSegments = 24
      snapLength = 96
    case .bulk:
      frames = 1_500_000
      concurrentFlows = 50
      meanSegments = 20_000
      persistence = 0.95
      otherShare = 0
      ipv6Share = 0
      vlanShare = 0
      segmentSize = 1460
    case .manyFlows:
      frames = 100_000_000
      concurrentFlows = 10_000
      totalFlows = 1_000_000
      meanSegments = 2.5
      persistence = 0
      otherShare = 0
      snapLength = 96
    case .synFlood:
      frames = 3_000_000
      floods = true
      ipv6Share = 0.2
      snapLength = 96
    case .longFat:
      frames = 5_000_000
      concurrentFlows = 4
      meanSegments = 1_000_000
      persistence = 1
      loss = 0.01
      reordering = 0.01
      windowSegments = 1024
      otherShare = 0
      resetShare = 0
      midstreamShare = 0
      sackShare = 1
      timestampShare = 1
      ipv6Share = 0.5
      snapLength = 128
    case .liveFlows:
      // All have begun after 10 s; until the frames are used up each has had three or four exchanges.
      frames = 14_000_000
      concurrentFlows = 1_000_000
      totalFlows = 1_000_000
      meanSegments = 1
      persistence = 1
      otherShare = 0
      resetShare = 0
      midstreamShare = 0
      silentShare = 1
      idleGap = 5_000
      snapLength = 96
    }
  }

  /// The same traffic over a path and between hosts where nothing goes wrong.
  public func clean() -> Recipe {
    var recipe = self
    recipe.loss = 0
    recipe.reordering = 0
    recipe.duplication = 0
    recipe.resetShare = 0
    recipe.silentShare = 0
    recipe.midstreamShare = 0
    return recipe
  }

  /// Scales the size and keeps the proportions: frames and connections in all, not those under way at a time.
  public func scaled(by factor: Double) -> Recipe {
    var recipe = self
    func scaled(_ count: Int) -> Int { max(1, Int((Double(count) * factor).rounded())) }
    recipe.frames = scaled(frames)
    recipe.totalFlows = totalFlows.map(scaled)
    return recipe
  }

  /// What is wrong with the recipe, if anything.
  public var fault: String? {
    if windowSegments < 64 || windowSegments & (windowSegments - 1) != 0 {
      return "windowSegments is \(windowSegments), expected a power of two of at least 64"
    }
    if concurrentFlows < 1 { return "concurrentFlows is \(concurrentFlows), expected at least 1" }
    if frames < 0 { return "frames is \(frames), expected at least 0" }
    if !(1...0xffff_ffff).contains(snapLength) { return "snapLength is \(snapLength), expected 1 or more" }
    let shares = [
      persistence, loss, reordering, duplication, sackShare, timestampShare, ipv6Share, vlanShare, otherShare,
      resetShare, silentShare, midstreamShare,
    ]
    if shares.contains(where: { !(0...1).contains($0) }) { return "a share is outside 0 ... 1" }
    if otherShare == 1 { return "otherShare is 1, expected less: there would be no TCP" }
    return nil
  }
}
