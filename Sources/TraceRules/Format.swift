/// How numbers are written in messages: the same everywhere, and without Foundation.
public enum Format {
  /// A duration: `203.8 ms`, `4 us`, `1.2 s`, `2 min 5 s`. Units: nanoseconds.
  public static func time(_ ns: Int64) -> String {
    if ns < 0 { return ns == .min ? "-292 years" : "-" + time(-ns) }
    switch ns {
    case ..<1_000: return "\(ns) ns"
    case ..<1_000_000: return decimal(ns, per: 1_000) + " us"
    case ..<1_000_000_000: return decimal(ns, per: 1_000_000) + " ms"
    case ..<120_000_000_000: return decimal(ns, per: 1_000_000_000) + " s"
    default:
      let seconds = ns / 1_000_000_000 + (ns % 1_000_000_000 >= 500_000_000 ? 1 : 0)
      if seconds < 7200 { return pair(seconds / 60, "min", seconds % 60, "s") }
      if seconds < 172_800 { return pair(seconds / 3600, "h", seconds % 3600 / 60, "min") }
      return pair(seconds / 86400, "d", seconds % 86400 / 3600, "h")
    }
  }

  /// `1 octet`, `1460 octets`.
  public static func octets(_ n: some BinaryInteger) -> String { count(n, "octet") }

  /// A number and its noun, in the plural where it is not one: `3 times`, `1 SYN`.
  public static func count(_ n: some BinaryInteger, _ noun: String, plural: String? = nil) -> String {
    "\(n) " + (n == 1 ? noun : plural ?? noun + "s")
  }

  /// Octets a second as bits: `12.5 Mbit/s`.
  public static func rate(octets: UInt64, over ns: Int64) -> String {
    guard ns > 0 else { return "0 bit/s" }
    let bits = Double(octets) * 8e9 / Double(ns)
    let units: [(Double, String)] = [(1e9, "Gbit/s"), (1e6, "Mbit/s"), (1e3, "kbit/s")]
    for (size, name) in units where bits >= size {
      return decimal(Int64(min(bits / size * 1000, 1e15)), per: 1000) + " " + name
    }
    return "\(Int64(bits)) bit/s"
  }

  /// A share in percent, one decimal: `2.5 %`.
  public static func percent(_ part: UInt64, of whole: UInt64) -> String {
    guard whole > 0 else { return "0 %" }
    return decimal(Int64(min(Double(part) * 100_000 / Double(whole), 1e15)), per: 1000) + " %"
  }

  /// Large numbers with their thousands marked: `128,940`.
  public static func grouped(_ n: some BinaryInteger) -> String {
    let digits = String(n.magnitude)
    var text = ""
    for (i, digit) in digits.enumerated() {
      if i > 0, (digits.count - i) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return (n < 0 ? "-" : "") + text
  }

  /// A list as English has it: `1.0 s, 2.0 s and 4.0 s`.
  public static func list(_ items: [String], _ conjunction: String = "and") -> String {
    guard items.count > 1 else { return items.first ?? "" }
    return items.dropLast().joined(separator: ", ") + " \(conjunction) " + (items.last ?? "")
  }

  /// `n / per` with as many decimals as three significant digits need, at most three, trailing zeros cut.
  static func decimal(_ n: Int64, per unit: Int64) -> String {
    let whole = n / unit
    let places: Int64 = whole >= 100 ? 10 : whole >= 10 ? 100 : 1000
    let rounded = (n % unit &* places &+ unit / 2) / unit
    if rounded >= places { return "\(whole &+ 1)" }
    guard rounded > 0 else { return "\(whole)" }
    var fraction = String(rounded &+ places).dropFirst()
    while fraction.last == "0" { fraction.removeLast() }
    return "\(whole).\(fraction)"
  }

  private static func pair(_ a: Int64, _ unitA: String, _ b: Int64, _ unitB: String) -> String {
    b == 0 ? "\(a) \(unitA)" : "\(a) \(unitA) \(b) \(unitB)"
  }
}
