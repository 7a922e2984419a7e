/// The smallest half-RTT per ordered pair of hosts, for flows that have no sample of their own (P0.6).
///
/// Open addressing with linear probing, at most half full, like `FlowTable`.
struct HostPaths {
  private struct Entry {
    var host = IPAddress(high: 0, low: 0)
    var other = IPAddress(high: 0, low: 0)
    /// Units: nanoseconds; negative in an empty place.
    var rtt: Int64 = -1
  }
  private var entries = ContiguousArray(repeating: Entry(), count: 256)
  private var count = 0
  /// Pairs of each class of addresses.
  private var counts = ContiguousArray(repeating: 0, count: AddressPair.classes)
  private let seed: UInt64
  /// Pairs remembered of each class of addresses; beyond it nothing new is learnt.
  static let limit = 65_536 / AddressPair.classes

  init(seed: UInt64) { self.seed = seed }

  /// Notes a half-RTT, which is never negative.
  mutating func learn(_ rtt: Int64, of host: IPAddress, towards other: IPAddress) {
    var i = place(of: host, towards: other)
    if entries[i].rtt >= 0 {
      if rtt < entries[i].rtt { entries[i].rtt = rtt }
      return
    }
    let group = AddressPair.class(of: host, other)
    guard counts[group] < Self.limit else { return }
    if count &* 2 >= entries.count {
      grow()
      i = place(of: host, towards: other)
    }
    entries[i] = Entry(host: host, other: other, rtt: rtt)
    count &+= 1
    counts[group] &+= 1
  }

  func rtt(of host: IPAddress, towards other: IPAddress) -> Int64? {
    let rtt = entries[place(of: host, towards: other)].rtt
    return rtt < 0 ? nil : rtt
  }

  /// Where the pair is, or would be.
  private func place(of host: IPAddress, towards other: IPAddress) -> Int {
    let mask = entries.count &- 1
    var hash = SeededHash.fold(host.low ^ seed, other.low ^ 0xa076_1d64_78bd_642f)
    hash = SeededHash.fold(hash ^ host.high ^ 0xe703_7ed1_a0b4_28db, other.high ^ seed)
    var i = Int(truncatingIfNeeded: hash) & mask
    while entries[i].rtt >= 0, entries[i].host != host || entries[i].other != other { i = (i &+ 1) & mask }
    return i
  }

  private mutating func grow() {
    let old = entries
    entries = ContiguousArray(repeating: Entry(), count: old.count &* 2)
    for entry in old where entry.rtt >= 0 { entries[place(of: entry.host, towards: entry.other)] = entry }
  }
}
