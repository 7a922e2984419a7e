@testable import TraceDecode

/// Evidence written by hand, one segment a line: `MS >|< FLAGS START+LENGTH [ack N] [words]`.
///
/// `>` is the originator. Times are milliseconds at the capture point. Words: `dup bad inj retx`, `ts VAL ECR`.
struct EndpointScript {
  var evidence = FlowEvidence()

  /// - Parameters:
  ///   - near: beside whom the capture was taken; the other end is 20 ms away and back.
  ///   - after: how long the capture goes on after the last segment, in milliseconds.
  init(_ text: String, near: Role = .originator, after: Double = 5000) {
    evidence[near].isNear = true
    evidence[near].rtt = 20_000
    evidence[near.peer].rtt = 20_000_000
    for (number, line) in text.split(separator: "\n").enumerated() {
      evidence.segments.append(Self.segment(line.split(separator: " "), frame: UInt64(number + 1)))
    }
    evidence.midStream = !(evidence.segments.first?.flags.contains(.syn) ?? false)
    evidence.captureTime = (evidence.segments.last?.time ?? 0) + Int64(after * 1e6)
    for role in [Role.originator, .responder] {
      evidence[role].maxEnd = evidence.segments.filter { $0.sender == role }.map(\.end).max() ?? 0
    }
  }

  private static func segment(_ words: [Substring], frame: UInt64) -> EvidenceSegment {
    var flags: TCPFlags = []
    for letter in words[2] {
      switch letter {
      case "S": flags.insert(.syn)
      case "F": flags.insert(.fin)
      case "R": flags.insert(.rst)
      case "P": flags.insert(.psh)
      default: flags.insert(.ack)
      }
    }
    let range = words[3].split(separator: "+")
    let start = Int64(range[0]) ?? 0
    let payload = UInt32(range.count > 1 ? range[1] : "0") ?? 0
    let controls: Int64 = (flags.contains(.syn) ? 1 : 0) + (flags.contains(.fin) ? 1 : 0)
    var segment = EvidenceSegment(
      frame: frame, time: Int64((Double(words[0]) ?? 0) * 1e6),
      sender: words[1] == ">" ? .originator : .responder,
      flags: flags, start: start, end: start + Int64(payload) + controls, ack: EvidenceSegment.noAck)
    segment.payload = payload
    segment.window = 65535
    var index = 4
    while index < words.count {
      switch words[index] {
      case "ack":
        segment.ack = Int64(words[index + 1]) ?? 0
        index += 1
      case "ts":
        segment.hasTimestamps = true
        segment.tsVal = UInt32(words[index + 1]) ?? 0
        segment.tsEcr = UInt32(words[index + 2]) ?? 0
        index += 2
      case "dup": segment.isDuplicate = true
      case "bad": segment.isBadChecksum = true
      case "inj": segment.isInjected = true
      default: segment.isRetransmission = true
      }
      index += 1
    }
    return segment
  }

  var paths: InferredPaths { PathInference.infer(evidence) }
}

extension InferredEndpoint {
  /// The states passed, the first included: `CLOSED SYN_SENT ESTABLISHED`.
  var route: String {
    ([transitions.first?.from ?? initialState] + transitions.map(\.to)).map(\.linuxName).joined(
      separator: " ")
  }

  /// When it entered `state`, in milliseconds.
  func entered(_ state: State) -> Double? {
    transitions.first { $0.to == state }.map { Double($0.time) / 1e6 }
  }
}
