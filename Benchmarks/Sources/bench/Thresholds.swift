import TraceSynth

/// The file of thresholds: settings and rows of words, `#` begins a comment.
struct Thresholds {
  struct Row {
    var machine: String
    var shape: Shape
    var frames: Int
    var reader: String
    var instructions: Double
  }

  /// The instruction set this program runs on: counts of one say nothing of another.
  static var machine: String {
    #if arch(x86_64)
      "x86_64"
    #elseif arch(arm64)
      "arm64"
    #else
      "other"
    #endif
  }

  var tolerance = 0.03
  var compiler = "unknown"
  var rows: [Row] = []

  /// Errors: a line that says nothing known, with its number.
  init(_ text: String) throws(BenchError) {
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let words = line.prefix { $0 != "#" }.split(separator: " ").map(String.init)
      guard let first = words.first else { continue }
      if first == "tolerance", words.count == 2, let value = Double(words[1]), value > 0 {
        tolerance = value
      } else if first == "compiler", words.count > 1 {
        compiler = words.dropFirst().joined(separator: " ")
      } else if words.count == 5, let shape = Shape(rawValue: words[1]), let frames = Int(words[2]),
        frames > 0,
        ["record", "libpcap"].contains(words[3]), let count = Double(words[4]), count > 0
      {
        rows.append(
          Row(machine: first, shape: shape, frames: frames, reader: words[3], instructions: count))
      } else {
        throw BenchError(
          "thresholds, line \(number + 1): expected MACHINE SHAPE FRAMES READER INSTRUCTIONS, tolerance or compiler"
        )
      }
    }
  }

  var text: String {
    var lines = [
      "# Instructions a frame (callgrind, start-up included) that `make bench-gate` holds a release build against.",
      "# Written by `make bench-gate UPDATE=1`; see README.md.",
      "tolerance \(tolerance)",
      "compiler \(compiler)",
      "# machine shape frames reader instructions",
    ]
    for row in rows {
      lines.append(
        "\(row.machine) \(row.shape.rawValue) \(row.frames) \(row.reader) \(decimal(row.instructions, 1))")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
