import CZstd

/// What a zstd file unpacks to, frame after frame (RFC 8878).
final class ZstdByteSource: ByteSource {
  private let compressed: any ByteSource
  private let input = UnsafeMutableRawBufferPointer.allocate(
    byteCount: CaptureLimits.compressedOctets, alignment: 16)
  private let context = ZSTD_createDStream()
  private var inputEnd = 0
  private var inputPosition = 0
  private var withinFrame = false
  /// The last call filled its output: more may lie in the decoder.
  private var holdsOutput = false
  private var ended = false
  private(set) var fault: ByteFault?

  init(_ compressed: any ByteSource) {
    self.compressed = compressed
    if context == nil { fault = ByteFault(kind: .unreadable, reason: "zstd cannot start: out of memory") }
  }

  deinit {
    ZSTD_freeDStream(context)
    input.deallocate()
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    guard !ended, fault == nil else { return 0 }
    var output = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
    while output.pos < output.size {
      if inputPosition == inputEnd && !holdsOutput {
        // What is unpacked goes out before more is waited for.
        if output.pos > 0 { break }
        guard refill() else { break }
      }
      var source = ZSTD_inBuffer(src: input.baseAddress, size: inputEnd, pos: inputPosition)
      let status = ZSTD_decompressStream(context, &output, &source)
      inputPosition = source.pos
      if ZSTD_isError(status) != 0 {
        let words = String(cString: ZSTD_getErrorName(status))
        fault = ByteFault(kind: .corrupt, reason: "the zstd data is damaged: \(words)")
        break
      }
      withinFrame = status != 0
      holdsOutput = withinFrame && output.pos == output.size
    }
    return output.pos
  }

  /// Reads more compressed octets; false at their end.
  private func refill() -> Bool {
    inputPosition = 0
    inputEnd = compressed.read(into: input)
    if inputEnd > 0 { return true }
    ended = true
    fault = compressed.fault
    if fault == nil, withinFrame {
      fault = ByteFault(
        kind: .cut,
        reason: "the zstd file ends after \(compressed.progress.octetsRead) octets, before its data does")
    }
    return false
  }

  var progress: CaptureProgress { compressed.progress }
}
