import ArgumentParser
import TraceCapture
import TraceDecode
import TraceReport
import TraceScript

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// `flowlint script IN [FLOW] [-o OUT]`: a flow in words, or words as a capture.
struct ScriptCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "script",
    abstract: "Write a flow of a capture as a script, or the capture that a script describes.",
    discussion: """
      What IN is, its content tells. A capture gives the script of FLOW, or of its only flow; a script gives the \
      capture OUT, or without OUT is only checked. The language is described in docs/tracescript.md. Payload \
      that is not text is replaced by letters.
      """)

  @Argument(help: ArgumentHelp("A capture or a script.", valueName: "in"), completion: .file())
  var input: String

  @Argument(help: ArgumentHelp("Which flow of the capture, as for 'flowlint follow'.", valueName: "flow"))
  var flow: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Where to write: a pcap for a script, text for a capture.", valueName: "PATH"),
    completion: .file())
  var output: String?

  func validate() throws {
    if let flow, FlowSelector(flow) == nil {
      throw ValidationError("'\(flow)' names no flow; write a number, a Community ID or ends.")
    }
    if input == "-" { throw ValidationError("A script or capture has to be a file here.") }
  }

  func run() throws {
    do {
      if try isCapture() { try writeScript() } else { try writeCapture() }
    } catch let error as CaptureError {
      Terminal.complain(error.description)
      throw ExitCode.usage
    } catch let error as ScriptError {
      Terminal.complain("\(input):\(error)")
      throw ExitCode.usage
    }
  }

  /// A script is text: it has no octet 0, which every header of a capture has.
  private func isCapture() throws(CaptureError) -> Bool {
    let head = try TextFile.octets(of: input, atMost: 64)
    return head.contains { $0 == 0 || $0 >= 0x80 }
  }

  // MARK: - From words

  private func writeCapture() throws {
    if flow != nil { throw ValidationError("\(input) is a script; a flow can be named of a capture only.") }
    let text = String(decoding: try TextFile.octets(of: input, atMost: 64 << 20), as: UTF8.self)
    let script = try Script.parse(text)
    guard let output else {
      Terminal.print("\(input): \(script.frames.count) frames\n", to: 1)
      return
    }
    let writer = try CaptureWriter(path: output, linkType: Script.linkType)
    var failure: CaptureError?
    script.forEachFrame { frame in
      guard failure == nil else { return }
      do throws(CaptureError) { try writer.write(frame) } catch { failure = error }
    }
    if let failure { throw failure }
    try writer.close()
  }

  // MARK: - To words

  private func writeScript() throws {
    let reading = try ReadingOptions.parse([input])
    let number = try chooseFlow(reading)
    let source = try Capture.open(path: input)
    let tap = RoleTap(number)
    var options = reading.analyzerOptions
    options.segments = true
    let analyzer = Analyzer(options: options, sink: tap)
    var decoder = WireDecoder(limits: options.limits)
    var segment = Segment()
    var writer: ScriptWriter?
    var descriptor: Int32 = 1
    if let output {
      descriptor = open(output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
      guard descriptor >= 0 else {
        throw CaptureError(
          path: output, problem: "cannot be created: \(String(cString: strerror(errno)))",
          remedy: "check that its directory exists and may be written to")
      }
    }
    defer { if descriptor > 1 { close(descriptor) } }
    let out = ByteOutput(descriptor: descriptor)

    while try source.nextBatch({ frames in
      for frame in frames {
        let outcome = decoder.decode(frame, into: &segment)
        analyzer.accept(frame)
        guard case .segment = outcome, let taken = tap.taken, taken.frame == frame.number else { continue }
        if writer == nil {
          let new = ScriptWriter(originator: taken.flow.originator, responder: taken.flow.responder)
          out.put("# flow \(taken.flow.number), from frame \(taken.flow.firstFrame)\n" + new.head)
          writer = new
        }
        let payload = decoder.payload(of: segment, in: frame)
        let line = writer?.lines(
          for: segment, from: taken.role, options: decoder.options(of: segment, in: frame), payload: payload)
        out.put(line ?? "")
      }
    }) > 0, !tap.hasEnded, out.failure == nil {}
    _ = analyzer.finish()
    if let replaced = writer?.replacedPayloads, replaced > 0 {
      out.put("# letters stand for the payload of \(replaced) segments\n")
    }
    out.flush()
    guard writer != nil else {
      Terminal.complain("\(input) has no flow \(number)")
      throw ExitCode.usage
    }
  }

  private func chooseFlow(_ reading: ReadingOptions) throws -> Int {
    if let selector = flow.flatMap(FlowSelector.init) { return try selector.resolve([input], reading) }
    let counter = RoleTap(0)
    let analyzer = Analyzer(options: reading.analyzerOptions, sink: counter)
    let source = try Capture.open(path: input)
    while try source.nextBatch({ analyzer.accept($0) }) > 0 {}
    let flows = analyzer.finish().flows
    guard flows == 1 else {
      Terminal.complain("\(input) has \(flows) flows; say which, as in: flowlint script \(input) 1")
      throw ExitCode.usage
    }
    return 1
  }
}

/// Tells which frames are of one flow, and who sent them.
private final class RoleTap: AnalysisSink {
  private let number: Int
  private(set) var taken: (frame: UInt64, role: Role, flow: FlowIdentity)?
  private(set) var hasEnded = false

  init(_ number: Int) { self.number = number }

  func episode(_ episode: Episode, of flow: FlowIdentity) {}
  func flowEnded(_ report: FlowReport) { if report.flow.number == number { hasEnded = true } }

  func segment(_ segment: StreamSegment, of flow: FlowIdentity) {
    if flow.number == number { taken = (segment.frame, segment.sender, flow) }
  }
}

/// Small files that are read whole.
enum TextFile {
  /// The first octets of a file. Errors: a file that cannot be read.
  static func octets(of path: String, atMost limit: Int) throws(CaptureError) -> [UInt8] {
    func failure() -> CaptureError {
      CaptureError(
        path: path, problem: "cannot be read: \(String(cString: strerror(errno)))", remedy: "check the path")
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure() }
    defer { close(descriptor) }
    var octets: [UInt8] = []
    let block = 64 << 10
    while octets.count < limit {
      let old = octets.count
      let wanted = min(block, limit - old)
      octets.append(contentsOf: repeatElement(0, count: wanted))
      let got = octets.withUnsafeMutableBytes { bytes in
        read(descriptor, bytes.baseAddress.map { $0 + old }, wanted)
      }
      octets.removeLast(wanted - max(0, got))
      if got < 0 {
        if errno == EINTR { continue }
        throw failure()
      }
      if got == 0 { break }
    }
    return octets
  }
}
