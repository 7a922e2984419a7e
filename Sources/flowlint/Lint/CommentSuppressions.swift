import TraceCapture
import TraceRules

/// What comments in a pcapng capture say is not to be reported: `flowlint:ignore RULE[,RULE...] reason`.
///
/// A packet's comment concerns findings whose frame or evidence it is; a section's or interface's concerns the
/// whole capture.
struct CommentSuppressions {
  private struct Entry {
    var codes: Set<String>
    var reason: String
    /// nil is the whole capture.
    var frame: UInt64?
    var words: String
    var isUsed = false
  }
  private var entries: [Entry] = []
  /// Comments that mean to suppress and do not say what or why.
  private(set) var faults: [String] = []
  static let marker = "flowlint:ignore"

  init(_ comments: [CaptureComment], file: String) {
    for comment in comments {
      guard let start = Self.end(of: Self.marker, in: comment.text) else { continue }
      var frame: UInt64?
      if case .frame(let number) = comment.subject { frame = number }
      let place = frame.map { "\(file):\($0)" } ?? file
      let rest = comment.text[start...].prefix { $0 != "\n" }
      let words = rest.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
      guard let list = words.first else {
        faults.append(
          "\(place): the comment '\(Self.marker)' names no rule; write '\(Self.marker) RULE reason'")
        continue
      }
      var codes: Set<String> = []
      var unknown: Substring?
      for word in list.split(separator: ",") {
        if let found = LintRule.codes(for: String(word)) { codes.formUnion(found) } else { unknown = word }
      }
      if let unknown {
        let hint = LintRule.suggestion(for: String(unknown)).map { "; did you mean \($0)?" } ?? ""
        faults.append("\(place): the comment '\(Self.marker)' names the unknown rule '\(unknown)'\(hint)")
        continue
      }
      let reason = words.count > 1 ? String(words[1]) : ""
      guard !reason.allSatisfy({ $0.isWhitespace }) else {
        faults.append(
          "\(place): the comment '\(Self.marker) \(list)' gives no reason; add one after the rule")
        continue
      }
      entries.append(Entry(codes: codes, reason: reason, frame: frame, words: String(list)))
    }
  }

  private static func end(of marker: String, in text: String) -> String.Index? {
    var start = text.startIndex
    while start < text.endIndex {
      if text[start...].hasPrefix(marker) { return text.index(start, offsetBy: marker.count) }
      start = text.index(after: start)
    }
    return nil
  }

  /// The reason not to report a finding; nil when there is none.
  mutating func reason(for finding: Finding) -> String? {
    guard !entries.isEmpty else { return nil }
    for i in entries.indices where entries[i].codes.contains(finding.code) {
      if let frame = entries[i].frame {
        guard finding.frame == frame || finding.evidence.contains(where: { $0.segment.frame == frame }) else {
          continue
        }
      }
      entries[i].isUsed = true
      return entries[i].reason
    }
    return nil
  }

  /// The comments that concerned no finding, for people.
  func unused(file: String) -> [String] {
    entries.filter { !$0.isUsed }.map { entry in
      let place = entry.frame.map { "\(file):\($0)" } ?? file
      return "\(place): the comment '\(Self.marker) \(entry.words)' suppresses nothing; remove it"
    }
  }
}
