/// Every rule there is, and how to find one by what people call it.
public enum Registry {
  /// In the order of the families, then of their codes.
  public static let rules: [any Rule.Type] = [
    SynRetransmitted.self,
    SynUnanswered.self,
    ConnectionRefused.self,
    SynackRetransmitted.self,
    HandshakeAckLost.self,
    SynackBadAck.self,
    SynackIsnChanged.self,
    HandshakeAckWrong.self,
    SimultaneousOpen.self,
    HandshakeSlow.self,
    HalfOpenAfterHandshake.self,
    SynDataIgnored.self,
    SelfConnection.self,
    AcceptQueueFull.self,
    SynQueueFull.self,
    SynCookiesInUse.self,
    SegmentLostUpstream.self,
    SegmentLostDownstream.self,
    FastRetransmission.self,
    RecoveryRetransmission.self,
    TailLossProbe.self,
    SpuriousRetransmission.self,
    RtoRetransmission.self,
    RtoBackoffExhausted.self,
    GoBackNResend.self,
    TooEarlyRetransmission.self,
    RetransmissionBurst.self,
    PacketReordered.self,
    NetworkDuplicate.self,
    AmbiguousOutOfSequence.self,
    ForeignRetransmission.self,
    AckLost.self,
    AckIgnoredBySender.self,
    DuplicateAckBurst.self,
    AckBeyondSent.self,
    AckRegressed.self,
    DelayedAckExcess.self,
    StretchAck.self,
    SackInconsistent.self,
    DsackReported.self,
    ZeroWindow.self,
    ZeroWindowProbe.self,
    ZeroWindowStall.self,
    WindowUpdateLost.self,
    WindowFull.self,
    WindowExceeded.self,
    WindowShrunk.self,
    WindowTooSmall.self,
    SillyWindow.self,
    ReceiveBufferLimited.self,
    FinRetransmitted.self,
    FinAckLost.self,
    HalfClosedLingering.self,
    FinNeverAcked.self,
    DataAfterFin.self,
    SimultaneousClose.self,
    IdleUnclosed.self,
    CloseWaitPileUp.self,
    ResetTeardown.self,
    ResetOutOfWindow.self,
    ResetChallenged.self,
    ResetInjected.self,
    CloseWithUnreadData.self,
    HalfOpenReset.self,
    ResetStorm.self,
    DataAfterReset.self,
    ResetWithData.self,
    PrematureTimeWaitReuse.self,
    TimeWaitReuseRefused.self,
    TimeWaitSynDropped.self,
    TimeWaitReuseAccepted.self,
    TimeWaitAssassination.self,
    OldDuplicateSegment.self,
    PortReusePressure.self,
    TimeWaitPressure.self,
    PortExhaustionRisk.self,
    OptionMalformed.self,
    OptionMisplaced.self,
    OptionStripped.self,
    TimestampsMissing.self,
    TimestampRegressed.self,
    PawsDiscard.self,
    WindowScaleInvalid.self,
    MssViolation.self,
    NoSackOrScale.self,
    OverlapConflict.self,
    InvalidFlags.self,
    SynInEstablished.self,
    SynFlood.self,
    UrgentMisuse.self,
    EcnNegotiationBroken.self,
    PmtuBlackhole.self,
    IcmpErrorForFlow.self,
    RtoStall.self,
    Tinygrams.self,
    UnfairKeepalive.self,
    KeepaliveFailed.self,
    CaptureLoss.self,
    CaptureDropsReported.self,
    CaptureDuplicates.self,
    CaptureReordering.self,
    TimeRegression.self,
    ClockStep.self,
    AsymmetricCapture.self,
    MidStreamStart.self,
    MidStreamEnd.self,
    SnaplenTruncation.self,
    OffloadSegments.self,
    ChecksumOffload.self,
    FilteredTrace.self,
    Vantage.self,
    BadChecksum.self,
    NoTcp.self,
    TruncatedCapture.self,
    LimitsReached.self,
    Undecodable.self,
    RewrittenChecksums.self,
    // scripts/new-rule adds above this line
  ]

  /// Codes of rules that were removed, and what took their place; never used again.
  public static let tombstones: [String: String] = [:]

  /// The documentation of every rule, in order of code.
  public static var infos: [RuleInfo] { rules.map { $0.info } }

  /// The rule with that code, name or alias.
  public static func rule(_ key: String) -> (any Rule.Type)? {
    rules.first { $0.info.code == key || $0.info.name == key }
      ?? rules.first { $0.info.aliases.contains(key) }
  }

  /// The codes that one entry of a selection means: a code, a name, an alias, a family, a prefix, `ALL`.
  ///
  /// Returns nil for a word that means nothing; a removed rule's code means no rule, which is not nothing.
  public static func codes(for selector: String) -> Set<String>? {
    if selector == "ALL" { return Set(infos.map(\.code)) }
    if let info = infos.first(where: { $0.code == selector || $0.name == selector }) { return [info.code] }
    // Others have one name for what several rules tell apart.
    let namesakes = infos.filter { $0.aliases.contains(selector) }.map(\.code)
    if !namesakes.isEmpty { return Set(namesakes) }
    if tombstones[selector] != nil { return [] }
    let letters = selector.prefix { $0.isASCII && $0.isUppercase }
    guard letters.count == 3, Family(rawValue: String(letters)) != nil else { return nil }
    let codes = infos.map(\.code).filter { $0.hasPrefix(selector) }
    return codes.isEmpty && letters.count != selector.count ? nil : Set(codes)
  }

  /// The known name nearest to a misspelt one; nil when none is near.
  public static func suggestion(for word: String) -> String? {
    let known = infos.flatMap { [$0.name, $0.code] } + Family.allCases.map(\.code)
    return nearest(to: word, among: known)
  }

  /// Single-letter edits and exchanges of neighbours between two words (optimal string alignment).
  static func distance(_ a: String, _ b: String) -> Int {
    let a = Array(a)
    let b = Array(b)
    var above: [Int] = []
    var row = Array(0...b.count)
    for i in a.indices {
      var next = [i + 1]
      for j in b.indices {
        var cost = min(row[j] + (a[i] == b[j] ? 0 : 1), row[j + 1] + 1, next[j] + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, above[j - 1] + 1) }
        next.append(cost)
      }
      above = row
      row = next
    }
    return row[b.count]
  }
}
