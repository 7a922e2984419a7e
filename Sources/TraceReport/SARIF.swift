import TraceDecode
import TraceRules

/// SARIF 2.1.0, for code scanning: one run, a result a finding.
///
/// A capture is a binary artifact: regions are the octets of a record. GitHub's viewer wants lines, which the
/// profile for it makes of frame numbers.
public final class SARIF: ReportWriter {
  public enum Profile: String, Sendable, CaseIterable { case standard, github }

  private let out: ByteOutput
  private let profile: Profile
  private let version: String
  private let rules: [RuleInfo]
  private let ruleIndex: [String: Int]
  private let recordLength: (String, UInt64) -> UInt64?
  private var file = ""
  private var files: [String] = []
  private var fileIndex: [String: Int] = [:]
  private var fingerprints = Fingerprints()
  private var isFirst = true
  private var failures: [(file: String, reason: String)] = []

  /// - Parameters:
  ///   - version: Of this program.
  ///   - rules: Those that may have findings.
  ///   - recordLength: Octets of the record at an offset of a file; nil where that is no place in the file, as
  ///     in a compressed one.
  public init(
    to out: ByteOutput, version: String, rules: [RuleInfo], profile: Profile = .standard,
    recordLength: @escaping (_ file: String, _ offset: UInt64) -> UInt64? = { _, _ in nil }
  ) {
    self.out = out
    self.version = version
    self.rules = rules
    self.profile = profile
    self.recordLength = recordLength
    ruleIndex = Dictionary(rules.enumerated().map { ($1.code, $0) }) { first, _ in first }
    out.put(
      "{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{")
    out.put("\"columnKind\":\"unicodeCodePoints\",\n\"results\":[")
  }

  public func begin(file: String) { open(file) }

  private func open(_ file: String) {
    self.file = file
    guard fileIndex[file] == nil else { return }
    fileIndex[file] = files.count
    files.append(file)
  }

  public func finding(_ finding: Finding) { result(finding, nil) }
  public func silenced(_ finding: Finding, by silence: Silence) { result(finding, silence) }

  public func failed(file: String, reason: String) {
    open(file)
    failures.append((file, reason))
  }

  // MARK: - Results

  private func result(_ finding: Finding, _ silence: Silence?) {
    out.put(isFirst ? "\n" : ",\n")
    isFirst = false
    out.put("{\"ruleId\":")
    out.json(finding.code)
    if let index = ruleIndex[finding.code] {
      out.put(",\"ruleIndex\":")
      out.put(index)
    }
    out.put(",\"level\":\"")
    out.put(finding.severity.sarifLevel)
    out.put("\",\"message\":{\"text\":")
    out.json("\(finding.sentence). \(finding.why)")
    out.put("},\"locations\":[{")
    place(frame: finding.frame, offset: finding.recordOffset)
    if let flow = finding.flow {
      out.put(",\"logicalLocations\":[{\"fullyQualifiedName\":")
      out.json("\(flow.originator)>\(flow.responder)#\(flow.incarnation)")
      out.put(",\"kind\":\"flow\"}]")
    }
    out.put("}]")
    related(finding)
    out.put(",\"partialFingerprints\":{\"flowlint/v1\":")
    out.json(fingerprints.next(finding, file: file))
    out.put("},\"occurrenceCount\":")
    out.put(finding.occurrences)
    if let silence { write(silence) }
    properties(finding)
    out.put("}")
  }

  private func related(_ finding: Finding) {
    guard !finding.evidence.isEmpty else { return }
    out.put(",\"relatedLocations\":[")
    for (i, evidence) in finding.evidence.enumerated() {
      out.put(i == 0 ? "{\"id\":" : ",{\"id\":")
      out.put(i)
      out.put(",")
      place(frame: evidence.segment.frame, offset: evidence.segment.recordOffset)
      out.put(",\"message\":{\"text\":")
      let note = evidence.note.isEmpty ? "" : ": " + evidence.note
      out.json(
        "frame \(evidence.segment.frame), \(evidence.segment.sender.name) \(evidence.segment.words)\(note)")
      out.put("}}")
    }
    out.put("]")
  }

  private func place(frame: UInt64, offset: UInt64?) {
    out.put("\"physicalLocation\":{\"artifactLocation\":{\"uri\":")
    out.json(Self.uri(file))
    out.put(",\"index\":")
    out.put(fileIndex[file] ?? 0)
    out.put("}")
    switch profile {
    case .github:
      out.put(",\"region\":{\"startLine\":")
      out.put(max(1, frame))
      out.put("}")
    case .standard:
      if let offset, offset > 0, let length = recordLength(file, offset) {
        out.put(",\"region\":{\"byteOffset\":")
        out.put(offset)
        out.put(",\"byteLength\":")
        out.put(length)
        out.put("}")
      }
    }
    out.put("}")
  }

  private func write(_ silence: Silence) {
    out.put(",\"suppressions\":[{\"kind\":\"")
    if case .comment = silence { out.put("inSource") } else { out.put("external") }
    out.put("\",\"status\":\"accepted\",\"justification\":")
    out.json(silence.reason)
    out.put("}]")
  }

  private func properties(_ finding: Finding) {
    out.put(",\"properties\":{\"confidence\":\"")
    out.put(finding.confidence.name)
    out.put("\",\"remedy\":")
    out.json(finding.remedy)
    if finding.frame > 0 {
      out.put(",\"frame\":")
      out.put(finding.frame)
    }
    if let time = finding.time {
      out.put(",\"time_ns\":")
      out.put(time)
    }
    if let endpoint = finding.endpoint {
      out.put(",\"endpoint\":")
      out.json(endpoint.name)
    }
    for value in finding.values {
      out.put(",")
      out.json(value.recordName)
      out.put(":")
      out.put(value.amount)
    }
    out.put("}")
  }

  // MARK: - The rest of the run

  public func finish(_ summary: RunSummary) {
    out.put("],\n\"artifacts\":[")
    for (i, file) in files.enumerated() {
      out.put(i == 0 ? "{\"location\":{\"uri\":" : ",{\"location\":{\"uri\":")
      out.json(Self.uri(file))
      out.put("},\"roles\":[\"analysisTarget\"],\"mimeType\":\"application/vnd.tcpdump.pcap\"}")
    }
    out.put("],\n\"invocations\":[{\"executionSuccessful\":")
    out.json(failures.isEmpty)
    if !failures.isEmpty {
      out.put(",\"toolExecutionNotifications\":[")
      for (i, failure) in failures.enumerated() {
        out.put(i == 0 ? "{" : ",{")
        out.put("\"level\":\"error\",\"message\":{\"text\":")
        out.json(failure.reason)
        out.put("},\"locations\":[{\"physicalLocation\":{\"artifactLocation\":{\"uri\":")
        out.json(Self.uri(failure.file))
        out.put("}}}]}")
      }
      out.put("]")
    }
    out.put("}],\n\"tool\":{\"driver\":{\"name\":\"flowlint\",\"version\":")
    out.json(version)
    out.put(",\"rules\":[")
    for (i, rule) in rules.enumerated() {
      out.put(i == 0 ? "\n" : ",\n")
      descriptor(rule)
    }
    out.put("]}}}]}\n")
    out.flush()
  }

  private func descriptor(_ rule: RuleInfo) {
    out.put("{\"id\":")
    out.json(rule.code)
    out.put(",\"name\":")
    out.json(rule.name)
    out.put(",\"shortDescription\":{\"text\":")
    out.json(rule.summary)
    out.put("},\"fullDescription\":{\"text\":")
    out.json(rule.why)
    out.put("},\"help\":{\"text\":")
    out.json("\(rule.why)\n\nWhat to do: \(rule.remedy)")
    out.put("},\"defaultConfiguration\":{\"level\":\"")
    out.put(rule.severity.sarifLevel)
    out.put("\"},\"properties\":{\"tags\":[")
    out.json(rule.family.title)
    out.put("]}}")
  }

  /// A path as a URI reference (RFC 3986): relative as given, absolute with its scheme.
  static func uri(_ path: String) -> String {
    let hex = Array("0123456789ABCDEF")
    var uri = path.hasPrefix("/") ? "file://" : ""
    for byte in path.utf8 {
      let scalar = Unicode.Scalar(byte)
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", "-", ".", "_", "~", "/", "!", "$", "'", "(", ")", "*", "+", ",",
        "=", "@":
        uri.unicodeScalars.append(scalar)
      default: uri += "%" + String(hex[Int(byte >> 4)]) + String(hex[Int(byte & 15)])
      }
    }
    return uri
  }
}

extension Severity {
  fileprivate var sarifLevel: StaticString {
    switch self {
    case .error: "error"
    case .warning: "warning"
    case .note: "note"
    case .info: "none"
    }
  }
}
