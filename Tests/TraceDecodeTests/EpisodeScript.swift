import TraceDecode

/// A hand-written incarnation: segments by time in milliseconds, flags in tcpdump's letters, stream offsets.
///
/// The capture point stands beside the originator, 40 ms there and back from the responder, unless told.
struct EpisodeScript {
  var evidence = FlowEvidence()
  var isn: (originator: UInt32, responder: UInt32) = (1000, 5000)
  static let client = SocketAddress(address: IPAddress(v4: 0x0a00_0001), port: 40000)
  static let server = SocketAddress(address: IPAddress(v4: 0x0a00_0002), port: 80)

  init() {
    evidence.originator.rtt = 0
    evidence.originator.isNear = true
    evidence.responder.rtt = 40_000_000
    evidence.originator.smallestTTL = 64
    evidence.originator.largestTTL = 64
    evidence.responder.smallestTTL = 60
    evidence.responder.largestTTL = 60
  }

  var identity: FlowIdentity {
    FlowIdentity(
      number: 1, originator: Self.client, responder: Self.server, incarnation: 1, firstFrame: 1)
  }

  /// Adds a segment; `ack` nil leaves the flag off.
  @discardableResult
  mutating func add(
    _ sender: Role, _ ms: Double, _ letters: String, at start: Int64, payload: UInt32 = 0, ack: Int64? = nil,
    _ edit: (inout EvidenceSegment) -> Void = { _ in }
  ) -> UInt64 {
    var flags: TCPFlags = ack == nil ? [] : .ack
    if letters.contains("S") { flags.insert(.syn) }
    if letters.contains("F") { flags.insert(.fin) }
    if letters.contains("R") { flags.insert(.rst) }
    if letters.contains("P") { flags.insert(.psh) }
    let frame = UInt64(evidence.segments.count + 1)
    let length = Int64(payload) + (flags.contains(.syn) ? 1 : 0) + (flags.contains(.fin) ? 1 : 0)
    var segment = EvidenceSegment(
      frame: frame, time: Int64(ms * 1_000_000), sender: sender, flags: flags, start: start,
      end: start + length, ack: ack ?? EvidenceSegment.noAck)
    let base = sender == .originator ? isn.originator : isn.responder
    segment.seq = base &+ UInt32(truncatingIfNeeded: start)
    segment.payload = payload
    segment.window = 64000
    segment.ttl = sender == .originator ? 64 : 60
    segment.ipID = UInt16(frame)
    edit(&segment)
    evidence.segments.append(segment)
    evidence[sender].maxEnd = max(evidence[sender].maxEnd, segment.end)
    if let ack { evidence[sender].maxAck = max(evidence[sender].maxAck, ack) }
    evidence.captureTime = max(evidence.captureTime, segment.time)
    return frame
  }

  /// The client's segment.
  @discardableResult
  mutating func c(
    _ ms: Double, _ letters: String, at start: Int64, payload: UInt32 = 0, ack: Int64? = nil,
    _ edit: (inout EvidenceSegment) -> Void = { _ in }
  ) -> UInt64 { add(.originator, ms, letters, at: start, payload: payload, ack: ack, edit) }

  /// The server's segment.
  @discardableResult
  mutating func s(
    _ ms: Double, _ letters: String, at start: Int64, payload: UInt32 = 0, ack: Int64? = nil,
    _ edit: (inout EvidenceSegment) -> Void = { _ in }
  ) -> UInt64 { add(.responder, ms, letters, at: start, payload: payload, ack: ack, edit) }

  /// SYN, SYN-ACK, ACK: frames 1 to 3, from 0 to 40 ms.
  mutating func open() {
    c(0, "S", at: 0)
    s(40, "S", at: 0, ack: 1)
    c(40.1, "", at: 1, ack: 1)
  }

  /// The capture goes on without this flow.
  mutating func silence(until ms: Double) { evidence.captureTime = Int64(ms * 1_000_000) }

  func tell(previous: PreviousIncarnation? = nil) -> [Episode] {
    FlowStories.tell(evidence, PathInference.infer(evidence), identity, previous: previous)
  }

  var handshake: HandshakeEpisode? {
    for case .handshake(let told) in tell() { return told }
    return nil
  }
  var close: CloseEpisode? {
    for case .close(let told) in tell() { return told }
    return nil
  }
  var resets: [ResetEpisode] {
    tell().compactMap { if case .reset(let told) = $0 { told } else { nil } }
  }
  var oldSyns: [OldSynEpisode] {
    tell().compactMap { if case .oldSyn(let told) = $0 { told } else { nil } }
  }
  func reuse(after previous: PreviousIncarnation) -> ReuseEpisode? {
    for case .reuse(let told) in tell(previous: previous) { return told }
    return nil
  }
  var report: FlowReport {
    var report = FlowReport(flow: identity)
    let paths = PathInference.infer(evidence)
    FlowStories.fill(&report, evidence, paths, episodes: tell())
    return report
  }
  var previous: PreviousIncarnation {
    PreviousIncarnation(evidence, PathInference.infer(evidence), identity)
  }
}
