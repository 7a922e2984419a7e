import ArgumentParser
import TraceCapture
import TraceDecode
import TraceReport

/// `flowlint follow CAPTURE FLOW`: the octets both sides of one flow sent, put together.
struct Follow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "follow",
    abstract: "Print the reassembled byte streams of one flow, gaps marked.",
    usage: "flowlint follow [OPTIONS] CAPTURE... FLOW",
    discussion: """
      FLOW is a flow's number, its Community ID, its four-tuple or as much of it as names one flow: \
      10.0.0.1:40000, :443, '10.0.0.1:40000>10.0.0.2:443'. Several captures are read as one recording. \
      Offsets count the octets of each side from 1, the SYN being 0. What is missing, and octets that came \
      twice with other content, stand between brackets; with --format raw they are told on standard error.
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument { case text, hex, raw }

  @OptionGroup(title: "Reading") var reading: ReadingOptions
  @OptionGroup(title: "Streams") var streams: StreamArguments

  @Option(help: ArgumentHelp("How to print: text, hex or raw (the octets alone).", valueName: "FORMAT"))
  var format: Format = .text

  @Option(help: ArgumentHelp("Color the text: auto, always or never.", valueName: "WHEN"))
  var color: ColorChoice = .auto

  func validate() throws {
    guard reading.captures.count >= 2 else {
      throw ValidationError("Name a capture and a flow, as in: flowlint follow a.pcap 3")
    }
    guard FlowSelector(reading.captures[reading.captures.count - 1]) != nil else {
      throw ValidationError(
        "'\(reading.captures[reading.captures.count - 1])' names no flow; write a number, a Community ID or ends."
      )
    }
  }

  func run() throws {
    do { try follow() } catch let error as CaptureError {
      Terminal.complain(error.description)
      throw ExitCode.usage
    }
  }

  private func follow() throws {
    let paths = Array(reading.captures.dropLast())
    guard let selector = reading.captures.last.flatMap(FlowSelector.init) else { throw ExitCode.usage }
    let number = try selector.resolve(paths, reading)
    let out = ByteOutput(descriptor: 1)
    let printer = StreamPrinter(to: out, format, streams.direction, isColored: color.applies(to: 1))
    var options = reading.analyzerOptions
    options.segments = true
    options.ignoresChecksums = streams.badChecksums
    let assembler = StreamAssembler(options: streams.options(options.limits), consumer: printer)
    let tap = StreamTap(assembler, flow: number)
    let analyzer = Analyzer(options: options, sink: tap)
    let source = try reading.open(paths)
    while try source.nextBatch({ analyzer.accept($0) }) > 0, !tap.hasEnded, out.failure == nil {}
    _ = analyzer.finish()
    out.flush()
    guard tap.identity != nil else {
      Terminal.complain("\(paths[0]) has no flow \(number); 'flowlint \(paths[0])' counts them")
      throw ExitCode.usage
    }
    if let damage = source.info.damage { Terminal.complain("\(paths[0]): cut short: \(damage.reason)") }
  }
}

/// Prints the two streams of a flow as they come together.
final class StreamPrinter: StreamConsumer {
  private let out: ByteOutput
  private let format: Follow.Format
  private let side: StreamSide
  private let isColored: Bool
  private var hasTitle = false
  private var speaker: Role?
  /// The last octet of text was no line feed.
  private var isInLine = false
  private var line: [UInt8] = []

  init(to out: ByteOutput, _ format: Follow.Format, _ side: StreamSide, isColored: Bool) {
    self.out = out
    self.format = format
    self.side = side
    self.isColored = isColored
  }

  func stream(_ event: StreamEvent, from sender: Role, of flow: FlowIdentity) {
    guard side.includes(sender) else { return }
    if !hasTitle, format != .raw {
      out.put("flow \(flow.number)  \(flow.originator) > \(flow.responder)\n")
      hasTitle = true
    }
    switch event {
    case .data(let data): put(data, from: sender)
    case .gap(let gap):
      note(sender, "\(gap.range.words) are missing: \(gap.reason.words)")
    case .overlap(let overlap):
      guard overlap.verdict == .conflicting, let differing = overlap.differing else { return }
      let earlier = overlap.earlierFrame.map { "frame \($0)" } ?? "an earlier frame"
      note(
        sender,
        "\(differing.words): frame \(overlap.laterFrame) has other octets than \(earlier), "
          + "\(overlap.keepsLater ? "the later" : "the earlier") are shown")
    case .end(let end):
      guard format != .raw, end.facts.delivered + end.facts.missing > 0 else { return }
      var words = "\(end.reason.words) after \(count(end.facts.delivered))"
      if end.facts.missing > 0 { words += ", \(count(end.facts.missing)) missing" }
      if end.facts.repeated > 0 { words += ", \(count(end.facts.repeated)) again" }
      note(sender, words)
    }
  }

  private func count(_ octets: Int64) -> String { octets == 1 ? "1 octet" : "\(octets) octets" }

  private func put(_ data: StreamData, from sender: Role) {
    if format == .raw { return data.bytes.withMemoryRebound(to: UInt8.self) { out.put($0) } }
    if speaker != sender {
      speaker = sender
      endLine()
      out.put(paint("\(sender.arrow) offset \(data.range.lowerBound), frame \(data.frame)\n", sender))
    }
    if format == .hex { hex(data) } else { text(data.bytes) }
  }

  /// Printable ASCII, tabs and line feeds; a dot for everything else, so that no terminal obeys a capture.
  private func text(_ bytes: UnsafeRawBufferPointer) {
    line.removeAll(keepingCapacity: true)
    for byte in bytes where byte != 13 {
      line.append(byte >= 32 && byte < 127 || byte == 9 || byte == 10 ? byte : 46)
    }
    if let last = line.last { isInLine = last != 10 }
    line.withUnsafeBufferPointer { out.put($0) }
  }

  private func hex(_ data: StreamData) {
    let digits = Array("0123456789abcdef".utf8)
    var from = 0
    while from < data.bytes.count {
      let row = data.bytes[from..<min(from + 16, data.bytes.count)]
      let offset = String(data.range.lowerBound + Int64(from))
      line.removeAll(keepingCapacity: true)
      line.append(contentsOf: repeatElement(32, count: max(0, 10 - offset.utf8.count)))
      line.append(contentsOf: offset.utf8)
      line.append(32)
      for i in 0..<16 {
        line.append(32)
        if i == 8 { line.append(32) }
        if i < row.count {
          let byte = row[row.startIndex + i]
          line.append(digits[Int(byte >> 4)])
          line.append(digits[Int(byte & 15)])
        } else {
          line.append(contentsOf: [32, 32])
        }
      }
      line.append(contentsOf: [32, 32])
      for byte in row { line.append(byte >= 32 && byte < 127 ? byte : 46) }
      line.append(10)
      line.withUnsafeBufferPointer { out.put($0) }
      from += 16
    }
  }

  private func note(_ sender: Role, _ words: String) {
    if format == .raw { return Terminal.complain("\(sender.name): \(words)") }
    endLine()
    out.put(paint("[\(sender.arrow) \(words)]\n", sender))
    speaker = nil
  }

  private func endLine() {
    if isInLine { out.put("\n") }
    isInLine = false
  }

  private func paint(_ text: String, _ sender: Role) -> String {
    guard isColored else { return text }
    return "\u{1b}[\(sender == .originator ? 36 : 35)m\(text.dropLast())\u{1b}[0m\n"
  }
}

extension Role {
  /// As in a script: `>` from the originator.
  fileprivate var arrow: String { self == .originator ? ">" : "<" }
}

extension Range<Int64> {
  /// `octets 5-9`, `octet 5`.
  fileprivate var words: String {
    upperBound - lowerBound == 1 ? "octet \(lowerBound)" : "octets \(lowerBound)-\(upperBound - 1)"
  }
}

extension StreamEnd.Reason {
  var words: String {
    switch self {
    case .fin: "FIN"
    case .reset: "reset"
    case .open: "still open"
    }
  }
}
