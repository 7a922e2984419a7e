/// Room for packed flows: pieces of one size side by side in a block, without a word of overhead a piece.
///
/// A piece is known by its place, 28 bits: which block, and where in it. Its first four octets are not zero while
/// it is in use. A block of which nothing is in use any more serves another size.
struct PackedArena: ~Copyable {
  /// Octets a place counts by, and of a block.
  private static let unit = 8
  private static let blockOctets = 1 << 15
  private static let placeBits = 12
  private static let mostBlocks = 1 << 16
  /// Octets of the largest piece.
  static let most = 1 << 13

  /// A block, and its neighbours among those of its size that have room; -1 for none.
  private struct Block {
    let start: UnsafeMutableRawPointer
    var size: Int32 = 0
    /// Octets of each piece, of all that have been given out from the start on, and the piece freed last.
    var piece: Int32 = 0
    var used: Int32 = 0
    var freed: Int32 = -1
    /// Pieces in use.
    var count: Int32 = 0
    var before: Int32 = -1
    var after: Int32 = -1

    var hasRoom: Bool { freed >= 0 || Int(used) &+ Int(piece) <= PackedArena.blockOctets }
    /// Half of it or more is free.
    var isSparse: Bool { 2 &* Int(count) &* Int(piece) <= PackedArena.blockOctets }
  }
  private var blocks: [Block] = []
  /// Blocks of which nothing is in use.
  private var empty: [Int32] = []
  /// Blocks that are half empty, or were.
  private var sparse: [Int32] = []
  /// By size, the first block that has room; -1 for none.
  private var open: [Int32] = []
  private(set) var count = 0
  private var sweep = (block: 0, offset: 0)

  init() {}

  deinit { for block in blocks { block.start.deallocate() } }

  /// Sizes rise by units up to 512 octets, and by eighths of a power of two above.
  private static func size(_ octets: Int) -> (index: Int, piece: Int) {
    let units = (octets &+ unit &- 1) / unit
    if units <= 64 { return (units, units &* unit) }
    let step = (Int.bitWidth &- 1 &- (units &- 1).leadingZeroBitCount) &- 3
    let eighths = (units &- 1) >> step &+ 1
    return (64 &+ (step &- 3) &* 8 &+ eighths &- 8, (eighths << step) &* unit)
  }

  /// Where the piece at `place` lies.
  @inline(__always)
  subscript(place: Int) -> UnsafeMutableRawPointer {
    blocks[place >> Self.placeBits].start + (place & (1 << Self.placeBits &- 1)) &* Self.unit
  }

  /// Keeps a copy of the octets, whose first four are not zero; nil when there is no more room for it.
  mutating func keep(_ octets: UnsafeRawBufferPointer) -> Int? {
    guard octets.count <= Self.most, let from = octets.baseAddress else { return nil }
    let (size, piece) = Self.size(octets.count)
    while open.count <= size { open.append(-1) }
    guard open[size] >= 0 || openBlock(size, piece) else { return nil }
    let index = Int(open[size])
    let offset: Int
    if blocks[index].freed >= 0 {
      offset = Int(blocks[index].freed)
      blocks[index].freed = (blocks[index].start + offset).load(fromByteOffset: 4, as: Int32.self)
    } else {
      offset = Int(blocks[index].used)
      blocks[index].used &+= Int32(truncatingIfNeeded: piece)
    }
    blocks[index].count &+= 1
    count &+= 1
    if !blocks[index].hasRoom { unlink(index) }
    (blocks[index].start + offset).copyMemory(from: from, byteCount: octets.count)
    return index << Self.placeBits | offset / Self.unit
  }

  /// Gives the piece at `place` back.
  mutating func free(_ place: Int) {
    let index = place >> Self.placeBits
    let hadRoom = blocks[index].hasRoom
    self[place].storeBytes(of: 0, as: Int32.self)
    self[place].storeBytes(of: blocks[index].freed, toByteOffset: 4, as: Int32.self)
    blocks[index].freed = Int32(truncatingIfNeeded: (place & (1 << Self.placeBits &- 1)) &* Self.unit)
    blocks[index].count &-= 1
    count &-= 1
    if blocks[index].count == 0 {
      if hadRoom { unlink(index) }
      empty.append(Int32(truncatingIfNeeded: index))
      // Nothing to visit in it.
      blocks[index].used = 0
    } else {
      if !hadRoom { link(index) }
      if blocks[index].isSparse, sparse.last != Int32(truncatingIfNeeded: index) {
        sparse.append(Int32(truncatingIfNeeded: index))
      }
    }
  }

  /// A piece of a block that is half empty, moved to another block of its size: where it was, and is now.
  ///
  /// Call it until there is none left: what grows wanders through the sizes, and would leave holes in all of them.
  mutating func moveFromSparse() -> (from: Int, to: Int)? {
    while let last = sparse.last {
      let index = Int(last)
      let block = blocks[index]
      // Emptied, filled again, or the only one with room.
      guard block.count > 0, block.isSparse, block.hasRoom, let piece = firstPiece(of: index) else {
        sparse.removeLast()
        continue
      }
      unlink(index)
      guard open[Int(block.size)] >= 0,
        let to = keep(UnsafeRawBufferPointer(start: block.start + piece, count: Int(block.piece)))
      else {
        link(index)
        sparse.removeLast()
        continue
      }
      link(index)
      let from = index << Self.placeBits | piece / Self.unit
      free(from)
      return (from, to)
    }
    return nil
  }

  /// Where in a block its first piece in use lies.
  private func firstPiece(of index: Int) -> Int? {
    let block = blocks[index]
    var offset = 0
    while offset < Int(block.used) {
      if (block.start + offset).load(as: Int32.self) != 0 { return offset }
      offset &+= Int(block.piece)
    }
    return nil
  }

  /// Has a block serve pieces of that size; false when there are no more.
  private mutating func openBlock(_ size: Int, _ piece: Int) -> Bool {
    let index: Int
    if let old = empty.popLast() {
      index = Int(old)
    } else {
      guard blocks.count < Self.mostBlocks else { return false }
      index = blocks.count
      blocks.append(
        Block(start: .allocate(byteCount: Self.blockOctets &+ PackedWriter.slack, alignment: Self.unit)))
    }
    blocks[index].size = Int32(truncatingIfNeeded: size)
    blocks[index].piece = Int32(truncatingIfNeeded: piece)
    blocks[index].used = 0
    blocks[index].freed = -1
    link(index)
    return true
  }

  private mutating func link(_ index: Int) {
    let size = Int(blocks[index].size)
    let next = open[size]
    blocks[index].before = -1
    blocks[index].after = next
    if next >= 0 { blocks[Int(next)].before = Int32(truncatingIfNeeded: index) }
    open[size] = Int32(truncatingIfNeeded: index)
  }

  private mutating func unlink(_ index: Int) {
    let (before, after) = (blocks[index].before, blocks[index].after)
    if before >= 0 { blocks[Int(before)].after = after } else { open[Int(blocks[index].size)] = after }
    if after >= 0 { blocks[Int(after)].before = before }
  }

  /// Calls `body` with the place of each piece in use.
  func visit(_ body: (Int) -> Void) {
    for block in blocks.indices {
      var offset = 0
      while offset < Int(blocks[block].used) {
        if (blocks[block].start + offset).load(as: Int32.self) != 0 {
          body(block << Self.placeBits | offset / Self.unit)
        }
        offset &+= Int(blocks[block].piece)
      }
    }
  }

  /// The next piece in use, round robin; nil when there is none.
  mutating func next() -> Int? {
    guard count > 0 else { return nil }
    while true {
      if sweep.block >= blocks.count { sweep = (0, 0) }
      let block = blocks[sweep.block]
      let offset = sweep.offset
      if offset >= Int(block.used) {
        sweep = (sweep.block &+ 1, 0)
        continue
      }
      sweep.offset = offset &+ Int(block.piece)
      if (block.start + offset).load(as: Int32.self) != 0 {
        return sweep.block << Self.placeBits | offset / Self.unit
      }
    }
  }
}
