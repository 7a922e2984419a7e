/// A jump of the capture's clock against the clocks of the hosts in it.
public struct ClockStep: Sendable, Hashable {
  /// The first frame after it.
  public var frame: UInt64
  /// Times of the frames around it. Units: nanoseconds since the epoch.
  public var before: Int64
  public var after: Int64
  /// How far the clock was set on, or back (negative). Units: nanoseconds.
  public var amount: Int64
  /// Hosts whose own clocks show it.
  public var hosts: Int

  public init(frame: UInt64, before: Int64, after: Int64, amount: Int64, hosts: Int) {
    self.frame = frame
    self.before = before
    self.after = after
    self.amount = amount
    self.hosts = hosts
  }
}

/// What one segment, whose sender's clock may tell, says of it.
struct ClockNote: Sendable {
  var flow: Int
  var role: Role
  var host: IPAddress
  var time: Int64
  var stamp: UInt32
  /// Its sender's segment before it, and how fast its clock runs.
  var lastTime: Int64
  var lastStamp: UInt32
  var hertz: Int64

  /// Nil where it tells nothing; `d` as it was before.
  init?(_ r: SegmentRecord, flow: Int32, host: IPAddress, _ d: UnsafeMutablePointer<Direction>) {
    guard r.marks.contains(.hasTimestamps), d.pointee.tsHz >= 100 else { return nil }
    self.flow = Int(flow)
    role = r.sender
    self.host = host
    time = r.time
    stamp = r.tsVal
    lastTime = d.pointee.lastTime
    lastStamp = d.pointee.lastTSVal
    hertz = Int64(d.pointee.tsHz)
  }
}

/// Looks for jumps of the capture's clock: a silence of the whole capture, or a step back, of which the timestamps
/// of every host that spoke on both sides of it know nothing (RFC 7323 5.4).
///
/// Cost: nothing while frames follow each other within a tenth of a second.
struct ClockSteps {
  /// What one direction's own clock says of the time between.
  private struct Witness {
    var flow: Int
    var role: Role
    var host: IPAddress
    var time: Int64
    var stamp: UInt32
    /// Least time that its segments came too late by.
    var amount = Int64.max
    var segments = 0
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
  private static let witnessLimit = 16
  private static let foundLimit = 16

  /// Two frames in a row are that far apart.
  mutating func leap(from before: Int64, to after: Int64, frame: UInt64) {
    // A silence so long says nothing of clocks: stamps wrap, and are kept for a day at most.
    guard abs(after &- before) >= Self.least, abs(after &- before) < 24 * 3_600_000_000_000 else { return }
    while let first = open.first, open.count >= Self.openLimit || after > first.settled &+ Self.patience {
      settle()
    }
    open.append(Leap(frame: frame, before: before, after: after))
  }

  /// A segment whose sender's clock may tell.
  mutating func note(_ r: ClockNote) {
    if let first = open.first, r.time > first.settled &+ Self.patience { settle() }
    for i in open.indices {
      guard let w = witness(i, r) else { continue }
      guard r.time >= open[i].settled else { continue }
      let seen = open[i].witnesses[w]
      let passed =
        Int64(SeqNum.difference(r.stamp, seen.stamp)) &* (1_000_000_000 / r.hertz)
      open[i].witnesses[w].amount = min(seen.amount, r.time &- seen.time &- passed)
      open[i].witnesses[w].segments &+= 1
    }
  }

  private mutating func witness(_ i: Int, _ r: ClockNote) -> Int? {
    if let w = open[i].witnesses.firstIndex(where: { $0.flow == r.flow && $0.role == r.role }) { return w }
    // It must have spoken before: on a step back, its own time goes back.
    let spokeBefore =
      open[i].after > open[i].before ? r.lastTime <= open[i].before : r.lastTime > r.time
    guard spokeBefore, open[i].witnesses.count < Self.witnessLimit else { return nil }
    open[i].witnesses.append(
      Witness(flow: r.flow, role: r.role, host: r.host, time: r.lastTime, stamp: r.lastStamp))
    return open[i].witnesses.count &- 1
  }

  /// Judges the oldest.
  private mutating func settle() {
    let leap = open.removeFirst()
    guard found.count < Self.foundLimit, let step = step(leap) else { return }
    found.append(step)
    // Whoever was silent over both would tell the same jump again.
    for i in open.indices { open[i].witnesses.removeAll { $0.time <= leap.before } }
  }

  private func step(_ leap: Leap) -> ClockStep? {
    let witnesses = leap.witnesses.filter { $0.segments >= 2 }
    let amounts = witnesses.map(\.amount).sorted()
    guard amounts.count >= 2 else { return nil }
    let amount = amounts[amounts.count / 2]
    let slack = max(20_000_000, abs(amount) / 20)
    // All of them by the same, and by no more than the silence, or the step back, allows.
    guard abs(amount) >= Self.least, amounts[amounts.count - 1] &- amounts[0] <= slack,
      amount < 0 ? leap.after < leap.before : amount <= leap.after &- leap.before &+ slack,
      amount > 0 || -amount &+ slack >= leap.before &- leap.after
    else { return nil }
    var hosts: [IPAddress] = []
    for w in witnesses where !hosts.contains(w.host) { hosts.append(w.host) }
    guard hosts.count >= 2 else { return nil }
    return ClockStep(
      frame: leap.frame, before: leap.before, after: leap.after, amount: amount, hosts: hosts.count)
  }

  /// The capture is over.
  mutating func finish() -> [ClockStep] {
    while isOpen { settle() }
    return found
  }
}
