import ArgumentParser
import CSystem
import TraceCapture
import TraceDecode

/// How many threads analyze one capture.
struct WorkerOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Analyze a capture by N threads at once, which changes no output. Only plain files are shared out so, and \
      not for outputs that draw segments. Without it: as many as there are processors, at most \(Self.automatic), \
      for files of \(Self.leastOctets >> 20) MiB and more.
      """, valueName: "N"))
  var workers: Int?

  /// Every worker decodes every frame, so more of them gain ever less.
  private static let automatic = 4
  /// A smaller file is done before a second worker has got going.
  private static let leastOctets: UInt64 = 8 << 20

  func validate() throws {
    guard let workers, !(1...AnalysisShare.most).contains(workers) else { return }
    throw ValidationError("--workers takes a number from 1 to \(AnalysisShare.most), not \(workers).")
  }

  /// How many should analyze `source`.
  func count(for source: any CaptureSource, _ paths: [String]) -> Int {
    // A file that can be opened again, and whose octets cost no more than to be read again.
    guard workers != 1, paths.count == 1, paths[0] != "-", let octets = source.progress.octetsTotal,
      source.info.compression == nil
    else { return 1 }
    if let workers { return workers }
    return octets < Self.leastOctets ? 1 : min(Int(flowlint_processors()), Self.automatic)
  }
}
