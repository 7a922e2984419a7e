/// Turns the time stamps of a pcapng interface into nanoseconds since the epoch.
struct TimeScale {
  private enum Operation: UInt8 {
    case multiply, divide, binary
  }
  private let operation: Operation
  /// Factor, divisor or exponent of two.
  private let operand: UInt64
  /// Units: nanoseconds.
  private let offset: Int64

  static let microseconds = TimeScale(.microseconds, offset: 0)

  /// `resolution` as read by `TimeResolution(option:)`; `offset` in seconds.
  init(_ resolution: TimeResolution, offset: Int64) {
    func power(_ exponent: UInt8) -> UInt64 { (0..<exponent).reduce(1) { value, _ in value &* 10 } }
    switch resolution {
    case .decimal(let exponent) where exponent <= 9:
      operation = .multiply
      operand = power(9 - exponent)
    case .decimal(let exponent):
      operation = .divide
      operand = power(min(exponent, 19) - 9)
    case .binary(let exponent):
      operation = .binary
      operand = UInt64(min(exponent, 63))
    }
    self.offset = offset &* 1_000_000_000
  }

  /// Nanoseconds of `stamp`; wraps where they do not fit 64 bits, as libpcap's seconds do.
  @inline(__always)
  func nanoseconds(_ stamp: UInt64) -> Int64 {
    let value: UInt64
    switch operation {
    case .multiply: value = stamp &* operand
    case .divide: value = stamp / operand
    case .binary:
      let seconds = stamp &>> operand
      let wide = (stamp & ((1 &<< operand) &- 1)).multipliedFullWidth(by: 1_000_000_000)
      let fraction =
        operand == 0 ? 0 : (wide.low &>> operand) | (wide.high &<< (64 &- operand))
      value = seconds &* 1_000_000_000 &+ fraction
    }
    return Int64(bitPattern: value) &+ offset
  }
}

extension TimeResolution {
  /// The if_tsresol option; nil for a resolution that 64 bits cannot count one second in.
  init?(option: UInt8) {
    if option & 0x80 != 0 {
      guard option & 0x7f <= 63 else { return nil }
      self = .binary(option & 0x7f)
    } else {
      guard option <= 19 else { return nil }
      self = .decimal(option)
    }
  }
}
