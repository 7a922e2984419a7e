import TraceCapture
import TraceDecode

/// A frame with octets of its own, to compare.
struct ReadFrame: Equatable {
  var number: UInt64
  var time: Int64
  var recordOffset: UInt64
  var bytes: [UInt8]
  var wireLength: UInt32
  var linkType: UInt16
  var interface: UInt32

  init(_ frame: Frame) {
    number = frame.number
    time = frame.time
    recordOffset = frame.recordOffset
    bytes = Array(frame.bytes)
    wireLength = frame.wireLength
    linkType = frame.linkType.rawValue
    interface = frame.interface
  }

  /// What libpcap can tell of a frame.
  var seenByLibpcap: ReadFrame {
    var frame = self
    frame.recordOffset = 0
    frame.interface = 0
    return frame
  }
}

/// All that a source delivers.
func drain(_ source: any CaptureSource) throws(CaptureError) -> (frames: [ReadFrame], info: CaptureInfo) {
  var frames: [ReadFrame] = []
  while try source.nextBatch({ batch in for frame in batch { frames.append(ReadFrame(frame)) } }) > 0 {}
  return (frames, source.info)
}

func read(_ bytes: [UInt8], _ reader: ReaderChoice = .automatic) throws(CaptureError) -> (
  frames: [ReadFrame], info: CaptureInfo
) {
  try drain(Capture.open(bytes: bytes, options: CaptureOptions(reader: reader)))
}
