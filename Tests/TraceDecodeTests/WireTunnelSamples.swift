import TestSupport
import TraceDecode

extension WireSample {
  static func overIPv4(_ payload: [UInt8], _ number: UInt8) -> [UInt8] {
    PacketBuilder.ethernet(
      PacketBuilder.ipv4(
        payload, protocolNumber: number, from: IPAddress(v4: 0x0102_0304), to: IPAddress(v4: 0x0506_0708),
        ttl: 9))
  }

  static func overUDP(_ payload: [UInt8], _ port: UInt16) -> [UInt8] {
    overIPv4(PacketBuilder.udp(payload, to: port), 17)
  }

  static func overIPv6(_ payload: [UInt8], _ next: UInt8) -> [UInt8] {
    PacketBuilder.ethernet(
      PacketBuilder.ipv6(
        payload, next: next, from: IPAddress(high: 1, low: 2), to: IPAddress(high: 3, low: 4)),
      type: 0x86dd)
  }

  private static let vxlanHeader: [UInt8] = [8, 0, 0, 0, 0, 0, 5, 0]

  static let tunnels: [WireSample] = [
    WireSample("IP in IP", 1, overIPv4(v4, 4), .ipInIP),
    WireSample("6in4", 1, overIPv4(v6, 41), v6: true, .sixIn4),
    WireSample("4in6", 1, overIPv6(v4, 4), .ipInIP),
    WireSample("6in6", 1, overIPv6(v6, 41), v6: true, .ipInIP),
    WireSample("GRE", 1, overIPv4([0, 0, 8, 0] + v4, 47), .gre),
    WireSample(
      "GRE, checksum, key, sequence", 1,
      overIPv4([0xb0, 0, 0x86, 0xdd, 1, 2, 0, 0, 0, 0, 0, 7, 0, 0, 0, 8] + v6, 47), v6: true, .gre),
    WireSample("GRE, bridged", 1, overIPv4([0x20, 0, 0x65, 0x58, 0, 0, 1, 0] + ethernetV4, 47), .gre),
    WireSample("GRE, MPLS", 1, overIPv4([0, 0, 0x88, 0x47, 0, 1, 1, 9] + v4, 47), [.gre, .mpls]),
    WireSample("GRE, WCCP 1", 1, overIPv4([0, 0, 0x88, 0x3e] + v4, 47), .gre),
    WireSample("GRE, WCCP 2", 1, overIPv4([0, 0, 0x88, 0x3e, 0, 0, 0, 0] + v4, 47), .gre),
    WireSample("EoIP", 1, overIPv4([0x20, 1, 0x64, 0, 0, 60, 1, 0] + ethernetV4, 47), .gre),
    WireSample(
      "PPTP", 1,
      overIPv4(
        [0x30, 0x81, 0x88, 0x0b] + PacketBuilder.be16(v4.count + 4)
          + [0, 1, 0, 0, 0, 2, 0, 0, 0, 1, 0xff, 3, 0, 0x21] + v4, 47),
      .gre),
    WireSample("ERSPAN I", 1, overIPv4([0, 0, 0x88, 0xbe] + ethernetV4, 47), [.gre, .erspan]),
    WireSample(
      "ERSPAN II", 1,
      overIPv4([0x10, 0, 0x88, 0xbe, 0, 0, 0, 1, 0x10, 1, 0, 2, 0, 0, 0, 0] + ethernetV4, 47),
      [.gre, .erspan]),
    WireSample(
      "ERSPAN III", 1,
      overIPv4([0x10, 0, 0x22, 0xeb, 0, 0, 0, 1, 0x20, 1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0] + ethernetV4, 47),
      [.gre, .erspan]),
    WireSample(
      "ERSPAN III, platform header", 1,
      overIPv4(
        [0x10, 0, 0x22, 0xeb, 0, 0, 0, 1, 0x20, 1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1, 9, 9, 9, 9, 9, 9, 9, 9]
          + ethernetV4, 47), [.gre, .erspan]),
    WireSample("VXLAN", 1, overUDP(vxlanHeader + ethernetV4, 4789), .vxlan),
    WireSample(
      "VXLAN, Linux port, inner tag", 1, overUDP(vxlanHeader + PacketBuilder.ethernet(v4, vlans: [12]), 8472),
      [.vxlan, .vlan], vlan: 12),
    WireSample("VXLAN-GPE", 1, overUDP([0x0c, 0, 0, 2, 0, 0, 5, 0] + v6, 4790), v6: true, .vxlan),
    WireSample(
      "Geneve", 1, overUDP([2, 0, 0x65, 0x58, 0, 0, 1, 0] + [1, 2, 3, 1, 9, 9, 9, 9] + ethernetV4, 6081),
      .geneve),
    WireSample("Geneve, IP", 1, overUDP([0, 0, 8, 0, 0, 0, 1, 0] + v4, 6081), .geneve),
    WireSample("GTP-U", 1, overUDP([0x30, 0xff, 0, 0, 0, 0, 0, 1] + v4, 2152), .gtpU),
    WireSample(
      "GTP-U, two extension headers", 1,
      overUDP([0x34, 0xff, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0x85, 1, 0, 9, 0xc0, 1, 0, 0, 0] + v6, 2152), v6: true,
      .gtpU),
    WireSample("L2TP", 1, overUDP([0, 2, 0, 1, 0, 2, 0xff, 3, 0, 0x21] + v4, 1701), .l2tp),
    WireSample(
      "L2TP, every field", 1,
      overUDP([0x4a, 2, 0, 0, 0, 1, 0, 2, 0, 3, 0, 4, 0, 2, 9, 9, 0, 0x57] + v6, 1701), v6: true, .l2tp),
    WireSample("Teredo", 1, overUDP(v6, 3544), v6: true, .teredo),
    WireSample(
      "Teredo, authentication and origin", 1,
      overUDP([0, 1, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 1, 2, 3, 4, 5, 6] + v6, 3544), v6: true, .teredo),
    WireSample("MPLS in UDP", 1, overUDP([0, 1, 1, 9] + v4, 6635), .mpls),
    WireSample("EtherIP", 1, overIPv4([0x30, 0] + ethernetV4, 97)),
    WireSample(
      "tunnels in tunnels", 1,
      overUDP(
        vxlanHeader + overIPv4([0, 0, 8, 0] + PacketBuilder.ipv4(v6, protocolNumber: 41), 47), 4789),
      v6: true, [.vxlan, .gre, .sixIn4]),
  ]

  static let networks: [WireSample] = [
    WireSample("AH in IPv4", 1, ah(v6: false), .ah), WireSample("AH in IPv6", 1, ah(v6: true), v6: true, .ah),
    WireSample(
      "IPv4 options", 1,
      PacketBuilder.ethernet(
        PacketBuilder.ipv4(
          PacketBuilder.tcp(from: PacketBuilder.v4Source, to: PacketBuilder.v4Destination),
          options: [1, 148, 4, 0, 0]))),
    WireSample(
      "IPv4 source route", 1,
      PacketBuilder.ethernet(
        PacketBuilder.ipv4(
          PacketBuilder.tcp(from: PacketBuilder.v4Source, to: PacketBuilder.v4Destination),
          to: IPAddress(v4: 0x0909_0909),
          options: [131, 7, 4] + PacketBuilder.octets(PacketBuilder.v4Destination, v6: false)))),
    extended("hop-by-hop, destination options", 0, [60, 0, 5, 2, 0, 0, 1, 0, 6, 0, 1, 4, 0, 0, 0, 0]),
    extended("atomic fragment", 44, [6, 0, 0, 0, 0, 0, 0, 1]),
    extended("mobility", 135, [6, 0, 0, 0, 0, 0, 0, 0]),
    extended("routing header, used up", 43, [6, 2, 0, 0, 0, 0, 0, 0] + [UInt8](repeating: 9, count: 16)),
    extended(
      "routing header with segments left", 43,
      [6, 2, 0, 1, 0, 0, 0, 0] + PacketBuilder.octets(PacketBuilder.v6Destination, v6: true),
      to: IPAddress(high: 9, low: 9)),
    extended(
      "segment routing header", 43,
      [6, 4, 4, 1, 1, 0, 0, 0] + PacketBuilder.octets(PacketBuilder.v6Destination, v6: true)
        + [UInt8](repeating: 9, count: 16), to: IPAddress(high: 9, low: 9)),
    extended(
      "home address option", 60,
      [6, 2, 1, 2, 0, 0, 0xc9, 16] + PacketBuilder.octets(PacketBuilder.v6Source, v6: true),
      from: IPAddress(high: 9, low: 9)),
  ]

  private static func extended(
    _ name: String, _ next: UInt8, _ headers: [UInt8], from source: IPAddress = PacketBuilder.v6Source,
    to destination: IPAddress = PacketBuilder.v6Destination
  ) -> WireSample {
    let segment = PacketBuilder.tcp(from: PacketBuilder.v6Source, to: PacketBuilder.v6Destination)
    let packet = PacketBuilder.ipv6(headers + segment, next: next, from: source, to: destination)
    return WireSample(name, 1, PacketBuilder.ethernet(packet, type: 0x86dd), v6: true)
  }

  private static func ah(v6: Bool) -> [UInt8] {
    let source = v6 ? PacketBuilder.v6Source : PacketBuilder.v4Source
    let destination = v6 ? PacketBuilder.v6Destination : PacketBuilder.v4Destination
    let header: [UInt8] = [6, 4, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2] + [UInt8](repeating: 7, count: 12)
    let payload = header + PacketBuilder.tcp(from: source, to: destination)
    return v6
      ? PacketBuilder.ethernet(PacketBuilder.ipv6(payload, next: 51), type: 0x86dd)
      : PacketBuilder.ethernet(PacketBuilder.ipv4(payload, protocolNumber: 51))
  }
}
