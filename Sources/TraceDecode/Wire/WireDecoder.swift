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

  /// Decodes `frame` into `segment`; every field is overwritten when the outcome is `.segment`; of any other,
  /// what it holds then is of no use.
  ///
  /// Cost: no allocation, but for fragments.
  @inline(__always)
  public mutating func decode(_ frame: Frame, into segment: inout Segment) -> Outcome {
    switch withUnsafePointer(to: frame, { Self.decodeCommon($0, into: &segment) }) {
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
  /// IPv6 without extension headers, TCP, or UDP that is no tunnel's. `uncommon` for all else and for all doubt;
  /// `foreign` for segments of other classes of address pairs than `classes` (`AnalysisShare`), of which the
  /// flags alone are decoded. What is written of any but a `segment` is of no use.
  @inline(__always)
  static func decodeCommon(
    _ frame: UnsafePointer<Frame>, into segment: inout Segment, keeping classes: UInt64 = .max
  ) -> CommonOutcome {
    let captured = frame.pointee.bytes.count
    // The guard for all loads up to the addresses of IPv4 behind a tag; what reaches further asks again below.
    guard frame.pointee.linkType == .ethernet, captured >= 54, let base = frame.pointee.bytes.baseAddress
    else { return .uncommon }
    var ip = 14
    var type = base.be16(12)
    segment.vlan = 0
    segment.encapsulation = []
    if type == 0x8100 {
      segment.vlan = base.be16(14) & 0xfff
      segment.encapsulation = .vlan
      type = base.be16(16)
      ip = 18
    }
    let tcp: Int
    let end: Int
    let payload: UInt8
    if type == 0x0800 {
      let fragmentField = base.be16(ip &+ 6)
      let total = Int(base.be16(ip &+ 2))
      guard base.u8(ip) == 0x45, fragmentField & 0x3fff == 0, total >= 40 else { return .uncommon }
      payload = base.u8(ip &+ 9)
      tcp = ip &+ 20
      end = ip &+ total
      segment.trafficClass = base.u8(ip &+ 1)
      segment.ipID = base.be16(ip &+ 4)
      segment.dontFragment = fragmentField & 0x4000 != 0
      segment.ttl = base.u8(ip &+ 8)
      segment.source = IPAddress(v4: base.be32(ip &+ 12))
      segment.destination = IPAddress(v4: base.be32(ip &+ 16))
    } else if type == 0x86dd {
      let length = Int(base.be16(ip &+ 4))
      tcp = ip &+ 40
      guard base.u8(ip) &>> 4 == 6, length >= 20, captured >= tcp &+ 20 else { return .uncommon }
      payload = base.u8(ip &+ 6)
      end = tcp &+ length
      segment.trafficClass = UInt8(truncatingIfNeeded: base.be16(ip) &>> 4)
      segment.ipID = 0
      segment.dontFragment = false
      segment.ttl = base.u8(ip &+ 7)
      segment.source = IPAddress(high: base.be64(ip &+ 8), low: base.be64(ip &+ 16))
      segment.destination = IPAddress(high: base.be64(ip &+ 24), low: base.be64(ip &+ 32))
    } else {
      return .uncommon
    }
    guard payload == 6 || payload == 17, captured >= tcp &+ 20 else { return .uncommon }
    // A packet longer than its record takes the long way, which judges that.
    let isWhole = end <= max(captured, Int(frame.pointee.wireLength))
    if payload == 17 {
      let isPlain =
        isWhole && TunnelPort(rawValue: base.be16(tcp)) == nil
        && TunnelPort(rawValue: base.be16(tcp &+ 2)) == nil
      return isPlain ? .notTCP : .uncommon
    }
    let header = Int(base.u8(tcp &+ 12) &>> 4) &* 4
    guard header >= 20, tcp &+ header <= end, isWhole else { return .uncommon }
    if classes != .max, !AnalysisShare.keeps(segment.source, segment.destination, classes) {
      segment.flags = TCPFlags(rawValue: base.be16(tcp &+ 12) & 0x1ff)
      return .foreign
    }
    segment.lengthFromRecord = false
    segment.fill(
      frame: frame, network: ip, base: base, captured: captured, tcp: tcp, header: header, end: end)
    return .segment
  }
}
