import TraceDecode

/// Where frames come from: a file, a pipe, a set of files or a live interface.
///
/// A source is used by one thread at a time.
public protocol CaptureSource: AnyObject {
  /// What has been learnt of the capture so far; final once `nextBatch` has returned 0.
  ///
  /// Cost: copies arrays; ask at the end or now and then, not for every batch.
  var info: CaptureInfo { get }

  /// How far the reading has come, for a progress bar.
  var progress: CaptureProgress { get }

  /// Which of the given captures the last batch came from, from 0; a batch never spans two.
  var fileIndex: Int { get }

  /// Hands the next frames to `body`, in order, and returns how many; 0 at the end.
  ///
  /// The frames' bytes are borrowed: they are valid only within `body`.
  /// A capture that is cut or corrupt yields every frame before the damage, then ends like any other;
  /// `info.damage` says where and why.
  /// Errors: what keeps the rest from being read and is no property of the capture itself, as when the next
  /// file of a set cannot be opened.
  func nextBatch(_ body: (UnsafeBufferPointer<Frame>) -> Void) throws(CaptureError) -> Int
}

extension CaptureSource {
  public var fileIndex: Int { 0 }
}

/// How much of the input has been consumed.
///
/// Units: octets of the file as it lies on disk, compressed or not.
public struct CaptureProgress: Sendable, Equatable {
  public var octetsRead: UInt64
  /// Nil where the input has no size: a pipe, a live interface.
  public var octetsTotal: UInt64?

  public init(octetsRead: UInt64, octetsTotal: UInt64? = nil) {
    self.octetsRead = octetsRead
    self.octetsTotal = octetsTotal
  }

  /// From 0 to 1; nil where the size is unknown.
  public var fraction: Double? {
    guard let octetsTotal, octetsTotal > 0 else { return nil }
    return min(1, Double(octetsRead) / Double(octetsTotal))
  }
}
