extension EndpointReader {
  /// Its own RST: the first after which it sends nothing else; another is forged (PS.5).
  var ownReset: Int? {
    let last = lastSent.map { segment($0).time } ?? Int64.min
    return ownResets.first { segment($0).time >= last }
  }

  func readResets(_ milestones: inout EndpointMilestones) {
    if let reset = ownReset {
      milestones.resetSent = Moment(reset, time: line.sent(segment(reset)))
    }
    guard !peerResets.isEmpty else { return }
    let inSynSent = isLeftInSynSent(milestones)
    for arrival in resetArrivals() where judge(arrival, inSynSent: inSynSent) == .accepted {
      milestones.resetAccepted = Moment(arrival.reset, time: line.arrived(segment(arrival.reset)))
      return
    }
  }

  /// Whether nothing answered the endpoint's SYN.
  func isLeftInSynSent(_ milestones: EndpointMilestones) -> Bool {
    if case .active = milestones.opening {
      return milestones.established == nil && milestones.crossedSyn == nil
    }
    return false
  }

  /// A RST of the peer, and what the endpoint had received and acknowledged when it came.
  struct ResetArrival {
    var reset: Int
    /// RCV.NXT if everything that passed arrived.
    var received: Int64?
    /// Its highest acknowledgement sent by then.
    var acknowledged: Int64?
    /// The window it offered last.
    var window: Int64
  }

  /// Every RST toward the endpoint, in capture order.
  func resetArrivals() -> [ResetArrival] {
    var arrivals: [ResetArrival] = []
    var stream = ReceivedStream()
    var acknowledged: Int64?
    var window: Int64 = 0
    var own = 0
    for (index, incoming) in segments.enumerated() {
      if index == story.tailStart { stream.advance(to: story.receivedBeforeTail(of: role)) }
      guard story.reaches(incoming, role) else { continue }
      guard incoming.isReset else {
        stream.accept(incoming, midStream: true)
        continue
      }
      let limit = incoming.time &+ 2 &* line.oneWay
      while own < segments.count, segments[own].time <= limit {
        let sent = segments[own]
        if sent.hasAck, !sent.isReset, story.isSent(sent, by: role) {
          acknowledged = max(acknowledged ?? Int64.min, sent.ack)
          window = Int64(sent.window)
        }
        own &+= 1
      }
      arrivals.append(
        ResetArrival(
          reset: index, received: stream.next ?? acknowledged, acknowledged: acknowledged, window: window))
    }
    return arrivals
  }

  /// What becomes of a RST, as far as the endpoint's conduct and the numbers tell.
  func judge(_ arrival: ResetArrival, inSynSent: Bool) -> JudgedReset.Verdict {
    let reset = segment(arrival.reset)
    let continues =
      lastSent.map {
        line.sent(segment($0)) > line.arrived(reset) &+ line.slack
      } ?? false
    if inSynSent {
      guard reset.hasAck, reset.ack >= 1 else { return .invalidInSynSent }
      return continues ? .receiverContinues : .accepted
    }
    var exact = reset.start == arrival.received || reset.start == arrival.acknowledged
    if let received = arrival.received, let finEnd = story.finEnd(of: role.peer), received >= finEnd {
      // The FIN was taken, and the peer's socket is gone: it numbers the RST as if the FIN had not been sent.
      exact = exact || reset.start == received &- 1
    }
    if exact { return continues ? .receiverContinues : .accepted }
    let left = arrival.acknowledged ?? arrival.received ?? 0
    return reset.start >= left && reset.start < left &+ arrival.window ? .inWindow : .outOfWindow
  }
}
