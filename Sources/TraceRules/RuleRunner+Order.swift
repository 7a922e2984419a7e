import TraceDecode

/// What is done with findings once all of them are known: order, links between stories, doubts about the capture.
extension RuleRunner {
  /// Puts findings, of one run or of several over parts of one capture, in order of frames and numbers them.
  public static func inOrder(_ findings: [Finding]) -> [Finding] {
    let order = findings.indices.sorted { i, j in
      let (a, b) = (findings[i], findings[j])
      if a.frame != b.frame { return a.frame < b.frame }
      if a.code != b.code { return a.code < b.code }
      let (m, n) = (a.flow?.number ?? 0, b.flow?.number ?? 0)
      return m != n ? m < n : i < j
    }
    var renumbered: [Int: Int] = [:]
    for (position, i) in order.enumerated() { renumbered[findings[i].id] = position + 1 }
    return order.map { i in
      var finding = findings[i]
      finding.id = renumbered[finding.id] ?? finding.id
      finding.causedBy = finding.causedBy.flatMap { renumbered[$0] }
      return finding
    }
  }

  /// Links what one flow's later or earlier story caused (`RuleInfo.followsFrom`).
  func linkAcrossEpisodes() {
    let causes = Dictionary(infos.map { ($0.code, $0.followsFrom) }, uniquingKeysWith: { a, _ in a })
      .filter { !$0.value.isEmpty }
    guard findings.contains(where: { causes[$0.code] != nil }) else { return }
    let wanted = Set(causes.values.joined())
    var first: [Int: [String: Finding]] = [:]
    for finding in findings where wanted.contains(finding.rule) {
      guard let flow = finding.flow?.number, first[flow]?[finding.rule] == nil else { continue }
      first[flow, default: [:]][finding.rule] = finding
    }
    for i in findings.indices where findings[i].causedBy == nil {
      guard let names = causes[findings[i].code], let flow = findings[i].flow?.number else { continue }
      findings[i].causedBy =
        names.lazy.compactMap { first[flow]?[$0] }
        .first { $0.id != findings[i].id && Self.share($0, findings[i]) }?.id
    }
  }

  /// A connection opens and closes once, but loses often: losses are linked only by a frame that both show.
  private static func share(_ cause: Finding, _ consequence: Finding) -> Bool {
    guard ["SEQ", "ACK", "WND"].contains(consequence.code.prefix(3)) else { return true }
    let frames = Set(cause.evidence.map(\.segment.frame))
    return consequence.evidence.contains { frames.contains($0.segment.frame) }
  }

  /// A filtered capture lacks the very segments that claims of silence are about.
  func withdrawAbsences() {
    let codes = Set(infos.filter(\.claimsAbsence).map(\.code))
    findings.removeAll { codes.contains($0.code) }
  }

  /// What a capture did not hold is no proof: certain losses become likely ones where frames were dropped.
  func distrustLosses(_ drops: UInt64) {
    for i in findings.indices { findings[i].distrust(drops: drops) }
  }
}

extension Finding {
  /// Lowers the confidence of what rests on something not being seen, where the capture dropped frames.
  public mutating func distrust(drops: UInt64) {
    guard drops > 0, confidence == .certain, code.hasPrefix("SEQ") || code.hasPrefix("ACK") else { return }
    confidence = .likely
    alternatives.append("the capture itself dropped \(Format.count(drops, "frame"))")
  }
}
