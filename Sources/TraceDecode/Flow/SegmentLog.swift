/// The segments a flow still remembers, oldest first: a ring that grows up to a limit and is trimmed from behind.
///
/// Indices are absolute: the first segment of the flow is 0, whatever has been forgotten since.
struct SegmentLog: ~Copyable {
  private var storage: UnsafeMutablePointer<SegmentRecord>
  private(set) var capacity: Int
  /// Oldest index remembered, and one past the newest.
  private(set) var first: Int
  private(set) var end: Int

  static let initialCapacity = 4

  init() { self.init(first: 0, capacity: Self.initialCapacity) }

  /// An empty log whose next record has index `first`; `capacity` is a power of two.
  init(first: Int, capacity: Int) {
    self.capacity = capacity
    self.first = first
    end = first
    storage = .allocate(capacity: capacity)
  }

  deinit { storage.deallocate() }

  var count: Int { end &- first }
  var isEmpty: Bool { end == first }
  var isFull: Bool { count == capacity }

  /// The record at absolute index `i`. Precondition: first <= i < end.
  subscript(i: Int) -> SegmentRecord {
    @inline(__always) unsafeAddress { UnsafePointer(storage + (i & (capacity - 1))) }
    @inline(__always) unsafeMutableAddress { storage + (i & (capacity - 1)) }
  }

  /// Where the record at absolute index `i` lies, for a look at many of its fields. Precondition: first <= i < end.
  @inline(__always)
  func place(_ i: Int) -> UnsafePointer<SegmentRecord> { UnsafePointer(storage + (i & (capacity &- 1))) }

  /// Reads a word of the place of index `i`, whatever is there.
  @inline(__always)
  func touch(_ i: Int) -> UInt64 { place(i).pointee.frame }

  /// Appends; when full, doubles up to `limit` records, and beyond that forgets the oldest.
  mutating func append(_ record: SegmentRecord, limit: Int) {
    if isFull {
      if capacity < limit { grow() } else { first &+= 1 }
    }
    storage[end & (capacity &- 1)] = record
    end &+= 1
  }

  /// Forgets everything before absolute index `index`.
  mutating func trim(to index: Int) {
    if index > first { first = Swift.min(index, end) }
  }

  /// What comes after an opening is seldom less than a dozen segments.
  private mutating func grow() {
    let room = capacity < 16 ? 16 : capacity &* 2
    let larger = UnsafeMutablePointer<SegmentRecord>.allocate(capacity: room)
    for i in first..<end { larger[i & (room &- 1)] = storage[i & (capacity &- 1)] }
    storage.deallocate()
    storage = larger
    capacity = room
  }
}
