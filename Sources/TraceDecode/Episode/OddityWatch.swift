/// Segments of one side that break a rule of the protocol by themselves: the first of each kind, and how many.
struct OddityWatch {
  private var tallies: [OddityEpisode] = []

  /// A segment with a timestamp from the past, until its receiver shows whether it took it (RFC 7323 5.3).
  private struct Stale {
    var ref: SegmentRef
    var last: SegmentRef?
  }
  @Seldom private var stale: Stale?

  var isOpen: Bool { @inline(__always) mutating get { stale != nil } }

  mutating func note(
    _ kind: OddityEpisode.Kind, _ ref: SegmentRef, other: SegmentRef? = nil, octets: UInt64 = 0,
    limit: Int64 = 0, confidence: Confidence = .certain
  ) {
    if let i = tallies.firstIndex(where: { $0.kind == kind }) {
      tallies[i].count &+= 1
      tallies[i].octets &+= octets
      return
    }
    var e = OddityEpisode(kind: kind, sender: ref.sender, segment: ref, other: other)
    e.octets = octets
    e.limit = limit
    e.confidence = confidence
    tallies.append(e)
  }

  mutating func forget(_ kind: OddityEpisode.Kind) { tallies.removeAll { $0.kind == kind } }

  mutating func rename(_ kind: OddityEpisode.Kind, _ other: OddityEpisode.Kind) {
    for i in tallies.indices where tallies[i].kind == kind { tallies[i].kind = other }
  }

  mutating func cameStale(_ ref: SegmentRef, after last: SegmentRef?) {
    if stale == nil {
      stale = Stale(ref: ref, last: last)
    } else {
      note(.timestampRegressed, ref, other: last)
    }
  }

  /// A segment of the receiver: an answer that does not take the stale one along shows that PAWS threw it away.
  mutating func answered(_ s: Sight) {
    if stale == nil { return }
    guard let waiting = stale, s.hasAck, s.time &- waiting.ref.time >= s.senderHalf &* 8 / 10 else { return }
    stale = nil
    // Thrown away, its stamp needs no finding of its own.
    let isRefused = s.isPureAck && s.ack == waiting.ref.start
    note(isRefused ? .pawsDiscard : .timestampRegressed, waiting.ref, other: waiting.last)
  }

  mutating func end(_ told: inout [Episode]) {
    if let stale { note(.timestampRegressed, stale.ref, other: stale.last) }
    stale = nil
    for tally in tallies { told.append(.oddity(tally)) }
    tallies = []
  }
}
