import TraceDecode
import TraceRules

/// The form in which inferences are scored against a kernel's own labels: states, verdicts and a few findings.
///
/// Limits: one document a capture; verdicts are held until its end.
public final class Neutral: ReportWriter {
  private let out: ByteOutput
  private var flows: [FlowReport] = []
  private var verdicts: [(frame: UInt64, verdict: FrameVerdict)] = []
  private var probed: [Int: Probes] = [:]

  /// The frames at which a flow first showed a probe or a closed window.
  private struct Probes {
    var keepAlive: UInt64 = 0
    var zeroWindow: UInt64 = 0
  }

  public init(to out: ByteOutput) { self.out = out }

  public var wantsFrameVerdicts: Bool { true }

  public func verdict(_ verdict: FrameVerdict, frame: UInt64, flow: FlowIdentity) {
    verdicts.append((frame, verdict))
    if verdict.contains(.keepAlive), (probed[flow.number]?.keepAlive ?? 0) == 0 {
      probed[flow.number, default: Probes()].keepAlive = frame
    }
    if !verdict.isDisjoint(with: [.zeroWindow, .zeroWindowProbe]), (probed[flow.number]?.zeroWindow ?? 0) == 0
    {
      probed[flow.number, default: Probes()].zeroWindow = frame
    }
  }

  public func flow(_ report: FlowReport) { flows.append(report) }

  public func end(_ capture: CaptureRecord) {
    flows.sort { $0.flow.number < $1.flow.number }
    out.put("{\"format\":\"flowlint-neutral/1\",\"flows\":[")
    for (i, flow) in flows.enumerated() {
      if i > 0 { out.put(",") }
      out.put("\n")
      write(flow)
    }
    out.put("],\n\"frames\":[")
    writeFrames()
    out.put("]}\n")
    flows = []
    verdicts = []
    probed = [:]
  }

  public func finish(_ summary: RunSummary) { out.flush() }

  private func write(_ report: FlowReport) {
    out.put("{\"first_frame\":")
    out.put(report.flow.firstFrame)
    out.put(",\"a\":\"")
    out.put(report.flow.originator)
    out.put("\",\"b\":\"")
    out.put(report.flow.responder)
    out.put("\",\"endpoints\":{\"a\":")
    write(report.originator)
    out.put(",\"b\":")
    write(report.responder)
    out.put("},\"findings\":[")
    writeFindings(report)
    out.put("]}")
  }

  private func write(_ endpoint: EndpointReport) {
    out.put("{\"initial\":\"")
    out.put(endpoint.initialState.linuxName)
    out.put("\",\"transitions\":[")
    for (i, transition) in endpoint.transitions.enumerated() {
      if i > 0 { out.put(",") }
      out.put("{\"frame\":")
      // The frame that shows the change; a change by timer or application shows in none.
      out.put(transition.proof != 0 ? transition.proof : transition.cause)
      out.put(",\"t\":")
      out.putSeconds(transition.time)
      out.put(",\"from\":\"")
      out.put(transition.from.linuxName)
      out.put("\",\"to\":\"")
      out.put(transition.to.linuxName)
      out.put("\"}")
    }
    out.put("]}")
  }

  private func writeFindings(_ report: FlowReport) {
    var first = true
    func put(_ code: StaticString, _ frame: UInt64 = 0) {
      out.put(first ? "{\"code\":\"" : ",{\"code\":\"")
      first = false
      out.put(code)
      out.put("\",\"frame\":")
      out.put(frame == 0 ? report.flow.firstFrame : frame)
      out.put("}")
    }
    let probes = probed[report.flow.number]
    let both = [report.originator.metrics, report.responder.metrics]
    if report.outcome == .refused { put("refused", report.lastFrame) }
    if report.simultaneousOpen { put("simultaneous_open") }
    if report.simultaneousClose { put("simultaneous_close", report.lastFrame) }
    if report.reusesTimeWait { put("time_wait_reuse") }
    if report.sawReset { put("reset", report.lastFrame) }
    if both.contains(where: { $0.zeroWindows > 0 || $0.windowProbes > 0 }) {
      put("zero_window", probes?.zeroWindow ?? 0)
    }
    if both.contains(where: { $0.keepAlives > 0 }) { put("keepalive", probes?.keepAlive ?? 0) }
  }

  private func writeFrames() {
    verdicts.sort { $0.frame < $1.frame }
    var i = 0
    var firstFrame = true
    while i < verdicts.count {
      let frame = verdicts[i].frame
      var union: FrameVerdict = []
      while i < verdicts.count, verdicts[i].frame == frame {
        union.formUnion(verdicts[i].verdict)
        i += 1
      }
      let names = union.names
      if names.isEmpty { continue }
      out.put(firstFrame ? "\n{\"frame\":" : ",\n{\"frame\":")
      firstFrame = false
      out.put(frame)
      out.put(",\"verdicts\":[")
      for (j, name) in names.enumerated() {
        out.put(j == 0 ? "\"" : ",\"")
        out.put(name)
        out.put("\"")
      }
      out.put("]}")
    }
  }
}

extension FrameVerdict {
  /// The verdicts' names in the neutral form, in order of their bits.
  var names: [StaticString] { Self.neutralNames.filter { contains($0.verdict) }.map(\.name) }

  private static let neutralNames: [(verdict: FrameVerdict, name: StaticString)] = [
    (.synRetransmission, "syn_retransmission"), (.synAckRetransmission, "synack_retransmission"),
    (.timeoutRetransmission, "rto_retransmission"),
    (.lossRecoveryRetransmission, "loss_recovery_retransmission"),
    (.fastRetransmission, "fast_retransmission"), (.tailLossProbe, "tlp"),
    (.pathMTURetransmission, "pmtu_retransmission"), (.retransmission, "retransmission"),
    (.spurious, "spurious"), (.outOfOrder, "out_of_order"), (.duplicate, "duplicate"),
    (.keepAlive, "keepalive"), (.zeroWindowProbe, "zero_window_probe"), (.windowFull, "window_full"),
    (.zeroWindow, "zero_window"), (.duplicateAck, "dup_ack"), (.lateOriginal, "late_original"),
    (.badChecksum, "bad_checksum"), (.ambiguous, "ambiguous"),
  ]
}
