import Testing

@testable import TraceDecode

@Suite struct PayloadSumTests {
  /// A TCP segment with a right checksum over IPv4, header first.
  private static func segment(_ h: PayloadSum.Header, payload: [UInt8]) -> UInt16 {
    var words: [UInt16] = [
      h.source.port, h.destination.port, UInt16(h.seq >> 16), UInt16(h.seq & 0xffff), UInt16(h.ack >> 16),
      UInt16(h.ack & 0xffff), UInt16(h.words) << 12 | h.flags.rawValue, h.window, h.urgentPointer,
    ]
    if h.hasTimestamps {
      words += [
        0x0101, 0x080a, UInt16(h.tsVal >> 16), UInt16(h.tsVal & 0xffff), UInt16(h.tsEcr >> 16),
        UInt16(h.tsEcr & 0xffff),
      ]
    }
    for i in stride(from: 0, to: payload.count, by: 2) {
      words.append(UInt16(payload[i]) << 8 | (i + 1 < payload.count ? UInt16(payload[i + 1]) : 0))
    }
    for address in [h.source.address.v4, h.destination.address.v4] {
      words += [UInt16(address >> 16), UInt16(address & 0xffff)]
    }
    words += [6, UInt16(h.words) * 4 + UInt16(payload.count)]
    var sum: UInt32 = 0
    for word in words {
      sum += UInt32(word)
      sum = (sum & 0xffff) + sum >> 16
    }
    return ~UInt16(sum)
  }

  private static func header(_ payload: [UInt8]) -> PayloadSum.Header {
    PayloadSum.Header(
      source: SocketAddress(address: IPAddress(v4: 0x0a00_0001), port: 40000),
      destination: SocketAddress(address: IPAddress(v4: 0x0a00_0002), port: 80), seq: 0xfff0_1234,
      ack: 77, flags: [.ack, .psh], window: 501, words: 5, payload: UInt32(payload.count))
  }

  private static func sum(_ payload: [UInt8], _ change: (inout PayloadSum.Header) -> Void = { _ in })
    -> PayloadSum?
  {
    var h = header(payload)
    change(&h)
    return PayloadSum(checksum: segment(h, payload: payload), of: h)
  }

  @Test func doesNotDependOnTheHeader() {
    let text = Array("GET / HTTP/1.1\r\nHost: a\r\n".utf8)
    let plain = Self.sum(text)
    #expect(plain != nil)
    #expect(
      plain
        == Self.sum(text) {
          $0.ack = 0xffff_ffff
          $0.window = 0
          $0.seq = 3
          $0.flags = .ack
        })
    #expect(
      plain
        == Self.sum(text) {
          $0.words = 8
          $0.hasTimestamps = true
          $0.tsVal = 0xdead_beef
          $0.tsEcr = 12
        })
  }

  @Test func differsWithTheOctets() {
    #expect(Self.sum(Array("hello".utf8)) != Self.sum(Array("hellp".utf8)))
    #expect(Self.sum([0, 0, 0, 1]) != Self.sum([0, 0, 0, 2]))
  }

  @Test func zeroHasOneForm() {
    #expect(Self.sum([0, 0])?.value == 0)
    #expect(Self.sum([0xff, 0xff])?.value == 0)
    #expect(Self.sum([])?.value == 0)
  }

  @Test func isSilentAboutOptionsThatAreNotKept() {
    #expect(Self.sum([1, 2]) { $0.words = 6 } == nil)
    #expect(Self.sum([1, 2]) { $0.words = 8 } == nil)
    var withSACK = Self.header([1, 2])
    withSACK.words = 11
    withSACK.hasTimestamps = true
    #expect(PayloadSum(checksum: 1, of: withSACK) == nil)
  }
}
