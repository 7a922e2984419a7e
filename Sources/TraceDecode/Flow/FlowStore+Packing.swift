/// When a flow that lies idle is packed.
struct PackingPolicy {
  /// With more flows than this that are not over, one is packed soon after it was last heard of.
  var crowd: Int
  /// Frames after a flow's last one: in a crowd, and otherwise, when none but a flow that sleeps is packed.
  var idleInCrowd: UInt64
  var idleAlone: UInt64
  /// With more half-open flows than this, one is packed as soon as its SYN has been taken.
  var embryos: Int

  static let standard = PackingPolicy(crowd: 32_768, idleInCrowd: 8_192, idleAlone: 1 << 20, embryos: 8_192)
  /// Every flow but the latest, always: for tests.
  static let eager = PackingPolicy(crowd: -1, idleInCrowd: 0, idleAlone: 0, embryos: -1)
}

/// Packing what lies idle: with many flows live, most of them wait, and few are heard of at a time.
extension FlowStore {
  /// A place with this bit is that of a packed flow.
  static let packedBit = 1 << 30

  static func isPacked(_ index: Int) -> Bool { index & packedBit != 0 }

  /// Looks for flows to pack, a few places for each of `frames` frames, the latest of which is number `now`.
  ///
  /// No flow may be in hand.
  mutating func packIdle(frames: Int, now: UInt64) {
    let open = count &- waitingCount
    let isCrowd = open > policy.crowd
    // Of few there is little to gain.
    guard open &- packed.count > policy.crowd / (isCrowd ? 2 : 8), now > policy.idleInCrowd else { return }
    let horizon = now &- min(now, isCrowd ? policy.idleInCrowd : policy.idleAlone)
    var left = policy.crowd < 0 ? numbers.count : isCrowd ? frames &* 4 : (frames &+ 15) / 16
    while left > 0 {
      left &-= 1
      packed.hand = packed.hand &+ 1 < numbers.count ? packed.hand &+ 1 : 0
      if numbers[packed.hand] != 0, self[packed.hand].pointee.lastFrame < horizon { pack(packed.hand) }
    }
  }

  /// Packs a flow that has just been opened by its SYN, if there are many of them: most of a flood is never heard of
  /// again, and its memory is at hand.
  @inline(__always)
  mutating func packEmbryo(_ index: Int) {
    if halfOpenCount > policy.embryos, self[index].pointee.status.contains(.halfOpen) { pack(index) }
  }

  /// Packs the flow in place `index`, if it can be packed.
  mutating func pack(_ index: Int) {
    let flow = self[index]
    guard let place = packed.keep(flow) else { return }
    let id = Self.packedBit | place
    table.replace(flow.pointee.hash, index, with: id)
    if flow.pointee.status.contains(.halfOpen) { moveOpening(of: numbers[index], to: id) }
    // As it was: it has not ended.
    count &+= 1
    free(index)
  }

  /// Makes the packed flow `id` a live one again; returns its place.
  mutating func unpack(_ id: Int) -> Int {
    let place = id & ~Self.packedBit
    let number = packed.number(place)
    let index = takePlace(number)
    // In two steps: the place is the store's, the reading the packed flows'.
    let flow = packed.read(place, directions: sides(index))
    self[index].initialize(to: flow)
    table.replace(self[index].pointee.hash, id, with: index)
    release(place)
    if self[index].pointee.status.contains(.halfOpen) { moveOpening(of: numbers[index], to: index) }
    return index
  }

  /// Forgets the packed flow `id`.
  mutating func dropPacked(_ id: Int) {
    let place = id & ~Self.packedBit
    table.remove(packed.hash(place), id)
    packed.dossier(place)?.free()
    release(place)
    count &-= 1
  }

  /// Gives the room of a packed flow back, and closes gaps that leaves.
  private mutating func release(_ place: Int) {
    packed.free(place)
    while let (from, to) = packed.tidy() {
      table.replace(packed.hash(to), from | Self.packedBit, with: to | Self.packedBit)
      moveOpening(of: packed.number(to), to: to | Self.packedBit, from: from | Self.packedBit)
    }
  }

  /// Calls `body` with packed flows, at most `limit` of them.
  func visitPacked(limit: Int, _ body: (UnsafeMutablePointer<Flow>) -> Void) {
    guard limit > 0, packed.count > 0 else { return }
    let flow = UnsafeMutablePointer<Flow>.allocate(capacity: 1)
    let directions = UnsafeMutableRawPointer.allocate(
      byteCount: 2 &* MemoryLayout<Direction>.stride, alignment: MemoryLayout<PackedWords>.alignment
    ).bindMemory(to: Direction.self, capacity: 2)
    var left = limit
    packed.visit { place in
      if left == 0 { return }
      left &-= 1
      flow.initialize(to: packed.read(place, directions: directions))
      body(flow)
      // Still the packed flow's.
      flow.pointee.dossier = nil
      flow.deinitialize(count: 1)
    }
    directions.deallocate()
    flow.deallocate()
  }

  /// The place of the packed flow with that number; nil when there is none.
  func packedPlace(of number: Int32) -> Int? {
    var found: Int?
    packed.visit { if packed.number($0) == number { found = $0 | Self.packedBit } }
    return found
  }
}
