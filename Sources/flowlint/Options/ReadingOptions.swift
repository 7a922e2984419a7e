import ArgumentParser
import TraceCapture
import TraceDecode

/// What to read, and how: the options every verb that reads captures has.
struct ReadingOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Captures to read: pcap or pcapng, plain, .gz or .zst; - is standard input.", valueName: "capture"),
    completion: .file())
  var captures: [String]

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Read only frames that pass this filter (see pcap-filter(7)).", valueName: "BPF"))
  var filter: String?

  @Option(
    name: [.customShort("c"), .long],
    help: ArgumentHelp("Stop after N frames of each capture.", valueName: "N"))
  var count: UInt64?

  @Flag(help: "Read all captures as one recording, in the order given, as of a rotated set.")
  var join = false

  @Option(help: ArgumentHelp("Which code walks the records: auto, libpcap or record.", valueName: "READER"))
  var reader: ReaderChoice = .automatic

  @Option(
    name: .customLong("limit"),
    help: ArgumentHelp(
      "Change a bound on what a capture can make grow; NAME is one of \(LimitName.list).",
      valueName: "NAME=VALUE"))
  var limits: [LimitSetting] = []

  var captureOptions: CaptureOptions { CaptureOptions(reader: reader, filter: filter, maxFrames: count) }

  var analyzerOptions: AnalyzerOptions {
    var options = AnalyzerOptions()
    for limit in limits { options.limits[keyPath: limit.name.keyPath] = limit.value }
    return options
  }

  func validate() throws {
    if captures.filter({ $0 == "-" }).count > 1 {
      throw ValidationError("Standard input (-) can be read only once.")
    }
  }

  /// Opens one of `recordings`.
  func open(_ paths: [String]) throws(CaptureError) -> any CaptureSource {
    if paths.count > 1 { return try Capture.open(joining: paths, options: captureOptions) }
    let source = try Capture.open(path: paths[0], options: captureOptions)
    // A pcapng may hold interfaces of other types besides; classic pcap has but this one.
    if source.info.format == .pcap, let type = source.info.interfaces.first?.linkType, !type.isDecoded {
      let isNamed = !type.name.hasPrefix("LINKTYPE")
      throw CaptureError(
        path: paths[0], offset: 20,
        problem: "link type \(isNamed ? "\(type.name) (\(type.rawValue))" : "\(type.rawValue)"), "
          + "expected one that carries IP, as EN10MB (1) or RAW (101)",
        remedy: "capture on an interface that carries IP; `tcpdump -D` lists them")
    }
    return source
  }

  /// The recordings the captures make up: one each, or one of all.
  var recordings: [[String]] { join ? [captures] : captures.map { [$0] } }
}

extension ReaderChoice: ExpressibleByArgument {}

/// The bounds that `--limit` can change.
enum LimitName: String, CaseIterable {
  case flows
  case halfOpenFlows = "half-open-flows"
  case closedFlows = "closed-flows"
  case segmentsPerFlow = "segments-per-flow"
  case evidence
  case findingsPerRule = "findings-per-rule"
  case findings
  case fragmentedDatagrams = "fragmented-datagrams"
  case fragmentOctets = "fragment-octets"
  case nesting
  case bufferedOctets = "buffered-octets"

  var keyPath: WritableKeyPath<Limits, Int> {
    switch self {
    case .flows: \.flows
    case .halfOpenFlows: \.halfOpenFlows
    case .closedFlows: \.closedFlows
    case .segmentsPerFlow: \.segmentsPerFlow
    case .evidence: \.evidence
    case .findingsPerRule: \.findingsPerRule
    case .findings: \.findings
    case .fragmentedDatagrams: \.fragmentedDatagrams
    case .fragmentOctets: \.fragmentOctets
    case .nesting: \.nesting
    case .bufferedOctets: \.bufferedOctets
    }
  }

  static var list: String { allCases.map(\.rawValue).joined(separator: ", ") }
}

/// One `NAME=VALUE` of `--limit`.
struct LimitSetting: ExpressibleByArgument {
  var name: LimitName
  var value: Int

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2, let name = LimitName(rawValue: parts[0]), let value = Int(parts[1]), value > 0
    else {
      return nil
    }
    self.name = name
    self.value = value
  }
}
