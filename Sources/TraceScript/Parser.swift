import TraceDecode

/// Reads a script line by line: directives change the setting, every other line makes a frame.
struct Parser {
  var script = Script()
  var flows: [Int: Conversation] = [:]
  var flow = 1
  /// Time of the last frame, relative to the epoch. Units: nanoseconds.
  var time: Int64 = 0
  var v6 = false
  var vlan: UInt16 = 0
  /// Ticks a second of the automatic timestamps; nil when off.
  var timestampHz: Int64?
  var identifications: [IPAddress: UInt16] = [:]

  var conversation: Conversation {
    get { flows[flow] ?? Conversation(number: flow, v6: v6) }
    set { flows[flow] = newValue }
  }

  mutating func parse(_ text: String) throws(ScriptError) -> Script {
    var lines: [ScriptLine] = []
    for (i, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      lines.append(try ScriptLine(line, number: i + 1))
    }
    try run(lines[...])
    return script
  }

  private mutating func run(_ lines: ArraySlice<ScriptLine>) throws(ScriptError) {
    var i = lines.startIndex
    while i < lines.endIndex {
      var cursor = Cursor(lines[i])
      if cursor.take("repeat") {
        let times = try cursor.number("count", in: 1...Int64(Script.frameLimit))
        try cursor.end()
        guard let end = lines[i...].firstIndex(where: { $0.tokens.first?.value == "end" }) else {
          throw ScriptError(
            line: lines[i].number, column: 1, problem: "a repeat without its end", expected: "a line \"end\"")
        }
        for _ in 0..<times { try run(lines[(i + 1)..<end]) }
        i = end + 1
        continue
      }
      try statement(&cursor)
      try expectations(of: lines[i])
      i += 1
    }
  }

  private mutating func statement(_ cursor: inout Cursor) throws(ScriptError) {
    guard let first = cursor.peek else { return }
    if first.value == "copy" {
      _ = cursor.next()
      try copy(&cursor)
    } else if let digit = first.value.first, digit.isNumber || digit == "+" {
      try frame(&cursor)
    } else {
      try directive(&cursor)
    }
    try cursor.end()
    guard script.frames.count <= Script.frameLimit else {
      throw ScriptError(
        line: cursor.line.number, column: 1, problem: "more than \(Script.frameLimit) frames",
        remedy: "repeat less often")
    }
  }

  // MARK: - Directives

  private mutating func directive(_ cursor: inout Cursor) throws(ScriptError) {
    let word = try cursor.next("a statement")
    switch word.value {
    case "originator", "responder":
      let (address, port) = try cursor.address(try cursor.next("an address"))
      let role: Role = word.value == "originator" ? .originator : .responder
      conversation[role].address = SocketAddress(
        address: address, port: port ?? conversation[role].address.port)
    case "isn":
      try both(&cursor, "ISN", in: -0xffff_ffff...0xffff_ffff) { flow, role, value, relative in
        flow[role].isn = (relative ? flow[role].isn : 0) &+ UInt32(truncatingIfNeeded: value)
        flow[role].next = 0
      }
    case "ttl":
      try both(&cursor, "TTL", in: 0...255) { flow, role, value, _ in
        flow[role].ttl = UInt8(value)
      }
    case "auto-ts":
      let token = try cursor.next("a rate as 1000hz, or off")
      if token.value == "off" {
        timestampHz = nil
      } else {
        guard token.value.hasSuffix("hz"), let hz = Int64(token.value.dropLast(2)),
          (1...1_000_000).contains(hz)
        else { throw cursor.error(token, "\"\(token.value)\" is no rate", expected: "1000hz, or off") }
        timestampHz = hz
      }
    case "ipv6":
      v6 = true
    case "vlan": vlan = UInt16(try cursor.number("VLAN identifier", in: 0...4095))
    case "flow":
      // A sign counts from the present flow, so that a repeat makes connections of its own.
      let sign = cursor.peek?.value.first
      let number = Int(try cursor.number("flow number", in: -20_000...20_000))
      let next = sign == "+" || sign == "-" ? flow + number : number
      guard (1...20_000).contains(next) else {
        throw cursor.error(word, "flow \(next) is out of range", expected: "1 to 20000")
      }
      flow = next
    case "capture": try note(&cursor)
    case "end": throw cursor.error(word, "an end without its repeat")
    default:
      throw cursor.error(
        word, "\"\(word.value)\" is no statement",
        expected:
          "a time, or originator, responder, isn, ttl, auto-ts, ipv6, vlan, flow, capture, copy, repeat",
        remedy: "see docs/tracescript.md")
    }
  }

  /// `> N`, `< N` or both; `+N` counts from the present value.
  private mutating func both(
    _ cursor: inout Cursor, _ what: String, in range: ClosedRange<Int64>,
    _ set: (inout Conversation, Role, Int64, Bool) -> Void
  ) throws(ScriptError) {
    var seen = false
    while let token = cursor.peek, token.value == ">" || token.value == "<" {
      _ = cursor.next()
      let relative = cursor.peek?.value.hasPrefix("+") ?? false
      let value = try cursor.number(what, in: range)
      set(&conversation, token.value == ">" ? .originator : .responder, value, relative)
      seen = true
    }
    if !seen { _ = try cursor.next("> N, < N or both") }
  }

  private mutating func note(_ cursor: inout Cursor) throws(ScriptError) {
    let known = "truncated-at, dropped-by-system, dropped-by-interface, snaplen or limit-flows"
    let word = try cursor.next(known)
    let value = try cursor.number("number", in: 0...Int64(UInt32.max))
    switch word.value {
    case "truncated-at": script.notes.truncatedAt = UInt64(value)
    case "dropped-by-system": script.notes.droppedBySystem = UInt64(value)
    case "dropped-by-interface": script.notes.droppedByInterface = UInt64(value)
    case "limit-flows": script.notes.flowLimit = Int(value)
    case "snaplen": script.notes.snapLength = UInt32(value)
    default:
      throw cursor.error(word, "\"\(word.value)\" is nothing a capture tells", expected: known)
    }
  }

  // MARK: - Marks

  private mutating func expectations(of line: ScriptLine) throws(ScriptError) {
    for mark in line.marks {
      let words = mark.value.split(separator: " ").map(String.init)
      let parts = (words.first ?? "").split(separator: "@", maxSplits: 1).map(String.init)
      guard let code = parts.first, words.count <= 2 else {
        throw ScriptError(
          line: line.number, column: mark.column, problem: "\"\(mark.value)\" is no mark",
          expected: "CODE, CODE name, CODE@flow or CODE@capture")
      }
      let place: Expectation.Place
      switch parts.count == 2 ? parts[1] : "" {
      case "flow": place = .flow(flow)
      case "capture": place = .capture
      case "":
        guard let frame = script.frames.last, frame.line == line.number else {
          throw ScriptError(
            line: line.number, column: mark.column, problem: "a mark on a line without a frame",
            expected: "CODE@flow or CODE@capture")
        }
        place = .frame(frame.number)
      default:
        throw ScriptError(
          line: line.number, column: mark.column, problem: "\"\(mark.value)\" marks nothing",
          expected: "CODE@flow or CODE@capture")
      }
      script.expectations.append(
        Expectation(code: code, name: words.count == 2 ? words[1] : nil, place: place, line: line.number))
    }
  }
}
