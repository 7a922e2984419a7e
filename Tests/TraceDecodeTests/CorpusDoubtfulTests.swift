import Foundation
import TestSupport
import Testing
import TraceDecode

/// Ten real captures whose right reading was worked out by hand (DOUBTFUL.md beside them).
@Suite(.enabled(if: SharedFolder.corpus != nil))
struct CorpusDoubtfulTests {
  private func judged(_ name: String) throws -> Judgement {
    let corpus = try #require(SharedFolder.corpus)
    return try Recording(path: corpus.appendingPathComponent(name).path).judged()
  }

  private func frames(_ judgement: Judgement, _ verdict: FrameVerdict) -> [UInt64] {
    judgement.verdicts.filter { !$0.value.isDisjoint(with: verdict) }.keys.sorted()
  }

  private func rules(_ judgement: Judgement) -> Set<String> { Set(judgement.findings.map(\.rule)) }

  /// 1: a routed copy of every datagram was recorded, and the records are out of order.
  @Test func hardwareDuplicates() throws {
    let judgement = try judged("blitz+tcptrace--hardware_dups.dmp")
    #expect(frames(judgement, .anyRetransmission).isEmpty)
    #expect(frames(judgement, .duplicate).count == 486)
  }

  /// 2: at a sender on a long path every repair follows the newest segment within the initial RTT.
  @Test func repairsAreNoReordering() throws {
    let judgement = try judged("blitz+tcptrace--dsack.dmp")
    #expect(frames(judgement, .outOfOrder).isEmpty)
    let again = frames(judgement, .anyRetransmission)
    #expect(again.count == 7, "\(again)")
    #expect(Set([2542, 2543, 2544, 5998, 5999]).isSubset(of: again), "\(again)")
    #expect(frames(judgement, .spurious).isEmpty, "the network doubled a segment that was sent once")
  }

  /// 3: the records' wire length is the captured one; the IP total length tells.
  @Test func wireLengthLost() throws {
    let judgement = try judged("blitz+tcptrace--6syns.dmp")
    #expect(frames(judgement, .synRetransmission) == [2, 3, 4, 21])
    let again = frames(judgement, .anyRetransmission)
    #expect(Set([12, 13, 15]).isSubset(of: again), "\(again)")
    #expect(rules(judgement).isDisjoint(with: ["capture-loss", "segment-lost-upstream"]))
  }

  /// 4: probes without data after a zero window.
  @Test func zeroWindowProbes() throws {
    let judgement = try judged("chrissanders+packets--tcp_zerowindowdead.pcapng")
    #expect(frames(judgement, .zeroWindowProbe) == [3, 5, 7])
    #expect(frames(judgement, .keepAlive).isEmpty)
  }

  /// 5: every packet four times.
  @Test func everyPacketFourTimes() throws {
    let judgement = try judged("zeek+zeek--ssh-dups.pcap")
    #expect(frames(judgement, .anyRetransmission).isEmpty)
    #expect(!rules(judgement).contains("duplicate-ack-burst"))
    #expect(frames(judgement, .duplicate).count >= 280)
  }

  /// 6: a forged RST that SYN-SENT drops; the connection opens, and is aborted later.
  @Test func injectedReset() throws {
    let judgement = try judged("zeek+zeek--rst-inject-rae.pcap")
    #expect(judgement.flows.count == 1)
    let path = judgement.flows.first?.originator.transitions.map(\.to) ?? []
    #expect(path.prefix(2) == [.synSent, .established], "\(path)")
    #expect(frames(judgement, .anyRetransmission).isEmpty)
  }

  /// 7: the file is not in order of time.
  @Test func fileOutOfOrder() throws {
    let judgement = try judged("simsong+tcpflow--test1-out-of-order.pcap")
    #expect(frames(judgement, .anyRetransmission).isEmpty)
    #expect(rules(judgement).contains("time-regression"))
  }

  /// 8: reordering over several paths, capture loss, loss downstream and lost acknowledgements in one flow.
  @Test func severalTroubles() throws {
    let judgement = try judged("seabhull+SharkFestTraces--SF20_Trace1.pcapng")
    #expect(frames(judgement, .outOfOrder).count == 11, "\(frames(judgement, .outOfOrder))")
    let spurious = frames(judgement, .spurious)
    #expect(Set([1900, 1903, 1906]).isSubset(of: spurious), "\(spurious)")
    #expect(rules(judgement).contains("capture-loss"))
    #expect(rules(judgement).contains("ack-lost"))
    #expect(rules(judgement).contains("segment-lost-downstream"))
  }

  /// 9: a fast retransmission seen beside the receiver, its original lost upstream.
  @Test func fastRetransmissionAtTheReceiver() throws {
    let judgement = try judged("epiecs+packetlife-backup--TCP_SACK.cap")
    #expect(frames(judgement, .fastRetransmission).contains(38))
    #expect(!rules(judgement).contains("capture-loss"))
    #expect(rules(judgement).contains("segment-lost-upstream"))
  }

  /// 10: begins in mid-stream on a keep-alive.
  @Test func beginsOnAKeepAlive() throws {
    let judgement = try judged("ntop+nDPI--nest_log_sink.pcap")
    let probes = frames(judgement, .keepAlive)
    #expect(Set([1, 5, 7, 11, 17]).isSubset(of: probes), "\(probes)")
    let first = judgement.findings.filter { $0.frame <= 24 && $0.frame > 0 }.map(\.rule)
    #expect(
      Set(first).isDisjoint(with: ["capture-loss", "ack-beyond-sent", "segment-lost-upstream"]), "\(first)")
  }

  /// Anonymised: every checksum is wrong by the same amount, and what is under it was received.
  @Test func changedAddressesDamageNothing() throws {
    let judgement = try judged("blitz+tcptrace--single_byte_rexmit.dmp")
    #expect(rules(judgement).isSuperset(of: ["rewritten-checksums", "rto-retransmission"]))
    #expect(rules(judgement).isDisjoint(with: ["bad-checksum", "segment-lost-upstream", "capture-loss"]))
    // The request, the answer and the FIN came again; frame 8 fills a hole.
    #expect(frames(judgement, .anyRetransmission).contains(5))
  }
}
