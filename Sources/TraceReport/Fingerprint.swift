import TraceDecode
import TraceRules

/// Names findings so that the same trouble in another recording has the same name.
///
/// Made of rule, role, service port and how many of its kind came before in the capture; never of frames, times
/// or the originator's port.
struct Fingerprints {
  private struct Kind: Hashable {
    var file: String
    var code: String
    var role: Role?
    var port: UInt16?
  }
  private var seen: [Kind: Int] = [:]

  /// 32 hexadecimal digits.
  mutating func next(_ finding: Finding, file: String) -> String {
    let kind = Kind(file: file, code: finding.code, role: finding.endpoint, port: finding.flow?.servicePort)
    let ordinal = seen[kind, default: 0]
    seen[kind] = ordinal + 1
    let role = finding.endpoint?.name ?? "-"
    let port = kind.port.map(String.init) ?? "-"
    return Self.digest("\(file)\n\(finding.code)\n\(role)\n\(port)\n\(ordinal)")
  }

  /// FNV-1a from two bases, 64 bits each: no secret, only a name.
  private static func digest(_ text: String) -> String {
    var a: UInt64 = 0xcbf2_9ce4_8422_2325
    var b: UInt64 = 0x6c62_272e_07bb_0142
    for byte in text.utf8 {
      a = (a ^ UInt64(byte)) &* 0x100_0000_01b3
      b = (b ^ UInt64(byte ^ 0x5a)) &* 0x100_0000_01b3
    }
    return hex(a) + hex(b)
  }

  private static func hex(_ n: UInt64) -> String {
    let digits = String(n, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

extension FlowIdentity {
  /// The responder's port; where the roles are a guess, the lower one.
  public var servicePort: UInt16 { rolesCertain ? responder.port : min(originator.port, responder.port) }
}

extension Finding {
  /// The finding in one sentence, with the flow's ends in front.
  var sentence: String {
    let times = occurrences > 1 ? " (\(occurrences) times)" : ""
    return (ends.map { "\($0.from) > \($0.to): " } ?? "") + message + times
  }
}
