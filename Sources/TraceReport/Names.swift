import TraceDecode
import TraceRules

// Names of the core's values as the outputs print them.

extension SocketView.Connect {
  /// nil when this side did not call connect.
  var recordName: StaticString? {
    switch self {
    case .none: nil
    case .pending: "pending"
    case .ok: "ok"
    case .refused: "refused"
    case .timedOut: "timed-out"
    case .unreachable: "unreachable"
    case .aborted: "aborted"
    }
  }
}

extension SocketView.CloseCall {
  var recordName: StaticString? {
    switch self {
    case .none: nil
    case .closeOrShutdown: "close-or-shutdown"
    case .shutdownWrite: "shutdown-write"
    case .close: "close"
    case .abort: "abort"
    case .closeWithUnreadData: "close-with-unread-data"
    }
  }
}

extension TCPOptionSet {
  /// The options' names, in order of their bits.
  var recordNames: some Sequence<StaticString> {
    Self.namesByOption.lazy.filter { contains($0.option) }.map(\.name)
  }

  private static let namesByOption: [(option: TCPOptionSet, name: StaticString)] = [
    (.mss, "mss"), (.windowScale, "window-scale"), (.sackPermitted, "sack-permitted"), (.sack, "sack"),
    (.timestamps, "timestamps"), (.fastOpen, "fast-open"), (.mptcp, "mptcp"), (.md5, "md5"),
    (.authentication, "authentication"), (.userTimeout, "user-timeout"), (.experimental, "experimental"),
    (.accECN, "accurate-ecn"), (.unknown, "unknown"), (.malformed, "malformed"), (.truncated, "truncated"),
  ]
}

extension Encapsulation {
  static let recordNames: [(layer: Encapsulation, name: StaticString)] = [
    (.vlan, "vlan"), (.mpls, "mpls"), (.pppoe, "pppoe"), (.gre, "gre"), (.erspan, "erspan"),
    (.vxlan, "vxlan"), (.geneve, "geneve"), (.gtpU, "gtp-u"), (.ipInIP, "ip-in-ip"), (.sixIn4, "6in4"),
    (.l2tp, "l2tp"), (.teredo, "teredo"), (.ah, "ah"), (.fragmented, "fragmented"),
  ]
}

extension DecodeFault.Layer {
  var name: String {
    switch self {
    case .link: "link"
    case .tunnel: "tunnel"
    case .ipv4: "ipv4"
    case .ipv6: "ipv6"
    case .tcp: "tcp"
    case .icmp: "icmp"
    }
  }
}

extension DecodeFault.Cause {
  var name: String {
    switch self {
    case .truncated: "truncated"
    case .badLength: "bad-length"
    case .badVersion: "bad-version"
    case .unknownLinkType: "unknown-link-type"
    case .unknownEncapsulation: "unknown-encapsulation"
    case .tooDeep: "too-deep"
    case .opaque: "opaque"
    }
  }
}

extension CaptureReport {
  /// Counts of undecodable frames, named `layer-cause`, in order of their names.
  var undecodableByName: [(name: String, count: UInt64)] {
    undecodable.map { ("\($0.key.layer.name)-\($0.key.cause.name)", $0.value) }.sorted { $0.0 < $1.0 }
  }
}

extension Value {
  /// The name with its unit, where the unit is not plain: `after_ns`.
  var recordName: String {
    switch unit {
    case .nanoseconds where !name.hasSuffix("_ns"): name + "_ns"
    case .perSecond where !name.hasSuffix("_per_s"): name + "_per_s"
    case .percent where !name.hasSuffix("_percent"): name + "_percent"
    default: name
    }
  }
}
