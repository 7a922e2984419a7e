import TestSupport
import Testing

@testable import TraceDecode

@Suite struct WireICMPTests {
  private static let router = IPAddress(v4: 0xac10_0001)
  private static let router6 = IPAddress(high: 0xfe80_0000_0000_0000, low: 9)

  private func error(_ packet: [UInt8], type: UInt16 = 0x0800, vlans: [UInt16] = []) -> ICMPError? {
    var decoder = WireDecoder()
    var segment = Segment()
    let outcome = BuiltFrame(PacketBuilder.ethernet(packet, type: type, vlans: vlans), number: 5, time: 77)
      .withFrame { decoder.decode($0, into: &segment) }
    if case .icmp = outcome { return decoder.icmp }
    return nil
  }

  private func v4(_ type: UInt8, _ code: UInt8, rest: [UInt8] = [0, 0, 0, 0], quote: [UInt8]) -> [UInt8] {
    PacketBuilder.ipv4(
      [type, code, 0, 0] + rest + quote, protocolNumber: 1, from: Self.router, to: PacketBuilder.v4Source)
  }

  private func v6(_ type: UInt8, _ code: UInt8, rest: [UInt8] = [0, 0, 0, 0], quote: [UInt8]) -> [UInt8] {
    PacketBuilder.ipv6(
      [type, code, 0, 0] + rest + quote, next: 58, from: Self.router6, to: PacketBuilder.v6Source)
  }

  @Test(
    arguments: [
      (3, 0, .networkUnreachable), (3, 1, .hostUnreachable), (3, 2, .protocolUnreachable),
      (3, 3, .portUnreachable),
      (3, 4, .fragmentationNeeded), (3, 5, .otherUnreachable), (3, 10, .administrativelyProhibited),
      (3, 13, .administrativelyProhibited), (4, 0, .sourceQuench), (5, 1, .redirect), (11, 0, .timeExceeded),
      (12, 0, .parameterProblem),
    ] as [(UInt8, UInt8, ICMPError.Kind)])
  func readsErrors(_ type: UInt8, _ code: UInt8, _ kind: ICMPError.Kind) throws {
    // Eight octets of the segment are all that RFC 792 asks for.
    let quote = Array(WireSample.v4.prefix(28))
    for vlans in [[], [4]] as [[UInt16]] {
      let error = try #require(self.error(v4(type, code, quote: quote), vlans: vlans))
      #expect(error.kind == kind)
      #expect(error.type == type)
      #expect(error.code == code)
      #expect(error.frame == 5)
      #expect(error.time == 77)
      #expect(error.reporter == Self.router)
      #expect(error.quotedSource == SocketAddress(address: PacketBuilder.v4Source, port: 40000))
      #expect(error.quotedDestination == SocketAddress(address: PacketBuilder.v4Destination, port: 80))
      #expect(error.quotedSeq == 1_000_000)
      #expect(error.mtu == nil)
    }
  }

  @Test(
    arguments: [
      (1, 0, .networkUnreachable), (1, 1, .administrativelyProhibited), (1, 3, .hostUnreachable),
      (1, 4, .portUnreachable), (1, 2, .otherUnreachable), (2, 0, .packetTooBig), (3, 0, .timeExceeded),
      (4, 1, .parameterProblem),
    ] as [(UInt8, UInt8, ICMPError.Kind)])
  func readsErrorsOfICMPv6(_ type: UInt8, _ code: UInt8, _ kind: ICMPError.Kind) throws {
    let error = try #require(
      self.error(v6(type, code, rest: [0, 0, 5, 0], quote: WireSample.v6), type: 0x86dd))
    #expect(error.kind == kind)
    #expect(error.reporter == Self.router6)
    #expect(error.quotedDestination == SocketAddress(address: PacketBuilder.v6Destination, port: 80))
    #expect(error.quotedSeq == 1_000_000)
    #expect(error.mtu == (type == 2 ? 1280 : nil))
  }

  @Test func readsTheNextHopMTU() throws {
    let error = try #require(self.error(v4(3, 4, rest: [0, 0, 5, 0x78], quote: WireSample.v4)))
    #expect(error.mtu == 1400)
  }

  @Test func readsThroughOptionsAndExtensionHeaders() throws {
    let segment = PacketBuilder.tcp(from: PacketBuilder.v4Source, to: PacketBuilder.v4Destination)
    let optioned = PacketBuilder.ipv4(segment, options: [1, 1, 1, 0])
    #expect(error(v4(11, 0, quote: optioned))?.quotedSeq == 1_000_000)
    let extended = PacketBuilder.ipv6([60, 0, 1, 4, 0, 0, 0, 0, 6, 0, 1, 4, 0, 0, 0, 0] + segment, next: 0)
    #expect(error(v6(3, 0, quote: extended), type: 0x86dd)?.quotedSeq == 1_000_000)
    let redirect = [UInt8](repeating: 1, count: 32) + [2, 1, 0, 0, 0, 0, 0, 0, 4, 9, 0, 0, 0, 0, 0, 0]
    #expect(error(v6(137, 0, quote: redirect + WireSample.v6), type: 0x86dd)?.kind == .redirect)
  }

  @Test func readsWithinTunnels() throws {
    let tunnelled = PacketBuilder.ipv4(
      v6(2, 0, rest: [0, 0, 5, 0], quote: WireSample.v6), protocolNumber: 41)
    #expect(error(tunnelled)?.kind == .packetTooBig)
  }

  @Test func otherMessagesAreNotTCP() {
    #expect(error(v4(8, 0, quote: WireSample.v4)) == nil)
    #expect(error(v6(129, 0, quote: WireSample.v6), type: 0x86dd) == nil)
    #expect(
      error(v4(3, 3, quote: PacketBuilder.ipv4(PacketBuilder.udp([1], to: 53), protocolNumber: 17))) == nil)
    // A later fragment quotes no header.
    #expect(error(v4(11, 1, quote: PacketBuilder.ipv4(WireSample.v4, fragment: 800))) == nil)
  }

  @Test func everyShortQuoteHasAnOutcome() {
    for quote in [WireSample.v4, WireSample.v6] {
      for length in 0..<quote.count {
        let needed = (quote[0] >> 4 == 4 ? 20 : 40) + 8
        #expect((error(v4(3, 3, quote: Array(quote.prefix(length)))) != nil) == (length >= needed))
      }
    }
  }
}
