import TraceDecode

/// Finds the records in consecutive octets of one format; knows nothing of where they come from.
protocol RecordWalk {
  /// What was learnt so far; `frames` and `damage` are the reader's to fill in.
  var info: CaptureInfo { get }
  /// The number the next frame gets.
  var nextFrame: UInt64 { get }
  /// Octets at the front of the file that are no records.
  var headerLength: Int { get }

  /// Describes the records at the front of `bytes` in `frames`, up to its capacity.
  ///
  /// `offset` is the place of `bytes` in the capture. Frames borrow from `bytes`.
  /// Cost: no allocation for a packet.
  mutating func walk(
    _ bytes: UnsafeRawBufferPointer, at offset: UInt64, into frames: UnsafeMutableBufferPointer<Frame>
  ) -> WalkStep
}

/// How far a walk came, and why no further.
struct WalkStep {
  /// Octets of whole records, to be dropped once the frames are done with.
  var consumed = 0
  var frames = 0
  var stop = WalkStop.full
}

enum WalkStop {
  /// No room for another frame.
  case full
  /// The next record needs this many octets from where it starts.
  case needs(Int)
  /// The next record is none.
  case damaged(CaptureDamage.Kind, String)
}

/// Where the numbers of one capture start, when it is one of several.
struct Numbering {
  var frame: UInt64 = 1
  var interface: UInt32 = 0
}

extension UnsafeRawPointer {
  /// The 32 bits at `offset`, in the byte order of a file.
  @inline(__always)
  func word(_ offset: Int, swapped: Bool) -> UInt32 {
    let value = loadUnaligned(fromByteOffset: offset, as: UInt32.self)
    return swapped ? value.byteSwapped : value
  }

  @inline(__always)
  func half(_ offset: Int, swapped: Bool) -> UInt16 {
    let value = loadUnaligned(fromByteOffset: offset, as: UInt16.self)
    return swapped ? value.byteSwapped : value
  }

  @inline(__always)
  func long(_ offset: Int, swapped: Bool) -> UInt64 {
    let value = loadUnaligned(fromByteOffset: offset, as: UInt64.self)
    return swapped ? value.byteSwapped : value
  }
}
