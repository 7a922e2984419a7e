import TestSupport
import Testing

@testable import TraceDecode

@Suite struct WireTCPTests {
  private func decode(_ spec: TCPSpec, v6: Bool = false, snapLength: Int? = nil) throws -> Segment {
    let packet = v6 ? PacketBuilder.tcpInIPv6(spec) : PacketBuilder.tcpInIPv4(spec)
    var built = BuiltFrame(packet, linkType: .raw)
    if let snapLength { built = built.truncated(to: snapLength) }
    return try decode(built)
  }

  private func decode(_ built: BuiltFrame) throws -> Segment {
    var segment = Segment()
    var decoder = WireDecoder()
    let outcome = built.withFrame { decoder.decode($0, into: &segment) }
    try #require(isSegment(outcome), "\(outcome)")
    return segment
  }

  private func options(_ octets: [UInt8]) throws -> Segment { try decode(TCPSpec { $0.options = octets }) }

  // MARK: Options

  @Test func readsTheValuesOfOptions() throws {
    let segment = try options([
      2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2, 1, 3, 3, 15, 5, 18, 0, 0, 0, 3, 0, 0, 0, 4, 0xff,
      0xff,
      0xff, 0xf0, 0, 0, 0, 1, 1, 1,
    ])
    #expect(segment.options == [.mss, .sackPermitted, .timestamps, .windowScale, .sack])
    #expect(segment.mss == 1460)
    #expect(segment.tsVal == 1)
    #expect(segment.tsEcr == 2)
    #expect(segment.windowShift == 15)
    #expect(segment.sack.count == 2)
    #expect(segment.sack[0] == SACKBlock(left: 3, right: 4))
    #expect(segment.sack[1] == SACKBlock(left: 0xffff_fff0, right: 1))
    #expect(segment.sack[2] == SACKBlock(left: 0, right: 0))
  }

  @Test(
    arguments: [
      ([34, 2], TCPOptionSet.fastOpen), ([34, 10, 1, 2, 3, 4, 5, 6, 7, 8], .fastOpen),
      ([254, 4, 0xf9, 0x89], [.experimental, .fastOpen]), ([253, 4, 0, 1], .experimental),
      ([254, 4, 0xac, 0xce], [.experimental, .accECN]),
      ([30, 12] + [UInt8](repeating: 0, count: 10), .mptcp),
      ([19, 18] + [UInt8](repeating: 0, count: 16), .md5),
      ([29, 16] + [UInt8](repeating: 0, count: 14), .authentication),
      ([28, 4, 0x80, 1], .userTimeout), ([172, 11, 0, 0, 1, 0, 0, 2, 0, 0, 3], .accECN), ([174, 2], .accECN),
      ([77, 3, 1], .unknown), ([5, 34] + [UInt8](repeating: 1, count: 32), .sack), ([0, 2, 4, 5, 0xb4], []),
    ] as [([UInt8], TCPOptionSet)])
  func namesOptions(_ octets: [UInt8], _ expected: TCPOptionSet) throws {
    #expect(try options(octets).options == expected)
  }

  /// A length that only its own option has wrong is passed over; one that cannot be believed ends the reading.
  @Test(
    arguments: [
      ([2, 3, 1, 4, 2], [.malformed, .sackPermitted]), ([3, 4, 1, 1, 4, 2], [.malformed, .sackPermitted]),
      ([4, 3, 1, 4, 2], [.malformed, .sackPermitted]),
      ([8, 8, 0, 0, 0, 0, 0, 0, 4, 2], [.malformed, .sackPermitted]),
      ([5, 2, 4, 2], [.malformed, .sackPermitted]),
      ([5, 9, 1, 2, 3, 4, 5, 6, 7, 4, 2], [.malformed, .sackPermitted]),
      ([34, 3, 1, 4, 2], [.malformed, .sackPermitted]), ([254, 3, 1, 4, 2], [.malformed, .sackPermitted]),
      ([30, 2, 4, 2], [.malformed, .sackPermitted]), ([172, 3, 1, 4, 2], [.malformed, .sackPermitted]),
      ([2, 0, 4, 2], .malformed), ([2, 1, 4, 2], .malformed), ([1, 1, 1, 8], .malformed),
      ([8, 200, 4, 2], .malformed),
      ([2, 40, 4, 2], .malformed),
    ] as [([UInt8], TCPOptionSet)])
  func marksMalformedOptions(_ octets: [UInt8], _ expected: TCPOptionSet) throws {
    let segment = try options(octets)
    #expect(segment.options == expected)
    #expect(segment.mss == 0)
    #expect(segment.payloadLength == 18)
  }

  @Test func anOptionCutByTheSnapshotLengthIsTruncatedNotMalformed() throws {
    let spec = TCPSpec { $0.options = [2, 4, 5, 0xb4, 1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2] }
    for length in 40..<56 {
      let segment = try decode(spec, snapLength: length)
      #expect(segment.options.contains(.truncated))
      #expect(segment.options.contains(.mss) == (length >= 44))
      #expect(!segment.options.contains(.timestamps))
      #expect(!segment.options.contains(.malformed))
      #expect(segment.payloadLength == 18)
      #expect(segment.capturedPayload == 0)
      #expect(segment.truncated)
    }
    let whole = try decode(spec, snapLength: 56)
    #expect(whole.options == [.mss, .timestamps])
  }

  @Test func theNinthFlagIsRead() throws {
    let segment = try decode(TCPSpec { $0.flags = [.ae, .syn, .ece, .cwr, .urg] })
    #expect(segment.flags == [.ae, .syn, .ece, .cwr, .urg])
  }

  @Test func aDataOffsetOutsideThePacketIsAFault() {
    for offset in [UInt8(0x00), 0x40, 0xf0] {
      var packet = PacketBuilder.tcpInIPv4(TCPSpec { $0.payload = [] })
      packet[32] = offset
      var segment = Segment()
      var decoder = WireDecoder()
      let outcome = BuiltFrame(packet, linkType: .raw).withFrame { decoder.decode($0, into: &segment) }
      guard case .fault(let fault) = outcome else {
        Issue.record("\(outcome)")
        continue
      }
      #expect(fault.layer == .tcp)
      #expect(fault.cause == .badLength)
    }
  }

  // MARK: Checksums

  @Test(arguments: [0, 1, 2, 3, 4, 5, 7, 8, 15, 31, 32, 43, 44, 45, 63, 64, 108, 1000, 1459, 1460, 9001])
  func verifiesChecksumsOfEveryLength(_ length: Int) throws {
    var random = SplitMix(state: UInt64(length))
    let payload = (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    for v6 in [false, true] {
      #expect(try decode(TCPSpec { $0.payload = payload }, v6: v6).checksumState == .good)
      let wrong = TCPSpec {
        $0.payload = payload
        $0.checksum = .bad
      }
      #expect(try decode(wrong, v6: v6).checksumState == .bad)
    }
  }

  /// Sums that carry as often as they can.
  @Test func checksumsSurviveAllOnes() throws {
    let payload = [UInt8](repeating: 0xff, count: 65_000)
    let spec = TCPSpec {
      $0.payload = payload
      $0.window = 0xffff
      $0.seq = .max
      $0.ack = .max
    }
    #expect(try decode(spec).checksumState == .good)
    let octets = [UInt8](repeating: 0xff, count: 3 << 20)
    octets.withUnsafeBytes {
      #expect(Checksum.fold(Checksum.sum($0.baseAddress!, count: $0.count)) == 0xffff)
    }
  }

  @Test func oneWrongOctetIsNoticedWhereverItIs() throws {
    let packet = PacketBuilder.tcpInIPv4(TCPSpec { $0.payload = [UInt8](repeating: 0x5a, count: 201) })
    for index in 20..<packet.count where index != 32 {
      var damaged = packet
      damaged[index] ^= 0x10
      #expect(try decode(BuiltFrame(damaged, linkType: .raw)).checksumState == .bad, "octet \(index)")
    }
  }

  @Test func offloadIsNoDamage() throws {
    for form in [TCPSpec.Checksum.pseudoHeader, .pseudoHeaderWithoutLength] {
      for v6 in [false, true] {
        #expect(try decode(TCPSpec { $0.checksum = form }, v6: v6).checksumState == .offload)
      }
    }
    #expect(try decode(TCPSpec { $0.checksum = .zero }).checksumState == .unknown)
  }

  @Test func aCutSegmentIsNotJudged() throws {
    let spec = TCPSpec { $0.checksum = .bad }
    let segment = try decode(spec, snapLength: 57)
    #expect(segment.checksumState == .unknown)
    #expect(segment.truncated)
    #expect(segment.capturedPayload == 17)
  }

  // MARK: Lengths

  @Test func paddingIsNoPayload() throws {
    let ack = PacketBuilder.tcpInIPv4(TCPSpec { $0.payload = [] })
    let segment = try decode(BuiltFrame(PacketBuilder.ethernet(ack) + [0, 0, 0, 0, 0, 0]))
    #expect(segment.payloadLength == 0)
    #expect(segment.capturedPayload == 0)
    #expect(!segment.truncated)
    #expect(segment.checksumState == .good)
  }

  /// A converted capture's records say the snapshot length was the wire length.
  @Test func theIPLengthRulesOverAShorterRecord() throws {
    let packet = PacketBuilder.tcpInIPv4(TCPSpec { $0.payload = [UInt8](repeating: 1, count: 1448) })
    let built = BuiltFrame(Array(PacketBuilder.ethernet(packet).prefix(120)))
    let segment = try decode(built)
    #expect(segment.payloadLength == 1448)
    #expect(segment.capturedPayload == 120 - 54)
    #expect(segment.truncated)
    #expect(segment.checksumState == .unknown)
    #expect(!segment.lengthFromRecord)
  }

  /// A length that no link could have carried is damage, and the receiver drops such a packet.
  @Test func anIncredibleIPLengthIsAFault() {
    let segment = PacketBuilder.tcp(from: PacketBuilder.v4Source, to: PacketBuilder.v4Destination)
    for packet in [PacketBuilder.ipv4(segment, length: 29_492), PacketBuilder.ipv6(segment, length: 40_000)] {
      var decoded = Segment()
      var decoder = WireDecoder()
      let outcome = BuiltFrame(packet, linkType: .raw).withFrame { decoder.decode($0, into: &decoded) }
      guard case .fault(let fault) = outcome else {
        Issue.record("\(outcome)")
        continue
      }
      #expect(fault.cause == .badLength)
    }
  }

  @Test func aLengthOfZeroIsSegmentationOffload() throws {
    let spec = TCPSpec { $0.payload = [UInt8](repeating: 3, count: 70_000) }
    let v4 = PacketBuilder.tcp(spec, from: PacketBuilder.v4Source, to: PacketBuilder.v4Destination)
    let v6 = PacketBuilder.tcp(spec, from: PacketBuilder.v6Source, to: PacketBuilder.v6Destination)
    let frames = [
      PacketBuilder.ethernet(PacketBuilder.ipv4(v4, length: 0)),
      PacketBuilder.ethernet(PacketBuilder.ipv6(v6, length: 0), type: 0x86dd),
    ]
    for frame in frames {
      let segment = try decode(BuiltFrame(frame).truncated(to: 200))
      #expect(segment.payloadLength == 70_000)
      #expect(segment.lengthFromRecord)
      #expect(segment.truncated)
      #expect(try decode(BuiltFrame(frame)).checksumState == .good)
    }
  }

  @Test func jumbogramsTellTheirLength() throws {
    let spec = TCPSpec { $0.payload = [UInt8](repeating: 3, count: 70_000) }
    let tcp = PacketBuilder.tcp(spec, from: PacketBuilder.v6Source, to: PacketBuilder.v6Destination)
    let header: [UInt8] = [6, 0, 0xc2, 4] + PacketBuilder.be32(UInt32(tcp.count + 8))
    let packet = PacketBuilder.ethernet(PacketBuilder.ipv6(header + tcp, next: 0, length: 0), type: 0x86dd)
    let segment = try decode(BuiltFrame(packet + [9, 9, 9]))
    #expect(segment.payloadLength == 70_000)
    #expect(!segment.lengthFromRecord)
    #expect(segment.checksumState == .good)
  }

  @Test func networkFieldsAreKept() throws {
    let tcp = PacketBuilder.tcp(from: PacketBuilder.v4Source, to: PacketBuilder.v4Destination)
    let v4 = try decode(
      BuiltFrame(
        PacketBuilder.ipv4(tcp, id: 0xbeef, ttl: 3, trafficClass: 0xb9, dontFragment: false), linkType: .raw))
    #expect(v4.ipID == 0xbeef)
    #expect(v4.ttl == 3)
    #expect(v4.trafficClass == 0xb9)
    #expect(!v4.dontFragment)
    let tcp6 = PacketBuilder.tcp(from: PacketBuilder.v6Source, to: PacketBuilder.v6Destination)
    let v6 = try decode(BuiltFrame(PacketBuilder.ipv6(tcp6, hopLimit: 5, trafficClass: 0xb9), linkType: .raw))
    #expect(v6.ttl == 5)
    #expect(v6.trafficClass == 0xb9)
    #expect(v6.ipID == 0)
  }
}
