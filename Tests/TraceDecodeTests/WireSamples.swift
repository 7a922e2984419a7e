import TestSupport
import Testing
import TraceDecode

/// A frame that wraps one known segment in some way; the table that the wire tests share.
struct WireSample: Sendable, CustomTestStringConvertible {
  var name: String
  var linkType: UInt16
  var bytes: [UInt8]
  var isV6 = false
  var encapsulation: Encapsulation = []
  var vlan: UInt16 = 0

  var testDescription: String { name }
  var frame: BuiltFrame { BuiltFrame(bytes, linkType: LinkType(rawValue: linkType)) }

  static let v4 = PacketBuilder.tcpInIPv4()
  static let v6 = PacketBuilder.tcpInIPv6()
  static let snap: [UInt8] = [0xaa, 0xaa, 3, 0, 0, 0]
  static let ethernetV4 = PacketBuilder.ethernet(v4)
  static var all: [WireSample] { links + wireless + tags + tunnels + networks }

  init(
    _ name: String, _ linkType: UInt16, _ bytes: [UInt8], v6: Bool = false,
    _ encapsulation: Encapsulation = [],
    vlan: UInt16 = 0
  ) {
    self.name = name
    self.linkType = linkType
    self.bytes = bytes
    isV6 = v6
    self.encapsulation = encapsulation
    self.vlan = vlan
  }

  static let links: [WireSample] = [
    WireSample("Ethernet IPv4", 1, ethernetV4),
    WireSample("Ethernet IPv6", 1, PacketBuilder.ethernet(v6, type: 0x86dd), v6: true),
    WireSample("Ethernet, padded", 1, ethernetV4 + [0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
    WireSample(
      "IEEE 802.3 SNAP", 1, PacketBuilder.ethernet(snap + [8, 0] + v4, type: UInt16(8 + v4.count)) + [0, 0]),
    WireSample(
      "IEEE 802.3 LLC, IP SAP", 1, PacketBuilder.ethernet([6, 6, 3] + v4, type: UInt16(3 + v4.count))),
    WireSample(
      "LLC, NLPID", 1, PacketBuilder.ethernet([0xfe, 0xfe, 3, 0xcc] + v4, type: UInt16(4 + v4.count))),
    WireSample("BSD loopback, little-endian", 0, [2, 0, 0, 0] + v4),
    WireSample("BSD loopback, big-endian", 0, [0, 0, 0, 2] + v4),
    WireSample("BSD loopback, IPv6 of macOS", 0, [30, 0, 0, 0] + v6, v6: true),
    WireSample("OpenBSD loopback, IPv6", 108, [0, 0, 0, 24] + v6, v6: true),
    WireSample("raw IP 12", 12, v4), WireSample("raw IP 14", 14, v4),
    WireSample("raw IP 101", 101, v6, v6: true),
    WireSample("raw IPv4", 228, v4), WireSample("raw IPv6", 229, v6, v6: true),
    WireSample("token ring", 6, [0x10, 0x40] + [UInt8](repeating: 2, count: 12) + snap + [8, 0] + v4),
    WireSample(
      "token ring, source routed", 6,
      [0x10, 0x40] + [UInt8](repeating: 2, count: 6) + [0x82, 2, 2, 2, 2, 2, 6, 0, 1, 1, 2, 2] + snap + [
        8, 0,
      ] + v4),
    WireSample("ARCNET RFC 1051", 7, [1, 2, 0xf0] + v4),
    WireSample("ARCNET RFC 1201", 7, [1, 2, 0xd4, 0, 0, 1] + v4),
    WireSample("ARCNET Linux", 129, [1, 2, 0, 0, 0xc4, 0, 0, 1] + v6, v6: true),
    WireSample("FDDI", 10, [0x57] + [UInt8](repeating: 2, count: 12) + snap + [8, 0] + v4),
    WireSample("PPP", 9, [0xff, 3, 0, 0x21] + v4), WireSample("PPP, no HDLC", 9, [0, 0x57] + v6, v6: true),
    WireSample("PPP, compressed protocol", 9, [0x21] + v4),
    WireSample("PPP in HDLC", 50, [0xff, 3, 0x21] + v4),
    WireSample("Cisco HDLC as PPP", 50, [0x0f, 0, 8, 0] + v4),
    WireSample("PPP multilink, whole", 9, [0, 0x3d, 0xc0, 0, 0, 1, 0, 0x21] + v4),
    WireSample("PPP with direction", 204, [1, 0xff, 3, 0, 0x21] + v4),
    WireSample(
      "PPPoE link", 51, [0x11, 0, 0, 7] + PacketBuilder.be16(v4.count + 2) + [0, 0x21] + v4, .pppoe),
    WireSample("Cisco HDLC", 104, [0x0f, 0, 8, 0] + v4),
    WireSample("Cisco HDLC MPLS", 104, [0x0f, 0, 0x88, 0x47, 0, 1, 1, 64] + v4, .mpls),
    WireSample("Frame Relay, NLPID", 107, [0x18, 0x41, 3, 0xcc] + v4),
    WireSample("Frame Relay, padded SNAP", 107, [0x18, 0x41, 3, 0, 0x80, 0, 0, 0, 8, 0] + v4),
    WireSample("Frame Relay, bridged", 107, [0x18, 0x41, 3, 0, 0x80, 0, 0x80, 0xc2, 0, 7] + ethernetV4),
    WireSample("Frame Relay, Cisco", 107, [0x18, 0x41, 8, 0] + v4),
    WireSample("Frame Relay, four-octet address", 107, [0x18, 0x40, 0x40, 0x41, 3, 0x8e] + v6, v6: true),
    WireSample("ATM RFC 1483", 100, snap + [8, 0] + v4),
    WireSample("SunATM", 123, [2, 0, 0, 5] + snap + [8, 0] + v4),
    WireSample("Linux cooked", 113, [0, 0, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0, 8, 0] + v4),
    WireSample(
      "Linux cooked, LLC", 113, [0, 0, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0, 0, 4] + snap + [8, 0] + v4),
    WireSample(
      "Linux cooked, VLAN", 113, [0, 0, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0, 0x81, 0, 0, 9, 8, 0] + v4, .vlan,
      vlan: 9),
    WireSample(
      "Linux cooked 2", 276, [0x86, 0xdd, 0, 0, 0, 0, 0, 2, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0] + v6, v6: true
    ),
    WireSample("OpenBSD enc", 109, [2, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0] + v4),
    WireSample("OpenBSD pflog", 117, [61, 2] + [UInt8](repeating: 0, count: 62) + v4),
    WireSample("IP over FireWire", 138, [UInt8](repeating: 1, count: 16) + [8, 0] + v4),
    WireSample(
      "netfilter log", 239,
      [2, 0, 0, 0, 8, 0, 1, 0, 8, 0, 1, 0, UInt8(4 + v4.count), 0, 9, 0] + v4),
    WireSample("netANALYZER", 240, [0, 0, 0, 0] + ethernetV4),
    WireSample("PKTAP", 258, [16, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0] + ethernetV4),
  ]

  /// An IEEE 802.11 data frame; `flags` as in the second octet of frame control.
  static func wlan(subtype: UInt8 = 0x08, flags: UInt8 = 1, _ body: [UInt8]) -> [UInt8] {
    [subtype, flags, 0, 0] + [UInt8](repeating: 2, count: 18) + [0x10, 0] + body
  }

  static let wireless: [WireSample] = [
    WireSample("802.11", 105, wlan(snap + [8, 0] + v4)),
    WireSample("802.11, four addresses", 105, wlan(flags: 3, [1, 2, 3, 4, 5, 6] + snap + [8, 0] + v4)),
    WireSample("802.11 QoS", 105, wlan(subtype: 0x88, [0, 0] + snap + [8, 0] + v4)),
    WireSample(
      "802.11 QoS, HT control", 105,
      wlan(subtype: 0x88, flags: 0x81, [0, 0, 9, 9, 9, 9] + snap + [8, 0] + v4)),
    WireSample(
      "802.11 A-MSDU", 105,
      wlan(
        subtype: 0x88,
        [0x80, 0] + [UInt8](repeating: 4, count: 12) + PacketBuilder.be16(8 + v4.count) + snap + [8, 0] + v4
          + [7, 7, 7])),
    WireSample("radiotap", 127, [0, 0, 8, 0, 0, 0, 0, 0] + wlan(snap + [8, 0] + v4)),
    WireSample(
      "radiotap, padded 802.11", 127,
      [0, 0, 17, 0, 3, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0x20]
        + wlan(subtype: 0x88, [0, 0, 0, 0] + snap + [8, 0] + v4)),
    WireSample("PPI 802.11", 192, [0, 0, 8, 0, 105, 0, 0, 0] + wlan(snap + [8, 0] + v4)),
    WireSample("PPI Ethernet", 192, [0, 0, 12, 0, 1, 0, 0, 0, 9, 9, 9, 9] + ethernetV4),
    WireSample(
      "Prism", 119, [0, 0, 0, 0x44] + [UInt8](repeating: 0, count: 140) + wlan(snap + [8, 0] + v4)),
    WireSample("AVS", 163, [0x80, 0x21, 0x10, 1, 0, 0, 0, 12, 9, 9, 9, 9] + wlan(snap + [8, 0] + v4)),
  ]

  static let tags: [WireSample] = [
    WireSample("802.1Q", 1, PacketBuilder.ethernet(v4, vlans: [0xe064]), .vlan, vlan: 100),
    WireSample(
      "802.1Q IPv6", 1, PacketBuilder.ethernet(v6, type: 0x86dd, vlans: [7]), v6: true, .vlan, vlan: 7),
    WireSample("802.1Q, priority only", 1, PacketBuilder.ethernet(v4, vlans: [0xe000]), .vlan),
    WireSample("QinQ", 1, PacketBuilder.ethernet(v4, vlans: [5, 6], tagType: 0x88a8), .vlan, vlan: 6),
    WireSample(
      "QinQ, 9100", 1, PacketBuilder.ethernet(v4, vlans: [5, 6, 7], tagType: 0x9100), .vlan, vlan: 7),
    WireSample(
      "802.1Q before LLC", 1,
      PacketBuilder.ethernet(snap + [8, 0] + v4, type: UInt16(8 + v4.count), vlans: [3]),
      .vlan, vlan: 3),
    WireSample("802.1ah", 1, PacketBuilder.ethernet([0, 0, 0, 9] + ethernetV4, type: 0x88e7)),
    WireSample(
      "802.1ah, inner tag", 1,
      PacketBuilder.ethernet([0, 0, 0, 9] + PacketBuilder.ethernet(v4, vlans: [44]), type: 0x88e7), .vlan,
      vlan: 44),
    WireSample("VN-Tag", 1, PacketBuilder.ethernet([0, 1, 0, 2, 8, 0] + v4, type: 0x8926)),
    WireSample("Cisco MetaData", 1, PacketBuilder.ethernet([1, 1, 0, 1, 0, 5, 8, 0] + v4, type: 0x8909)),
    WireSample(
      "MACsec, integrity only", 1, PacketBuilder.ethernet([0, 0, 0, 0, 0, 1, 8, 0] + v4, type: 0x88e5)),
    WireSample(
      "PPPoE", 1,
      PacketBuilder.ethernet(
        [0x11, 0, 0, 7] + PacketBuilder.be16(v4.count + 2) + [0, 0x21] + v4, type: 0x8864),
      .pppoe),
    WireSample(
      "MPLS, two labels", 1, PacketBuilder.ethernet([0, 1, 0, 64, 0, 2, 1, 64] + v4, type: 0x8847), .mpls),
    WireSample("MPLS IPv6", 1, PacketBuilder.ethernet([0, 2, 1, 64] + v6, type: 0x8848), v6: true, .mpls),
    WireSample(
      "EoMPLS, control word", 1,
      PacketBuilder.ethernet([0, 2, 1, 64, 0, 0, 0, 1] + ethernetV4, type: 0x8847), .mpls),
    WireSample("EoMPLS", 1, PacketBuilder.ethernet([0, 2, 1, 64] + ethernetV4, type: 0x8847), .mpls),
    WireSample(
      "EoMPLS, address like IPv4", 1,
      PacketBuilder.ethernet([0, 2, 1, 64, 0x45] + ethernetV4.dropFirst(), type: 0x8847), .mpls),
    WireSample(
      "EoMPLS, address like IPv6", 1,
      PacketBuilder.ethernet([0, 2, 1, 64, 0x60] + ethernetV4.dropFirst(), type: 0x8847), .mpls),
  ]
}
