/// A sender relived: its transmissions and what reached it, on its own time line, to name the cause of each
/// retransmission (PROCEDURES P2).
///
/// The names are RFC 6675's and Linux's congestion-avoidance states, but nothing rests on one stack's
/// windows of time: what counts is which news the sender had, and how long it had been silent.
struct SenderReplay {
  enum Phase { case open, recovery, loss }

  /// A transmission whose acknowledgement would give a round-trip sample.
  private struct Outstanding {
    var end: Int64
    var sentAt: Int64
    var resent: Bool
  }

  var una: Int64 = 0
  var highData: Int64 = 0
  private(set) var phase = Phase.open
  /// RecoveryPoint: what was outstanding when the phase began.
  private var recoveryPoint: Int64 = 0
  private var duplicateAcks = 0
  private var sackTop: Int64 = 0
  /// Timer repeats since the last progress.
  private var timerRepeats = 0
  private(set) var consecutiveTimeouts = 0
  private var lastSignal: Int64?
  private var lastArrival: Int64?
  private var lastRepeat: Int64?
  private var lastTransmission: Int64?
  private var lastWindow: UInt32?
  private var srtt: Int64?
  private var rttVar: Int64 = 0
  /// By their ends, ascending, from `head` on. Limits: 8,192; of more, the oldest half is forgotten.
  private var outstanding: [Outstanding] = []
  private var head = 0
  private var hiddenTimeout = false
  /// A time-out was seen, and no new data since.
  private var timeoutAwaitsNew = false
  /// An acknowledgement has arrived; before, `una` says nothing.
  private var isAnswered = false
  private(set) var signals = 0

  /// The least a retransmission timer waits, less a tolerance of 15 %. Units: nanoseconds.
  static let timerFloor: Int64 = 170_000_000

  /// What reaches the sender: an acknowledgement.
  mutating func arrive(
    at t: Int64, ack: Int64, window: UInt32, isPure: Bool, newSACK: Bool, sackTop top: Int64?, usesSACK: Bool
  ) {
    if ack > una || !isAnswered {
      isAnswered = true
      cover(ack, at: t)
      una = ack
      duplicateAcks = 0
      timerRepeats = 0
      consecutiveTimeouts = 0
      lastSignal = t
      if phase != .open, una >= recoveryPoint { phase = .open }
      if sackTop <= una { sackTop = 0 }
    } else if isPure, ack == una, highData > una {
      if !usesSACK ? window == lastWindow : newSACK { duplicateAcks &+= 1 }
    }
    if newSACK {
      lastSignal = t
      signals &+= 1
      if let top, top > sackTop { sackTop = top }
    }
    lastArrival = t
    lastWindow = window
  }

  /// Takes what is acknowledged from the outstanding; a round trip, if nothing of it was sent again (Karn).
  private mutating func cover(_ ack: Int64, at t: Int64) {
    var last: Int64?
    var isClean = true
    while head < outstanding.count, outstanding[head].end <= ack {
      last = outstanding[head].sentAt
      if outstanding[head].resent { isClean = false }
      head &+= 1
    }
    if let last, isClean { sample(t &- last) }
    if head >= 64, head &* 2 >= outstanding.count { dropCovered() }
  }

  private mutating func dropCovered() {
    outstanding.removeFirst(head)
    head = 0
  }

  private mutating func sample(_ m: Int64) {
    guard m >= 0 else { return }
    if let s = srtt {
      rttVar &+= (abs(m &- s) &- rttVar) / 4
      srtt = s &+ (m &- s) / 8
    } else {
      srtt = m
      rttVar = m / 2
    }
  }

  /// A transmission that repeats nothing.
  ///
  /// - Parameters:
  ///   - hiddenFrames: Frames its identifications say were sent and lost unseen just before it (P2, "RTOs hidden");
  ///     nil where they do not count.
  mutating func sendNew(
    at t: Int64, start: Int64, end: Int64, isNew: Bool, hiddenFrames hidden: Int?, silentSince: Int64?,
    mss: Int64
  ) {
    let hiddenFrames = hidden ?? 0
    if isNew, hiddenFrames > 0, start == una, start >= highData,
      let silentSince, t &- max(lastArrival ?? 0, silentSince) >= Self.timerFloor
    {
      phase = .loss
      recoveryPoint = start &+ Int64(hiddenFrames) &* mss
      hiddenTimeout = true
    }
    guard isNew else { return }
    if timeoutAwaitsNew, hidden == 0, start > highData, highData > 1, una < start {
      // Nothing was sent between the time-out and this that did not pass: what it leaps over was out before.
      phase = .loss
      recoveryPoint = start
    }
    timeoutAwaitsNew = false
    if hiddenTimeout, phase == .loss, start > highData, highData > 1 {
      recoveryPoint = start
      hiddenTimeout = false
    }
    highData = max(highData, end)
    if timerRepeats < 2, phase == .open { timerRepeats = 0 }
    append(end: end, at: t, resent: false)
    lastTransmission = t
  }

  private mutating func append(end: Int64, at t: Int64, resent: Bool) {
    // Ends ascend but for repeats, which are put where they belong.
    var i = outstanding.count
    while i > head, outstanding[i &- 1].end > end { i &-= 1 }
    let new = Outstanding(end: end, sentAt: t, resent: resent)
    if i == outstanding.count { outstanding.append(new) } else { outstanding.insert(new, at: i) }
    if outstanding.count &- head > 8192 {
      head &+= 4096
      dropCovered()
    }
  }

  struct Judgement {
    var cause: RetransmissionCause
    var backoff: Int
    var quiet: Int64
    var sinceLast: Int64?
  }

  /// Names the cause of a retransmission.
  ///
  /// - Parameters:
  ///   - previous: when its octets were sent last, on the same time line.
  ///   - oneWay: no acknowledgement is to be seen.
  ///   - isRepeatedAgain: the same octets were sent more than once before.
  mutating func resend(
    at t: Int64, start: Int64, end: Int64, previous: Int64?, oneWay: Bool, isRepeatedAgain: Bool,
    usesSACK: Bool, pathRTT: Int64, slack: Int64
  ) -> Judgement {
    let floor = Self.timerFloor
    let sentBefore = previous ?? lastTransmission ?? t
    let last = max(sentBefore, lastSignal ?? .min, lastRepeat ?? .min)
    let quiet = t &- last
    let sinceSignal = lastSignal.map { t &- $0 }
    let above = sackTop > start || duplicateAcks >= 1
    let prompt = min(150_000_000, 10_000_000 &+ (srtt ?? pathRTT) &* 6 / 5) &+ 2 &* slack
    let isPrompt = sinceSignal.map { $0 <= prompt } ?? false
    let longQuiet = quiet >= floor
    var cause = RetransmissionCause.timeout
    if oneWay {
      if end >= highData, !isRepeatedAgain, phase == .open {
        cause = .tailLossProbe
      } else if t &- max(sentBefore, lastRepeat ?? .min) >= floor {
        cause = .timeout
        enter(.loss)
      } else {
        cause = phase == .loss && start < recoveryPoint ? .lossRecovery : .fast
      }
      if cause != .timeout, start >= recoveryPoint { phase = .open }
    } else {
      switch phase {
      case .loss:
        if start <= una, longQuiet {
          enter(.loss)
        } else if let previous, let srtt, t &- previous < srtt / 2, previous >= lastSignal ?? .min {
          // After a time-out nothing is sent twice within a round trip: something else than the timer took it
          // for lost.
          enter(.recovery)
          cause = .fast
        } else {
          cause = .lossRecovery
        }
      case .recovery:
        if start <= una, longQuiet, t &- sentBefore >= floor {
          enter(.loss)
        } else {
          cause = .fast
        }
      case .open:
        if above, !(longQuiet && start <= una) {
          cause = .fast
          enter(.recovery)
        } else if !above, isPrompt, timerRepeats == 0, t &- sentBefore < floor, end < highData {
          cause = .fast
          enter(.recovery)
        } else if !above, end >= highData, timerRepeats == 0, usesSACK {
          cause = .tailLossProbe
          timerRepeats = 1
        } else {
          timerRepeats &+= 1
          enter(.loss)
        }
      }
    }
    if cause == .timeout {
      consecutiveTimeouts &+= 1
      timeoutAwaitsNew = true
    }
    highData = max(highData, end)
    lastRepeat = t
    append(end: end, at: t, resent: true)
    return Judgement(
      cause: cause, backoff: cause == .timeout ? consecutiveTimeouts : 0, quiet: quiet,
      sinceLast: previous.map { t &- $0 })
  }

  private mutating func enter(_ new: Phase) {
    phase = new
    recoveryPoint = highData
  }

  /// RTO by RFC 6298 with a floor of 200 ms. Units: nanoseconds.
  func timeout(pathRTT: Int64) -> Int64 {
    if let srtt { return max(200_000_000, srtt &+ max(4 &* rttVar, 200_000_000)) }
    return pathRTT > 0 ? pathRTT &+ 200_000_000 : 1_000_000_000
  }
}
