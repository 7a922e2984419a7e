/// Decimal digits, eight at a time.
enum Digits {
  private static let pairs: StaticString = """
    0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849\
    5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899
    """
  private static let zeros: UInt64 = 0x3030_3030_3030_3030

  /// Writes `number` and returns how many octets that took: at most twenty, of which all may be written to.
  @inline(__always)
  static func write(_ number: UInt64, to start: UnsafeMutablePointer<UInt8>) -> Int {
    if number < 10 {
      start[0] = 48 &+ UInt8(truncatingIfNeeded: number)
      return 1
    }
    return writeMany(number, to: start)
  }

  private static func writeMany(_ number: UInt64, to start: UnsafeMutablePointer<UInt8>) -> Int {
    if number < 100 {
      let pair = Self.pairs.utf8Start + Int(truncatingIfNeeded: number) &* 2
      start[0] = pair[0]
      start[1] = pair[1]
      return 2
    }
    if number < 100_000_000 { return writeHead(number, to: start) }
    let (high, low) = number.quotientAndRemainder(dividingBy: 100_000_000)
    var length: Int
    if high < 100_000_000 {
      length = writeHead(high, to: start)
    } else {
      let (head, middle) = high.quotientAndRemainder(dividingBy: 100_000_000)
      length = writeHead(head, to: start)
      store(eight(middle) | zeros, to: start + length)
      length &+= 8
    }
    store(eight(low) | zeros, to: start + length)
    return length &+ 8
  }

  /// Writes a number of eight digits at most, which is not 0; its octets up to the eighth may be anything.
  @inline(__always)
  private static func writeHead(_ number: UInt64, to start: UnsafeMutablePointer<UInt8>) -> Int {
    let digits = eight(number)
    let leading = digits.trailingZeroBitCount & ~7
    store((digits | zeros) &>> UInt64(leading), to: start)
    return 8 &- leading &>> 3
  }

  /// The eight digits of a number below 10 to the power of 8, the first in the lowest octet.
  ///
  /// Halves it three times, all parts at once: by 10,000, by 100, by 10, each division a multiplication that is
  /// exact for numbers of that size.
  @inline(__always)
  private static func eight(_ number: UInt64) -> UInt64 {
    let (high, low) = number.quotientAndRemainder(dividingBy: 10_000)
    let fours = high | low &<< 32
    let hundreds = (fours &* 10_486) &>> 20 & 0x0000_007f_0000_007f
    let twos = hundreds | (fours &- hundreds &* 100) &<< 16
    let tens = (twos &* 103) &>> 10 & 0x000f_000f_000f_000f
    return tens | (twos &- tens &* 10) &<< 8
  }

  @inline(__always)
  private static func store(_ octets: UInt64, to start: UnsafeMutablePointer<UInt8>) {
    UnsafeMutableRawPointer(start).storeBytes(of: octets.littleEndian, as: UInt64.self)
  }
}
