/// The latest octets that were handed on, to compare with what comes again.
struct StreamHistory {
  /// Octets of one segment, or of consecutive ones of one frame.
  struct Span {
    var range: Range<Int64>
    var frame: UInt64
    /// Index in `bytes` of its first octet, as if nothing had ever been dropped; nil for octets not at hand.
    var place: Int?
  }
  private var spans: [Span] = []
  private var head = 0
  private var bytes: [UInt8] = []
  /// Octets dropped from the front of `bytes`.
  private var dropped = 0
  /// Units: octets.
  let limit: Int

  init(limit: Int) { self.limit = limit }

  var cost: Int { bytes.count + (spans.count - head) * MemoryLayout<Span>.stride }

  /// Adds what was handed on next.
  mutating func append(_ range: Range<Int64>, _ octets: UnsafeRawBufferPointer, frame: UInt64) {
    guard limit > 0 else { return }
    let place = octets.count == range.count ? dropped + bytes.count : nil
    if place != nil { bytes.append(contentsOf: octets) }
    spans.append(Span(range: range, frame: frame, place: place))
    if cost > 2 * limit { shrink() }
  }

  /// Forgets the older half.
  private mutating func shrink() {
    let keep = max(0, bytes.count - limit)
    bytes.removeFirst(keep)
    dropped += keep
    let most = limit / MemoryLayout<Span>.stride
    while head < spans.count, spans.count - head > most || (spans[head].place ?? dropped) < dropped {
      head += 1
    }
    spans.removeFirst(head)
    head = 0
  }

  mutating func removeAll() {
    spans = []
    head = 0
    dropped += bytes.count
    bytes = []
  }

  /// Calls `body` for the parts of `range` that were handed on by one frame each, oldest offsets first, with
  /// their octets where they are at hand. What is forgotten is handed over with neither.
  func forEach(
    in range: Range<Int64>, _ body: (Range<Int64>, UInt64?, UnsafeRawBufferPointer?) -> Void
  ) {
    var low = head
    var high = spans.count
    while low < high {
      let middle = (low + high) / 2
      if spans[middle].range.upperBound <= range.lowerBound { low = middle + 1 } else { high = middle }
    }
    var cursor = range.lowerBound
    while low < spans.count, spans[low].range.lowerBound < range.upperBound {
      let span = spans[low]
      low += 1
      let part = span.range.clamped(to: range)
      if cursor < part.lowerBound { body(cursor..<part.lowerBound, nil, nil) }
      cursor = part.upperBound
      guard let place = span.place else {
        body(part, span.frame, nil)
        continue
      }
      let from = place - dropped + Int(part.lowerBound - span.range.lowerBound)
      bytes.withUnsafeBytes {
        body(part, span.frame, UnsafeRawBufferPointer(rebasing: $0[from..<(from + part.count)]))
      }
    }
    if cursor < range.upperBound { body(cursor..<range.upperBound, nil, nil) }
  }
}
