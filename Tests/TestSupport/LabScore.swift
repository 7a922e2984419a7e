import TraceDecode

/// Holds verdicts and states against the stacks' own labels, as the lab's `score.py` does.
public struct LabScore {
  /// Right, invented and missed.
  public struct Count: Sendable, CustomStringConvertible {
    public var right = 0
    public var invented = 0
    public var missed = 0
    public init() {}
    public var precision: Double? {
      right + invented == 0 ? nil : Double(right) / Double(right + invented)
    }
    public var recall: Double? { right + missed == 0 ? nil : Double(right) / Double(right + missed) }
    public var description: String { "\(right) right, \(invented) invented, \(missed) missed" }
  }

  /// What is counted: a kind of verdict, and whether the frame's sender is beside the capture point.
  public enum Class: String, Sendable, CaseIterable {
    case retransmissionAtSender, retransmissionAtReceiver, holeAtReceiver
    case spuriousAtSender, spuriousAtReceiver, causeAtSender, causeAtReceiver, handshakeCause
    case outOfOrder, duplicate, keepAlive, zeroWindowProbe, pathNear, pathFar
  }

  private var scenarios: [String: [Class: Count]] = [:]
  /// What was judged wrong: run, vantage, frame or flow, and how.
  public private(set) var errors: [Class: [String]] = [:]

  public init() {}

  /// All scenarios in one.
  public func pooled(_ kind: Class) -> Count {
    scenarios.values.reduce(into: Count()) { sum, counts in
      guard let count = counts[kind] else { return }
      sum.right += count.right
      sum.invented += count.invented
      sum.missed += count.missed
    }
  }

  /// The mean over the scenarios that have cases; one lossy bulk run does not decide it.
  public func mean(_ kind: Class) -> (precision: Double, recall: Double, scenarios: Int) {
    let counts = scenarios.values.compactMap { $0[kind] }.filter { $0.recall != nil }
    let recalls = counts.compactMap(\.recall)
    let precisions = counts.compactMap(\.precision)
    func mean(_ values: [Double]) -> Double {
      values.isEmpty ? 1 : values.reduce(0, +) / Double(values.count)
    }
    return (mean(precisions), mean(recalls), recalls.count)
  }

  /// A line for each class that has cases.
  public var table: String {
    Class.allCases.filter { pooled($0).right + pooled($0).missed + pooled($0).invented > 0 }
      .map { "\($0.rawValue): \(pooled($0)); mean \(mean($0))" }.joined(separator: "\n")
  }

  /// Scores one capture of a run.
  public mutating func add(_ run: LabRun, _ vantage: String, _ judgement: Judgement) {
    var place = Place(run: run, vantage: vantage)
    place.score(frames: judgement)
    if run.truth.meta.derived != "oneway" { place.score(paths: judgement) }
    for (kind, count) in place.counts {
      var sum = scenarios[run.truth.meta.scenario, default: [:]][kind] ?? Count()
      sum.right += count.right
      sum.invented += count.invented
      sum.missed += count.missed
      scenarios[run.truth.meta.scenario, default: [:]][kind] = sum
    }
    for (kind, lines) in place.errors { errors[kind, default: []] += lines }
  }

  /// The scoring of one capture.
  private struct Place {
    let run: LabRun
    let vantage: String
    var counts: [Class: Count] = [:]
    var errors: [Class: [String]] = [:]

    init(run: LabRun, vantage: String) {
      self.run = run
      self.vantage = vantage
    }

    mutating func note(_ kind: Class, truth: Bool, got: Bool, _ what: @autoclosure () -> String) {
      guard truth || got else { return }
      var count = counts[kind] ?? Count()
      if truth, got {
        count.right += 1
      } else {
        if truth { count.missed += 1 } else { count.invented += 1 }
        errors[kind, default: []].append(
          "\(run.name) \(vantage) \(truth ? "missed" : "invented") \(what())")
      }
      counts[kind] = count
    }

    mutating func score(frames judgement: Judgement) {
      let labels = Dictionary(
        (run.truth.captures[vantage]?.frames ?? []).map { ($0.frame, $0) }, uniquingKeysWith: { $1 })
      let judged = judgement.verdicts.keys.map { Int($0) }
      for number in Set(labels.keys).union(judged).sorted() {
        score(number, labels[number], judgement.verdicts[UInt64(number)] ?? [])
      }
    }

    private mutating func score(
      _ number: Int, _ label: LabRun.Truth.Label?, _ got: FrameVerdict
    ) {
      if label?.corrupt == true { return }
      // On the loopback both ends are beside the capture point; the scorer has such frames apart.
      let isSender = label?.from == nil || label?.from == vantage
      let isScored = !run.truth.meta.lo || label?.from == nil
      let kind = label?.kind ?? "original"
      let isCopy = label?.isCopy ?? false
      let isResent = !got.isDisjoint(with: .anyRetransmission)
      let what = "frame \(number) \(kind) \(label?.cause ?? "") \(got.words)"
      if let label, kind == "retransmission", !isCopy {
        let wasSeen = label.seen.map { !$0.isEmpty } ?? false
        let fillsHole = !wasSeen && label.belowHigh == true
        if isScored {
          if wasSeen {
            note(
              isSender ? .retransmissionAtSender : .retransmissionAtReceiver, truth: true, got: isResent, what
            )
          } else if isResent || fillsHole, !isSender {
            note(.holeAtReceiver, truth: true, got: isResent, what)
          }
          if label.flags & 2 == 0 {
            note(
              isSender ? .spuriousAtSender : .spuriousAtReceiver, truth: label.spurious == true,
              got: got.contains(.spurious), what)
          }
        }
        if isResent { score(cause: label, isSender, got, what) }
      } else if isResent, kind != "resend" {
        note(isSender ? .retransmissionAtSender : .retransmissionAtReceiver, truth: false, got: true, what)
        if got.contains(.spurious), !isCopy {
          note(isSender ? .spuriousAtSender : .spuriousAtReceiver, truth: false, got: true, what)
        }
      }
      let isLate =
        ["original", "resend"].contains(kind) && label?.belowHigh == true && !isCopy && label?.seen == nil
      note(.outOfOrder, truth: isLate, got: got.contains(.outOfOrder), what)
      note(.duplicate, truth: isCopy, got: got.contains(.duplicate), what)
      if !isCopy, kind != "probe" {
        note(.keepAlive, truth: kind == "keepalive", got: got.contains(.keepAlive), what)
        note(.zeroWindowProbe, truth: kind == "zero_window_probe", got: got.contains(.zeroWindowProbe), what)
      }
    }

    private mutating func score(
      cause label: LabRun.Truth.Label, _ isSender: Bool, _ got: FrameVerdict, _ what: String
    ) {
      let causes: [String: (FrameVerdict, Bool)] = [
        "syn": (.synRetransmission, true), "synack": (.synAckRetransmission, true),
        "rto": (.timeoutRetransmission, false), "loss_recovery": (.lossRecoveryRetransmission, false),
        "fast": (.fastRetransmission, false), "tlp": (.tailLossProbe, false),
        "pmtu": (.pathMTURetransmission, false),
      ]
      guard let (expected, isHandshake) = label.cause.flatMap({ causes[$0] }) else { return }
      let kind: Class = isHandshake ? .handshakeCause : isSender ? .causeAtSender : .causeAtReceiver
      note(kind, truth: true, got: got.contains(expected), what)
    }

    // MARK: Paths of states

    mutating func score(paths judgement: Judgement) {
      let vantage = vantage
      var left = Array(judgement.flows.indices)
      let flows = run.truth.flows.filter { $0.first(vantage) != nil }
        .sorted { ($0.first(vantage) ?? 0) < ($1.first(vantage) ?? 0) }
      for flow in flows {
        let first = flow.first(vantage) ?? 0
        let ends = [flow.client, flow.server].sorted()
        let match = left.filter {
          let id = judgement.flows[$0].flow
          return [id.originator.description, id.responder.description].sorted() == ends
        }.min {
          abs(Int(judgement.flows[$0].flow.firstFrame) - first)
            < abs(Int(judgement.flows[$1].flow.firstFrame) - first)
        }
        if let match { left.removeAll { $0 == match } }
        for (side, changes) in flow.endpoints.sorted(by: { $0.key < $1.key }) {
          let address = side == "client" ? flow.client : flow.server
          let isNear = side == vantage || run.truth.meta.lo
          let got = match.map { index -> [String] in
            let report = judgement.flows[index]
            let role: Role = report.flow.originator.description == address ? .originator : .responder
            return report[role].transitions
              .filter { !($0.from == .timeWait && $0.to == .closed) && $0.to != .listen }.map(\.to.linuxName)
          }
          let truth = changes.filter { !$0.isExpiry }
          let fits = Self.fits(got ?? [], truth, vantage)
          note(
            isNear ? .pathNear : .pathFar, truth: true, got: fits,
            "flow \(flow.number) \(side): \((got ?? []).joined(separator: " ")) for"
              + " \(truth.map { ($0.visible[vantage] ?? false) ? $0.to : "(\($0.to))" }.joined(separator: " "))"
          )
        }
      }
    }

    /// Nothing invented, nothing missed that the capture can show.
    private static func fits(_ got: [String], _ truth: [LabRun.Truth.Change], _ vantage: String) -> Bool {
      var rest = got[...]
      for change in truth {
        if rest.first == change.to {
          rest.removeFirst()
        } else if change.visible[vantage] ?? false {
          return false
        }
      }
      return rest.isEmpty
    }
  }
}

extension FrameVerdict {
  /// Any of the verdicts that say a segment was sent again.
  public static let anyRetransmission: FrameVerdict = [
    .synRetransmission, .synAckRetransmission, .timeoutRetransmission, .lossRecoveryRetransmission,
    .fastRetransmission, .tailLossProbe, .pathMTURetransmission, .retransmission, .spurious,
  ]

  /// The verdicts in words, for a test's message.
  public var words: String {
    let names: [(FrameVerdict, String)] = [
      (.synRetransmission, "syn"), (.synAckRetransmission, "synack"), (.timeoutRetransmission, "rto"),
      (.lossRecoveryRetransmission, "loss-recovery"), (.fastRetransmission, "fast"), (.tailLossProbe, "tlp"),
      (.pathMTURetransmission, "pmtu"), (.retransmission, "again"), (.spurious, "spurious"),
      (.outOfOrder, "out-of-order"), (.duplicate, "duplicate"), (.keepAlive, "keep-alive"),
      (.zeroWindowProbe, "window-probe"), (.lateOriginal, "late-original"), (.ambiguous, "ambiguous"),
    ]
    let said = names.filter { contains($0.0) }.map(\.1)
    return said.isEmpty ? "nothing" : said.joined(separator: "+")
  }
}
