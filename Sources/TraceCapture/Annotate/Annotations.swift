/// What is added to a capture while it is copied, and what is left out.
public struct Annotations: Sendable {
  /// Comment on the capture as a whole.
  public var section: String?
  /// Comments by frame number, in the order they are to be read.
  public var frames: [UInt64: [String]] = [:]
  /// The frames that are kept; nil keeps all.
  public var kept: FrameSet?

  public init() {}
}

/// Frame numbers; a bit for each, up to the highest.
public struct FrameSet: Sendable, Hashable {
  private var words: [UInt64] = []

  public init() {}

  public mutating func insert(_ frame: UInt64) {
    guard let word = Int(exactly: frame / 64), word < 1 << 32 else { return }
    if word >= words.count { words.append(contentsOf: repeatElement(0, count: word + 1 - words.count)) }
    words[word] |= 1 << (frame % 64)
  }

  public func contains(_ frame: UInt64) -> Bool {
    guard let word = Int(exactly: frame / 64), word < words.count else { return false }
    return words[word] & 1 << (frame % 64) != 0
  }

  /// Leaves only what `other` has, too.
  public mutating func formIntersection(_ other: FrameSet) {
    words = zip(words, other.words).map { $0 & $1 }
  }

  /// Adds the `count` frames before each, and after each.
  public mutating func widen(by count: UInt64) {
    guard count > 0 else { return }
    let members = self
    /// The next frame that is not yet looked at: ranges that touch are filled once.
    var next: UInt64 = 1
    for (i, word) in members.words.enumerated() where word != 0 {
      for bit in 0..<UInt64(64) where word & 1 << bit != 0 {
        let frame = UInt64(i) * 64 + bit
        let last = frame &+ count
        var near = max(next, frame > count ? frame - count : 1)
        while near <= last {
          insert(near)
          near += 1
        }
        next = near
      }
    }
  }
}

/// What became of an annotated copy.
public struct AnnotationResult: Sendable, Equatable {
  public var framesWritten: UInt64 = 0
  public var commentsWritten = 0
  /// Simple packet blocks cannot hold a comment; so many were written as enhanced ones.
  public var simplePacketsConverted = 0
  /// Comments for frames that are left out, or that never came.
  public var commentsLeft = 0
  /// Where the input breaks off; the copy ends before.
  public var damage: CaptureDamage?
}
