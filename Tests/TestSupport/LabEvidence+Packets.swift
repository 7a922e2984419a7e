import Foundation
import TraceDecode

/// The packets of a capture, and which of them are copies.
extension LabEvidence {
  final class Packet {
    let segment: Segment
    let isBad: Bool
    var isDuplicate = false
    var isInjected = false
    var isForNewer = false
    var sender = 0
    var start: Int64 = 0
    var end: Int64 = 0
    var ack: Int64?
    var sack: (Int64, Int64)?
    var window: UInt32 = 0
    init(_ segment: Segment, isBad: Bool) {
      self.segment = segment
      self.isBad = isBad
    }
    var time: Int64 { segment.time }
    var source: SocketAddress { SocketAddress(address: segment.source, port: segment.sourcePort) }
    var destination: SocketAddress {
      SocketAddress(address: segment.destination, port: segment.destinationPort)
    }
    var isReset: Bool { segment.flags.contains(.rst) }
    var isSyn: Bool { segment.flags.intersection([.syn, .ack]) == .syn }
    var isSynAck: Bool { segment.flags.isSuperset(of: [.syn, .ack]) }
    var hasAck: Bool { segment.flags.contains(.ack) }
    var tsVal: UInt32? { segment.options.contains(.timestamps) ? segment.tsVal : nil }
  }

  static func load(_ path: String) throws -> [Packet] {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    var packets: [Packet] = []
    data.withUnsafeBytes { raw in
      func u32(_ offset: Int) -> UInt32 { raw.loadUnaligned(fromByteOffset: offset, as: UInt32.self) }
      guard raw.count >= 24 else { return }
      let nano = u32(0) == 0xa1b2_3c4d
      var decoder = WireDecoder()
      var offset = 24
      var number: UInt64 = 0
      while offset + 16 <= raw.count {
        let length = Int(u32(offset + 8))
        guard offset + 16 + length <= raw.count else { return }
        number += 1
        let bytes = UnsafeRawBufferPointer(rebasing: raw[(offset + 16)..<(offset + 16 + length)])
        let time = Int64(u32(offset)) * 1_000_000_000 + Int64(u32(offset + 4)) * (nano ? 1 : 1000)
        let frame = Frame(
          number: number, time: time, recordOffset: UInt64(offset), bytes: bytes,
          wireLength: u32(offset + 12), linkType: .ethernet)
        var segment = Segment()
        if case .segment = decoder.decode(frame, into: &segment) {
          packets.append(Packet(segment, isBad: isBadChecksum(bytes)))
        }
        offset += 16 + length
      }
    }
    return packets
  }

  /// The checksum of a whole IPv4 or IPv6 packet is wrong, and not a pseudo-header sum left for offload.
  private static func isBadChecksum(_ b: UnsafeRawBufferPointer) -> Bool {
    let isV4 = b[12] == 0x08
    let ip = 14
    let tcp = isV4 ? ip + Int(b[ip] & 15) * 4 : ip + 40
    let total =
      isV4 ? Int(b[ip + 2]) << 8 | Int(b[ip + 3]) : (Int(b[ip + 4]) << 8 | Int(b[ip + 5])) + 40
    guard total > 0, b.count >= ip + total, b[tcp + 16] != 0 || b[tcp + 17] != 0 else { return false }
    func sum(_ range: Range<Int>) -> UInt32 {
      var total: UInt32 = 0
      for i in stride(from: range.lowerBound, to: range.upperBound, by: 2) {
        total += UInt32(b[i]) << 8 | (i + 1 < range.upperBound ? UInt32(b[i + 1]) : 0)
      }
      return total
    }
    func fold(_ value: UInt32) -> UInt32 {
      var value = value
      while value >> 16 != 0 { value = (value & 0xffff) + value >> 16 }
      return value
    }
    let pseudo = sum(isV4 ? (ip + 12)..<(ip + 20) : (ip + 8)..<(ip + 40)) + 6 + UInt32(ip + total - tcp)
    let field = UInt32(b[tcp + 16]) << 8 | UInt32(b[tcp + 17])
    return fold(pseudo + sum(tcp..<(ip + total))) != 0xffff && field != fold(pseudo)
  }

  // MARK: Duplicates (P0.2)

  private struct WireKey: Hashable {
    var source: SocketAddress
    var destination: SocketAddress
    var numbers: [UInt32]
    var sack: [UInt32]
  }

  private static func key(_ packet: Packet) -> WireKey {
    let s = packet.segment
    return WireKey(
      source: packet.source, destination: packet.destination,
      numbers: [
        s.seq, s.ack, UInt32(s.flags.rawValue), UInt32(s.window), s.payloadLength, s.tsVal, s.tsEcr,
        UInt32(s.checksum), UInt32(s.options.rawValue),
      ],
      sack: (0..<Int(s.sack.count)).flatMap { [s.sack[$0].left, s.sack[$0].right] })
  }

  static func markDuplicates(_ packets: [Packet]) {
    var lags: [Int64] = []
    var identified = 0
    var lastSeen: [WireKey: (id: UInt16, time: Int64)] = [:]
    for packet in packets where packet.segment.ipID > 0 {
      identified += 1
      if let last = lastSeen[key(packet)], last.id == packet.segment.ipID,
        packet.time - last.time < 10_000_000
      {
        lags.append(packet.time - last.time)
      }
      lastSeen[key(packet)] = (packet.segment.ipID, packet.time)
    }
    lags.sort()
    let isCaptureWide = Double(lags.count) >= max(3, 0.03 * Double(identified))
    let lagLimit: Int64 = isCaptureWide ? max(2000, 2 * lags[lags.count * 9 / 10]) : 2000

    var seen: [WireKey: [Packet]] = [:]
    for packet in packets {
      let s = packet.segment
      if packet.isReset, s.ipID == 0 { continue }
      let k = key(packet)
      for earlier in (seen[k] ?? []).reversed() {
        let lag = packet.time - earlier.time
        if !s.isV4 || s.ipID == 0 || earlier.segment.ipID == 0 {
          if s.ipID != earlier.segment.ipID { continue }
          if packet.isSynAck, s.isV4, lag > lagLimit { break }
          let carries = s.segLen > 0
          let limit: Int64 = carries ? (packet.tsVal != nil ? 1_000_000 : 20_000_000) : 20_000
          if lag < limit { packet.isDuplicate = true }
          if packet.isDuplicate { break }
        } else if s.ipID == earlier.segment.ipID, lag < 10_000_000_000 {
          packet.isDuplicate = true
          break
        }
      }
      seen[k, default: []].append(packet)
    }
  }
}
