import TraceDecode

/// Reads a saved capture block by block and hands over the records a walk finds in it.
final class RecordReader<Walk: RecordWalk>: CaptureSource {
  private let source: any ByteSource
  private let filter: BPFFilter?
  private var framesLeft: UInt64
  private let firstFrame: UInt64

  private var walk: Walk
  private var damage: CaptureDamage?
  private var finished = false

  /// Octets read and not yet walked are `buffer[start..<end]`; `buffer[start]` lies at `offset` in the capture.
  private var buffer = UnsafeMutableRawBufferPointer.allocate(
    byteCount: CaptureLimits.blockOctets, alignment: 4096)
  private var start = 0
  private var end = 0
  private var offset: UInt64 = 0
  private let frames = UnsafeMutableBufferPointer<Frame>.allocate(capacity: CaptureLimits.batch)

  init(_ walk: Walk, source: any ByteSource, filter: BPFFilter?, maxFrames: UInt64?) {
    self.walk = walk
    self.source = source
    self.filter = filter
    framesLeft = maxFrames ?? .max
    firstFrame = walk.nextFrame
  }

  deinit {
    buffer.deallocate()
    frames.deallocate()
  }

  var info: CaptureInfo {
    var info = walk.info
    info.frames = walk.nextFrame &- firstFrame
    info.damage = damage
    info.filterRefusals = filter?.refusals ?? []
    return info
  }

  var progress: CaptureProgress { source.progress }

  func nextBatch(_ body: (UnsafeBufferPointer<Frame>) -> Void) throws(CaptureError) -> Int {
    if offset == 0, walk.headerLength > 0 { skipHeader() }
    while !finished, framesLeft > 0 {
      let wanted = Int(clamping: min(framesLeft, UInt64(frames.count)))
      let step = walk.walk(
        UnsafeRawBufferPointer(rebasing: buffer[start..<end]), at: offset,
        into: UnsafeMutableBufferPointer(rebasing: frames[..<wanted]))
      start += step.consumed
      offset &+= UInt64(step.consumed)
      let found = UnsafeMutableBufferPointer(rebasing: frames[..<step.frames])
      let kept = filter?.keep(found) ?? step.frames
      if kept > 0 {
        framesLeft -= UInt64(kept)
        body(UnsafeBufferPointer(rebasing: frames[..<kept]))
        return kept
      }
      switch step.stop {
      case .full: continue
      case .needs(let count): if !refill(count) { finish(needing: count) }
      case .damaged(let kind, let reason): end(kind, reason)
      }
    }
    return 0
  }

  private func skipHeader() {
    while end - start < walk.headerLength {
      if !refill(walk.headerLength) {
        finish(needing: walk.headerLength)
        return
      }
    }
    start += walk.headerLength
    offset = UInt64(walk.headerLength)
  }

  /// Reads on, in a buffer that can hold `count` octets from `start`; false at the end of the input.
  private func refill(_ count: Int) -> Bool {
    let left = end - start
    if left == buffer.count {
      // A record longer than the block: grow by what has really arrived, never by what is claimed.
      let grown = UnsafeMutableRawBufferPointer.allocate(
        byteCount: min(max(count, buffer.count), buffer.count * 2), alignment: 4096)
      grown.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[start..<end]))
      buffer.deallocate()
      buffer = grown
    } else if start > 0, left > 0 {
      UnsafeMutableRawBufferPointer(rebasing: buffer[..<left]).copyMemory(
        from: UnsafeRawBufferPointer(rebasing: buffer[start..<end]))
    }
    start = 0
    end = left
    let got = source.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[end...]))
    end += got
    return got > 0
  }

  private func finish(needing count: Int) {
    if let fault = source.fault {
      end(fault.kind, fault.reason)
    } else if end > start {
      end(.cut, "the file ends within a record, \(end - start) octets into \(count) that are needed")
    }
    finished = true
  }

  private func end(_ kind: CaptureDamage.Kind, _ reason: String) {
    damage = CaptureDamage(
      kind: kind, offset: offset, reason: reason, framesBefore: walk.nextFrame &- firstFrame)
    finished = true
  }
}
