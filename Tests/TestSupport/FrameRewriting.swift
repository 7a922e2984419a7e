import TraceCapture
import TraceDecode

/// Rewrites Ethernet frames of TCP so that a recording tells the same story in other numbers.
///
/// Checksums change by what the words under them change (RFC 1624), so that a good one stays good, a bad one
/// bad, and frames cut by a snapshot length need no octets that are not there.
extension Recording {
  /// Each record changed; what is not TCP over IP over Ethernet stays as it is.
  private func rewritten(_ change: (inout RewrittenFrame, Int) -> Void) -> Recording {
    Recording(
      records: records.enumerated().map { index, record in
        guard var frame = RewrittenFrame(record) else { return record }
        change(&frame, index)
        return frame.record
      })
  }

  /// Every time moved by `nanoseconds`.
  public func shifted(by nanoseconds: Int64) -> Recording {
    Recording(
      records: records.map {
        var record = $0
        record.time += nanoseconds
        return record
      })
  }

  /// The first sequence number of every direction made `isn`, all that follow moved with it.
  public func renumbered(isn: UInt32) -> Recording {
    var shift: [[UInt8]: UInt32] = [:]
    for record in records {
      guard let frame = RewrittenFrame(record) else { continue }
      if shift[frame.sourceKey] == nil, !frame.isReset { shift[frame.sourceKey] = isn &- frame.seq }
      // A direction that first speaks late is known by what its peer acknowledges.
      if shift[frame.destinationKey] == nil, frame.hasAck, !frame.isReset {
        shift[frame.destinationKey] = isn &- frame.ack
      }
    }
    return rewritten { frame, _ in
      let own = shift[frame.sourceKey] ?? 0
      let peer = shift[frame.destinationKey] ?? 0
      // The RST that refuses a SYN has sequence number zero, whatever the connection's numbers.
      if !(frame.isReset && frame.seq == 0) { frame.seq = frame.seq &+ own }
      if frame.hasAck { frame.ack = frame.ack &+ peer }
      frame.shiftSACK(by: peer)
    }
  }

  /// Other addresses (the last 8 bits of each) and other ephemeral ports, the same pairs still pairs.
  public func renamed(host: UInt8, port: UInt16) -> Recording {
    rewritten { frame, _ in frame.rename(host: host, port: port) }
  }

  /// In a VLAN, or two.
  public func tagged(_ vlans: [UInt16]) -> Recording {
    Recording(
      records: records.map { record in
        var record = record
        let tags = vlans.flatMap { PacketBuilder.be16(0x8100) + PacketBuilder.be16(Int($0)) }
        record.bytes.insert(contentsOf: tags, at: 12)
        record.wireLength += UInt32(tags.count)
        return record
      })
  }

  /// IPv4 made IPv6: the identification is gone, all else stays.
  public func overIPv6() -> Recording { rewritten { frame, _ in frame.becomeIPv6() } }

  /// Both recordings by time, and where the frames of this one went: from their numbers to the new ones.
  public func interleaved(with other: Recording) -> (Recording, [UInt64: UInt64]) {
    var merged: [Record] = []
    var numbers: [UInt64: UInt64] = [:]
    var rest = other.records[...]
    for (index, record) in records.enumerated() {
      while let next = rest.first, next.time < record.time {
        merged.append(next)
        rest.removeFirst()
      }
      merged.append(record)
      numbers[UInt64(index + 1)] = UInt64(merged.count)
    }
    return (Recording(records: merged + rest), numbers)
  }

  // MARK: Files

  /// As a classic pcap file with times in nanoseconds.
  public func pcap() -> [UInt8] {
    var file: [UInt8] = []
    func put(_ values: UInt32...) { for value in values { file += Self.little(value) } }
    put(0xa1b2_3c4d, 0x0004_0002, 0, 0, 262_144, UInt32(records.first?.linkType.rawValue ?? 1))
    for record in records {
      put(
        UInt32(record.time / 1_000_000_000), UInt32(record.time % 1_000_000_000), UInt32(record.bytes.count),
        record.wireLength)
      file += record.bytes
    }
    return file
  }

  /// As a pcapng file of one section and one interface, with times in nanoseconds.
  public func pcapng() -> [UInt8] {
    var file: [UInt8] = []
    func block(_ type: UInt32, _ body: [UInt8]) {
      let padded = body + [UInt8](repeating: 0, count: (4 - body.count % 4) % 4)
      let length = Self.little(UInt32(padded.count + 12))
      file += Self.little(type) + length + padded + length
    }
    let link = UInt32(records.first?.linkType.rawValue ?? 1)
    block(0x0a0d_0d0a, Self.little(0x1a2b_3c4d) + Self.little(1) + [UInt8](repeating: 0xff, count: 8))
    // if_tsresol 9: nanoseconds.
    block(1, Self.little(link) + Self.little(262_144) + [9, 0, 1, 0, 9, 0, 0, 0] + [0, 0, 0, 0])
    for record in records {
      let time = UInt64(record.time)
      block(
        6,
        Self.little(0) + Self.little(UInt32(time >> 32)) + Self.little(UInt32(time & 0xffff_ffff))
          + Self.little(UInt32(record.bytes.count)) + Self.little(record.wireLength) + record.bytes)
    }
    return file
  }

  private static func little(_ value: UInt32) -> [UInt8] {
    [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: value >> $0) }
  }
}

/// TCP over IPv4 or IPv6 over Ethernet, its fields within reach.
struct RewrittenFrame {
  private(set) var record: Recording.Record
  private var isIPv4: Bool
  private var tcp: Int

  init?(_ record: Recording.Record) {
    let bytes = record.bytes
    guard record.linkType == .ethernet, bytes.count >= 54 else { return nil }
    switch (bytes[12], bytes[13]) {
    case (0x08, 0x00):
      tcp = 14 + Int(bytes[14] & 15) * 4
      guard bytes[23] == 6 else { return nil }
      isIPv4 = true
    case (0x86, 0xdd):
      tcp = 54
      guard bytes[20] == 6 else { return nil }
      isIPv4 = false
    default: return nil
    }
    guard bytes.count >= tcp + 20 else { return nil }
    self.record = record
  }

  var seq: UInt32 {
    get { u32(tcp + 4) }
    set { set32(tcp + 4, newValue) }
  }
  var ack: UInt32 {
    get { u32(tcp + 8) }
    set { set32(tcp + 8, newValue) }
  }
  var isReset: Bool { record.bytes[tcp + 13] & 4 != 0 }
  var hasAck: Bool { record.bytes[tcp + 13] & 16 != 0 }
  /// Address and port of a direction, with the other end's.
  var sourceKey: [UInt8] { Array(source + destination + ports(0) + ports(2)) }
  var destinationKey: [UInt8] { Array(destination + source + ports(2) + ports(0)) }

  private var addressAt: Int { isIPv4 ? 26 : 22 }
  private var addressLength: Int { isIPv4 ? 4 : 16 }
  private var source: ArraySlice<UInt8> { record.bytes[addressAt..<addressAt + addressLength] }
  private var destination: ArraySlice<UInt8> {
    record.bytes[addressAt + addressLength..<addressAt + 2 * addressLength]
  }
  private func ports(_ offset: Int) -> ArraySlice<UInt8> { record.bytes[tcp + offset..<tcp + offset + 2] }

  mutating func rename(host: UInt8, port: UInt16) {
    for end in [addressAt + addressLength - 2, addressAt + 2 * addressLength - 2] {
      let word = u16(end)
      set16(end, word & 0xff00 | UInt16((UInt8(word & 0xff) ^ host)))
      if isIPv4 { adjust(24, from: word, to: u16(end)) }
    }
    for end in [tcp, tcp + 2] where u16(end) >= 1024 { set16(end, u16(end) ^ port) }
  }

  mutating func shiftSACK(by shift: UInt32) {
    let end = min(record.bytes.count, tcp + Int(record.bytes[tcp + 12] >> 4) * 4)
    var at = tcp + 20
    while at < end, record.bytes[at] != 0 {
      if record.bytes[at] == 1 {
        at += 1
        continue
      }
      guard at + 1 < end, record.bytes[at + 1] >= 2 else { return }
      let next = at + Int(record.bytes[at + 1])
      if record.bytes[at] == 5, next <= end {
        for edge in stride(from: at + 2, to: next - 3, by: 4) { set32(edge, u32(edge) &+ shift) }
      }
      at = next
    }
  }

  mutating func becomeIPv6() {
    guard isIPv4 else { return }
    let bytes = record.bytes
    let length = Int(u16(16)) - (tcp - 14)
    let prefix: [UInt8] = [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0]
    var header: [UInt8] = [0x60 | bytes[15] >> 4, bytes[15] << 4, 0, 0]
    header += [UInt8(truncatingIfNeeded: length >> 8), UInt8(truncatingIfNeeded: length), 6, bytes[22]]
    header += prefix + bytes[26..<30] + prefix + bytes[30..<34]
    let grown = 40 - (tcp - 14)
    record.bytes = bytes[..<12] + [0x86, 0xdd] + header + bytes[tcp...]
    record.wireLength = UInt32(clamping: Int(record.wireLength) + grown)
    isIPv4 = false
    tcp = 54
    for _ in 0..<2 {
      for word: UInt16 in [0x2001, 0x0db8] { adjust(tcp + 16, from: 0, to: word) }
    }
  }

  // MARK: Words

  private func u16(_ at: Int) -> UInt16 { UInt16(record.bytes[at]) << 8 | UInt16(record.bytes[at + 1]) }
  private func u32(_ at: Int) -> UInt32 { UInt32(u16(at)) << 16 | UInt32(u16(at + 2)) }

  private mutating func set32(_ at: Int, _ value: UInt32) {
    set16(at, UInt16(value >> 16))
    set16(at + 2, UInt16(value & 0xffff))
  }

  /// Changes a word that the TCP checksum covers; at an odd distance from the header its halves count the other
  /// way round.
  private mutating func set16(_ at: Int, _ value: UInt16) {
    let old = u16(at)
    record.bytes[at] = UInt8(value >> 8)
    record.bytes[at + 1] = UInt8(value & 0xff)
    if at % 2 == tcp % 2 {
      adjust(tcp + 16, from: old, to: value)
    } else {
      adjust(tcp + 16, from: old.byteSwapped, to: value.byteSwapped)
    }
  }

  /// RFC 1624: HC' = ~(~HC + ~m + m').
  private mutating func adjust(_ at: Int, from old: UInt16, to new: UInt16) {
    guard old != new else { return }
    var sum = UInt32(~u16(at)) + UInt32(~old) + UInt32(new)
    while sum > 0xffff { sum = (sum & 0xffff) + (sum >> 16) }
    let field = ~UInt16(sum)
    record.bytes[at] = UInt8(field >> 8)
    record.bytes[at + 1] = UInt8(field & 0xff)
  }
}
