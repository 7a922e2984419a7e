import TraceDecode

/// Writes frames of one link type to a classic pcap file, in this machine's byte order.
///
/// What is not flushed when the writer goes away is written then, but errors of that are lost: call `close`.
public final class CaptureWriter {
  public let path: String
  public let linkType: LinkType
  /// Longer frames are cut to this. Units: octets.
  public let snapLength: UInt32
  /// Time stamps are written in nanoseconds, else cut to microseconds.
  public let nanoseconds: Bool
  public private(set) var frames: UInt64 = 0

  private let sink: ByteSink

  /// Creates `path`, or empties it, and writes the file header; "-" is standard output.
  public init(
    path: String, linkType: LinkType, snapLength: UInt32 = 262_144, nanoseconds: Bool = true
  ) throws(CaptureError) {
    self.path = path
    self.linkType = linkType
    self.snapLength = snapLength
    self.nanoseconds = nanoseconds
    sink = try ByteSink(path: path)
    sink.put(nanoseconds ? 0xa1b2_3c4d : 0xa1b2_c3d4 as UInt32)
    sink.put(2 as UInt16)
    sink.put(4 as UInt16)
    sink.put(0 as UInt64)
    sink.put(snapLength)
    sink.put(UInt32(linkType.rawValue))
  }

  /// Adds `frame`, whose link type must be the writer's.
  ///
  /// Errors: another link type, a time before 1970 or after 2106, a file that cannot be written.
  public func write(_ frame: Frame) throws(CaptureError) {
    guard frame.linkType == linkType else {
      throw CaptureError(
        path: path,
        problem: "frame \(frame.number) is of link type \(frame.linkType.name), the file of \(linkType.name)",
        remedy: "write each link type to a file of its own")
    }
    let seconds = frame.time / 1_000_000_000
    let fraction = frame.time % 1_000_000_000
    guard let stamp = UInt32(exactly: seconds), fraction >= 0 else {
      throw CaptureError(
        path: path, problem: "frame \(frame.number) has a time that pcap cannot hold: \(frame.time) ns",
        remedy: "pcap counts unsigned 32-bit seconds from 1970")
    }
    let captured = min(frame.bytes.count, Int(snapLength))
    sink.put(stamp)
    sink.put(UInt32(truncatingIfNeeded: nanoseconds ? fraction : fraction / 1000))
    sink.put(UInt32(truncatingIfNeeded: captured))
    sink.put(frame.wireLength)
    try sink.append(UnsafeRawBufferPointer(rebasing: frame.bytes[..<captured]))
    frames &+= 1
  }

  /// Hands everything written so far to the system.
  public func flush() throws(CaptureError) { try sink.flush() }

  /// Flushes and closes the file; nothing may be written after.
  public func close() throws(CaptureError) { try sink.close() }
}
