/// The options at the end of a pcapng block (draft-ietf-opsawg-pcapng, 3.5), read one after another.
struct PcapngOptions {
  static let endOfOptions: UInt16 = 0
  static let comment: UInt16 = 1

  private let bytes: UnsafeRawBufferPointer
  private let swapped: Bool
  private var cursor = 0
  /// An option reached beyond the block.
  private(set) var malformed = false

  init(_ bytes: UnsafeRawBufferPointer, swapped: Bool) {
    self.bytes = bytes
    self.swapped = swapped
  }

  /// The next option; nil at the end, or where the rest is no option.
  mutating func next() -> Option? {
    guard let start = bytes.baseAddress, cursor < bytes.count else { return nil }
    guard bytes.count - cursor >= 4 else {
      malformed = true
      return nil
    }
    let code = start.half(cursor, swapped: swapped)
    let length = Int(start.half(cursor + 2, swapped: swapped))
    if code == Self.endOfOptions { return nil }
    let padded = (length + 3) & ~3
    guard bytes.count - cursor - 4 >= padded else {
      malformed = true
      return nil
    }
    let value = UnsafeRawBufferPointer(rebasing: bytes[(cursor + 4)..<(cursor + 4 + length)])
    cursor += 4 + padded
    return Option(code: code, value: value, swapped: swapped)
  }

  struct Option {
    let code: UInt16
    let value: UnsafeRawBufferPointer
    fileprivate let swapped: Bool

    /// Limits: cut to `CaptureLimits.textOctets`.
    var text: String {
      let kept = value.prefix(CaptureLimits.textOctets)
      let end = kept.lastIndex { $0 != 0 }.map { $0 + 1 } ?? kept.startIndex
      return String(decoding: UnsafeRawBufferPointer(rebasing: kept[..<end]), as: UTF8.self)
    }

    /// Nil if the value is not 8 octets long.
    var number: UInt64? {
      guard value.count == 8, let start = value.baseAddress else { return nil }
      return start.long(0, swapped: swapped)
    }

    var octet: UInt8? { value.count == 1 ? value.first : nil }
  }
}
