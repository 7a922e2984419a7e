/// Foresees from the first frames of a capture whether several workers would be done sooner.
///
/// Flows of one pair of addresses are all one worker's: a transfer between two hosts is not shared out.
public final class ShareProbe {
  private var decoder = WireDecoder()
  private var segment = Segment()
  private var counts = [Int](repeating: 0, count: AddressPair.classes)

  /// Frames that tell enough.
  public static let frames = 4096

  public init() {}

  /// Takes the next frames of the capture.
  public func accept(_ frames: UnsafeBufferPointer<Frame>) {
    for frame in frames {
      guard case .segment = decoder.decode(frame, into: &segment) else { continue }
      counts[AddressPair.class(of: segment.source, segment.destination)] += 1
    }
  }

  /// Whether no one of so many workers would have nearly everything to do.
  public func isWorthSharing(among workers: Int) -> Bool {
    let shares = (0..<max(1, workers)).map { AnalysisShare($0, of: workers) }
    let loads = shares.map { share in
      counts.indices.reduce(0) { share.classes >> UInt64($1) & 1 != 0 ? $0 + counts[$1] : $0 }
    }
    return (loads.max() ?? 0) * 5 < counts.reduce(0, +) * 4
  }
}
