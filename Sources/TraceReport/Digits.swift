/// Decimal digits, three at a time, from a table of what the numbers below a thousand look like.
///
/// Cost: six instructions for a number below a thousand, seven for each further three digits.
struct Digits: @unchecked Sendable {
  /// The numbers below a thousand: the digits, the first in the lowest octet, and how many they are in the highest.
  private let plain: UnsafePointer<UInt32>
  /// The same numbers with zeros in front.
  private let padded: UnsafePointer<UInt32>

  /// The table, made once and kept; whoever writes many numbers holds it, which spares the question whether it is made.
  static let table = Digits()

  /// Octets of the longest number, its sign included, and one more that is written to.
  static let room = 21

  private init() {
    let table = UnsafeMutablePointer<UInt32>.allocate(capacity: 2000)
    for number in 0..<1000 {
      let digits = [number / 100, number / 10 % 10, number % 10].map { UInt32($0) + 48 }
      func pack(_ digits: some Sequence<UInt32>) -> UInt32 {
        digits.reversed().reduce(0) { $0 << 8 | $1 }
      }
      let length = number < 10 ? 1 : number < 100 ? 2 : 3
      table[number] = (pack(digits.suffix(length)) | UInt32(length) << 24).littleEndian
      table[1000 + number] = pack(digits).littleEndian
    }
    plain = UnsafePointer(table)
    padded = UnsafePointer(table + 1000)
  }

  /// Writes `number` and moves `at` behind it.
  ///
  /// Limits: `room` octets may be written to.
  @inline(__always)
  func write(_ number: UInt64, to at: inout UnsafeMutablePointer<UInt8>) {
    if number < 1000 { writeHead(number, to: &at) } else { at = writeMany(number, to: at) }
  }

  /// The nine digits of a number below 10 to the power of 9.
  @inline(__always)
  func writeNine(_ number: UInt64, to at: inout UnsafeMutablePointer<UInt8>) {
    let (high, low) = number.quotientAndRemainder(dividingBy: 1_000_000)
    writeThree(high, to: &at)
    writeSix(low, to: &at)
  }

  private func writeMany(
    _ number: UInt64, to start: UnsafeMutablePointer<UInt8>
  ) -> UnsafeMutablePointer<UInt8> {
    var at = start
    if number < 1_000_000 {
      let (high, low) = number.quotientAndRemainder(dividingBy: 1000)
      writeHead(high, to: &at)
      writeThree(low, to: &at)
    } else if number < 1_000_000_000 {
      let (high, low) = number.quotientAndRemainder(dividingBy: 1_000_000)
      writeHead(high, to: &at)
      writeSix(low, to: &at)
    } else {
      let (high, low) = number.quotientAndRemainder(dividingBy: 1_000_000_000)
      if high < 1000 { writeHead(high, to: &at) } else { at = writeMany(high, to: at) }
      writeNine(low, to: &at)
    }
    return at
  }

  @inline(__always)
  private func writeHead(_ number: UInt64, to at: inout UnsafeMutablePointer<UInt8>) {
    let digits = plain[Int(truncatingIfNeeded: number)]
    UnsafeMutableRawPointer(at).storeBytes(of: digits, as: UInt32.self)
    at += Int(UInt32(littleEndian: digits) &>> 24)
  }

  @inline(__always)
  private func writeSix(_ number: UInt64, to at: inout UnsafeMutablePointer<UInt8>) {
    let (high, low) = number.quotientAndRemainder(dividingBy: 1000)
    writeThree(high, to: &at)
    writeThree(low, to: &at)
  }

  @inline(__always)
  private func writeThree(_ number: UInt64, to at: inout UnsafeMutablePointer<UInt8>) {
    UnsafeMutableRawPointer(at).storeBytes(of: padded[Int(truncatingIfNeeded: number)], as: UInt32.self)
    at += 3
  }
}
