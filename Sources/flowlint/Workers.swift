import CSystem
import TraceCapture
import TraceDecode

/// How many threads analyze a capture, and how each comes by it.
struct Workers {
  var count: Int
  /// Opens the capture once more.
  var open: () throws(CaptureError) -> any CaptureSource

  /// Every worker decodes every frame, so more of them gain ever less.
  static let most = 4
  /// A smaller file is done before a second worker has got going.
  static let leastOctets: UInt64 = 8 << 20

  /// As many as are `wanted`, or as pay, for `source`, which was opened from `paths`.
  init(
    _ wanted: Int?, for source: any CaptureSource, _ paths: [String],
    open: @escaping () throws(CaptureError) -> any CaptureSource
  ) {
    self.open = open
    count = 1
    // A file that can be opened again, and whose octets cost no more than to be read again.
    guard paths.count == 1, paths[0] != "-", !paths[0].hasPrefix("/dev/"),
      let octets = source.progress.octetsTotal,
      source.info.compression == nil
    else { return }
    if let wanted {
      count = wanted
    } else {
      let usual = min(Int(flowlint_processors()), Self.most)
      if usual > 1, octets >= Self.leastOctets, Self.isWorthSharing(among: usual, open) { count = usual }
    }
  }

  private static func isWorthSharing(
    among count: Int, _ open: () throws(CaptureError) -> any CaptureSource
  ) -> Bool {
    let probe = ShareProbe()
    do throws(CaptureError) {
      let source = try open()
      var left = ShareProbe.frames
      while left > 0 {
        let taken = try source.nextBatch { probe.accept($0) }
        if taken == 0 { break }
        left -= taken
      }
    } catch {
      // Whoever reads the capture will say so.
      return false
    }
    return probe.isWorthSharing(among: count)
  }
}
