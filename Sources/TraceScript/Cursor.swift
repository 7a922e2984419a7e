import TraceDecode

/// Reads the words of one line from left to right, and says what it missed.
struct Cursor {
  let line: ScriptLine
  private var index = 0

  init(_ line: ScriptLine) { self.line = line }

  var peek: Token? { index < line.tokens.count ? line.tokens[index] : nil }
  var isAtEnd: Bool { index >= line.tokens.count }

  mutating func next() -> Token? {
    defer { index += 1 }
    return peek
  }

  mutating func next(_ expected: String) throws(ScriptError) -> Token {
    guard let token = next() else {
      throw ScriptError(
        line: line.number, column: line.endColumn, problem: "the line ends too soon", expected: expected)
    }
    return token
  }

  /// Takes the next word if it is `word`.
  mutating func take(_ word: String) -> Bool {
    guard let token = peek, token.kind == .word, token.value == word else { return false }
    index += 1
    return true
  }

  func error(_ token: Token, _ problem: String, expected: String = "", remedy: String = "") -> ScriptError {
    ScriptError(
      line: line.number, column: token.column, problem: problem, expected: expected, remedy: remedy)
  }

  func end() throws(ScriptError) {
    if let token = peek {
      throw error(token, "\"\(token.value)\" after the end of the statement", expected: "the end of the line")
    }
  }

  /// A number, decimal or 0x hexadecimal, within `range`.
  mutating func number(_ what: String, in range: ClosedRange<Int64>) throws(ScriptError) -> Int64 {
    let token = try next(what)
    return try number(token, what, in: range)
  }

  func number(_ token: Token, _ what: String, in range: ClosedRange<Int64>) throws(ScriptError) -> Int64 {
    let text = token.value
    let value = text.hasPrefix("0x") ? Int64(text.dropFirst(2), radix: 16) : Int64(text)
    guard let value, range.contains(value) else {
      throw error(
        token, "\"\(text)\" is no \(what)",
        expected: "a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  /// Decimal seconds, to the nanosecond. Units: nanoseconds.
  func seconds(_ token: Token, _ text: Substring) throws(ScriptError) -> Int64 {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let fraction = parts.count == 2 ? parts[1] : "0"
    guard let whole = parts.first.flatMap({ Int64($0) }), (0...1_000_000_000).contains(whole),
      !fraction.isEmpty, fraction.count <= 9, fraction.allSatisfy(\.isASCII), let digits = UInt32(fraction)
    else {
      throw error(
        token, "\"\(token.value)\" is no time", expected: "seconds as 0.040, or +0.040 after the line before",
        remedy: "write at most nine decimals")
    }
    var nanoseconds = Int64(digits)
    for _ in fraction.count..<9 { nanoseconds *= 10 }
    return whole * 1_000_000_000 + nanoseconds
  }

  /// `10.0.0.1`, `[2001:db8::1]`, either with `:port`.
  func address(_ token: Token) throws(ScriptError) -> (IPAddress, UInt16?) {
    func fail() -> ScriptError {
      error(
        token, "\"\(token.value)\" is no address", expected: "10.0.0.1:80 or [2001:db8::1]:80")
    }
    var host = Substring(token.value)
    var port: UInt16?
    if host.first == "[" {
      guard let close = host.firstIndex(of: "]") else { throw fail() }
      let rest = host[host.index(after: close)...]
      host = host[host.index(after: host.startIndex)..<close]
      if !rest.isEmpty {
        guard rest.first == ":", let number = UInt16(rest.dropFirst()) else { throw fail() }
        port = number
      }
    } else if let colon = host.lastIndex(of: ":") {
      guard let number = UInt16(host[host.index(after: colon)...]) else { throw fail() }
      port = number
      host = host[..<colon]
    }
    guard let address = IPAddress(script: host) else { throw fail() }
    return (address, port)
  }
}

extension IPAddress {
  /// Reads a dotted quad or RFC 4291 text.
  init?(script text: Substring) {
    if !text.contains(":") {
      let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
      guard parts.count == 4 else { return nil }
      var value: UInt32 = 0
      for part in parts {
        guard let part else { return nil }
        value = value << 8 | UInt32(part)
      }
      self.init(v4: value)
      return
    }
    func groups(_ text: Substring) -> [UInt16]? {
      if text.isEmpty { return [] }
      let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { UInt16($0, radix: 16) }
      let known = parts.compactMap { $0 }
      return known.count == parts.count ? known : nil
    }
    var all: [UInt16]
    if let gap = text.firstRange(of: "::") {
      guard let head = groups(text[..<gap.lowerBound]), let tail = groups(text[gap.upperBound...]),
        head.count + tail.count < 8
      else { return nil }
      all = head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail
    } else {
      guard let exact = groups(text), exact.count == 8 else { return nil }
      all = exact
    }
    let word = { (part: ArraySlice<UInt16>) in part.reduce(UInt64(0)) { $0 << 16 | UInt64($1) } }
    self.init(high: word(all[..<4]), low: word(all[4...]))
  }
}
