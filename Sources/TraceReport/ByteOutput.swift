#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Octets on their way to a descriptor, gathered and written in blocks of 64 KiB; or kept in memory.
///
/// Errors: the first failed write is kept in `failure`, and everything after it is dropped, so that a writer
/// need not ask; whoever owns the run looks at it once a capture.
/// Cost: no allocation a record; integers are written without a String.
public final class ByteOutput {
  /// errno of the first write that failed; EPIPE when the reader went away.
  public private(set) var failure: Int32?
  private let descriptor: Int32?
  private var storage: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  private var count = 0
  private let digits = Digits.table

  /// Units: octets.
  private static let block = 64 << 10

  /// Writes to `descriptor`, which stays the caller's to close.
  public convenience init(descriptor: Int32) { self.init(to: descriptor) }

  /// Keeps everything in memory, for `bytes`.
  public convenience init() { self.init(to: nil) }

  private init(to descriptor: Int32?) {
    self.descriptor = descriptor
    capacity = descriptor == nil ? 4 << 10 : Self.block + (8 << 10)
    storage = .allocate(capacity: capacity)
  }

  deinit { storage.deallocate() }

  /// What is gathered and not yet written.
  public var bytes: [UInt8] { Array(UnsafeBufferPointer(start: storage, count: count)) }

  /// What is gathered, as text.
  public var text: String {
    String(decoding: UnsafeBufferPointer(start: storage, count: count), as: UTF8.self)
  }

  /// Lends what is gathered and not yet written.
  func withBytes<Answer>(_ body: (UnsafeBufferPointer<UInt8>) -> Answer) -> Answer {
    body(UnsafeBufferPointer(start: storage, count: count))
  }

  public var isEmpty: Bool { count == 0 }

  /// Forgets what is gathered.
  public func removeAll() { count = 0 }

  /// Writes what is gathered to the descriptor.
  public func flush() {
    guard let descriptor else { return }
    var from = 0
    while from < count, failure == nil {
      let written = write(descriptor, storage + from, count - from)
      if written >= 0 {
        from += written
      } else if errno != EINTR {
        failure = errno
      }
    }
    count = 0
  }

  /// Room for `needed` octets more, writing or growing.
  @inline(never)
  private func makeRoom(_ needed: Int) {
    if descriptor != nil { flush() }
    guard capacity - count < needed else { return }
    let larger = max(capacity * 2, count + needed)
    let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
    moved.update(from: storage, count: count)
    storage.deallocate()
    storage = moved
    capacity = larger
  }

  @inline(__always)
  private func reserve(_ needed: Int) {
    if capacity - count < needed { makeRoom(needed) }
  }

  @inline(__always)
  func put(_ text: StaticString) {
    let length = text.utf8CodeUnitCount
    reserve(length)
    (storage + count).update(from: text.utf8Start, count: length)
    count += length
  }

  @inline(__always)
  func put(_ byte: UInt8) {
    reserve(1)
    storage[count] = byte
    count += 1
  }

  public func put(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let base = bytes.baseAddress, bytes.count > 0 else { return }
    reserve(bytes.count)
    (storage + count).update(from: base, count: bytes.count)
    count += bytes.count
  }

  /// Appends text that is made at run time.
  ///
  /// Literals are to take the overload above, which copies them in place; they would take this one by default.
  @_disfavoredOverload
  public func put(_ text: String) {
    var text = text
    text.withUTF8 { put($0) }
  }

  func put(_ bytes: [UInt8]) { bytes.withUnsafeBufferPointer { put($0) } }

  /// Appends everything `other` has gathered.
  func put(_ other: ByteOutput) { put(UnsafeBufferPointer(start: other.storage, count: other.count)) }

  func put(_ byte: UInt8, times: Int) {
    for _ in 0..<max(0, times) { put(byte) }
  }

  @inline(__always)
  func put(_ number: Int) { put(Int64(number)) }
  @inline(__always)
  func put(_ number: UInt32) { put(UInt64(number)) }

  @inline(__always)
  func put(_ number: Int64) {
    if number < 0 { put(UInt8(ascii: "-")) }
    put(number.magnitude)
  }

  func put(_ number: UInt64) {
    reserve(Digits.room)
    var at = storage + count
    digits.write(number, to: &at)
    count = at - storage
  }

  /// The last `digits` decimal digits of `number`, zeros in front.
  func put(_ number: UInt64, digits: Int) {
    reserve(digits)
    var rest = number
    for i in stride(from: digits - 1, through: 0, by: -1) {
      storage[count + i] = 48 &+ UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
    count += digits
  }

  /// Appends what `body` writes, whose length it returns.
  @inline(__always)
  func append(atMost limit: Int, _ body: (UnsafeMutableBufferPointer<UInt8>) -> Int) {
    reserve(limit)
    count += body(UnsafeMutableBufferPointer(start: storage + count, count: limit))
  }

  /// Appends what `body` writes through a cursor, `limit` octets at most.
  @inline(__always)
  func compose(atMost limit: Int, _ body: (inout JSONCursor) -> Void) {
    reserve(limit)
    var cursor = JSONCursor(at: storage + count)
    body(&cursor)
    count = cursor.at - storage
  }

  /// Two lower-case hexadecimal digits.
  func putHex(_ byte: UInt8) {
    let digits: StaticString = "0123456789abcdef"
    put(digits.utf8Start[Int(byte >> 4)])
    put(digits.utf8Start[Int(byte & 15)])
  }
}

extension ByteOutput {
  /// Seconds with nine digits of fraction, exact: `1795252205.697622000`. Units: nanoseconds.
  func putSeconds(_ nanoseconds: Int64) {
    if nanoseconds < 0 { put(UInt8(ascii: "-")) }
    let (seconds, fraction) = nanoseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
    put(seconds)
    put(UInt8(ascii: "."))
    put(fraction, digits: 9)
  }
}
