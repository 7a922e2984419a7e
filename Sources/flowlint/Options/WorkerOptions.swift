import ArgumentParser
import TraceDecode

/// How many threads analyze one capture.
struct WorkerOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Analyze a capture by N threads at once, which changes no output. Shared out are plain files, by pairs of \
      hosts, and not for outputs that draw segments. Without it: as many as there are processors, at most \
      \(Workers.most), for files of \(Workers.leastOctets >> 20) MiB and more in which enough hosts talk.
      """, valueName: "N"))
  var workers: Int?

  func validate() throws {
    guard let workers, !(1...AnalysisShare.most).contains(workers) else { return }
    throw ValidationError("--workers takes a number from 1 to \(AnalysisShare.most), not \(workers).")
  }
}
