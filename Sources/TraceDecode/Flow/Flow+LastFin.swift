/// A close whose last FIN nothing had acknowledged when the capture ended: the last moments of many a capture.
extension Flow {
  /// Whether the FIN of `sender`, which nothing acknowledges, is taken for its own (`FinInference`), in a flow that is
  /// remembered whole and whose frames came in order of time.
  func isPlausibleFin(of sender: Role) -> Bool {
    guard log.first <= head.count else { return false }
    let d = pointer(sender)
    var latest = Int64.min
    var edge: Int64?
    for i in 0..<(log.end &- log.first &+ head.count) {
      let r = remembered(i)
      let isFin = r.flags.contains(.fin)
      // A FIN no later than the data before it would not be what came last.
      guard r.time >= latest, r.time > latest || !isFin else { return false }
      latest = r.time
      if r.sender != sender {
        if r.flags.contains(.ack) { edge = max(edge ?? .min, d.pointee.offset(r.ack) &+ Int64(r.window)) }
      } else if isFin, let edge, d.pointee.offset(r.seq) &+ Int64(r.segLen) &- 1 > edge &+ 1 {
        return false
      }
    }
    return true
  }

  /// When `own`'s FIN was acknowledged although nothing of it was captured; nil where nothing shows that it was.
  ///
  /// Silence that outlasts its retransmission timer shows it (`EndpointReader.readClose`).
  func ackUnseen(
    _ own: PlainFlow.Side, _ peer: PlainFlow.Side, _ line: EndpointTimeLine, _ peerLine: EndpointTimeLine,
    now: Int64
  ) -> Int64? {
    guard own.fin.isSeen, !own.finAck.isSeen, own.fin.ack >= peer.finEnd,
      now &- own.fin.time > 3_000_000_000
    else { return nil }
    return own.fin.time &- line.oneWay &+ 2 &* (line.oneWay &+ peerLine.oneWay)
  }

  /// The close as `CloseStory` tells it.
  func lastFin(
    _ plain: PlainFlow, _ report: borrowing FlowReport, _ view: PathView, now: Int64
  ) -> CloseEpisode {
    var close = CloseEpisode()
    close.activeCloser = report.activeCloser
    close.timeWaitHolder = report.timeWaitHolder
    close.timeWaitFrom = report.timeWaitFrom
    close.observedAfter = max(0, now &- max(plain.originator.lastTime, plain.responder.lastTime))
    close.rto = max(1_000_000_000, 2 &* view.total)
    for i in 0..<(log.end &- log.first &+ head.count) {
      let r = remembered(i)
      take(r, of: plain.originator, into: &close.originator)
      take(r, of: plain.responder, into: &close.responder)
    }
    return close
  }

  private func take(_ r: SegmentRecord, of side: PlainFlow.Side, into told: inout CloseEpisode.Side) {
    if r.frame == side.fin.frame {
      told.fins = [ref(r)]
      told.finCount = 1
    } else if r.frame == side.finAck.frame {
      told.finAck = ref(r)
    }
  }
}
