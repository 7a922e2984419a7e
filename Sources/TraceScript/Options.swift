import TraceDecode

/// Reads the options of a segment, as tcpdump writes them, into octets.
struct OptionReader {
  let line: Int
  let column: Int
  /// The ISN that SACK blocks are relative to: the peer's.
  let peerISN: UInt32
  private(set) var bytes: [UInt8] = []
  private(set) var tsVal: UInt32?

  init(line: Int, column: Int, peerISN: UInt32) {
    self.line = line
    self.column = column
    self.peerISN = peerISN
  }

  mutating func read(_ text: String) throws(ScriptError) {
    for item in text.split(separator: ",") {
      let words = item.split(separator: " ").map(String.init)
      guard let name = words.first else { continue }
      let arguments = Array(words.dropFirst())
      switch (name, arguments.count) {
      case ("mss", 1):
        bytes += [2, 4]
        bytes.append16(UInt16(try number(arguments[0], 0xffff)))
      case ("wscale", 1): bytes += [3, 3, UInt8(try number(arguments[0], 255))]
      case ("sackOK", 0): bytes += [4, 2]
      case ("nop", 0): bytes.append(1)
      case ("eol", 0): bytes.append(0)
      case ("TS", 4) where arguments[0] == "val" && arguments[2] == "ecr":
        timestamps(
          UInt32(try number(arguments[1], 0xffff_ffff)), UInt32(try number(arguments[3], 0xffff_ffff)))
      case ("sack", 1...4): try sack(arguments)
      case ("FO", 0): bytes += [34, 2]
      case ("FO", 1): try kind(34, hex: arguments[0])
      case ("kind", 1): try kind(UInt8(try number(arguments[0], 255)), hex: "")
      case ("kind", 2): try kind(UInt8(try number(arguments[0], 255)), hex: arguments[1])
      case ("raw", 1): bytes += try octets(arguments[0])
      default:
        throw fail(
          "\"\(item.drop { $0 == " " })\" is no option",
          expected:
            "mss N, wscale N, sackOK, TS val N ecr N, sack A:B, nop, eol, FO HEX, kind N HEX or raw HEX")
      }
    }
  }

  mutating func timestamps(_ val: UInt32, _ ecr: UInt32) {
    tsVal = val
    bytes += [8, 10]
    bytes.append32(val, ecr)
  }

  /// Fills up to a multiple of four octets with NOPs.
  mutating func pad() throws(ScriptError) {
    while bytes.count % 4 != 0 { bytes.append(1) }
    guard bytes.count <= 40 else {
      throw fail("\(bytes.count) octets of options", expected: "at most 40", remedy: "leave some out")
    }
  }

  private mutating func sack(_ blocks: [String]) throws(ScriptError) {
    bytes += [5, UInt8(2 + 8 * blocks.count)]
    for block in blocks {
      let edges = block.split(separator: ":").map { Int64($0) }
      guard edges.count == 2, let left = edges[0], let right = edges[1] else {
        throw fail("\"\(block)\" is no SACK block", expected: "LEFT:RIGHT relative to the peer's ISN")
      }
      bytes.append32(
        peerISN &+ UInt32(truncatingIfNeeded: left), peerISN &+ UInt32(truncatingIfNeeded: right))
    }
  }

  private mutating func kind(_ kind: UInt8, hex: String) throws(ScriptError) {
    let content = try octets(hex)
    bytes += [kind, UInt8(truncatingIfNeeded: 2 + content.count)] + content
  }

  private func octets(_ hex: String) throws(ScriptError) -> [UInt8] {
    guard let bytes = [UInt8](hex: hex) else {
      throw fail("\"\(hex)\" is no hexadecimal text", expected: "two digits an octet")
    }
    return bytes
  }

  private func number(_ text: String, _ limit: Int64) throws(ScriptError) -> Int64 {
    guard let value = Int64(text), (0...limit).contains(value) else {
      throw fail("\"\(text)\" does not fit", expected: "a number from 0 to \(limit)")
    }
    return value
  }

  private func fail(_ problem: String, expected: String, remedy: String = "") -> ScriptError {
    ScriptError(line: line, column: column, problem: problem, expected: expected, remedy: remedy)
  }
}

extension [UInt8] {
  /// Two hexadecimal digits an octet; nil for anything else.
  init?(hex: some StringProtocol) {
    let digits = hex.map(\.hexDigitValue)
    guard digits.count % 2 == 0 else { return nil }
    self = []
    for i in stride(from: 0, to: digits.count, by: 2) {
      guard let high = digits[i], let low = digits[i + 1] else { return nil }
      append(UInt8(high << 4 | low))
    }
  }
}
