import TraceDecode

/// What a frame's words may ask for beside the numbers of its segment.
private struct Modifiers {
  var identification: UInt16?
  var ttl: UInt8?
  var trafficClass: UInt8 = 0
  var checksum = Packet.Checksum.right
  var snap: Int?
  var vlan: UInt16?
  var interface: UInt32 = 0
  var timestamps: Bool?
}

extension Parser {
  /// `TIME DIRECTION ...`.
  mutating func frame(_ cursor: inout Cursor) throws(ScriptError) {
    try moveTime(&cursor)
    if cursor.take("raw") {
      let token = try cursor.next("the frame's octets")
      guard let bytes = [UInt8](hex: token.value) else {
        throw cursor.error(
          token, "\"\(token.value)\" is no hexadecimal text", expected: "two digits an octet")
      }
      return append(bytes, Modifiers(), line: cursor.line.number)
    }
    let role = try direction(&cursor)
    if cursor.take("icmp") { return try icmp(&cursor, to: role.peer) }
    if cursor.take("udp") { return try udp(&cursor, from: role) }
    try segment(&cursor, from: role)
  }

  /// `copy [+DELAY] [ttl N] [vlan N] [interface N] [station N]`: the last frame once more.
  mutating func copy(_ cursor: inout Cursor) throws(ScriptError) {
    guard let last = script.frames.last else {
      throw ScriptError(
        line: cursor.line.number, column: 1, problem: "nothing to copy", remedy: "put it after a frame")
    }
    var bytes = last.bytes
    if let token = cursor.peek, token.value.hasPrefix("+") { try moveTime(&cursor) }
    var interface = last.interface
    while let token = cursor.next() {
      let network = bytes.count > 17 && bytes[12] == 0x81 && bytes[13] == 0 ? 18 : 14
      switch token.value {
      case "ttl":
        let ttl = UInt8(try cursor.number("TTL", in: 0...255))
        guard bytes.count > network + 20 else { break }
        if bytes[network] >> 4 == 6 {
          bytes[network + 7] = ttl
        } else {
          bytes[network + 8] = ttl
          bytes[network + 10] = 0
          bytes[network + 11] = 0
          let sum = ~Packet.sum(Array(bytes[network..<(network + 20)]), start: 0)
          bytes[network + 10] = UInt8(sum >> 8)
          bytes[network + 11] = UInt8(sum & 255)
        }
      case "vlan":
        let vlan = UInt16(try cursor.number("VLAN identifier", in: 1...4095))
        if network == 18 { bytes.removeSubrange(12..<16) }
        bytes.insert(contentsOf: [0x81, 0, UInt8(vlan >> 8), UInt8(vlan & 255)], at: 12)
      case "station":
        let station = UInt8(try cursor.number("station", in: 0...255))
        if bytes.count > 11 { bytes[11] = station }
      case "interface": interface = UInt32(try cursor.number("interface", in: 0...255))
      default:
        throw cursor.error(
          token, "\"\(token.value)\" changes no copy", expected: "ttl N, vlan N, station N or interface N")
      }
    }
    let growth = bytes.count - last.bytes.count
    script.frames.append(
      ScriptFrame(
        number: UInt64(script.frames.count + 1), time: Script.epoch + time, bytes: bytes,
        wireLength: UInt32(Int(last.wireLength) + growth), interface: interface, line: cursor.line.number))
  }

  // MARK: - Segments

  private mutating func segment(_ cursor: inout Cursor, from role: Role) throws(ScriptError) {
    let me = conversation[role]
    let peer = conversation[role.peer]
    let again = try again(&cursor, me)
    let flags: TCPFlags
    if let again { flags = again.flags } else { flags = try self.flags(&cursor) }
    var start = again?.start ?? (flags.contains(.syn) ? 0 : me.next)
    var length = again?.length ?? 0
    if again == nil, let token = cursor.peek, token.value.contains(":"), token.kind == .word {
      _ = cursor.next()
      (start, length) = try range(token, cursor)
    }
    var ack: Int64?
    var window = me.window
    var urgent: UInt16 = 0
    var text = again?.text
    var mods = Modifiers()
    var options = OptionReader(line: cursor.line.number, column: 1, peerISN: peer.isn)
    while let token = cursor.next() {
      switch (token.kind, token.value) {
      case (.options, _):
        var reader = OptionReader(line: cursor.line.number, column: token.column, peerISN: peer.isn)
        try reader.read(token.value)
        options = reader
      case (_, "ack"):
        ack = try cursor.number("acknowledgement", in: -0xffff_ffff...0xff_ffff_ffff)
        guard flags.contains(.ack) else {
          throw cursor.error(token, "an acknowledgement without the ACK flag", remedy: "add . to the flags")
        }
      case (_, "win"): window = UInt16(try cursor.number("window", in: 0...65535))
      case (_, "urg"): urgent = UInt16(try cursor.number("urgent pointer", in: 0...65535))
      case (_, "data"): text = Array(try cursor.next("a \"text\"").value.utf8)
      default: try modifier(token, &cursor, &mods)
      }
    }
    if flags.contains(.ack), ack == nil { ack = peer.next }
    if let text, length == 0 { length = Int64(text.count) }
    guard length <= 65_000 else {
      throw ScriptError(
        line: cursor.line.number, column: 1, problem: "\(length) octets in one segment",
        expected: "at most 65000", remedy: "split it")
    }

    if mods.timestamps ?? (timestampHz != nil && (!flags.contains(.rst) || flags.contains(.ack))) {
      if options.tsVal == nil {
        options.timestamps(tsVal(of: me), flags.contains(.ack) ? me.tsRecent : 0)
      }
    }
    try options.pad()

    var tcp: [UInt8] = []
    tcp.append16(me.address.port, peer.address.port)
    tcp.append32(
      me.isn &+ UInt32(truncatingIfNeeded: start),
      ack.map { peer.isn &+ UInt32(truncatingIfNeeded: $0) } ?? 0)
    tcp.append16(UInt16((20 + options.bytes.count) / 4) << 12 | flags.rawValue, window, 0, urgent)
    tcp += options.bytes
    if let text, !text.isEmpty {
      tcp += (0..<Int(length)).map { text[$0 % text.count] }
    } else {
      tcp += Conversation.payload(from: start, count: Int(length))
    }

    var packet = packet(from: role, mods)
    packet.transport = tcp
    append(packet.bytes(), mods, line: cursor.line.number)

    // The window of a reset says nothing about later segments.
    if !flags.contains(.rst) { conversation[role].window = window }
    conversation[role].lastPacket = packet.network()
    if !flags.contains(.rst) {
      let end = start + length + (flags.contains(.syn) ? 1 : 0) + (flags.contains(.fin) ? 1 : 0)
      conversation[role].next = max(me.next, end)
      if end > start {
        conversation[role].last = Conversation.Sending(flags: flags, start: start, length: length, text: text)
      }
    }
    if let tsVal = options.tsVal { conversation[role.peer].tsRecent = tsVal }
  }

  /// `again`: the sender's last segment that took sequence numbers.
  private func again(
    _ cursor: inout Cursor, _ me: Conversation.End
  ) throws(ScriptError) -> Conversation.Sending? {
    guard let token = cursor.peek, cursor.take("again") else { return nil }
    guard let last = me.last else {
      throw cursor.error(
        token, "nothing to send again", remedy: "put it after a segment with data, SYN or FIN")
    }
    return last
  }

  private func tsVal(of end: Conversation.End) -> UInt32 {
    let hz = timestampHz ?? 1000
    let (seconds, rest) = time.quotientAndRemainder(dividingBy: 1_000_000_000)
    return end.tsBase &+ UInt32(truncatingIfNeeded: seconds &* hz &+ rest &* hz / 1_000_000_000)
  }

  private func flags(_ cursor: inout Cursor) throws(ScriptError) -> TCPFlags {
    let token = try cursor.next("flags as S, S., ., P., F., R")
    let letters: [Character: TCPFlags] = [
      "S": .syn, "F": .fin, "R": .rst, "P": .psh, ".": .ack, "U": .urg, "E": .ece, "W": .cwr, "e": .ae,
    ]
    if token.value == "-" { return [] }
    var flags: TCPFlags = []
    for letter in token.value {
      guard let flag = letters[letter] else {
        throw cursor.error(
          token, "\"\(letter)\" is no flag", expected: "S F R P . U E W e, or - for none")
      }
      flags.insert(flag)
    }
    return flags
  }

  /// `SEQ:END(LEN)`, `SEQ:END`.
  private func range(_ token: Token, _ cursor: Cursor) throws(ScriptError) -> (Int64, Int64) {
    let parts = token.value.split(whereSeparator: { ":()".contains($0) }).map { Int64($0) }
    guard (2...3).contains(parts.count), let start = parts[0], let end = parts[1], end >= start,
      start.magnitude < 1 << 40, end.magnitude < 1 << 40
    else {
      throw cursor.error(token, "\"\(token.value)\" is no range", expected: "SEQ:END(LEN) as 1:101(100)")
    }
    if parts.count == 3, parts[2] != end - start {
      throw cursor.error(
        token, "the length does not fit", expected: "\(start):\(end)(\(end - start))",
        remedy: "LEN counts payload only, neither SYN nor FIN")
    }
    return (start, end - start)
  }

  private func modifier(_ token: Token, _ cursor: inout Cursor, _ mods: inout Modifiers) throws(ScriptError) {
    switch token.value {
    case "id": mods.identification = UInt16(try cursor.number("identification", in: 0...65535))
    case "ttl": mods.ttl = UInt8(try cursor.number("TTL", in: 0...255))
    case "tos": mods.trafficClass = UInt8(try cursor.number("traffic class", in: 0...255))
    case "badsum": mods.checksum = .wrong
    case "sumoff": mods.checksum = .off(UInt16(try cursor.number("error of the checksum", in: 1...65534)))
    case "offload": mods.checksum = .offloaded
    case "snap": mods.snap = Int(try cursor.number("snapshot length", in: 14...65535))
    case "vlan": mods.vlan = UInt16(try cursor.number("VLAN identifier", in: 0...4095))
    case "interface": mods.interface = UInt32(try cursor.number("interface", in: 0...255))
    case "ts": mods.timestamps = true
    case "nots": mods.timestamps = false
    default:
      throw cursor.error(
        token, "\"\(token.value)\" is no part of a segment",
        expected:
          "ack, win, urg, <options>, data, id, ttl, tos, badsum, sumoff, offload, snap, vlan, interface, ts or nots"
      )
    }
  }

  // MARK: - Other packets

  /// `icmp KIND [mtu N] [from ADDRESS]`: an error that quotes the last segment of `role`.
  private mutating func icmp(_ cursor: inout Cursor, to role: Role) throws(ScriptError) {
    let v6 = !conversation[role].address.address.isV4
    let kinds: [String: (v4: (UInt8, UInt8), v6: (UInt8, UInt8))] = [
      "net": ((3, 0), (1, 0)), "host": ((3, 1), (1, 3)), "protocol": ((3, 2), (4, 1)),
      "port": ((3, 3), (1, 4)), "admin": ((3, 13), (1, 1)), "too-big": ((3, 4), (2, 0)),
      "time-exceeded": ((11, 0), (3, 0)), "source-quench": ((4, 0), (1, 0)),
    ]
    _ = cursor.take("unreachable")
    let token = try cursor.next("a kind of error")
    guard let kind = kinds[token.value].map({ v6 ? $0.v6 : $0.v4 }) else {
      throw cursor.error(
        token, "\"\(token.value)\" is no ICMP error", expected: kinds.keys.sorted().joined(separator: ", "))
    }
    let quote = conversation[role].lastPacket
    guard !quote.isEmpty else {
      throw cursor.error(token, "nothing to quote", remedy: "put it after a segment of the \(role.name)")
    }
    var mods = Modifiers()
    var mtu: UInt32 = 0
    var reporter = conversation[role.peer].address
    while let token = cursor.next() {
      switch token.value {
      case "mtu": mtu = UInt32(try cursor.number("MTU", in: 0...65535))
      case "from": reporter.address = try cursor.address(try cursor.next("an address")).0
      default: try modifier(token, &cursor, &mods)
      }
    }
    var packet = packet(from: role.peer, mods)
    packet.source = reporter
    packet.proto = v6 ? 58 : 1
    packet.checksumOffset = 2
    packet.transport = [kind.0, kind.1, 0, 0]
    packet.transport.append32(mtu)
    packet.transport += quote.prefix(v6 ? 1232 : 28)
    append(packet.bytes(), mods, line: cursor.line.number)
  }

  /// `udp [LEN]`: a packet without TCP.
  private mutating func udp(_ cursor: inout Cursor, from role: Role) throws(ScriptError) {
    let length = cursor.isAtEnd ? 0 : Int(try cursor.number("length", in: 0...1400))
    var packet = packet(from: role, Modifiers())
    packet.proto = 17
    packet.checksumOffset = 6
    packet.transport.append16(
      packet.source.port, packet.destination.port, UInt16(truncatingIfNeeded: 8 + length), 0)
    packet.transport += Array(repeating: 0, count: length)
    append(packet.bytes(), Modifiers(), line: cursor.line.number)
  }

  // MARK: - Common

  private mutating func packet(from role: Role, _ mods: Modifiers) -> Packet {
    let me = conversation[role]
    var packet = Packet(source: me.address, destination: conversation[role.peer].address)
    packet.stations = role == .originator ? (1, 2) : (2, 1)
    packet.vlan = mods.vlan ?? vlan
    packet.ttl = mods.ttl ?? me.ttl
    packet.trafficClass = mods.trafficClass
    packet.checksum = mods.checksum
    if me.address.address.isV4 {
      if let identification = mods.identification {
        packet.identification = identification
      } else {
        let last =
          identifications[me.address.address]
          ?? UInt16(truncatingIfNeeded: 1000 * (identifications.count + 1))
        packet.identification = last &+ 1
        identifications[me.address.address] = packet.identification
      }
    }
    return packet
  }

  private mutating func append(_ bytes: [UInt8], _ mods: Modifiers, line: Int) {
    script.frames.append(
      ScriptFrame(
        number: UInt64(script.frames.count + 1), time: Script.epoch + time,
        bytes: Array(bytes.prefix(mods.snap ?? bytes.count)), wireLength: UInt32(bytes.count),
        interface: mods.interface, line: line))
  }

  private mutating func moveTime(_ cursor: inout Cursor) throws(ScriptError) {
    let token = try cursor.next("a time")
    if token.value.hasPrefix("+") {
      time += try cursor.seconds(token, token.value.dropFirst())
    } else {
      time = try cursor.seconds(token, Substring(token.value))
    }
    guard time <= 1_000_000_000_000_000_000 else {
      throw cursor.error(token, "a time after 10^9 seconds", remedy: "start earlier")
    }
  }

  private func direction(_ cursor: inout Cursor) throws(ScriptError) -> Role {
    let token = try cursor.next("> or <")
    switch token.value {
    case ">": return .originator
    case "<": return .responder
    default:
      throw cursor.error(
        token, "\"\(token.value)\" is no direction",
        expected: "> from the originator, < from the responder", remedy: "put blanks around it")
    }
  }
}
