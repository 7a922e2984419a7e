/// What keeps a capture from being read, where, and what to do about it.
public struct CaptureError: Error, Sendable, Equatable, CustomStringConvertible {
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
