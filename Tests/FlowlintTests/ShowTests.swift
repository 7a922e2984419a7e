import TestSupport
import Testing

@Suite struct ShowTests {
  /// The ladders of the textbook's cases, at the width of a pipe.
  @Test(arguments: [
    ("clean", "1"), ("syn_lost_once", "1"), ("synack_lost_twice", "1"), ("final_ack_lost", "1"),
    ("simultaneous_open", "1"), ("simultaneous_close", "1"), ("half_close", "1"), ("linger0", "1"),
    ("tw_reuse_lower_isn", "1"), ("tw_reuse_lower_isn", "2"), ("zero_window", "1"), ("loss_2", "1"),
    ("refused", "1"), ("rst_unread", "1"),
  ])
  func goldenOutputOfLadders(name: String, flow: String) throws {
    let result = try Flowlint.run("show", "lab/\(name).pcap", flow)
    #expect(result.status == 0)
    #expect(result.errors == "")
    for line in result.output.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    Golden.expect(result.output, is: "show/\(name)-\(flow).txt")
  }

  @Test func everythingDrawsEverySegment() throws {
    let result = try Flowlint.run("show", "lab/zero_window.pcap", "1", "--all")
    let frames = result.output.split(separator: "\n").compactMap { line in
      line.dropFirst(2).split(separator: " ").first.flatMap { UInt64($0) }
    }
    #expect(frames == Array(1...66))
  }

  @Test func aFlowIsNamedByItsEnds() throws {
    let byNumber = try Flowlint.run("show", "lab/tw_reuse_lower_isn.pcap", "2")
    let missing = try Flowlint.run("show", "lab/tw_reuse_lower_isn.pcap", "3")
    #expect(byNumber.output.hasPrefix("flow 2  10.7.0.1:41000 > 10.7.0.2:80\n"))
    #expect(missing.status == 2)
    #expect(missing.errors.contains("has no flow 3"))
    let ambiguous = try Flowlint.run("show", "lab/tw_reuse_lower_isn.pcap", ":80")
    #expect(ambiguous.status == 2)
    #expect(ambiguous.errors.contains("2 flows"))
  }

  @Test func colorsOnlyWhenAsked() throws {
    let plain = try Flowlint.run("show", "lab/loss_2.pcap", "1")
    let colored = try Flowlint.run("show", "lab/loss_2.pcap", "1", "--color", "always")
    #expect(!plain.output.contains("\u{1b}"))
    #expect(colored.output.contains("\u{1b}[1;31m"))
  }
}
