import TestSupport
import Testing
import TraceDecode

@testable import TraceRules

/// The captures that fool a common analyzer (Tests/Fixtures/traps, EXPECTED.tsv beside them), end to end.
struct TrapTests {
  struct Trap: Sendable, CustomTestStringConvertible {
    var name: String
    /// Rules that must report.
    var must: Set<String>
    /// Rules of which one must.
    var anyOf: Set<String> = []
    /// How many findings a rule must give.
    var times: [String: Int] = [:]
    /// Rules that may not.
    var never: Set<String> = []
    /// Nothing else of severity note or above, the capture's quality aside.
    var only = false
    var testDescription: String { name }
  }

  static let lossWords: Set<String> = [
    "segment-lost-upstream", "segment-lost-downstream", "rto-retransmission", "fast-retransmission",
    "recovery-retransmission",
  ]
  static let traps: [Trap] = [
    Trap(name: "e01_capture_dup", must: ["capture-duplicates"], only: true),
    Trap(
      name: "e02_rto_called_ooo_chatty_reverse", must: ["segment-lost-upstream", "rto-retransmission"],
      never: ["packet-reordered"]),
    Trap(
      name: "e03_one_byte_rexmit_called_keepalive", must: ["rto-retransmission"], never: ["keepalive-failed"]),
    Trap(name: "e04_synack_rexmit_after_ack", must: ["handshake-ack-lost"], only: true),
    Trap(name: "e05_fin_rexmit_after_ack", must: ["fin-ack-lost"], only: true),
    Trap(
      name: "e07_tw_reuse_bad", must: ["time-wait-reuse-refused", "premature-time-wait-reuse"],
      never: ["ack-beyond-sent", "capture-loss", "segment-lost-upstream"]),
    Trap(name: "e08_syn_rexmit", must: ["syn-retransmitted"], only: true),
    Trap(name: "e09_challenge_ack_called_dupack", must: ["reset-challenged"], only: true),
    Trap(name: "e10_nextseq_zero_wrap", must: ["rto-retransmission"]),
    Trap(name: "e11_reordered_ack", must: ["ack-regressed", "spurious-retransmission"]),
    Trap(name: "e14_linux_zwp", must: ["zero-window", "zero-window-probe"], never: ["keepalive-failed"]),
    Trap(name: "e16_ack_before_data_in_capture", must: ["capture-reordering"], only: true),
    Trap(name: "e17_rexmit_of_sacked", must: ["fast-retransmission", "spurious-retransmission"]),
    Trap(name: "e22_coalesced_rexmit", must: ["rto-retransmission"]),
    Trap(name: "e23_blind_rst_out_of_window", must: ["reset-out-of-window"], only: true),
    Trap(
      name: "e24_stale_ts_paws_and_overlap_diff", must: ["paws-discard", "overlap-conflict"],
      never: ["timestamp-regressed"]),
    Trap(name: "e25_tlp", must: ["tail-loss-probe"]),
    Trap(name: "e26_win_update_with_data_and_dup_from_delayed_ack", must: [], only: true),
    Trap(name: "e27_window_full_unscaled_synack", must: ["window-full", "window-exceeded"]),
    Trap(name: "e30_stale_sack_bif", must: ["fast-retransmission"]),
    Trap(name: "e31_rst_poisons", must: ["reset-out-of-window"], only: true),
    Trap(name: "e32_keepalive_after_fin_lastack_and_halfopen", must: ["half-open-reset"]),
    Trap(name: "e33_irtt_taken_from_synack_direction", must: ["syn-retransmitted", "synack-retransmitted"]),
    Trap(name: "e34_dsack_lost_ack", must: ["ack-lost", "spurious-retransmission"]),
    Trap(name: "e35_super_segment_gso_partial_rexmit", must: ["offload-segments"], never: ["mss-violation"]),
    Trap(name: "e36_rto_backoff_blackhole", must: ["rto-retransmission", "rto-backoff-exhausted"]),
    Trap(
      name: "e40_midstream_3ms_rule", must: [], anyOf: ["packet-reordered", "ambiguous-out-of-sequence"],
      never: lossWords),
    Trap(
      name: "e41_hole_fill_after_loss_upstream_1dupack", must: ["segment-lost-upstream"],
      anyOf: ["fast-retransmission", "recovery-retransmission"], never: ["packet-reordered"]),
    Trap(name: "e42_routed_span_dup_ttl_vlan", must: ["capture-duplicates"], only: true),
    Trap(name: "e43_simultaneous_open", must: ["simultaneous-open"], only: true),
    Trap(name: "e44_time_backwards", must: ["time-regression"], only: true),
    Trap(name: "e45_missing_data_capture_loss_vs_network", must: ["capture-loss"], never: lossWords),
    Trap(name: "e46_window_shrink", must: ["window-shrunk"], times: ["window-shrunk": 1]),
    Trap(name: "e47_old_dup_syn_in_established", must: ["syn-in-established"], never: lossWords),
  ]

  @Test(arguments: traps)
  func isJudgedRight(trap: Trap) throws {
    let folder = PackageFolder.fixtures.appendingPathComponent("traps")
    let runner = RuleRunner()
    let analyzer = Analyzer(sink: runner)
    try forEachFrame(of: folder.appendingPathComponent(trap.name + ".pcap").path) { analyzer.accept($0) }
    let found = runner.finish(analyzer.finish())
    let told = found.map { "\($0.code) \($0.rule)@\($0.frame) \($0.severity.name): \($0.message)" }.joined(
      separator: "\n")
    let rules = Set(found.map(\.rule))
    let missing = trap.must.subtracting(rules).sorted()
    #expect(missing.isEmpty, "missing \(missing); found:\n\(told)")
    #expect(
      trap.anyOf.isEmpty || !trap.anyOf.isDisjoint(with: rules), "none of \(trap.anyOf); found:\n\(told)")
    for (rule, count) in trap.times {
      #expect(found.filter { $0.rule == rule }.count == count, "found:\n\(told)")
    }
    #expect(trap.never.isDisjoint(with: rules), "found:\n\(told)")
    guard trap.only else { return }
    let others = found.filter { $0.severity >= .note && !trap.must.contains($0.rule) }
    #expect(others.isEmpty, "not \(others.map(\.rule)); found:\n\(told)")
  }
}
