import Testing
import TraceDecode
import TraceRules

@testable import TraceReport

@Suite struct TextTests {
  @Test func aFindingReadsAsDesigned() {
    let out = ByteOutput()
    var options = Text.Options()
    options.isQuiet = true
    options.width = 120
    Samples.run(Text(to: out, options: options), findings: [Samples.spurious])
    #expect(
      out.text == """
        traces/checkout.pcapng:1042: warning SEQ206 spurious-retransmission
          10.0.0.5:51812 > 10.0.0.9:443    sent 1460 octets again that were already acknowledged

              frame  time       originator                        responder
               1031  2.118 402  seq 14601:16061 (1460)     ---->
               1034  2.121 077                             <----  ack 16061
            >  1042  2.322 190  seq 14601:16061 (1460)     ---->                 again, 203.8 ms later
               1043  2.324 911                             <----  ack 16061, sack 14601:16061 (D-SACK)

          why    ACK 16061 (frame 1034) covers it; the timer fired at SRTT 2.7 ms, so that ACK did not reach the sender
          do     look for lost ACKs between this capture point and 10.0.0.5; check the sender's minimum RTO
          sure   certain
          show   flowlint rules SEQ206     Wireshark: frame.number in {1031,1034,1042,1043}


        """)
  }

  @Test func theWorstComesFirst() {
    var note = Samples.spurious
    note.severity = .note
    note.code = "ACK301"
    note.id = 8
    var doubtful = Samples.spurious
    doubtful.confidence = .possible
    doubtful.code = "SEQ207"
    doubtful.frame = 5
    doubtful.id = 9
    var error = Samples.spurious
    error.severity = .error
    error.code = "RST301"
    error.frame = 2000
    error.id = 10
    let out = ByteOutput()
    Samples.run(Text(to: out), findings: [note, doubtful, Samples.spurious, error])
    let order = ["RST301", "SEQ206", "SEQ207", "ACK301"].map {
      out.text.firstRange(of: " \($0) ")?.lowerBound
    }
    #expect(!order.contains(nil))
    #expect(order.compactMap { $0 } == order.compactMap { $0 }.sorted())
    #expect(out.text.hasSuffix("1 capture, 41 flows, 128,940 packets: 1 error, 2 warnings, 1 note\n"))
  }

  @Test func aConsequenceIsToldWithItsCause() {
    var loss = Samples.spurious
    loss.code = "SEQ202"
    loss.severity = .warning
    var repeated = Samples.spurious
    repeated.code = "SEQ203"
    repeated.severity = .note
    repeated.causedBy = 1
    var aside = Samples.spurious
    aside.code = "SEQ204"
    aside.severity = .error
    aside.causedBy = 1
    let out = ByteOutput()
    Samples.run(Text(to: out), findings: [loss, repeated, aside])
    #expect(out.text.contains("  then   SEQ203 spurious-retransmission, frame 1042: sent 1460 octets again"))
    #expect(!out.text.contains("note SEQ203"))
    // What is worse than its cause stands for itself.
    #expect(out.text.contains("error SEQ204"))
    #expect(out.text.contains("from   SEQ202 spurious-retransmission at frame 1042"))
    #expect(out.text.contains("1 error, 1 warning, 1 note"))
  }

  @Test func adviceIsGivenOnce() {
    let out = ByteOutput()
    Samples.run(Text(to: out), findings: [Samples.spurious, Samples.spurious])
    #expect(out.text.split(separator: "\n").filter { $0.hasPrefix("  do ") }.count == 1)
  }

  @Test func manyOfOneRuleAreCountedNotRepeated() {
    let out = ByteOutput()
    let findings = (1...12).map { n in
      var finding = Samples.spurious
      finding.frame = UInt64(n)
      finding.id = n
      return finding
    }
    Samples.run(Text(to: out), findings: findings)
    #expect(out.text.split(separator: "\n").filter { $0.contains("warning SEQ206") }.count == 3)
    #expect(out.text.contains("9 more SEQ206 spurious-retransmission, at frames 4, 5, 6, 7, 8, 9, ..."))
  }

  @Test func aNormalEventIsNoFindingToRead() {
    var info = Samples.spurious
    info.severity = .info
    let out = ByteOutput()
    Samples.run(Text(to: out), findings: [info])
    #expect(!out.text.contains("info SEQ206"))
    #expect(out.text.contains("also counted: SEQ206 spurious-retransmission (1)"))
    #expect(out.text.contains("0 errors, 0 warnings, 0 notes"))
  }

  @Test func colorIsOnlyThereWhenAskedFor() {
    let plain = ByteOutput()
    Samples.run(Text(to: plain), findings: [Samples.spurious])
    #expect(!plain.bytes.contains(0x1b))
    var options = Text.Options()
    options.style = Style(isColored: true)
    let colored = ByteOutput()
    Samples.run(Text(to: colored, options: options), findings: [Samples.spurious])
    #expect(colored.text.contains("\u{1b}[1;33mwarning\u{1b}[0m SEQ206"))
    #expect(colored.text.replacing(/\u{1b}\[[0-9;]*m/, with: "") == plain.text)
  }

  @Test func paragraphsFillTheTerminalAndNoMore() {
    for width in [40, 60, 80] {
      let text = Paragraph.fill(Samples.spurious.why, head: "  why    ", width: width)
      let lines = text.split(separator: "\n")
      #expect(lines.allSatisfy { $0.count <= width })
      #expect(lines.dropFirst().allSatisfy { $0.hasPrefix("         ") })
      #expect(
        text.split(whereSeparator: \.isWhitespace).dropFirst().joined(separator: " ") == Samples.spurious.why)
    }
  }

  @Test func conciseIsOneLineAFinding() {
    var ofTheResponder = Samples.spurious
    ofTheResponder.endpoint = .responder
    ofTheResponder.occurrences = 4
    let out = ByteOutput()
    Samples.run(Concise(to: out), findings: [Samples.spurious, ofTheResponder])
    #expect(
      out.text == """
        traces/checkout.pcapng:1042: warning SEQ206 10.0.0.5:51812>10.0.0.9:443 sent 1460 octets again that were already acknowledged
        traces/checkout.pcapng:1042: warning SEQ206 10.0.0.9:443>10.0.0.5:51812 sent 1460 octets again that were already acknowledged (4 times)

        """)
  }

  @Test func everyDefectOfTheCaptureIsTold() {
    var capture = Samples.capture
    capture.truncatedAt = 4096
    capture.report.dropsBySystem = 12
    capture.report.duplicates = 5
    capture.report.duplicatesAreCapture = true
    capture.report.undecodable = [.init(layer: .link, cause: .unknownLinkType): 3]
    let text = CaptureText(capture).text(Text.Options()).split(whereSeparator: \.isWhitespace).joined(
      separator: " ")
    for words in [
      "cut or damaged at byte 4,096", "12 packets dropped by the capturing system",
      "5 packets recorded twice",
      "3 undecodable (link-unknown-link-type)",
    ] {
      #expect(text.contains(words))
    }
    #expect(CaptureText(Samples.capture).text(Text.Options()).contains("quality  no defect seen"))
  }
}

@Suite struct LadderTests {
  @Test func aNoteThatDoesNotFitGoesBelow() {
    let row = Ladder.Row(
      Samples.segment(5, at: 10, .originator, payload: 100, ack: 1), note: "a note of some length",
      isMarked: true)
    let narrow = Ladder(rows: [row], origin: Samples.start).text(width: 60)
    #expect(narrow.split(separator: "\n").count == 3)
    #expect(narrow.split(separator: "\n").allSatisfy { $0.count <= 60 })
    #expect(Ladder(rows: [row], origin: Samples.start).text(width: 120).split(separator: "\n").count == 2)
  }

  @Test(
    arguments: [
      (0, "0.000 000"), (2_118_402_000, "2.118 402"), (999_999_600, "1.000 000"), (-1_500_000, "-0.001 500"),
      (86_400_000_001_000, "86400.000 001"),
    ] as [(Int64, String)])
  func timesAreSecondsWithMicrosecondsApart(nanoseconds: Int64, text: String) {
    #expect(Ladder.seconds(nanoseconds) == text)
  }

  @Test(arguments: [
    (Samples.segment(1, at: 0, .originator, seq: 0, flags: .syn), "SYN"),
    (Samples.segment(1, at: 0, .responder, seq: 0, ack: 1, flags: [.syn, .ack]), "SYN-ACK"),
    (Samples.segment(1, at: 0, .originator, seq: 11, ack: 7, flags: [.fin, .ack]), "FIN seq 11 ack 7"),
    (Samples.segment(1, at: 0, .originator, seq: 5, flags: .rst), "RST seq 5"),
    (Samples.segment(1, at: 0, .originator, ack: 9, window: 0), "ack 9 win 0"),
    (Samples.segment(1, at: 0, .originator, seq: 1, payload: 10, ack: 9), "seq 1:11 (10)"),
    (Samples.segment(1, at: 0, .originator, flags: []), "no flags"),
    // Selective: a block above the acknowledgement is no D-SACK.
    (Samples.segment(1, at: 0, .originator, ack: 9, sack: 20..<30), "ack 9, sack 20:30"),
  ])
  func segmentsAreToldInFewWords(segment: SegmentRef, words: String) {
    #expect(segment.words == words)
  }
}
