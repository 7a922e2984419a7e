import ArgumentParser
import CMeasure
import TraceSynth

/// Measures what the speed table does not show: memory, start-up, compressed captures, workers.
struct Figures: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Memory, start-up, compressed captures and workers.")

  @OptionGroup var workshop: Workshop
  @Option(help: "Size of the traces, 1 being that of the published figures.") var scale = 1.0
  @Option(help: "Runs of what is timed.") var runs = 5

  func validate() throws {
    if !(scale > 0) { throw ValidationError("--scale is \(scale), expected more than 0") }
    if runs < 1 { throw ValidationError("--runs is \(runs), expected at least 1") }
  }

  func run() throws {
    try memory()
    try startUp()
    try compressed()
    try workers()
  }

  private func memory() throws {
    var table = TextTable(["peak resident set", "frames", "MiB"])
    func measure(_ name: String, _ shape: Shape, _ recipe: Recipe, _ more: [String] = []) throws {
      report("memory: \(name)")
      let trace = try workshop.trace(shape, recipe)
      let frames = try workshop.frames(in: trace)
      let result = try workshop.analysis(trace, more).run()
      table.add([name, String(frames), mebibytes(result.peak_octets)])
    }
    let mix = Recipe(.mix).scaled(by: scale)
    try measure("mix", .mix, mix)
    try measure("mix, 4 times as long", .mix, mix.scaled(by: 4))
    try measure("many-flows, 10 k at a time", .manyFlows, Recipe(.manyFlows).scaled(by: scale))
    try measure("live-flows, all live at once", .liveFlows, Recipe(.liveFlows).scaled(by: scale))
    let flood = Recipe(.synFlood).scaled(by: scale)
    try measure("syn-flood, limits as they are", .synFlood, flood)
    let lifted = ["half-open-flows", "flows"].flatMap { ["--limit", "\($0)=100000000"] }
    try measure("syn-flood, limits lifted", .synFlood, flood, lifted)
    print("\n" + table.text)
  }

  private func startUp() throws {
    var recipe = Recipe(.mix)
    recipe.frames = 20
    let trace = try workshop.trace(.mix, recipe)
    report("start-up")
    let programs =
      [Program(workshop.flowlint, trace)]
      + (Program.isInstalled("tcpdump") ? [Program("tcpdump", "-nr", trace)] : [])
    // In turn, so that what else the machine does falls on both; the first runs fetch the programs from disk.
    var walls = programs.map { _ in [Double]() }
    for round in 0..<(runs * 10 + 5) {
      for (i, program) in programs.enumerated() {
        let result = try program.run()
        if round >= 5 { walls[i].append(Double(result.wall_ns)) }
      }
    }
    let medians = walls.map { $0.median ?? 0 }
    var line = "\nstart-up, 20 frames: \(decimal(medians[0] / 1e6)) ms wall"
    if medians.count > 1 { line += ", \(decimal(medians[0] / medians[1])) times tcpdump -nr" }
    print(line)
  }

  private func compressed() throws {
    guard Program.isInstalled("gzip") else { return print("\ngzip is not installed: not measured") }
    let trace = try workshop.trace(.mix, Recipe(.mix).scaled(by: scale * 0.2))
    let zipped = workshop.scratch("mix.pcap.gz")
    report("compressed")
    _ = try Program("gzip", "-c", trace).run(output: zipped)
    var ratios: [Double] = []
    for _ in 0..<runs {
      let inflating = try workshop.base("inflate", zipped).run()
      let analyzing = try workshop.analysis(zipped).run()
      ratios.append(Double(analyzing.wall_ns) / Double(max(1, inflating.wall_ns)))
    }
    print("\n.pcap.gz of mix: \(decimal(ratios.median)) times the wall time of zlib alone")
  }

  private func workers() throws {
    let help = workshop.scratch("help")
    _ = try Program(workshop.flowlint, "analyze", "--help").run(output: help)
    guard text(of: help)?.contains("--workers") == true else {
      return print("\nthis flowlint has no --workers: not measured")
    }
    let trace = try workshop.trace(.mix, Recipe(.mix).scaled(by: scale))
    let outputs = [workshop.scratch("one.jsonl"), workshop.scratch("two.jsonl")]
    var ratios: [Double] = []
    for round in 1...runs {
      report("workers: round \(round) of \(runs)")
      let one = try workshop.analysis(trace, workers: 1).run()
      let two = try workshop.analysis(trace, workers: 2).run()
      ratios.append(Double(two.wall_ns) / Double(max(1, one.wall_ns)))
    }
    for (count, output) in zip([1, 2], outputs) {
      _ = try workshop.analysis(trace, workers: count).run(output: output)
    }
    let isSame = (try? Program(["cmp", "-s"] + outputs).run()) != nil
    print("\ntwo workers on mix: \(decimal(ratios.median)) times the wall time of one, ", terminator: "")
    print(isSame ? "the same octets" : "OTHER OCTETS")
  }
}
