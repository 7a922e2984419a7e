import TraceDecode

/// HSK113 self-connection
struct SelfConnection: Rule {
  static let info = RuleInfo(
    code: "HSK113", name: "self-connection", family: .handshake, severity: .warning,
    summary: "A socket connected to itself: both ends are the same address and port.",
    why: """
      A client that keeps connecting to a local port in the ephemeral range, while the service is down, is \
      some day given that very port: the SYN reaches its own socket and opens simultaneously with itself. The \
      client then talks to itself, and the service cannot start because its port is taken.
      """,
    remedy: """
      move the service's port out of the ephemeral range (net.ipv4.ip_local_port_range), or reserve it \
      (ip_local_reserved_ports); have the client compare getsockname() with getpeername()
      """,
    falsePositives: "Two processes of one host have different ports.",
    sources: [.rfc(9293, "3.5")],
    examples: [
      .fires(
        "the kernel chose the port the client connects to",
        script: """
          originator 127.0.0.1:40000
          responder 127.0.0.1:40000
          isn > 1000 < 1000
          0.000 > S 0:0(0) win 65495 <mss 65495>  #! HSK113
          0.00001 > S. 0:0(0) ack 1 win 65483 <mss 65495>
          0.00002 > . 1:1(0) ack 1
          0.100 > P. 1:11(10) ack 1
          0.10001 > . 11:11(0) ack 11
          """),
      .clean(
        "two sockets of one host",
        script: """
          originator 127.0.0.1:40000
          responder 127.0.0.1:40001
          0.000 > S 0:0(0) win 65495 <mss 65495>
          0.00001 < S. 0:0(0) ack 1 win 65483 <mss 65495>
          0.00002 > . 1:1(0) ack 1
          """),
    ])
  static let observes: EpisodeKind = .handshakeBeyondSyn

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .handshake(let e) = episode, e.selfConnection, let syn = e.syns.first ?? e.peerSyns.first
    else { return }
    out.report(
      "connected to itself: both ends are \(flow.originator)", at: syn,
      why: "source and destination of \(syn.named) are the same address and port, and the opening completed",
      evidence: e.synAcks.prefix(1).evidence())
  }
}
