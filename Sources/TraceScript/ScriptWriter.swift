import TraceDecode

/// Writes the segments of one flow as script lines, so that the script makes equal segments.
///
/// What the language cannot say is lost: link headers and tunnels, IP options, a cleared don't-fragment bit,
/// the value of a wrong checksum, and payload that is neither text nor the script's own letters.
public struct ScriptWriter {
  /// What the script's reader will assume of one end.
  private struct End {
    var isn: UInt32?
    /// The offset last met, near which the next is looked for.
    var last: Int64 = 0
    var ttl: UInt8 = 64
  }
  private let isV4: Bool
  private var ends: (originator: End, responder: End) = (End(), End())
  private var firstTime: Int64?
  /// Segments whose payload is replaced by letters.
  public private(set) var replacedPayloads = 0
  /// The lines that open the script.
  public let head: String

  /// What a line of the script can carry. Units: octets.
  private static let longestPayload = 65_000

  public init(originator: SocketAddress, responder: SocketAddress) {
    isV4 = originator.address.isV4
    head = "originator \(originator)\nresponder \(responder)\n"
  }

  /// The line of a segment, with the directives it needs before it.
  ///
  /// - Parameter options: the octets of its TCP options, as far as they were captured.
  public mutating func lines(
    for s: Segment, from role: Role, options: UnsafeRawBufferPointer, payload: UnsafeRawBufferPointer
  ) -> String {
    var text = directives(s, role)
    let start = offset(s.seq, of: role)
    let whole = Int(s.payloadLength)
    var from = 0
    repeat {
      // Longer ones, made by segmentation offload, become several.
      let length = min(whole - from, Self.longestPayload)
      let isLast = from + length == whole
      text += time(s.time)
      text += role == .originator ? " > " : " < "
      text += flags(isLast ? s.flags : s.flags.subtracting([.fin, .psh]))
      text += " \(start + Int64(from)):\(start + Int64(from + length))(\(length))"
      if s.flags.contains(.ack) { text += " ack \(offset(s.ack, of: role.peer))" }
      text += " win \(s.window)"
      if s.urgentPointer != 0 { text += " urg \(s.urgentPointer)" }
      let list = self.options(options, peer: role.peer)
      if !list.isEmpty { text += " <\(list)>" }
      let first = min(from, payload.count)
      text += data(
        UnsafeRawBufferPointer(rebasing: payload[first..<min(first + length, payload.count)]), length: length,
        at: start + Int64(from))
      text += modifiers(
        s, headerOctets: 20 + options.count, captured: max(0, min(payload.count - from, length)))
      text += "\n"
      from += length
    } while from < whole
    return text
  }

  // MARK: - Numbers

  private mutating func directives(_ s: Segment, _ role: Role) -> String {
    var text = ""
    func sign(_ role: Role) -> String { role == .originator ? ">" : "<" }
    if self[role].isn == nil {
      // Mid-stream the first octet seen is 1.
      let isn = s.flags.contains(.syn) ? s.seq : s.seq &- 1
      self[role].isn = isn
      text += "isn \(sign(role)) \(isn)\n"
    }
    if s.flags.contains(.ack), self[role.peer].isn == nil {
      self[role.peer].isn = s.ack &- 1
      text += "isn \(sign(role.peer)) \(s.ack &- 1)\n"
    }
    if self[role].ttl != s.ttl {
      self[role].ttl = s.ttl
      text += "ttl \(sign(role)) \(s.ttl)\n"
    }
    return text
  }

  private subscript(role: Role) -> End {
    get { role == .originator ? ends.originator : ends.responder }
    set { if role == .originator { ends.originator = newValue } else { ends.responder = newValue } }
  }

  private mutating func offset(_ number: UInt32, of role: Role) -> Int64 {
    let offset = SeqNum.unwrap(number &- (self[role].isn ?? 0), near: self[role].last)
    // A number that leaps is no reason to look for the next one there.
    if abs(offset - self[role].last) < 1 << 24 { self[role].last = offset }
    return offset
  }

  private mutating func time(_ time: Int64) -> String {
    let since = time &- (firstTime ?? time)
    if firstTime == nil { firstTime = time }
    // A clock that was set back before the first frame cannot be told.
    let (seconds, rest) = max(0, since).quotientAndRemainder(dividingBy: 1_000_000_000)
    let digits = String(rest)
    return "\(seconds).\(String(repeating: "0", count: 9 - digits.count))\(digits)"
  }

  // MARK: - Words

  private func flags(_ flags: TCPFlags) -> String {
    let letters: [(TCPFlags, String)] = [
      (.syn, "S"), (.fin, "F"), (.rst, "R"), (.psh, "P"), (.urg, "U"), (.ece, "E"), (.cwr, "W"), (.ae, "e"),
      (.ack, "."),
    ]
    let text = letters.filter { flags.contains($0.0) }.map(\.1).joined()
    return text.isEmpty ? "-" : text
  }

  private func modifiers(_ s: Segment, headerOctets: Int, captured: Int) -> String {
    var text = ""
    if isV4 { text += " id \(s.ipID)" }
    if s.trafficClass != 0 { text += " tos \(s.trafficClass)" }
    switch s.checksumState {
    case .bad: text += " badsum"
    case .offload: text += " offload"
    case .good, .unknown: break
    }
    if s.truncated {
      let link = s.vlan == 0 ? 14 : 18
      text += " snap \(link + (isV4 ? 20 : 40) + headerOctets + captured)"
    }
    if s.vlan != 0 { text += " vlan \(s.vlan)" }
    if s.interface > 0, s.interface < 256 { text += " interface \(s.interface)" }
    return text
  }

  /// Nothing for the letters that the script puts there itself, `data "..."` for text.
  private mutating func data(_ octets: UnsafeRawBufferPointer, length: Int, at start: Int64) -> String {
    guard !octets.isEmpty, !octets.elementsEqual(Conversation.payload(from: start, count: octets.count))
    else {
      return ""
    }
    let isText =
      octets.count == length && octets.allSatisfy { $0 >= 32 && $0 < 127 && $0 != UInt8(ascii: "\"") }
    guard isText else {
      replacedPayloads += 1
      return ""
    }
    return " data \"\(String(decoding: octets, as: UTF8.self))\""
  }

  /// Options one by one, in their order with their padding; what makes no sense as octets.
  private func options(_ octets: UnsafeRawBufferPointer, peer: Role) -> String {
    var items: [String] = []
    var i = 0
    func hex(_ bytes: Slice<UnsafeRawBufferPointer>) -> String {
      bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
    func number(_ at: Int, _ count: Int) -> UInt32 {
      octets[at..<(at + count)].reduce(0) { $0 << 8 | UInt32($1) }
    }
    while i < octets.count {
      let kind = octets[i]
      if kind < 2 {
        items.append(kind == 0 ? "eol" : "nop")
        i += 1
        continue
      }
      let length = i + 1 < octets.count ? Int(octets[i + 1]) : 0
      guard length >= 2, i + length <= octets.count else {
        items.append("raw \(hex(octets[i...]))")
        break
      }
      switch (kind, length) {
      case (2, 4): items.append("mss \(number(i + 2, 2))")
      case (3, 3): items.append("wscale \(octets[i + 2])")
      case (4, 2): items.append("sackOK")
      case (5, 10), (5, 18), (5, 26), (5, 34):
        var item = "sack"
        for edge in stride(from: i + 2, to: i + length, by: 8) {
          let isn = self[peer].isn ?? 0
          let left = SeqNum.unwrap(number(edge, 4) &- isn, near: self[peer].last)
          let right = SeqNum.unwrap(number(edge + 4, 4) &- isn, near: self[peer].last)
          item += " \(left):\(right)"
        }
        items.append(item)
      case (8, 10): items.append("TS val \(number(i + 2, 4)) ecr \(number(i + 6, 4))")
      case (34, 2): items.append("FO")
      case (34, _): items.append("FO \(hex(octets[(i + 2)..<(i + length)]))")
      case (_, 2): items.append("kind \(kind)")
      default: items.append("kind \(kind) \(hex(octets[(i + 2)..<(i + length)]))")
      }
      i += length
    }
    return items.joined(separator: ",")
  }
}
