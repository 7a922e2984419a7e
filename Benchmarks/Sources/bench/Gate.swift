import ArgumentParser
import TraceSynth

/// Fails when flowlint takes more instructions a frame than the thresholds allow.
struct Gate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare instruction counts with the checked-in thresholds.",
    discussion: "Instructions are counted by callgrind, which gives the same number on a busy machine.")

  @OptionGroup var workshop: Workshop
  @Option(help: "The file of thresholds.") var thresholds: String
  @Option(help: "The compiler flowlint was built with, to be noted beside the numbers.") var compiler =
    "unknown"
  @Flag(help: "Write what is measured into the file.") var update = false

  func run() throws {
    guard Program.isInstalled("valgrind") else {
      return print("bench-gate: valgrind is not installed; skipped (apt-get install valgrind)")
    }
    guard let content = text(of: thresholds) else { throw BenchError("\(thresholds) cannot be read") }
    var file = try Thresholds(content)
    guard update || file.compiler == compiler else {
      return print("bench-gate: the thresholds are of \(file.compiler) and this is \(compiler); skipped")
    }
    var table = TextTable(["trace", "reader", "instructions/frame", "threshold", "change"])
    var slower = 0
    var faster = 0
    for index in file.rows.indices where file.rows[index].machine == Thresholds.machine {
      let row = file.rows[index]
      let measured = try instructions(row)
      let change = measured / row.instructions - 1
      if change > file.tolerance { slower += 1 }
      if change < -file.tolerance { faster += 1 }
      table.add([
        "\(row.shape.rawValue), \(row.frames) frames", row.reader, decimal(measured, 1),
        decimal(row.instructions, 1), (change < 0 ? "-" : "+") + decimal(abs(change) * 100) + " %",
      ])
      if update { file.rows[index].instructions = measured }
    }
    guard table.rows.count > 1 else {
      return print("bench-gate: \(thresholds) has no row for \(Thresholds.machine); skipped")
    }
    print(table.text)
    if update {
      file.compiler = compiler
      try write(file.text, to: thresholds)
      return print(
        "bench-gate: \(thresholds) holds these numbers now; commit it with the reason for the change")
    }
    let bound = decimal(file.tolerance * 100, 0)
    if slower > 0 {
      print("bench-gate: more than \(bound) % above a threshold; make it cheaper, or say why it is worth it")
      print("            in the commit that takes the new numbers in (make bench-gate UPDATE=1)")
      throw ExitCode(1)
    }
    if faster > 0 {
      print("bench-gate: more than \(bound) % below a threshold; keep the gain: make bench-gate UPDATE=1")
    }
  }

  /// Instructions a frame, start-up included.
  private func instructions(_ row: Thresholds.Row) throws(BenchError) -> Double {
    var recipe = Recipe(row.shape)
    recipe.frames = row.frames
    let trace = try workshop.trace(row.shape, recipe)
    let frames = try workshop.frames(in: trace)
    report("callgrind: \(row.shape.rawValue), \(row.reader)")
    let log = workshop.scratch("callgrind.log")
    // Swift's own hash tables are seeded at random otherwise, which costs and saves instructions by chance.
    let valgrind = [
      "env", "SWIFT_DETERMINISTIC_HASHING=1", "valgrind", "--tool=callgrind",
      "--callgrind-out-file=/dev/null",
    ]
    _ = try Program(valgrind + workshop.analysis(trace, reader: row.reader).words).run(errors: log)
    let line = text(of: log)?.split(separator: "\n").first { $0.contains("Collected : ") }
    guard let word = line?.split(separator: " ").last, let count = Double(word) else {
      throw BenchError("callgrind reported no count; see \(log)")
    }
    return count / Double(max(1, frames))
  }
}
