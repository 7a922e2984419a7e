import ArgumentParser
import TraceCapture
import TraceDecode
import TraceReport

/// Names one flow of a capture: by number, Community ID, four-tuple or as much of it as tells it apart.
struct FlowSelector {
  private enum Kind {
    case number(Int)
    case communityID(String)
    /// Addresses, sockets or `:port`, one or both ends in either order.
    case ends([String])
  }
  private let kind: Kind
  let text: String

  /// nil where the text names nothing a flow has.
  init?(_ text: String) {
    self.text = text
    if let number = Int(text) {
      guard number > 0 else { return nil }
      kind = .number(number)
    } else if text.hasPrefix("1:"), text.utf8.count == 30, text.hasSuffix("=") {
      kind = .communityID(text)
    } else {
      let words = text.lowercased().split { " >,-<".contains($0) }.map(String.init)
      guard (1...2).contains(words.count) else { return nil }
      kind = .ends(words)
    }
  }

  /// The flow's number, where that is what names it: known without reading everything before.
  var number: Int? {
    if case .number(let number) = kind { return number }
    return nil
  }

  func matches(_ flow: FlowIdentity) -> Bool {
    switch kind {
    case .number(let number): return flow.number == number
    case .communityID(let id): return CommunityIDSource(flow: flow).text == id
    case .ends(let words):
      func fits(_ word: String, _ end: SocketAddress) -> Bool {
        word == end.description || word == end.address.description || word == "[\(end.address)]"
          || word == ":\(end.port)"
      }
      let (a, b) = (flow.originator, flow.responder)
      guard let first = words.first, let last = words.last else { return false }
      if words.count == 1 { return fits(first, a) || fits(first, b) }
      return fits(first, a) && fits(last, b) || fits(first, b) && fits(last, a)
    }
  }

  /// Finds the one flow of a recording that is meant, reading it once unless the number is given.
  ///
  /// Errors: `ExitCode.usage`, after saying which flows it could be, or that there is none.
  func resolve(_ paths: [String], _ reading: ReadingOptions) throws -> Int {
    if let number { return number }
    if paths.contains("-") {
      Terminal.complain(
        "standard input can be read only once, and '\(text)' has to be looked for first; give the flow's number"
      )
      throw ExitCode.usage
    }
    let finder = FlowFinder(self)
    let analyzer = Analyzer(options: reading.analyzerOptions, sink: finder)
    let source = try reading.open(paths)
    while try source.nextBatch({ analyzer.accept($0) }) > 0 {}
    _ = analyzer.finish()
    if finder.count == 1, let flow = finder.found.first { return flow.number }
    if finder.count == 0 {
      Terminal.complain(
        """
        no flow of \(paths[0]) is '\(text)'; write a number, a Community ID, or ends as flowlint prints them: \
        10.0.0.1:40000, 10.0.0.1, :443, '10.0.0.1:40000>10.0.0.2:443'
        """)
    } else {
      let sorted = finder.found.sorted { $0.number < $1.number }
      let list = sorted.map { "  \($0.number)  \($0.originator) > \($0.responder)\n" }.joined()
      let more = finder.count > sorted.count ? "  and \(finder.count - sorted.count) more\n" : ""
      Terminal.complain("'\(text)' is \(finder.count) flows; give one's number:\n\(list)\(more)")
    }
    throw ExitCode.usage
  }
}

/// Collects the flows that a selector fits.
private final class FlowFinder: AnalysisSink {
  let selector: FlowSelector
  private(set) var found: [FlowIdentity] = []
  private(set) var count = 0

  init(_ selector: FlowSelector) { self.selector = selector }

  func episode(_ episode: Episode, of flow: FlowIdentity) {}

  func flowEnded(_ report: FlowReport) {
    guard selector.matches(report.flow) else { return }
    count += 1
    if found.count < 16 { found.append(report.flow) }
  }
}
