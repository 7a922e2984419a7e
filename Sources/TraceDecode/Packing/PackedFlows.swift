/// Flows that lie idle, packed, and what it takes to pack them.
struct PackedFlows: ~Copyable {
  private var arena = PackedArena()
  private let scratch = UnsafeMutableRawPointer.allocate(byteCount: PackedFlow.mostOctets, alignment: 16)
  private let guess = PackingGuess()
  /// The first record that was packed: others' times and places are near it.
  private var reference: SegmentRecord?
  /// The place that is looked at next for an idle flow.
  var hand = 0
  /// Whether flows may be moved to close gaps.
  var isTidy = true
  private let seed: UInt64

  /// - Parameter seed: that of the flow table's hash.
  init(seed: UInt64) { self.seed = seed }

  deinit {
    arena.visit { PackedFlow.dossier(arena[$0])?.free() }
    scratch.deallocate()
  }

  var count: Int { arena.count }

  /// Packs `flow`, which stays as it is but for its dossier, which is the packed flow's now; nil when it can't be
  /// packed.
  mutating func keep(_ flow: UnsafeMutablePointer<Flow>) -> Int? {
    guard PackedFlow.takes(flow) else { return nil }
    let reference = reference ?? PackedFlow.record(flow, 0)
    self.reference = reference
    let octets = PackedFlow.write(flow, to: scratch, reference: reference, guess)
    guard let place = arena.keep(UnsafeRawBufferPointer(start: scratch, count: octets)) else { return nil }
    flow.pointee.dossier = nil
    return place
  }

  /// The flow packed at `place`, which stays there; its dossier is the caller's, who gives it to no flow twice.
  func read(_ place: Int, directions: UnsafeMutablePointer<Direction>) -> Flow {
    PackedFlow.read(
      arena[place], hash: hash(place), reference: reference ?? SegmentRecord(), guess, directions: directions)
  }

  mutating func free(_ place: Int) { arena.free(place) }

  /// The dossier of the flow packed at `place`.
  func dossier(_ place: Int) -> Dossier? { PackedFlow.dossier(arena[place]) }

  func number(_ place: Int) -> Int32 { PackedFlow.number(arena[place]) }
  func hash(_ place: Int) -> UInt32 { key(place).hash(seed: seed) }
  func key(_ place: Int) -> FlowKey { PackedFlow.key(arena[place]) }

  /// A flow that has been moved to make better use of the room: where it was, and is now.
  mutating func tidy() -> (from: Int, to: Int)? { isTidy ? arena.moveFromSparse() : nil }

  /// Calls `body` with each place in use.
  func visit(_ body: (Int) -> Void) { arena.visit(body) }

  /// The next place in use, round robin.
  mutating func next() -> Int? { arena.next() }
}
