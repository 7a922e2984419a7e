import Foundation
import TestSupport
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct HTMLTests {
  /// The report of some captures, and the data it carries.
  private static func report(_ arguments: String...) throws -> (text: String, data: [String: Any]) {
    let folder = try TemporaryFolder()
    let file = folder.file("report.html")
    let result = try Flowlint.run(arguments + ["--output", "html:\(file.path)"])
    #expect(result.status == 0)
    #expect(result.errors == "")
    let text = try String(contentsOf: file, encoding: .utf8)
    let json = try #require(
      text.firstMatch(of: /<script id="data" type="application\/json">((?s).*?)<\/script>/)?.1)
    let data = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
    return (text, try #require(data))
  }

  private static func captures(_ data: [String: Any]) -> [[String: Any]] {
    data["captures"] as? [[String: Any]] ?? []
  }

  @Test func oneFileThatNeedsNothingElse() throws {
    let (text, data) = try Self.report("lab/loss_2.pcap", "lab/tw_reuse_lower_isn.pcap")
    #expect(text.hasPrefix("<!DOCTYPE html>\n"))
    #expect(text.hasSuffix("</html>\n"))
    #expect(text.contains("default-src 'none'"))
    // No address to load from, but for the namespace that SVG is named by.
    let without = text.replacing("http://www.w3.org/2000/svg", with: "")
    for way in ["http://", "https://", "@import", "src=", "<link"] {
      #expect(!without.contains(way), "\(way)")
    }
    let captures = Self.captures(data)
    #expect(captures.count == 2)
    #expect((captures.first?["flows"] as? [Any])?.count == 1)
    #expect((captures.last?["flows"] as? [Any])?.count == 2)
    #expect((captures.first?["plots"] as? [String: Any])?["1"] != nil)
  }

  @Test func theDrawingHoldsWhatTheCaptureDoes() throws {
    let (_, data) = try Self.report("lab/loss_2.pcap")
    let capture = try #require(Self.captures(data).first)
    let plots = try #require(capture["plots"] as? [String: Any])
    let plot = try #require(plots["1"] as? [String: Any])
    #expect(plot["segments"] as? Int == 275)
    let side = try #require((plot["sides"] as? [[String: Any]])?.first)
    let marks = try #require(side["marks"] as? [Int])
    let kinds = stride(from: 0, to: marks.count, by: 6).map { marks[$0] }
    // Four lost segments, as the truth of the run says, each sent again after duplicate ACKs.
    #expect(kinds.filter { $0 == 11 }.count == 4)
    #expect(kinds.filter { $0 == 2 }.count == 4)
    let columns = try #require(side["columns"] as? [Int])
    let fresh = stride(from: 0, to: columns.count, by: 8).reduce(0) { $0 + columns[$1 + 2] }
    #expect(fresh == 211_749)
  }

  @Test func nothingCapturedOrNamedCanEndTheScript() throws {
    let folder = try TemporaryFolder()
    let name = folder.file("a<script>alert(1)<!--&\".pcap")
    try FileManager.default.copyItem(
      at: PackageFolder.fixtures.appendingPathComponent("lab/clean.pcap"), to: name)
    let (text, data) = try Self.report(name.path)
    #expect(!text.contains("<script>alert"))
    #expect(!text.contains("<!--&"))
    let record = Self.captures(data).first?["record"] as? [String: Any]
    #expect(record?["file"] as? String == name.path)
  }

  @Test func anEmptyCaptureStillMakesAReport() throws {
    let (_, data) = try Self.report("--filter", "port 1", "lab/clean.pcap")
    let capture = try #require(Self.captures(data).first)
    #expect((capture["flows"] as? [Any])?.isEmpty == true)
  }

  @Test func graphsAsFiles() throws {
    let folder = try TemporaryFolder()
    let svg = folder.file("g.svg")
    let drawn = try Flowlint.run("show", "lab/loss_2.pcap", "1", "--graph", svg.path)
    #expect(drawn.status == 0 && drawn.output == "" && drawn.errors == "")
    let parser = XMLParser(data: try Data(contentsOf: svg))
    #expect(parser.parse(), "\(String(describing: parser.parserError))")
    let text = try String(contentsOf: svg, encoding: .utf8)
    #expect(text.contains("fast retransmission 4"))
    #expect(text.contains("lost 4"))

    let xplot = folder.file("xpl")
    let written = try Flowlint.run("lab/loss_2.pcap", "--output", "xplot:\(xplot.path)")
    #expect(written.status == 0 && written.errors == "")
    let file = xplot.appendingPathComponent("loss_2.pcap.flow-1.originator.xpl")
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
    #expect(lines.prefix(2) == ["timeval signed", "title"])
    #expect(lines.last == "go")
    #expect(lines.filter { $0.hasPrefix("darrow ") }.count == 147)

    let refused = try Flowlint.run("lab/loss_2.pcap", "--output", "xplot")
    #expect(refused.status == 2)
    #expect(refused.errors.contains("xplot:FOLDER"))
    let odd = try Flowlint.run("show", "lab/loss_2.pcap", "1", "--graph", "g.png")
    #expect(odd.status == 2)
  }
}
