import ArgumentParser
import TraceDecode

/// How streams are put together: the options of `follow` and `extract`.
struct StreamArguments: ParsableArguments {
  @Option(
    name: .customLong("overlap"),
    help: ArgumentHelp(
      """
      Which of two segments gives the octets both carry: first, last, or as a linux, windows or bsd receiver \
      takes them.
      """, valueName: "POLICY"))
  var policy: OverlapPolicy = .first

  @Flag(help: "Take segments whose TCP checksum is wrong, too.")
  var badChecksums = false

  @Option(help: ArgumentHelp("Whose octets: both, originator or responder.", valueName: "SIDE"))
  var direction: StreamSide = .both

  func options(_ limits: Limits) -> StreamOptions {
    var options = StreamOptions()
    options.policy = policy
    options.limits = limits
    return options
  }
}

extension OverlapPolicy: ExpressibleByArgument {}

enum StreamSide: String, CaseIterable, ExpressibleByArgument {
  case both, originator, responder

  func includes(_ role: Role) -> Bool {
    switch self {
    case .both: true
    case .originator: role == .originator
    case .responder: role == .responder
    }
  }
}

/// Stands between analyzer and assembler: hands on the segments and ends of the flows that are wanted.
final class StreamTap: AnalysisSink {
  private let assembler: StreamAssembler
  /// nil for all flows.
  private let flow: Int?
  private(set) var hasEnded = false
  private(set) var identity: FlowIdentity?

  init(_ assembler: StreamAssembler, flow: Int? = nil) {
    self.assembler = assembler
    self.flow = flow
  }

  func episode(_ episode: Episode, of flow: FlowIdentity) {}

  func segment(_ segment: StreamSegment, of flow: FlowIdentity) {
    if let wanted = self.flow {
      guard flow.number == wanted else { return }
      identity = flow
    }
    assembler.accept(segment, of: flow)
  }

  func flowEnded(_ report: FlowReport) {
    if report.flow.number == flow { hasEnded = true }
    assembler.end(report.flow)
  }
}
