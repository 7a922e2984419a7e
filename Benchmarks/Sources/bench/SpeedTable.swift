import ArgumentParser
import CMeasure
import TraceSynth

/// Measures flowlint against merely reading, and against others.
struct SpeedTable: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "table",
    abstract: "User and system time a frame, as ratios of paired runs.",
    discussion: "Every round runs all programs one after the other; a figure is the median over the rounds.")

  @OptionGroup var workshop: Workshop
  @Option(help: "Size of the traces, 1 being that of the published figures.") var scale = 1.0
  @Option(help: "Rounds; published figures have at least 5.") var runs = 5
  @Option(parsing: .upToNextOption, help: "Shapes to measure.")
  var shapes: [Shape] = [.mix, .manyFlows, .longFat, .bulk, .synFlood]
  @Flag(inversion: .prefixedNo, help: "Measure tcptrace and tshark too, where installed.") var peers = true

  func validate() throws {
    if !(scale > 0) { throw ValidationError("--scale is \(scale), expected more than 0") }
    if runs < 1 { throw ValidationError("--runs is \(runs), expected at least 1") }
  }

  func run() throws {
    let hasTcptrace = peers && Program.isInstalled("tcptrace")
    var table = TextTable([
      "shape", "frames", "MiB", "base ns", "record ns", "libpcap ns", "record/base", "libpcap/base",
      "tcptrace/record", "flowlint MiB", "tcptrace MiB",
    ])
    for shape in shapes {
      let trace = try workshop.trace(shape, Recipe(shape).scaled(by: scale))
      let frames = try workshop.frames(in: trace)
      var programs = [
        workshop.base("next", trace), workshop.analysis(trace, reader: "record"),
        workshop.analysis(trace, reader: "libpcap"),
      ]
      if hasTcptrace, shape.isBearableForTcptrace { programs.append(Program("tcptrace", "-n", trace)) }
      let rounds = try paired(programs, named: shape.rawValue)
      func nanoseconds(_ i: Int) -> String {
        decimal(rounds.map { Double($0[i].cpu_ns) / Double(max(1, frames)) }.median, 0)
      }
      table.add([
        shape.rawValue, String(frames), mebibytes(fileSize(trace)), nanoseconds(0), nanoseconds(1),
        nanoseconds(2), decimal(ratio(rounds, 1, 0)), decimal(ratio(rounds, 2, 0)),
        decimal(ratio(rounds, 3, 1), 1), mebibytes(peak(rounds, 1)),
        mebibytes(peak(rounds, 3)),
      ])
    }
    print("\nuser + system time, medians of \(runs) paired runs; peak resident sets\n")
    print(table.text)
    if peers, shapes.contains(.mix) { try compareWithTshark() }
    if peers, !hasTcptrace { print("\ntcptrace is not installed: not compared") }
  }

  private func compareWithTshark() throws {
    guard Program.isInstalled("tshark") else { return print("\ntshark is not installed: not compared") }
    var recipe = Recipe(.mix)
    recipe.frames = min(300_000, recipe.scaled(by: scale).frames)
    let trace = try workshop.trace(.mix, recipe)
    let rounds = try paired(
      [
        workshop.analysis(trace, reader: "record"),
        Program("tshark", "-n", "-r", trace, "-Y", "tcp.analysis.flags"),
      ], named: "mix, tshark")
    let times = decimal(ratio(rounds, 1, 0), 1)
    print("\ntshark -Y tcp.analysis.flags, \(recipe.frames) frames of mix: \(times) times flowlint's time,")
    print("peak \(mebibytes(peak(rounds, 1))) MiB to flowlint's \(mebibytes(peak(rounds, 0)))")
  }

  /// Runs all programs in turn, as often as was asked for.
  private func paired(_ programs: [Program], named name: String) throws(BenchError) -> [[measured]] {
    var rounds: [[measured]] = []
    for round in 1...runs {
      report("\(name): round \(round) of \(runs)")
      var results: [measured] = []
      for program in programs { results.append(try program.run()) }
      rounds.append(results)
    }
    return rounds
  }

  private func ratio(_ rounds: [[measured]], _ a: Int, _ b: Int) -> Double? {
    rounds.filter { a < $0.count }.map { Double($0[a].cpu_ns) / Double(max(1, $0[b].cpu_ns)) }.median
  }

  private func peak(_ rounds: [[measured]], _ i: Int) -> Int64? {
    rounds.filter { i < $0.count }.map { $0[i].peak_octets }.median
  }
}

extension Shape {
  /// tcptrace keeps 8 KiB a connection: a flood, or a million live ones, exhausts a machine.
  var isBearableForTcptrace: Bool { self != .synFlood && self != .liveFlows }
}
