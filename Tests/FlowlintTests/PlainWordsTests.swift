import Testing

@testable import flowlint

struct PlainWordsTests {
  /// Every property, and whether it has a value at all; without the titles that only help shows.
  private func dumped(_ command: Analyze) -> [Substring] {
    var text = ""
    dump(command, to: &text)
    return text.split(separator: "\n").filter { !$0.contains("- title: ") }
  }

  @Test(arguments: [
    "a.pcap", "a.pcap b.pcap", "help", "-o jsonl a.pcap", "--output jsonl:/dev/null a.pcap b.pcap",
    "a.pcap -o html:x:y.html", "-q a.pcap", "a.pcap --quiet --workers 3", "--reader libpcap a.pcap -o json:-",
    "a.pcap lint", "a.pcap a.pcap",
  ])
  func plainWordsMeanWhatTheParserSays(line: String) throws {
    let words = line.split(separator: " ").map(String.init)
    let plain = try #require(Analyze(plainly: words))
    let parsed = try Analyze.parse(words)
    #expect(dumped(plain) == dumped(parsed))
  }

  @Test(arguments: [
    "", "-q", "-", "a.pcap -", "-- a.pcap", "--output=json a.pcap", "-ojson a.pcap",
    "-o json -o text:b a.pcap", "-q -q a.pcap", "a.pcap -o", "a.pcap -o --quiet", "-o pdf a.pcap",
    "-o xplot a.pcap", "--workers 0 a.pcap",
    "--workers two a.pcap", "--reader other a.pcap", "--filter tcp a.pcap", "--help a.pcap",
    "--frob a.pcap", "--severity error a.pcap",
  ])
  func everythingElseIsTheParsers(line: String) {
    #expect(Analyze(plainly: line.split(separator: " ").map(String.init)) == nil)
  }
}
