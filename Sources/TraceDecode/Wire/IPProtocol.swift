extension PacketWalk {
  /// What an IP packet carries, TCP excepted.
  ///
  /// Source: Assigned Internet Protocol Numbers (IANA).
  mutating func ipProtocol(_ number: UInt8) -> WalkStep {
    switch number {
    case 17: return udp()
    case 1: return isV6 ? .notTCP : icmpV4()
    case 58: return isV6 ? icmpV6() : .notTCP
    case 4, 94:
      network.encapsulation.insert(.ipInIP)
      return .ipv4
    case 41:
      network.encapsulation.insert(isV6 ? .ipInIP : .sixIn4)
      return .ipv6
    case 47: return gre()
    case 51: return authenticationHeader()
    case 97: return skip(2, to: .ethernet)  // EtherIP (RFC 3378)
    case 137: return .mpls  // RFC 4023
    case 143: return .ethernet  // RFC 8986
    case 0, 135, 139, 140: return isV6 ? extensionHeader() : .notTCP
    case 60: return isV6 ? destinationOptions() : .notTCP
    case 43: return isV6 ? routingHeader() : .notTCP
    case 44: return isV6 ? fragmentHeader() : .notTCP
    case 50, 108: return fault(.tunnel, .opaque)  // ESP, IPComp
    // L2TPv3: the length of its cookie is not in the packet.
    case 115: return fault(.tunnel, .unknownEncapsulation)
    default: return .notTCP
    }
  }

  /// UDP, for the tunnels on its well-known ports; any other datagram is not TCP.
  mutating func udp() -> WalkStep {
    guard has(8) else { return short(.tunnel, 8) }
    let source = u16(0)
    let destination = u16(2)
    let length = Int(u16(4))
    let outer = (position: position, end: end, encapsulation: network.encapsulation)
    if length >= 8 { narrow(to: length) }
    position += 8
    let step = tunnel(port: destination) ?? tunnel(port: source)
    // A port proves nothing: what does not look like the tunnel's header is somebody else's datagram.
    guard let step, !isMismatch(step) else {
      (position, end, network.encapsulation) = outer
      return .notTCP
    }
    return step
  }

  private func isMismatch(_ step: WalkStep) -> Bool {
    if case .stop(.fault(let fault)) = step { return fault.cause != .truncated && fault.cause != .opaque }
    return false
  }

  private mutating func tunnel(port: UInt16) -> WalkStep? {
    switch TunnelPort(rawValue: port) {
    case .vxlan, .vxlanOfLinux: return vxlan()
    case .vxlanGPE: return vxlanGPE()
    case .geneve: return geneve()
    case .gtpU: return gtpU()
    case .l2tp: return l2tp()
    case .teredo: return teredo()
    case .mpls: return .mpls
    case .gre: return gre()
    case nil: return nil
    }
  }
}

/// Well-known UDP ports of tunnels.
///
/// Source: Service Name and Transport Protocol Port Number Registry (IANA).
enum TunnelPort: UInt16 {
  case vxlan = 4789
  case vxlanOfLinux = 8472
  case vxlanGPE = 4790
  case geneve = 6081
  case gtpU = 2152
  case l2tp = 1701
  case teredo = 3544
  /// RFC 7510.
  case mpls = 6635
  /// RFC 8086.
  case gre = 4754
}
