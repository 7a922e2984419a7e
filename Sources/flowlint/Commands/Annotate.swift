import ArgumentParser
import TraceCapture
import TraceDecode
import TraceReport
import TraceRules

/// `flowlint annotate IN -o OUT.pcapng`: findings as packet comments.
struct Annotate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "annotate",
    abstract: "Write a copy of a capture with the findings as packet comments, for Wireshark.",
    discussion: """
      The copy is pcapng. Of a pcapng every octet is kept but for the comments and the lengths they change; \
      comments that are there stay. Wireshark shows the packets that have one with the filter 'frame.comment'. \
      The section's comment sums the findings up. FLOW is written as for 'flowlint follow'.
      """)

  @Argument(
    help: ArgumentHelp("The capture: pcap or pcapng, plain, .gz or .zst.", valueName: "capture"),
    completion: .file())
  var input: String

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The pcapng to write; - is standard output.", valueName: "PATH"),
    completion: .file(extensions: ["pcapng"]))
  var output: String

  @Option(
    help: ArgumentHelp("Keep only frames of this flow, and comment only on it.", valueName: "FLOW"))
  var flow: String?

  @Flag(help: "Keep only frames with a comment.")
  var findingsOnly = false

  @Option(
    help: ArgumentHelp("With --findings-only, keep N frames before and after each, too.", valueName: "N"))
  var around: UInt64 = 0

  @Option(
    help: ArgumentHelp(
      "The mildest severity commented on: info, note, warning or error.", valueName: "SEVERITY"))
  var severity: Severity = .note

  @Option(help: ArgumentHelp("Run only these rules: codes, names or families.", valueName: "RULE"))
  var select: [String] = []

  @Option(help: ArgumentHelp("Leave these rules out.", valueName: "RULE"))
  var ignore: [String] = []

  func validate() throws {
    if let flow, FlowSelector(flow) == nil {
      throw ValidationError("'\(flow)' names no flow; write a number, a Community ID or ends.")
    }
    if around > 0, !findingsOnly { throw ValidationError("--around needs --findings-only.") }
    if around > 1_000_000 { throw ValidationError("--around takes at most 1000000 frames.") }
    if input == "-" {
      throw ValidationError("A capture is read twice to be annotated, standard input only once; name a file.")
    }
    if let word = RuleRunner.Configuration.named(select: select, ignore: ignore).unknown.first {
      throw ValidationError("There is no rule or family '\(word)'; 'flowlint rules' lists them.")
    }
  }

  func run() throws {
    do { try annotate() } catch let error as CaptureError {
      Terminal.complain(error.description)
      throw ExitCode.usage
    }
  }

  private func annotate() throws {
    let reading = try ReadingOptions.parse([input])
    let wanted = try flow.flatMap(FlowSelector.init)?.resolve([input], reading)
    let runner = RuleRunner(
      configuration: RuleRunner.Configuration.named(select: select, ignore: ignore).configuration)
    let tap = FrameTap(runner, flow: wanted)
    var options = reading.analyzerOptions
    options.segments = wanted != nil
    let analyzer = Analyzer(options: options, sink: tap)
    // The record reader numbers frames as the copy does.
    let source = try Capture.open(path: input, options: CaptureOptions(reader: .record))
    while try source.nextBatch({ analyzer.accept($0) }) > 0 {}
    let report = analyzer.finish()
    let all = runner.finish(report, facts: CaptureFacts(source.info))
    let findings = all.filter {
      $0.severity >= severity && (wanted == nil || $0.flow?.number == wanted)
    }
    if wanted != nil, !tap.hasSeenFlow {
      Terminal.complain("\(input) has no flow \(flow ?? "")")
      throw ExitCode.usage
    }

    var annotations = Annotations()
    for finding in findings {
      for (frame, comment) in finding.comments { annotations.frames[frame, default: []].append(comment) }
    }
    annotations.section = summary(findings, report)
    if findingsOnly {
      var kept = FrameSet()
      for frame in annotations.frames.keys { kept.insert(frame) }
      kept.widen(by: around)
      if wanted != nil { kept.formIntersection(tap.frames) }
      annotations.kept = kept
    } else if wanted != nil {
      annotations.kept = tap.frames
    }
    let result = try Annotator.copy(input, to: output, annotations)
    tell(result, findings.count)
  }

  private func summary(_ findings: [Finding], _ report: CaptureReport) -> String {
    var lines = ["flowlint \(Flowlint.version): \(report.flows) flows in \(report.packets) packets"]
    let counts = Severity.allCases.reversed().compactMap { severity -> String? in
      let count = findings.count { $0.severity == severity }
      return count == 0 ? nil : "\(count) \(severity.name)"
    }
    lines.append(counts.isEmpty ? "no findings" : "findings: " + counts.joined(separator: ", "))
    // What has no frame to stand at stands here.
    for finding in findings where finding.frame == 0 { lines.append(finding.comment) }
    return lines.joined(separator: "\n")
  }

  private func tell(_ result: AnnotationResult, _ findings: Int) {
    var words =
      "\(output): \(findings) findings, \(result.commentsWritten) comments, \(result.framesWritten) frames"
    if result.simplePacketsConverted > 0 {
      words += "; \(result.simplePacketsConverted) simple packet blocks became enhanced ones to hold theirs"
    }
    if let damage = result.damage {
      words += "; the input breaks off at octet \(damage.offset ?? 0) (\(damage.reason)), the copy before it"
    }
    Terminal.complain(words)
  }
}

/// Hands everything on to the rules, and notes which frames are of one flow.
private final class FrameTap: AnalysisSink {
  private let runner: RuleRunner
  private let flow: Int?
  private(set) var frames = FrameSet()
  private(set) var hasSeenFlow = false

  init(_ runner: RuleRunner, flow: Int?) {
    self.runner = runner
    self.flow = flow
  }

  func episode(_ episode: Episode, of flow: FlowIdentity) { runner.episode(episode, of: flow) }
  func flowEnded(_ report: FlowReport) { runner.flowEnded(report) }

  func segment(_ segment: StreamSegment, of flow: FlowIdentity) {
    guard flow.number == self.flow else { return }
    hasSeenFlow = true
    frames.insert(segment.frame)
  }
}

extension Finding {
  /// What stands at the frame of the offence.
  fileprivate var comment: String {
    var text = "\(severity.name) \(code) \(rule): \(message)"
    if occurrences > 1 { text += " (\(occurrences) times)" }
    if !why.isEmpty { text += "\nwhy: \(why)" }
    if !remedy.isEmpty { text += "\ndo: \(remedy)" }
    if confidence != .certain { text += "\nsure: \(confidence.name)" }
    for alternative in alternatives { text += "\nor: \(alternative)" }
    return text
  }

  /// The comments to write, by frame: the finding at its own, what each frame shows at the evidence.
  fileprivate var comments: [(frame: UInt64, text: String)] {
    guard frame > 0 else { return [] }
    var list = [(frame: frame, text: comment)]
    for piece in evidence where piece.segment.frame > 0 && piece.segment.frame != frame {
      let note = piece.note.isEmpty ? "" : ": \(piece.note)"
      list.append((piece.segment.frame, "evidence for \(code) \(rule) at frame \(frame)\(note)"))
    }
    return list
  }
}
