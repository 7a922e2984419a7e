import TraceDecode

/// Where frames come from: a file, a pipe, a set of files or a live interface.
public protocol CaptureSource: AnyObject {
  /// Hands the next frames to `body`, in order, and returns how many; 0 at the end.
  ///
  /// The frames' bytes are borrowed: they are valid only within `body`.
  func nextBatch(_ body: (UnsafeBufferPointer<Frame>) -> Void) throws(CaptureError) -> Int
}

/// What keeps a capture from being read, where, and what to do about it.
public struct CaptureError: Error, Sendable, CustomStringConvertible {
  public var path: String
  /// Byte offset in the file, where that says something.
  public var offset: UInt64?
  /// What is wrong, and what was expected.
  public var problem: String
  public var remedy: String

  public init(path: String, offset: UInt64? = nil, problem: String, remedy: String) {
    self.path = path
    self.offset = offset
    self.problem = problem
    self.remedy = remedy
  }

  public var description: String {
    "\(path)\(offset.map { ":@\($0)" } ?? ""): \(problem)\(remedy.isEmpty ? "" : "; \(remedy)")"
  }
}
