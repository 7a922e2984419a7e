import TestSupport
import Testing

@testable import TraceDecode

/// Every way to wrap a segment leads to the same segment.
@Suite struct WireLayerTests {
  @Test(arguments: WireSample.all)
  func decodesTheSegmentWithin(_ sample: WireSample) throws {
    let spec = TCPSpec()
    try sample.frame.withFrame { frame in
      var decoder = WireDecoder()
      var segment = Segment()
      let outcome = decoder.decode(frame, into: &segment)
      try #require(isSegment(outcome), "\(outcome)")
      #expect(segment.source == (sample.isV6 ? PacketBuilder.v6Source : PacketBuilder.v4Source))
      #expect(
        segment.destination == (sample.isV6 ? PacketBuilder.v6Destination : PacketBuilder.v4Destination))
      #expect(segment.sourcePort == spec.sourcePort)
      #expect(segment.destinationPort == spec.destinationPort)
      #expect(segment.seq == spec.seq)
      #expect(segment.ack == spec.ack)
      #expect(segment.flags == spec.flags)
      #expect(segment.window == spec.window)
      #expect(segment.payloadLength == UInt32(spec.payload.count))
      #expect(Array(decoder.payload(of: segment, in: frame)) == spec.payload)
      #expect(segment.checksumState == .good)
      #expect(!segment.truncated)
      #expect(segment.encapsulation == sample.encapsulation)
      #expect(segment.vlan == sample.vlan)
      #expect(segment.ttl == 64)
      #expect(segment.ipID == (sample.isV6 ? 0 : 0x1234))
      #expect(segment.interface == 3)
      #expect(segment.recordOffset == 1000)
    }
  }

  @Test func namesWhyAFrameCannotBeRead() {
    let v4 = WireSample.v4
    let cases: [(UInt16, [UInt8], DecodeFault.Layer, DecodeFault.Cause)] = [
      (999, v4, .link, .unknownLinkType),
      (105, WireSample.wlan(flags: 0x41, WireSample.snap + [8, 0] + v4), .link, .opaque),
      (1, PacketBuilder.ethernet([0x0c, 0, 0, 0, 0, 1] + v4, type: 0x88e5), .link, .opaque),
      (9, [0, 0xfd] + v4, .link, .opaque),
      (1, WireSample.overIPv4(v4, 50), .tunnel, .opaque),
      (1, WireSample.overIPv4(v4, 115), .tunnel, .unknownEncapsulation),
      (1, PacketBuilder.ethernet([0x55] + v4.dropFirst()), .ipv4, .badVersion),
      (1, PacketBuilder.ethernet([0x44] + v4.dropFirst()), .ipv4, .badLength),
      (1, PacketBuilder.ethernet(v4, type: 0x86dd), .ipv6, .badVersion),
      (1, PacketBuilder.ethernet(PacketBuilder.ipv4(Array(v4[20..<36]))), .tcp, .badLength),
      (1, PacketBuilder.ethernet(PacketBuilder.ipv4([0, 1])), .tcp, .badLength),
    ]
    for (link, bytes, layer, cause) in cases {
      let fault = fault(BuiltFrame(bytes, linkType: LinkType(rawValue: link)))
      #expect(fault?.layer == layer)
      #expect(fault?.cause == cause, "\(link) \(layer)")
    }
  }

  @Test func linkTypesSaidToBeDecodedAre() {
    let octets = [UInt8](repeating: 0, count: 64)
    for type in 0..<300 as Range<UInt16> {
      octets.withUnsafeBytes { bytes in
        var decoder = WireDecoder()
        var segment = Segment()
        let frame = Frame(
          number: 1, time: 0, bytes: bytes, wireLength: 64, linkType: LinkType(rawValue: type))
        var isUnknown = false
        if case .fault(let fault) = decoder.decode(frame, into: &segment) {
          isUnknown = fault.cause == .unknownLinkType
        }
        #expect(LinkType(rawValue: type).isDecoded != isUnknown, "LINKTYPE \(type)")
      }
    }
  }

  @Test func whatIsNotTCPIsNoFault() {
    let arp = PacketBuilder.ethernet([UInt8](repeating: 0, count: 28), type: 0x0806)
    let spanningTree = PacketBuilder.ethernet([0x42, 0x42, 3, 0, 0, 0], type: 6)
    let datagram = WireSample.overUDP(WireSample.v4, 9999)
    // The port of VXLAN, but not its header.
    let stranger = WireSample.overUDP([0, 0, 0, 0, 0, 0, 0, 0] + WireSample.ethernetV4, 4789)
    let ping = WireSample.overIPv4([8, 0, 0, 0, 0, 0, 0, 0], 1)
    let control = WireSample.overUDP([0xc8, 2, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0], 1701)
    for bytes in [arp, spanningTree, datagram, stranger, ping, control] {
      #expect(isNotTCP(BuiltFrame(bytes)))
    }
    #expect(isNotTCP(BuiltFrame(WireSample.wlan(subtype: 0x48, []), linkType: .ieee80211)))
    #expect(isNotTCP(BuiltFrame(WireSample.wlan(subtype: 0x80, []), linkType: .ieee80211)))
  }

  @Test func nestingHasALimit() throws {
    func nested(_ tunnels: Int) -> BuiltFrame {
      var packet = WireSample.v4
      for _ in 0..<tunnels { packet = PacketBuilder.ipv4(packet, protocolNumber: 4) }
      return BuiltFrame(PacketBuilder.ethernet(packet))
    }
    #expect(fault(nested(8)) == nil)
    #expect(fault(nested(9))?.cause == .tooDeep)
    // Tags and labels do not count, and their number exhausts nothing.
    let tags = [UInt8](repeating: 0, count: 12) + (0..<20_000).flatMap { _ in [0x81, 0, 0, 1] as [UInt8] }
    #expect(fault(BuiltFrame(tags + [8, 0] + WireSample.v4)) == nil)
  }
}

func isSegment(_ outcome: WireDecoder.Outcome) -> Bool { if case .segment = outcome { true } else { false } }

private func isNotTCP(_ built: BuiltFrame) -> Bool {
  built.withFrame { frame in
    var decoder = WireDecoder()
    var segment = Segment()
    if case .notTCP = decoder.decode(frame, into: &segment) { return true }
    return false
  }
}

private func fault(_ built: BuiltFrame) -> DecodeFault? {
  built.withFrame { frame in
    var decoder = WireDecoder()
    var segment = Segment()
    if case .fault(let fault) = decoder.decode(frame, into: &segment) { return fault }
    return nil
  }
}
