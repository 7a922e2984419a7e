/// Four-tuple to newest incarnation: open addressing, linear probing, at most half full, a large one three quarters.
///
/// A slot holds 32 bits of hash and a flow index; the key itself lies in the flow.
struct FlowTable: ~Copyable {
  /// hash << 32 | index + 1; 0 is empty.
  private var slots: UnsafeMutablePointer<UInt64>
  private var mask: Int
  private(set) var count = 0
  /// From so many slots on, room is dearer than a longer search.
  private static let large = 1 << 21

  init() {
    mask = 1023
    slots = .allocate(capacity: 1024)
    slots.initialize(repeating: 0, count: 1024)
  }

  deinit { slots.deallocate() }

  /// The flow index stored under `hash` for which `matches` holds, or nil.
  func find(_ hash: UInt32, _ matches: (Int) -> Bool) -> Int? {
    var place = start(hash)
    while let index = next(hash, &place) {
      if matches(index) { return index }
    }
    return nil
  }

  /// Where to look for `hash` first.
  @inline(__always)
  func start(_ hash: UInt32) -> Int { Int(hash) & mask }

  /// The next flow index stored under `hash` from `place` on, which moves behind it; nil when there is none.
  @inline(__always)
  func next(_ hash: UInt32, _ place: inout Int) -> Int? {
    while true {
      let slot = slots[place]
      if slot == 0 { return nil }
      place = (place &+ 1) & mask
      if UInt32(truncatingIfNeeded: slot >> 32) == hash { return Int(UInt32(truncatingIfNeeded: slot)) &- 1 }
    }
  }

  /// The index in the slot where `hash` belongs, whosever it is; nil when the slot is empty.
  @inline(__always)
  func glance(_ hash: UInt32) -> Int? {
    let slot = slots[Int(hash) & mask]
    return slot == 0 ? nil : Int(UInt32(truncatingIfNeeded: slot)) &- 1
  }

  mutating func insert(_ hash: UInt32, _ index: Int) {
    if count &* 4 > mask &* (mask < Self.large ? 2 : 3) { grow() }
    place(hash, index)
    count &+= 1
  }

  /// Points the slot of `old` at `new` (a newer incarnation of the same four-tuple).
  mutating func replace(_ hash: UInt32, _ old: Int, with new: Int) {
    var i = Int(hash) & mask
    let wanted = UInt64(hash) << 32 | UInt64(UInt32(truncatingIfNeeded: old &+ 1))
    while slots[i] != 0 {
      if slots[i] == wanted {
        slots[i] = UInt64(hash) << 32 | UInt64(UInt32(truncatingIfNeeded: new &+ 1))
        return
      }
      i = (i &+ 1) & mask
    }
  }

  /// Removes the slot of `index` and shifts later ones back.
  mutating func remove(_ hash: UInt32, _ index: Int) {
    let wanted = UInt64(hash) << 32 | UInt64(UInt32(truncatingIfNeeded: index &+ 1))
    var i = Int(hash) & mask
    while slots[i] != wanted {
      if slots[i] == 0 { return }
      i = (i &+ 1) & mask
    }
    var hole = i
    var j = (i &+ 1) & mask
    while slots[j] != 0 {
      let home = Int(UInt32(truncatingIfNeeded: slots[j] >> 32)) & mask
      // Move back only what does not start between the hole and itself.
      if (j &- home) & mask >= (j &- hole) & mask {
        slots[hole] = slots[j]
        hole = j
      }
      j = (j &+ 1) & mask
    }
    slots[hole] = 0
    count &-= 1
  }

  private mutating func place(_ hash: UInt32, _ index: Int) {
    var i = Int(hash) & mask
    while slots[i] != 0 { i = (i &+ 1) & mask }
    slots[i] = UInt64(hash) << 32 | UInt64(UInt32(truncatingIfNeeded: index &+ 1))
  }

  private mutating func grow() {
    let old = slots
    let oldCount = mask &+ 1
    mask = oldCount &* 2 &- 1
    slots = .allocate(capacity: mask &+ 1)
    slots.initialize(repeating: 0, count: mask &+ 1)
    for i in 0..<oldCount where old[i] != 0 {
      place(UInt32(truncatingIfNeeded: old[i] >> 32), Int(UInt32(truncatingIfNeeded: old[i])) &- 1)
    }
    old.deallocate()
  }
}
