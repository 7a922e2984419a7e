import TraceDecode

/// Several files of one recording, read as one capture.
///
/// A file that is damaged ends there and the next one goes on; `files` says which.
public final class JoinedSource: CaptureSource {
  /// The files in the order they are read.
  public let paths: [String]
  private let options: CaptureOptions
  private let sizes: [UInt64?]

  private var current: (any CaptureSource)?
  private var index = -1
  private var numbering = Numbering()
  private var delivered: UInt64 = 0
  private var finished: [CaptureInfo] = []
  private var merged: CaptureInfo

  init(_ paths: [String], options: CaptureOptions) throws(CaptureError) {
    guard let first = paths.first else {
      throw CaptureError(path: "", problem: "no capture to join", remedy: "name the files of the recording")
    }
    if paths.count > 1, paths.contains("-") {
      throw CaptureError(
        path: "-", problem: "standard input cannot be one of several files of a recording",
        remedy: "write it to a file first")
    }
    let ordered = try RotatedSet.order(paths)
    self.paths = ordered.map(\.path)
    sizes = ordered.map(\.octets)
    self.options = options
    merged = CaptureInfo(path: first, format: .pcap, byteOrder: .native, version: "", reader: options.reader)
    try advance()
    if let current { merged = current.info }
  }

  public var fileIndex: Int { max(index, 0) }

  /// What is known of each file that has been opened so far.
  public var files: [CaptureInfo] { finished + (current.map { [$0.info] } ?? []) }

  /// The files as one: interfaces, sections and comments after one another, the first damage.
  public var info: CaptureInfo {
    var result = merged
    result.path = paths.first ?? result.path
    result.sections = []
    result.interfaces = []
    result.comments = []
    result.commentsOmitted = 0
    result.frames = 0
    result.dropsInRecords = nil
    result.damage = nil
    result.sectionsSkipped = 0
    for file in files { result.append(file) }
    return result
  }

  public var progress: CaptureProgress {
    let before = sizes[..<fileIndex].reduce(UInt64(0)) { $0 &+ ($1 ?? 0) }
    let whole = sizes.reduce(UInt64?(0)) { sum, size in
      guard let sum, let size else { return nil }
      return sum &+ size
    }
    return CaptureProgress(
      octetsRead: before &+ (current?.progress.octetsRead ?? 0), octetsTotal: whole)
  }

  public func nextBatch(_ body: (UnsafeBufferPointer<Frame>) -> Void) throws(CaptureError) -> Int {
    while let source = current {
      let count = try source.nextBatch(body)
      if count > 0 {
        delivered &+= UInt64(count)
        return count
      }
      if let most = options.maxFrames, delivered >= most { return 0 }
      guard index + 1 < paths.count else { return 0 }
      let info = source.info
      finished.append(info)
      numbering.frame &+= info.frames
      numbering.interface &+= UInt32(truncatingIfNeeded: info.interfaces.count)
      current = nil
      try advance()
    }
    return 0
  }

  private func advance() throws(CaptureError) {
    index += 1
    var options = options
    if let most = options.maxFrames { options.maxFrames = most - min(most, delivered) }
    current = try Capture.open(path: paths[index], options: options, numbering: numbering)
  }
}

extension CaptureInfo {
  /// Takes `next` for the continuation of this capture.
  fileprivate mutating func append(_ next: CaptureInfo) {
    let firstSection = UInt32(truncatingIfNeeded: sections.count)
    let firstInterface = UInt32(truncatingIfNeeded: interfaces.count)
    sections += next.sections
    interfaces += next.interfaces.map {
      var interface = $0
      interface.section &+= firstSection
      return interface
    }
    for var comment in next.comments {
      switch comment.subject {
      case .section(let index): comment.subject = .section(index &+ firstSection)
      case .interface(let index): comment.subject = .interface(index &+ firstInterface)
      case .frame: break  // numbered through by the reader
      }
      if comments.count < CaptureLimits.comments { comments.append(comment) } else { commentsOmitted &+= 1 }
    }
    commentsOmitted &+= next.commentsOmitted
    frames &+= next.frames
    if let drops = next.dropsInRecords { dropsInRecords = (dropsInRecords ?? 0) &+ drops }
    if damage == nil { damage = next.damage }
    sectionsSkipped &+= next.sectionsSkipped
    for refusal in next.filterRefusals where !filterRefusals.contains(refusal) {
      filterRefusals.append(refusal)
    }
  }
}
