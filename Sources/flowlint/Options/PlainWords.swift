import TraceCapture

extension Analyze {
  /// The command of a plain command line: captures, and the commonest options at most once; nil for any other.
  ///
  /// ArgumentParser looks its own types up for longer than a small capture takes to be read. What it makes of the
  /// same words is the same; what is wrong with them is its to say.
  init?(plainly words: some Sequence<String>) {
    var reading = ReadingOptions()
    (reading.captures, reading.filter, reading.count) = ([], nil, nil)
    (reading.join, reading.reader, reading.limits) = (false, .automatic, [])
    var sharing = WorkerOptions()
    sharing.workers = nil
    var output = OutputOptions()
    (output.outputs, output.color, output.quiet) = ([], .auto, false)
    (output.severity, output.sarifProfile) = (.note, .standard)
    (output.frames, output.metrics) = (false, .basic)

    var words = words.makeIterator()
    var seen: Set<String> = []
    while let word = words.next() {
      guard word.hasPrefix("-") else {
        reading.captures.append(word)
        continue
      }
      guard seen.insert(word).inserted else { return nil }
      if word == "-q" || word == "--quiet" {
        output.quiet = true
        continue
      }
      guard let value = words.next(), !value.hasPrefix("-") else { return nil }
      switch word {
      case "-o", "--output":
        guard let target = OutputTarget(argument: value) else { return nil }
        output.outputs.append(target)
      case "--reader":
        guard let reader = ReaderChoice(rawValue: value) else { return nil }
        reading.reader = reader
      case "--workers":
        guard let workers = Int(value) else { return nil }
        sharing.workers = workers
      default: return nil
      }
    }

    self.init()
    (self.reading, self.sharing, self.output) = (reading, sharing, output)
    (select, ignore) = ([], [])
    do {
      guard !reading.captures.isEmpty else { return nil }
      try reading.validate()
      try sharing.validate()
      try output.validate()
      try validate()
    } catch {
      return nil
    }
  }
}
