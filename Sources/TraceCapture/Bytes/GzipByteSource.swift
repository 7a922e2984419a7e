import CZlib

/// What a gzip file unpacks to, member after member (RFC 1952).
final class GzipByteSource: ByteSource {
  private let compressed: any ByteSource
  private let input = UnsafeMutableRawBufferPointer.allocate(
    byteCount: CaptureLimits.compressedOctets, alignment: 16)
  /// On the heap, since zlib keeps its address.
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private let ready: Bool
  private var seenMember = false
  private var withinMember = false
  private var ended = false
  private(set) var fault: ByteFault?

  init(_ compressed: any ByteSource) {
    self.compressed = compressed
    stream.initialize(to: z_stream())
    // 15 bits of window, +16: gzip framing and nothing else.
    ready = inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    if !ready { fault = ByteFault(kind: .unreadable, reason: "zlib cannot start: out of memory") }
  }

  deinit {
    if ready { inflateEnd(stream) }
    stream.deallocate()
    input.deallocate()
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    guard !ended, fault == nil, let start = buffer.baseAddress else { return 0 }
    stream.pointee.next_out = start.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = UInt32(clamping: buffer.count)
    let room = stream.pointee.avail_out
    func produced() -> Int { Int(room - stream.pointee.avail_out) }
    while stream.pointee.avail_out > 0 {
      if stream.pointee.avail_in == 0 {
        // What is unpacked goes out before more is waited for.
        if produced() > 0 { break }
        guard refill() else { break }
      }
      if !withinMember {
        guard startsMember() else { break }
      }
      let status = inflate(stream, Z_NO_FLUSH)
      if status == Z_STREAM_END {
        withinMember = false
        inflateReset(stream)
      } else if status != Z_OK && status != Z_BUF_ERROR {
        let words = stream.pointee.msg.map { String(cString: $0) } ?? "error \(status)"
        fault = ByteFault(kind: .corrupt, reason: "the gzip data is damaged: \(words)")
        break
      }
    }
    return produced()
  }

  /// Reads more compressed octets; false at their end.
  private func refill() -> Bool {
    let count = compressed.read(into: input)
    stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_in = UInt32(clamping: count)
    if count > 0 { return true }
    ended = true
    fault = compressed.fault
    if fault == nil, withinMember {
      fault = ByteFault(
        kind: .cut,
        reason: "the gzip file ends after \(compressed.progress.octetsRead) octets, before its data does")
    }
    return false
  }

  /// Is there another member? Anything else after the first is padding, which gzip(1) ignores too.
  private func startsMember() -> Bool {
    if seenMember, stream.pointee.next_in?.pointee != 0x1f {
      ended = true
      return false
    }
    seenMember = true
    withinMember = true
    return true
  }

  var progress: CaptureProgress { compressed.progress }
}
