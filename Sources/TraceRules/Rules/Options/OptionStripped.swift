import TraceDecode

/// OPT803 option-stripped
struct OptionStripped: Rule {
  static let info = RuleInfo(
    code: "OPT803", name: "option-stripped", family: .options, severity: .note,
    summary: "A service left options of a SYN unanswered that it agrees to in other connections.",
    why: """
      Without window scaling, SACK or timestamps the connection is slower and repairs losses badly. \
      Something on the path may take options away, or the service was under a flood of SYNs.
      """,
    remedy: """
      compare captures of both ends; look for a firewall that normalises options, and for SYN cookies
      """,
    falsePositives: """
      A service that never agrees has made up its mind. Several hosts behind one address need not agree \
      with each other.
      """,
    sources: [.rfc(7323, "2.5"), .rfc(2018, "2")],
    examples: [
      .fires(
        "once without, once with",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>  #! OPT803@capture
          0.040 < S. 0:0(0) ack 1 win 65160 <mss 1460>
          0.0401 > . 1:1(0) ack 1
          0.100 > R. 1:1(0) ack 1  #! RST601
          flow +1
          1.000 > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
          1.040 < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7>
          1.0401 > . 1:1(0) ack 1 win 502
          1.100 > R. 1:1(0) ack 1  #! RST601
          """),
      .clean(
        "never agreed to",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
          0.040 < S. 0:0(0) ack 1 win 65160 <mss 1460>
          0.0401 > . 1:1(0) ack 1
          flow +1
          1.000 > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
          1.040 < S. 0:0(0) ack 1 win 65160 <mss 1460>
          1.0401 > . 1:1(0) ack 1
          """),
    ])
  static let observes: EpisodeKind = [.flowEnd, .captureEnd]
  static let flows: FlowTraits = .answered

  private struct Service {
    var missing: TCPOptionSet
    var agreed: TCPOptionSet = []
    var count = 1
    var flow: FlowIdentity
    var time: Int64
  }
  private var services: [SocketAddress: Service] = [:]
  private static let limit = 4096
  private static let asked: TCPOptionSet = [.windowScale, .sackPermitted, .timestamps]

  mutating func flowEnded(_ report: FlowReport, _ out: inout Findings) {
    guard let offered = report.originator.metrics.optionsOffered,
      let answered = report.responder.metrics.optionsOffered
    else { return }
    let missing = offered.intersection(Self.asked).subtracting(answered)
    if missing.isEmpty, services.isEmpty { return }
    if offered.union(answered).contains(.truncated) { return }
    let service = report.flow.responder
    if services[service] != nil {
      services[service]?.agreed.formUnion(answered.intersection(offered))
      services[service]?.missing.formUnion(missing)
      if !missing.isEmpty { services[service]?.count += 1 }
    } else if !missing.isEmpty, services.count < Self.limit {
      services[service] = Service(
        missing: missing, agreed: answered.intersection(offered), flow: report.flow, time: report.firstTime)
    }
  }

  mutating func captureEnded(_ report: CaptureReport, _ facts: CaptureFacts, _ out: inout Findings) {
    let names: [(TCPOptionSet, String)] = [
      (.windowScale, "window scaling"), (.sackPermitted, "SACK"), (.timestamps, "timestamps"),
    ]
    let odd = services.filter { !$0.value.missing.isDisjoint(with: $0.value.agreed) }
      .sorted { $0.value.flow.firstFrame < $1.value.flow.firstFrame }
    for (address, service) in odd {
      let options = names.filter { service.missing.intersection(service.agreed).contains($0.0) }.map(\.1)
      out.report(
        "\(address) left \(options.joined(separator: ", ")) unanswered in \(Format.count(service.count, "connection"))",
        frame: service.flow.firstFrame, time: service.time, endpoint: .responder, confidence: .possible,
        why: "the SYN offers it, the SYN-ACK does not, and in other connections the same service does",
        alternatives: ["SYN cookies leave options out", "several hosts answer for the address"],
        values: [Value("connections", Int64(service.count))], occurrences: service.count)
    }
  }
}
