import TestSupport
import Testing

@testable import TraceDecode

/// Whatever octets come, decoding ends with an outcome and within the octets.
@Suite struct WireHostilityTests {
  @Test(arguments: WireSample.all)
  func everyTruncationHasAnOutcome(_ sample: WireSample) {
    let whole = sample.frame
    for length in 0..<whole.bytes.count {
      whole.truncated(to: length).withFrame { frame in
        var decoder = WireDecoder()
        var segment = Segment()
        let outcome = decoder.decode(frame, into: &segment)
        guard isSegment(outcome) else { return }
        // What was cut is payload, an option, or padding; the header is right.
        #expect(segment.seq == TCPSpec().seq)
        #expect(segment.payloadLength == UInt32(TCPSpec().payload.count))
        #expect(decoder.payload(of: segment, in: frame).count == Int(segment.capturedPayload))
        #expect(segment.truncated || segment.capturedPayload == segment.payloadLength)
        #expect(!segment.truncated || segment.checksumState == .unknown)
      }
    }
  }

  /// A file whose writer did not know the wire length: the record says the frame was as short as it is.
  @Test(arguments: WireSample.all)
  func everyShortRecordHasAnOutcome(_ sample: WireSample) {
    for length in 0..<sample.bytes.count {
      let cut = BuiltFrame(Array(sample.bytes.prefix(length)), linkType: LinkType(rawValue: sample.linkType))
      cut.withFrame { frame in
        var decoder = WireDecoder()
        var segment = Segment()
        if isSegment(decoder.decode(frame, into: &segment)) {
          #expect(segment.payloadLength == UInt32(TCPSpec().payload.count))
        }
      }
    }
  }

  @Test(arguments: WireSample.all)
  func mutatedOctetsHaveAnOutcome(_ sample: WireSample) {
    var random = SplitMix(state: UInt64(sample.bytes.count) &* 7919 &+ UInt64(sample.linkType))
    var decoder = WireDecoder()
    var segment = Segment()
    for round in 0..<300 {
      var mutated = sample.frame
      for _ in 0...(round % 4) {
        let index = Int(random.next() % UInt64(mutated.bytes.count))
        mutated.bytes[index] = round % 3 == 0 ? 0xff : UInt8(truncatingIfNeeded: random.next())
      }
      if round % 2 == 0 { mutated = mutated.truncated(to: Int(random.next() % UInt64(mutated.bytes.count))) }
      mutated.number = UInt64(round)
      mutated.withFrame { frame in
        if isSegment(decoder.decode(frame, into: &segment)) {
          let payload = decoder.payload(of: segment, in: frame)
          #expect(payload.count == Int(segment.capturedPayload))
          #expect(segment.capturedPayload <= segment.payloadLength)
          #expect(segment.payloadLength <= 1 << 30)
        }
      }
    }
  }

  @Test func noiseHasAnOutcomeOnEveryLinkType() {
    var random = SplitMix(state: 42)
    var decoder = WireDecoder()
    var segment = Segment()
    for link in Set(WireSample.all.map(\.linkType)).sorted() {
      for length in stride(from: 0, to: 200, by: 3) {
        let noise = (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        BuiltFrame(noise, linkType: LinkType(rawValue: link)).withFrame {
          if isSegment(decoder.decode($0, into: &segment)) { _ = decoder.payload(of: segment, in: $0) }
        }
      }
    }
  }

  /// The short way for common frames and the walk agree, and neither leaves anything of an earlier segment.
  @Test func theShortWayAgreesWithTheWalk() {
    var random = SplitMix(state: 7)
    var options = TCPSpec()
    options.options = [
      2, 4, 5, 0xb4, 3, 3, 7, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2, 1, 5, 10, 0, 0, 0, 1, 0, 0, 0, 9,
    ]
    options.urgentPointer = 5
    let stamped = TCPSpec { $0.options = [1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2] }
    var common = 0
    for spec in [TCPSpec(), options, stamped] {
      for packet in [PacketBuilder.tcpInIPv4(spec), PacketBuilder.tcpInIPv6(spec)] {
        for vlans in [[], [5]] as [[UInt16]] {
          let type: UInt16 = packet[0] >> 4 == 4 ? 0x0800 : 0x86dd
          let whole = BuiltFrame(PacketBuilder.ethernet(packet, type: type, vlans: vlans))
          for round in 0..<400 {
            var built = whole
            if round > 0 {
              let index = 12 + Int(random.next() % UInt64(built.bytes.count - 12))
              built.bytes[index] = UInt8(truncatingIfNeeded: random.next())
            }
            if round % 3 == 1 { built = built.truncated(to: Int(random.next() % UInt64(built.bytes.count))) }
            if round % 3 == 2 { built.bytes += [0, 0, 0, 0] }
            built.withFrame { frame in
              var short = dirty()
              let quick = withUnsafePointer(to: frame) { WireDecoder.decodeCommon($0, into: &short) }
              guard quick == .segment else { return }
              common += 1
              var long = Segment()
              var decoder = WireDecoder()
              let outcome = decoder.decodeAny(frame, into: &long)
              #expect(isSegment(outcome))
              #expect("\(short)" == "\(long)")
            }
          }
        }
      }
    }
    #expect(common > 1000)
  }

  /// A segment with something in every field.
  private func dirty() -> Segment {
    let spec = TCPSpec {
      $0.options =
        [2, 4, 5, 0xb4, 3, 3, 7, 5, 26] + [UInt8](repeating: 0xee, count: 24)
      $0.urgentPointer = 0xffff
      $0.flags = TCPFlags(rawValue: 0x1ff)
    }
    var segment = Segment()
    var decoder = WireDecoder()
    let frame = BuiltFrame(
      WireSample.overIPv4(PacketBuilder.tcpInIPv4(spec), 4), number: 99, wireLength: 1500)
    frame.withFrame { _ = decoder.decode($0, into: &segment) }
    segment.tsVal = 0xdddd
    segment.tsEcr = 0xcccc
    segment.vlan = 4095
    segment.lengthFromRecord = true
    segment.truncated = true
    return segment
  }
}

/// A small seeded generator (SplitMix64), so that a failure repeats.
struct SplitMix {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
