import Foundation
import TestSupport
import Testing
import TraceCapture
import TraceDecode
import TraceRules

/// The same story told in other numbers, names and files has the same findings.
struct MetamorphicTests {
  struct Story: Sendable, CustomTestStringConvertible {
    var run: String
    var vantage: String
    var testDescription: String { "\(run) \(vantage)" }
    var recording: Recording {
      get throws {
        try Recording(path: PackageFolder.fixtures.appendingPathComponent("lab/\(run)/\(vantage).pcap").path)
      }
    }
  }

  /// One of each kind of trouble.
  static let stories: [Story] = [
    "loss_2-s1", "loss_2_nosack-s1", "reorder_loss-s1", "delay_spike_reqresp-s1", "dup_net-s1",
    "tail_loss-s1",
    "zero_window_update_lost-s1", "keepalive_dead-s1", "syn_lost_thrice-s1", "synack_lost_twice-s1",
    "fin_ack_dropped_2s-s1", "simultaneous_open-s1", "rst_forged_in_window-s1", "tw_reuse_lower_isn-s1",
    "tw_reuse_natural-s1", "refused-s1", "rst_in_synrcvd-s1", "tfo-s1", "clean-s1",
  ].flatMap { run in ["client", "server"].map { Story(run: "runs/\(run)", vantage: $0) } }

  /// A finding by what it says of whom, without the numbers that a change touches.
  struct Said: Hashable, Comparable, CustomStringConvertible {
    var code: String
    var frame: UInt64
    var flow: Int
    var endpoint: String
    var severity: String
    static func < (a: Said, b: Said) -> Bool { (a.frame, a.code) < (b.frame, b.code) }
    var description: String { "\(code)@\(frame) flow \(flow) \(endpoint) \(severity)" }
  }

  static func said(_ recording: Recording, where keep: (Finding) -> Bool = { _ in true }) -> [Said] {
    recording.judged().findings.filter(keep).map {
      Said(
        code: $0.code, frame: $0.frame, flow: $0.flow?.number ?? 0, endpoint: $0.endpoint?.name ?? "",
        severity: $0.severity.name)
    }.sorted()
  }

  static func expect(
    _ changed: Recording, saysAs recording: Recording, _ how: String,
    _ location: SourceLocation = #_sourceLocation
  ) {
    let before = said(recording)
    let after = said(changed)
    let lost = Set(before).subtracting(after).sorted()
    let added = Set(after).subtracting(before).sorted()
    #expect(lost.isEmpty && added.isEmpty, "\(how): lost \(lost), added \(added)", sourceLocation: location)
    let verdicts = recording.judged().verdicts
    let now = changed.judged().verdicts
    let differ = Set(verdicts.keys).union(now.keys).filter { verdicts[$0] != now[$0] }.sorted()
    #expect(
      differ.isEmpty,
      "\(how): \(differ.map { "\($0): \(verdicts[$0]?.words ?? "-") now \(now[$0]?.words ?? "-")" })",
      sourceLocation: location)
  }

  @Test(arguments: stories)
  func sequenceNumbersMayWrap(story: Story) throws {
    let recording = try story.recording
    for isn in [0, 1, 0x7fff_fff0, 0xffff_8000, 0xffff_fff0, 0xffff_ffff] as [UInt32] {
      Self.expect(recording.renumbered(isn: isn), saysAs: recording, "ISN \(isn)")
    }
  }

  @Test(arguments: stories)
  func timeMayBeAnother(story: Story) throws {
    let recording = try story.recording
    let first = recording.records.first?.time ?? 0
    for shift in [-first, -first + 1, 1_000_000_007, 86_400_000_000_000] {
      Self.expect(recording.shifted(by: shift), saysAs: recording, "time \(shift)")
    }
  }

  @Test(arguments: stories)
  func namesAndWrappingDoNotMatter(story: Story) throws {
    let recording = try story.recording
    Self.expect(recording.renamed(host: 0x55, port: 0), saysAs: recording, "addresses")
    // Bits that keep ports above 1023.
    Self.expect(recording.renamed(host: 0, port: 0x0155), saysAs: recording, "ports")
    // The other order of addresses within the key.
    Self.expect(recording.renamed(host: 0x03, port: 0x00ff), saysAs: recording, "order")
    Self.expect(recording.tagged([17]), saysAs: recording, "VLAN")
    Self.expect(recording.tagged([17, 4001]), saysAs: recording, "two VLANs")
  }

  @Test(arguments: stories)
  func theFileFormatDoesNotMatter(story: Story) throws {
    let recording = try story.recording
    Self.expect(
      try Recording(Capture.open(bytes: recording.pcapng(), name: "x.pcapng")), saysAs: recording, "pcapng")
    Self.expect(
      try Recording(Capture.open(bytes: recording.pcap(), name: "x.pcap")), saysAs: recording, "pcap")
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("rotated-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let count = recording.records.count
    let parts = [0..<count / 3, count / 3..<2 * count / 3, 2 * count / 3..<count].filter { !$0.isEmpty }
    let paths = try parts.enumerated().map { index, part in
      let file = folder.appendingPathComponent("ring.pcap\((index + 2) % 3)")
      try Data(Recording(records: Array(recording.records[part])).pcap()).write(to: file)
      return file.path
    }
    Self.expect(try Recording(Capture.open(joining: paths.reversed())), saysAs: recording, "rotated set")
  }

  /// Other people's flows between the frames change nothing about this one's.
  @Test(arguments: stories)
  func strangersDoNotMatter(story: Story) throws {
    let recording = try story.recording
    let start = recording.records.first?.time ?? 0
    let stranger = try Story(run: "runs/loss_2_nots-s1", vantage: "client").recording.renamed(
      host: 0xf0, port: 0x0f0f)
    let other = stranger.shifted(by: start - (stranger.records.first?.time ?? 0) - 3_000_000)
    let (merged, numbers) = recording.interleaved(with: other)
    let own = Set(try hosts(recording))
    let before = Self.said(recording) { $0.flow != nil }.map { said in
      var said = said
      said.frame = numbers[said.frame] ?? said.frame
      said.flow = 0
      return said
    }.sorted()
    let after = Self.said(merged) { $0.flow.map { own.contains($0.originator.address) } ?? false }.map {
      said in
      var said = said
      said.flow = 0
      return said
    }.sorted()
    #expect(before == after)
  }

  private func hosts(_ recording: Recording) throws -> [IPAddress] {
    recording.judged().flows.flatMap { [$0.flow.originator.address, $0.flow.responder.address] }
  }

  /// Without the IP identification some order is not known; what is said may be less sure, and nothing else.
  @Test(arguments: stories)
  func overIPv6OnlyTheIdentificationIsMissed(story: Story) throws {
    let recording = try story.recording
    // These rest on the identification: how copies, forgeries and reordering without timestamps are told.
    let rested: Set = [
      "SEQ", "ACK", "CAP", "HSK", "CLS", "RST",
    ]
    let before = Set(Self.said(recording))
    let after = Set(Self.said(recording.overIPv6()))
    let changed = before.symmetricDifference(after).sorted()
    let unexpected = changed.filter { !rested.contains(String($0.code.prefix(3))) }
    #expect(unexpected.isEmpty)
    // And never a graver finding than before.
    let worse = after.subtracting(before).filter { $0.severity == "error" }.sorted()
    #expect(worse.isEmpty)
    // A retransmission whose order timestamps tell needs no identification. What is told of one frame in other
    // words (reordered, then ambiguous) is one change.
    #expect(Set(changed.map(\.frame)).count <= 4, "\(changed)")
  }
}
