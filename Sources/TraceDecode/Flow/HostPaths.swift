/// The smallest half-RTT per ordered pair of hosts, for flows that have no sample of their own (P0.6).
struct HostPaths {
  struct Pair: Hashable {
    var of: IPAddress
    var towards: IPAddress
  }
  private var best: [Pair: Int64] = [:]
  /// Pairs remembered; beyond it nothing new is learnt.
  static let limit = 65_536

  mutating func learn(_ rtt: Int64, of host: IPAddress, towards other: IPAddress) {
    let pair = Pair(of: host, towards: other)
    if let known = best[pair] {
      if rtt < known { best[pair] = rtt }
    } else if best.count < Self.limit {
      best[pair] = rtt
    }
  }

  func rtt(of host: IPAddress, towards other: IPAddress) -> Int64? { best[Pair(of: host, towards: other)] }
}
