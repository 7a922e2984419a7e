/// Hold-backs, and their end when no further segment comes.
extension Flow {
  /// How long after a far sender's repeat its cause is looked for, beside a round trip. Units: nanoseconds.
  static let replayHold: Int64 = 400_000_000
  /// How long a proof that a repeat was not needed may still be followed by another. Units: nanoseconds.
  static let proofHold: Int64 = 1_000_000_000
  /// How long a timer's repeat may stay unanswered before it is told: the answer shows whether it was needed, and
  /// the next repeat whether it was a probe. Units: nanoseconds.
  static let probeHold: Int64 = 120_000_000_000

  /// How long the receiver may still show that a repeat was not needed. Units: nanoseconds.
  static func patience(_ view: PathView, _ sender: Role) -> Int64 {
    3_000_000_000 &+ 4 &* view.rtt(sender.peer)
  }

  /// Settles what is due at `now` without a segment to bring it about.
  mutating func settleDue(now: Int64, in analyzer: inout Desk) {
    guard dossier != nil else { return }
    settlePending(now: now, analyzer.pathView(self), in: &analyzer)
  }

  /// When a pending decision is to be looked at next, after `now`; nil when none is pending.
  func nextDecision(after now: Int64, among paths: borrowing HostPaths) -> Int64? {
    guard let dossier, !dossier.isSettled else { return nil }
    let view = pathView(among: paths)
    var next = Int64.max
    for sender in [Role.originator, .responder] {
      guard let p = dossier[sender].pending.first else { continue }
      var due = p.record.time
      if dossier[sender].pending.contains(where: { $0.cause == nil }), !view.isNear(sender) {
        let unnamed = dossier[sender].pending.first { $0.cause == nil } ?? p
        due = unnamed.record.time &+ view.rtt(sender) &+ Self.replayHold
      }
      if due <= now {
        due = p.record.time &+ 1
        if p.isUnanswered {
          due &+= Self.probeHold
        } else {
          due &+= p.spurious == .none || p.awaitsEstablishment ? Self.patience(view, sender) : Self.proofHold
        }
      }
      // What could not be decided when it was due waits for a segment, or for the flow's end.
      if due > now { next = min(next, due) }
    }
    return next == .max ? nil : next
  }
}
