import ArgumentParser
import TraceCapture
import TraceDecode
import TraceReport
import TraceRules

/// When a watch ends by itself.
struct EndingOptions: ParsableArguments {
  @Option(help: ArgumentHelp("End after this long, as 30s or 2h.", valueName: "TIME"))
  var duration: TimeSpan?

  @Option(name: [.customShort("c"), .long], help: ArgumentHelp("End after N frames.", valueName: "N"))
  var count: UInt64?

  @Option(
    name: [.customShort("a"), .customLong("autostop")],
    help: ArgumentHelp(
      "End at duration:TIME, packets:N, filesize:SIZE (kB without a unit) or findings:N; may be repeated.",
      valueName: "CONDITION"))
  var autostop: [StopCondition] = []

  /// The least of all that bound frames; nil for no bound.
  var frames: UInt64? {
    let bounds = autostop.compactMap { if case .packets(let n) = $0 { n } else { nil } }
    return (bounds + [count].compactMap { $0 }).min()
  }

  /// All conditions but those on frames, which the source keeps.
  var conditions: [StopCondition] { autostop + (duration.map { [.duration($0.nanoseconds)] } ?? []) }

  func validate() throws {
    if count == 0 { throw ValidationError("-c takes a number from 1 on.") }
  }
}

/// One `-a CONDITION`, written as dumpcap's.
enum StopCondition: ExpressibleByArgument, Equatable {
  /// Units: nanoseconds.
  case duration(Int64)
  case packets(UInt64)
  /// Units: octets.
  case filesize(UInt64)
  case findings(Int)

  init?(argument: String) {
    let parts = argument.split(separator: ":", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return nil }
    let isNumber = parts[1].allSatisfy { $0.isASCII && $0.isNumber }
    switch parts[0] {
    case "duration":
      guard let time = TimeSpan(argument: parts[1]), time.nanoseconds > 0 else { return nil }
      self = .duration(time.nanoseconds)
    case "packets":
      guard let count = UInt64(parts[1]), count > 0 else { return nil }
      self = .packets(count)
    case "filesize":
      guard let size = RingSize.octets(isNumber ? parts[1] + "kB" : parts[1]), size > 0 else { return nil }
      self = .filesize(size)
    case "findings":
      guard let count = Int(parts[1]), count > 0 else { return nil }
      self = .findings(count)
    default: return nil
    }
  }
}

/// How interfaces are listened to.
struct CapturingOptions: ParsableArguments {
  @Option(
    name: [.customShort("s"), .long],
    help: ArgumentHelp("Keep at most this many octets of each frame.", valueName: "N"))
  var snaplen: Int32 = 262_144

  @Option(
    name: [.customShort("B"), .long],
    help: ArgumentHelp(
      "What the kernel may hold for each interface, as 64MiB (MiB without a unit).", valueName: "SIZE"))
  var buffer: String?

  @Flag(name: [.customShort("p"), .long], help: "Take only frames that are for this machine.")
  var noPromiscuous = false

  @Option(
    name: [.customShort("Q"), .long], help: ArgumentHelp("Take frames going both ways, in or out."))
  var direction: LiveDirection = .both

  @Option(
    name: [.customShort("j"), .long],
    help: ArgumentHelp("Where time stamps come from (pcap-tstamp(7)), as adapter.", valueName: "TYPE"))
  var timeStampType: String?

  @Flag(help: "Take every frame at once: a little sooner, at a much greater cost a frame.")
  var immediate = false

  func validate() throws {
    guard (64...262_144).contains(snaplen) else {
      throw ValidationError("-s takes 64 to 262144 octets: headers must fit.")
    }
    if let buffer, bufferOctets == nil {
      throw ValidationError("-B '\(buffer)' is no size between 64KiB and 2047MiB.")
    }
  }

  private var bufferOctets: Int32? {
    guard let buffer else { return nil }
    let isNumber = buffer.allSatisfy { $0.isASCII && $0.isNumber }
    return RingSize.octets(isNumber ? buffer + "MiB" : buffer).flatMap { Int32(exactly: $0) }
      .flatMap { $0 >= 64 << 10 ? $0 : nil }
  }

  func options(_ interfaces: [String], _ filter: String?, _ ending: EndingOptions) -> LiveOptions {
    var options = LiveOptions(interfaces: interfaces, filter: filter)
    options.snapLength = snaplen
    if let bufferOctets { options.bufferOctets = bufferOctets }
    options.isPromiscuous = !noPromiscuous
    options.direction = direction
    options.timestampType = timeStampType
    options.isImmediate = immediate
    options.maxFrames = ending.frames
    return options
  }
}

extension LiveDirection: ExpressibleByArgument {}

/// Which frames are kept.
struct RecordingOptions: ParsableArguments {
  @Option(
    name: [.customShort("w"), .long],
    help: ArgumentHelp("Write frames to this pcapng file; - is standard output.", valueName: "FILE"))
  var write: String?

  @Option(
    help: ArgumentHelp(
      "With -w: keep the newest files only, each of this size at most.", valueName: "files=10,size=100MB"))
  var ring: String?

  @Option(
    help: ArgumentHelp(
      "With -w: write only what lies around findings of this severity or worse, a file each time.",
      valueName: "SEVERITY"))
  var saveOn: Severity?

  @Option(help: ArgumentHelp("With --save-on: how much of what came before.", valueName: "TIME"))
  var before = TimeSpan(nanoseconds: 5_000_000_000)

  @Option(help: ArgumentHelp("With --save-on: how much of what comes after.", valueName: "TIME"))
  var after = TimeSpan(nanoseconds: 2_000_000_000)

  func validate() throws {
    if write == nil, ring != nil || saveOn != nil {
      throw ValidationError("--ring and --save-on say how -w writes; add -w FILE.")
    }
    if write == "-", ring != nil || saveOn != nil {
      throw ValidationError("-w - is one stream; --ring and --save-on need a file's name.")
    }
    if let ring, RingSize(ring) == nil {
      throw ValidationError("--ring '\(ring)' is none; write it as files=10,size=100MB.")
    }
  }

  /// nil where nothing is to be kept. Errors: a file that cannot be created.
  func open(_ interfaces: [CaptureInterface]) throws(CaptureError) -> (any Recorder)? {
    guard let write else { return nil }
    let size = ring.flatMap { RingSize($0) }
    if let saveOn {
      let trigger = FlightRecorder.Trigger(
        severity: saveOn, before: before.nanoseconds, after: after.nanoseconds)
      return FlightRecorder(
        path: write, trigger: trigger, filesKept: size?.files ?? .max, interfaces: interfaces)
    }
    return try FileRecorder(path: write, ring: size, interfaces: interfaces)
  }
}
