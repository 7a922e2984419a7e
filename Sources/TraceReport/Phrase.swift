/// A short text of the program that is written in words of eight octets: what follows overwrites those beyond its end.
///
/// Cost: no call and no loop. Whoever writes one vouches for room of `Phrase.room` octets.
struct Phrase: Sendable {
  private typealias Half = (UInt64, UInt64, UInt64, UInt64)
  private let first: Half
  private let second: Half
  let length: Int

  /// Octets that may be written to, however short the phrase.
  static let room = 64

  /// - Parameter parts: `room` octets at most together; what is beyond is left out.
  init(_ parts: StaticString...) {
    var words = [UInt64](repeating: 0, count: Self.room / 8)
    var length = 0
    for part in parts {
      for i in 0..<part.utf8CodeUnitCount where length < Self.room {
        words[length / 8] |= UInt64(part.utf8Start[i]) << UInt64(length % 8 * 8)
        length += 1
      }
    }
    words = words.map(\.littleEndian)
    first = (words[0], words[1], words[2], words[3])
    second = (words[4], words[5], words[6], words[7])
    self.length = length
  }

  @inline(__always)
  func write(to start: UnsafeMutablePointer<UInt8>) {
    let target = UnsafeMutableRawPointer(start)
    Self.store(first, to: target)
    if length > 32 { Self.store(second, to: target + 32) }
  }

  @inline(__always)
  private static func store(_ half: Half, to target: UnsafeMutableRawPointer) {
    target.storeBytes(of: half.0, as: UInt64.self)
    target.storeBytes(of: half.1, toByteOffset: 8, as: UInt64.self)
    target.storeBytes(of: half.2, toByteOffset: 16, as: UInt64.self)
    target.storeBytes(of: half.3, toByteOffset: 24, as: UInt64.self)
  }
}
