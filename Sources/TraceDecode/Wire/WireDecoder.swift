/// Turns frames into segments; owns what spans frames (fragments being reassembled).
///
/// A copy shares the fragments of its original.
public struct WireDecoder {
  public enum Outcome: Sendable {
    case segment
    /// An ICMP or ICMPv6 error that quotes a TCP segment; in `icmp`.
    case icmp
    /// A fragment, kept until its datagram is whole.
    case fragment
    case notTCP
    case fault(DecodeFault)
  }

  /// The error that the last `.icmp` outcome is about.
  public private(set) var icmp: ICMPError?
  let limits: Limits
  let reassembly = FragmentReassembly()
  /// Frame that completed the datagram now held by `reassembly`, as a segment.
  private var reassembledFrame: UInt64?

  public init(limits: Limits = Limits()) { self.limits = limits }

  /// Datagrams of which a fragment never came, those still awaited included.
  public var unfinishedDatagrams: UInt64 { reassembly.abandoned &+ UInt64(reassembly.waiting) }

  /// Decodes `frame` into `segment`; every field is overwritten when the outcome is `.segment`, else none.
  ///
  /// Cost: no allocation, but for fragments.
  @inline(__always)
  public mutating func decode(_ frame: Frame, into segment: inout Segment) -> Outcome {
    switch Self.decodeCommon(frame, into: &segment) {
    case .segment, .foreign: return .segment
    case .notTCP: return .notTCP
    case .uncommon: return decodeAny(frame, into: &segment)
    }
  }

  /// The captured payload of `segment`, which was decoded from `frame`.
  ///
  /// Empty for a reassembled segment once a later datagram has been completed. Valid as long as the bytes of
  /// `frame`, and for a reassembled segment until the next call of `decode`.
  public func payload(of segment: Segment, in frame: Frame) -> UnsafeRawBufferPointer {
    part(of: segment, in: frame, from: Int(segment.payloadOffset), count: Int(segment.capturedPayload))
  }

  /// The octets of the TCP options of `segment`; none where not all were captured. Valid like its payload.
  public func options(of segment: Segment, in frame: Frame) -> UnsafeRawBufferPointer {
    let length = segment.options.contains(.truncated) ? 0 : max(0, Int(segment.headerLength) - 20)
    return part(of: segment, in: frame, from: max(0, Int(segment.payloadOffset) - length), count: length)
  }

  private func part(of segment: Segment, in frame: Frame, from: Int, count: Int) -> UnsafeRawBufferPointer {
    let isReassembled = segment.encapsulation.contains(.fragmented)
    if isReassembled, reassembledFrame != segment.frame {
      return UnsafeRawBufferPointer(start: nil, count: 0)
    }
    let bytes = isReassembled ? reassembly.lastAssembled : frame.bytes
    let start = min(from, bytes.count)
    return UnsafeRawBufferPointer(rebasing: bytes[start..<(start + min(count, bytes.count - start))])
  }

  /// Decodes any frame by walking it header by header.
  @inline(never)
  mutating func decodeAny(_ frame: Frame, into segment: inout Segment) -> Outcome {
    var walk = PacketWalk(frame: frame, limits: limits, reassembly: reassembly)
    let outcome = walk.run(into: &segment)
    switch outcome {
    case .icmp: icmp = walk.icmp
    case .segment where segment.encapsulation.contains(.fragmented): reassembledFrame = segment.frame
    default: break
    }
    return outcome
  }

  /// What `decodeCommon` makes of a frame.
  enum CommonOutcome { case segment, foreign, notTCP, uncommon }

  /// Decodes what nearly every frame is: Ethernet, at most one VLAN tag, IPv4 without options or fragments or
  /// IPv6 without extension headers, TCP, or UDP that is no tunnel's. `uncommon`, and nothing written, for all
  /// else and for all doubt. `foreign`, and nothing written but the flags, for segments of other classes of
  /// address pairs than `classes` (`AnalysisShare`).
  @inline(__always)
  static func decodeCommon(
    _ frame: Frame, into segment: inout Segment, keeping classes: UInt64 = .max
  ) -> CommonOutcome {
    let captured = frame.bytes.count
    // The guard for all loads up to the addresses of IPv4 behind a tag; what reaches further asks again below.
    guard frame.linkType == .ethernet, captured >= 54, let base = frame.bytes.baseAddress else {
      return .uncommon
    }
    var network = NetworkHeader()
    var ip = 14
    var type = base.be16(12)
    if type == 0x8100 {
      network.vlan = base.be16(14) & 0xfff
      network.encapsulation = .vlan
      type = base.be16(16)
      ip = 18
    }
    network.start = ip
    let tcp: Int
    let end: Int
    let isUDP: Bool
    if type == 0x0800 {
      let total = Int(base.be16(ip &+ 2))
      let fragmentField = base.be16(ip &+ 6)
      let payload = base.be16(ip &+ 8) & 0xff
      isUDP = payload == 17
      guard base.be16(ip) &>> 8 == 0x45, fragmentField & 0x3fff == 0, payload == 6 || isUDP, total >= 40
      else { return .uncommon }
      tcp = ip &+ 20
      end = ip &+ total
      network.trafficClass = UInt8(truncatingIfNeeded: base.be16(ip))
      network.ipID = base.be16(ip &+ 4)
      network.dontFragment = fragmentField & 0x4000 != 0
      network.ttl = UInt8(truncatingIfNeeded: base.be16(ip &+ 8) &>> 8)
      network.source = IPAddress(v4: base.be32(ip &+ 12))
      network.destination = IPAddress(v4: base.be32(ip &+ 16))
    } else if type == 0x86dd {
      let length = Int(base.be16(ip &+ 4))
      let nextAndHops = base.be16(ip &+ 6)
      tcp = ip &+ 40
      isUDP = nextAndHops &>> 8 == 17
      guard base.be16(ip) &>> 12 == 6, nextAndHops &>> 8 == 6 || isUDP, length >= 20, captured >= tcp &+ 20
      else { return .uncommon }
      end = tcp &+ length
      network.trafficClass = UInt8(truncatingIfNeeded: base.be16(ip) &>> 4)
      network.ttl = UInt8(truncatingIfNeeded: nextAndHops)
      network.source = IPAddress(high: base.be64(ip &+ 8), low: base.be64(ip &+ 16))
      network.destination = IPAddress(high: base.be64(ip &+ 24), low: base.be64(ip &+ 32))
    } else {
      return .uncommon
    }
    guard captured >= tcp &+ 20 else { return .uncommon }
    if isUDP {
      let isPlain =
        end <= max(captured, Int(frame.wireLength)) && TunnelPort(rawValue: base.be16(tcp)) == nil
        && TunnelPort(rawValue: base.be16(tcp &+ 2)) == nil
      return isPlain ? .notTCP : .uncommon
    }
    let header = Int(base.be16(tcp &+ 12) &>> 12) &* 4
    // A packet longer than its record takes the long way, which judges that.
    guard header >= 20, tcp &+ header <= end, end <= max(captured, Int(frame.wireLength)) else {
      return .uncommon
    }
    if classes != .max, !AnalysisShare.keeps(network.source, network.destination, classes) {
      segment.flags = TCPFlags(rawValue: base.be16(tcp &+ 12) & 0x1ff)
      return .foreign
    }
    segment.fill(
      frame: frame, network: network, base: base, captured: captured, tcp: tcp, header: header, end: end)
    return .segment
  }
}
