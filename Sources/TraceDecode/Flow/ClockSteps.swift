/// A jump of the capture's clock against the clocks of the hosts in it.
public struct ClockStep: Sendable, Hashable {
  /// The first frame after it.
  public var frame: UInt64
  /// Times of the frames around it. Units: nanoseconds since the epoch.
  public var before: Int64
  public var after: Int64
  /// What each pair of hosts that spoke on both sides of it makes of it, ascending; at least one. Units: nanoseconds.
  public private(set) var amounts: [Int64]

  public init(frame: UInt64, before: Int64, after: Int64, amounts: [Int64]) {
    self.frame = frame
    self.before = before
    self.after = after
    self.amounts = amounts.sorted()
  }

  /// How far the clock was set on, or back (negative): the median. Units: nanoseconds.
  public var amount: Int64 { amounts.isEmpty ? 0 : amounts[amounts.count / 2] }

  /// The same steps seen by the flows of different pairs, the first of them in order of frames.
  static func merge(_ lists: [[ClockStep]]) -> [ClockStep] {
    var merged: [ClockStep] = []
    for step in lists.joined() {
      if let i = merged.firstIndex(where: { $0.frame == step.frame }) {
        merged[i].amounts = (merged[i].amounts + step.amounts).sorted()
      } else {
        merged.append(step)
      }
    }
    return Array(merged.sorted { $0.frame < $1.frame }.prefix(ClockSteps.foundLimit))
  }
}

/// Looks for jumps of the capture's clock: a silence of the whole capture, or a step back, of which the timestamps
/// of both ends of a connection know nothing (RFC 7323 5.4).
///
/// Each pair of hosts is judged by itself, so that shares of a capture add up to the whole.
/// Cost: nothing while frames follow each other within a tenth of a second.
struct ClockSteps {
  /// What one direction's own clock says of the time between.
  private struct Witness {
    var flow: Int32
    var role: Role
    var host: IPAddress
    var other: IPAddress
    var time: Int64
    var stamp: UInt32
    /// Least time that its segments came too late by.
    var amount = Int64.max
    var segments = 0

    func isBetween(_ a: IPAddress, _ b: IPAddress) -> Bool {
      host == a && other == b || host == b && other == a
    }
  }
  private struct Leap {
    var frame: UInt64
    var before: Int64
    var after: Int64
    var witnesses: [Witness] = []
    /// What a queue held back during a silence came soon after it; only what was sent later counts.
    var settled: Int64 { after &+ max(0, after &- before) }
  }
  private var open: [Leap] = [] {
    didSet { isOpen = !open.isEmpty }
  }
  /// A leap is being looked into.
  private(set) var isOpen = false
  private(set) var found: [ClockStep] = []

  /// Shorter ones shift no figure by much. Units: nanoseconds.
  static let least: Int64 = 100_000_000
  private static let patience: Int64 = 10_000_000_000
  private static let openLimit = 8
  /// Directions remembered at a leap, of one class of address pairs.
  private static let witnessLimit = 8
  static let foundLimit = 16

  /// Two frames in a row are that far apart.
  mutating func leap(from before: Int64, to after: Int64, frame: UInt64) {
    // A silence so long says nothing of clocks: stamps wrap, and are kept for a day at most.
    guard abs(after &- before) >= Self.least, abs(after &- before) < 24 * 3_600_000_000_000 else { return }
    while let first = open.first, open.count >= Self.openLimit || after > first.settled &+ Self.patience {
      settle()
    }
    open.append(Leap(frame: frame, before: before, after: after))
  }

  /// A segment whose sender's clock may tell; `d` as it was before.
  mutating func note(
    _ r: SegmentRecord, flow: Int32, from host: IPAddress, to other: IPAddress,
    _ d: UnsafeMutablePointer<Direction>
  ) {
    guard r.marks.contains(.hasTimestamps), d.pointee.tsHz >= 100 else { return }
    if let first = open.first, r.time > first.settled &+ Self.patience { settle() }
    for i in open.indices {
      guard let w = witness(i, r, flow, host, other, d) else { continue }
      guard r.time >= open[i].settled else { continue }
      let seen = open[i].witnesses[w]
      let passed =
        Int64(SeqNum.difference(r.tsVal, seen.stamp)) &* (1_000_000_000 / Int64(d.pointee.tsHz))
      open[i].witnesses[w].amount = min(seen.amount, r.time &- seen.time &- passed)
      open[i].witnesses[w].segments &+= 1
    }
  }

  private mutating func witness(
    _ i: Int, _ r: SegmentRecord, _ flow: Int32, _ host: IPAddress, _ other: IPAddress,
    _ d: UnsafeMutablePointer<Direction>
  ) -> Int? {
    if let w = open[i].witnesses.firstIndex(where: { $0.flow == flow && $0.role == r.sender }) { return w }
    // It must have spoken before: on a step back, its own time goes back.
    let spokeBefore =
      open[i].after > open[i].before ? d.pointee.lastTime <= open[i].before : d.pointee.lastTime > r.time
    guard spokeBefore else { return nil }
    let group = AddressPair.class(of: host, other)
    guard
      open[i].witnesses.count(where: { AddressPair.class(of: $0.host, $0.other) == group })
        < Self.witnessLimit
    else { return nil }
    open[i].witnesses.append(
      Witness(
        flow: flow, role: r.sender, host: host, other: other, time: d.pointee.lastTime,
        stamp: d.pointee.lastTSVal))
    return open[i].witnesses.count &- 1
  }

  /// Judges the oldest.
  private mutating func settle() {
    let leap = open.removeFirst()
    guard found.count < Self.foundLimit else { return }
    var amounts: [Int64] = []
    for w in leap.witnesses where w.host < w.other {
      let pair = leap.witnesses.filter { $0.isBetween(w.host, w.other) }
      // Once a pair, by the first of its witnesses.
      guard pair.first(where: { $0.host == w.host }).map({ $0.flow == w.flow }) ?? false,
        let amount = amount(leap, pair)
      else { continue }
      amounts.append(amount)
      // Who was silent over several would tell the same step again.
      for i in open.indices {
        open[i].witnesses.removeAll { $0.isBetween(w.host, w.other) && $0.time <= leap.before }
      }
    }
    if amounts.isEmpty { return }
    found.append(ClockStep(frame: leap.frame, before: leap.before, after: leap.after, amounts: amounts))
  }

  /// What the two hosts' clocks make of the time between, where they agree; nil where there was no step.
  private func amount(_ leap: Leap, _ pair: [Witness]) -> Int64? {
    let heard = pair.filter { $0.segments >= 2 }
    guard let first = heard.first, heard.contains(where: { $0.host != first.host }) else { return nil }
    let amounts = heard.map(\.amount).sorted()
    let amount = amounts[amounts.count / 2]
    let slack = max(20_000_000, abs(amount) / 20)
    // By no more than the silence, or the step back, allows.
    guard abs(amount) >= Self.least, amounts[amounts.count - 1] &- amounts[0] <= slack,
      amount < 0 ? leap.after < leap.before : amount <= leap.after &- leap.before &+ slack,
      amount > 0 || -amount &+ slack >= leap.before &- leap.after
    else { return nil }
    return amount
  }

  /// The capture is over.
  mutating func finish() -> [ClockStep] {
    while isOpen { settle() }
    return found
  }
}
