/// What the octets at the walk's position are, or how the walk ended.
///
/// Headers that can follow themselves (tags, labels, tunnels) go through here and not through recursion, so
/// that no capture can exhaust the stack.
enum WalkStep {
  case link(LinkType)
  case ethernet
  case etherType(UInt16)
  case llc
  case ieee80211(padded: Bool)
  case ppp
  case pppProtocol(UInt16)
  case mpls
  /// IPv4 or IPv6, told by the version.
  case ip
  case ipv4
  case ipv6
  case ipProtocol(UInt8)
  case stop(WireDecoder.Outcome)

  static var notTCP: WalkStep { .stop(.notTCP) }
}

/// What the layers below TCP said of the segment they carry.
struct NetworkHeader {
  var source = IPAddress(high: 0, low: 0)
  var destination = IPAddress(high: 0, low: 0)
  /// Where the IP header begins; before the octets at hand when those are of a reassembled datagram.
  var start = 0
  var ipID: UInt16 = 0
  var ttl: UInt8 = 0
  var trafficClass: UInt8 = 0
  var vlan: UInt16 = 0
  var dontFragment = false
  var lengthFromRecord = false
  var encapsulation: Encapsulation = []
}

/// A walk over one frame, header by header, to the TCP header or to the reason why there is none.
///
/// Each header is an extension in a file of its own: it reads at `position`, moves on, and names the next step.
///
/// Not copyable, for a copy of its state at each header would cost more than reading the header.
struct PacketWalk: ~Copyable {
  let frame: Frame
  let limits: Limits
  /// Owned by the decoder, which outlives the walk; a reference count here would be felt.
  unowned(unsafe) let reassembly: FragmentReassembly
  /// The frame's octets, or those of the datagram last reassembled from it.
  var octets: Octets
  /// Where the next header begins.
  var position = 0
  /// Where the innermost length field so far says the packet ends; may lie beyond the captured octets.
  var end: Int
  /// IP headers passed.
  var depth = 0
  var isV6 = false
  var network = NetworkHeader()
  var icmp: ICMPError?

  init(frame: Frame, limits: Limits, reassembly: FragmentReassembly) {
    self.frame = frame
    self.limits = limits
    self.reassembly = reassembly
    octets = Octets(buffer: frame.bytes)
    end = max(Int(frame.wireLength), frame.bytes.count)
  }

  /// Walks to the end; `segment` is written only when the outcome is `.segment`.
  mutating func run(into segment: inout Segment) -> WireDecoder.Outcome {
    var step = WalkStep.link(frame.linkType)
    while true {
      switch step {
      case .link(let type): step = link(type)
      case .ethernet: step = ethernet()
      case .etherType(let type): step = etherType(type)
      case .llc: step = llc()
      case .ieee80211(let padded): step = ieee80211(padded: padded)
      case .ppp: step = ppp()
      case .pppProtocol(let number): step = pppProtocol(number)
      case .mpls: step = mpls()
      case .ip: step = ip()
      case .ipv4: step = ipv4()
      case .ipv6: step = ipv6()
      case .ipProtocol(6): step = tcp(into: &segment)
      case .ipProtocol(let number): step = ipProtocol(number)
      case .stop(let outcome): return outcome
      }
    }
  }

  // MARK: Reading at the position

  /// Octets left that were captured and that belong to the packet.
  var available: Int { max(0, min(octets.count, end) - position) }

  @inline(__always) func has(_ length: Int) -> Bool { length <= available }

  @inline(__always) func u8(_ offset: Int) -> UInt8 { octets.u8(position + offset) }
  @inline(__always) func u16(_ offset: Int) -> UInt16 { octets.u16(position + offset) }
  @inline(__always) func u32(_ offset: Int) -> UInt32 { octets.u32(position + offset) }

  /// Little-endian, as radiotap and its kin are.
  func le16(_ offset: Int) -> UInt16 { u16(offset).byteSwapped }
  func le32(_ offset: Int) -> UInt32 { u32(offset).byteSwapped }

  /// Moves the end in, never out: for lengths of layers that only frame what they carry.
  mutating func narrow(to length: Int) { end = min(end, position + length) }

  /// The longest packet believed though what holds it is shorter: a jumbo frame's.
  ///
  /// Converted captures and sliced mirrors lose the tail and the record of it; beyond what a link carries, the
  /// length field is the likelier liar, and the receiver drops such a packet.
  static let largestSliced = 9216

  /// Whether the packet of `length` octets at the position can have been cut out of a shorter record.
  func isCredible(_ length: Int) -> Bool { position + length <= end || length <= Self.largestSliced }

  // MARK: Ending the walk

  /// The fault of a header of `needed` octets that does not fit: cut by the capture, or by a length field.
  func short(_ layer: DecodeFault.Layer, _ needed: Int) -> WalkStep {
    fault(layer, position + needed > end ? .badLength : .truncated, needed: needed)
  }

  func fault(_ layer: DecodeFault.Layer, _ cause: DecodeFault.Cause, needed: Int = 0) -> WalkStep {
    .stop(
      .fault(
        DecodeFault(
          layer: layer, cause: cause, needed: UInt32(clamping: needed),
          available: needed == 0 ? 0 : UInt32(clamping: available), offset: UInt32(clamping: position))))
  }
}
