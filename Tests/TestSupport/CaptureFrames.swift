import TraceCapture
import TraceDecode

/// Lends every frame of a saved capture to `body`, in order.
///
/// Errors: those of `Capture.open` and of reading on.
public func forEachFrame(of path: String, _ body: (Frame) -> Void) throws {
  let source = try Capture.open(path: path)
  while try source.nextBatch({ $0.forEach(body) }) > 0 {}
}
