import TraceDecode
import TraceRules

/// What a number measures, and so which units may be written after it.
public typealias QuantityUnit = MeasureUnit

extension MeasureUnit {
  /// How a value of this kind is written: what an error message asks for.
  public var expectation: String {
    switch self {
    case .count: "a number, as 3"
    case .time: "a time with its unit (ns, us, ms, s, min, h), as 50ms"
    case .octets: "a number of octets, as 1460 or 64KiB"
    case .ratio: "a share, as 0.02 or 2%"
    case .rate: "a rate, as 10Mbit/s or 1MB/s"
    }
  }

  /// Every unit that may follow the number, and how many of the base unit it is.
  private var units: [(name: String, factor: Int64)] {
    switch self {
    case .count: [("", 1), ("k", 1000), ("M", 1_000_000)]
    case .time:
      [
        ("ns", 1), ("us", 1000), ("µs", 1000), ("ms", 1_000_000), ("s", 1_000_000_000),
        ("min", 60_000_000_000), ("h", 3_600_000_000_000), ("d", 86_400_000_000_000),
      ]
    case .octets:
      [
        ("", 1), ("B", 1), ("kB", 1000), ("KB", 1000), ("KiB", 1024), ("MB", 1_000_000), ("MiB", 1 << 20),
        ("GB", 1_000_000_000), ("GiB", 1 << 30),
      ]
    case .ratio: [("", 1_000_000), ("%", 10_000)]
    case .rate:
      [
        ("B/s", 1), ("kB/s", 1000), ("MB/s", 1_000_000), ("GB/s", 1_000_000_000), ("kbit/s", 125),
        ("Mbit/s", 125_000), ("Gbit/s", 125_000_000),
      ]
    }
  }

  /// The value of `text` in the base unit; nil when it is none of this kind or exceeds 64 bits.
  public func value(of text: String) -> Int64? {
    let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    var unit = text.dropFirst(digits.count)
    while unit.first == " " { unit.removeFirst() }
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), !parts.contains(""), let whole = Int64(parts[0]) else { return nil }
    guard let factor = units.first(where: { $0.name == unit })?.factor else {
      return self == .time && unit.isEmpty && whole == 0 && parts.count == 1 ? 0 : nil
    }
    let (value, overflow) = whole.multipliedReportingOverflow(by: factor)
    guard !overflow else { return nil }
    guard parts.count == 2 else { return value }
    // The fraction, digit by digit; what is below the base unit is cut.
    var fraction: Int64 = 0
    var place = factor
    for digit in parts[1] {
      place /= 10
      fraction &+= place &* Int64(digit.wholeNumberValue ?? 0)
    }
    let (sum, tooLarge) = value.addingReportingOverflow(fraction)
    return tooLarge ? nil : sum
  }

  /// A value of this kind, as people read it.
  public func words(_ value: Int64) -> String {
    switch self {
    case .count: Format.grouped(value)
    case .time: Format.time(value)
    case .octets: Format.octets(value)
    case .ratio: Format.percent(UInt64(clamping: value), of: 1_000_000)
    case .rate: Format.rate(octets: UInt64(clamping: value), over: 1_000_000_000)
    }
  }
}
