/// Room for packed flows: pieces of like size side by side, without a word of overhead a piece.
///
/// A piece is known by its place, 28 bits: which block, and where in it. The first four octets of a piece in use
/// are not zero.
struct PackedArena: ~Copyable {
  /// Octets a place counts by, and of a block.
  private static let unit = 16
  private static let blockOctets = 1 << 16
  private static let placeBits = 12
  private static let mostBlocks = 1 << 16

  private struct Block {
    var start: UnsafeMutableRawPointer
    /// Octets of each piece in it.
    var piece: Int
    /// Octets from its start on that have been given out.
    var used = 0
  }
  private var blocks: [Block] = []
  /// By size: the block that is being filled, and the piece freed last; -1 for none.
  private var filling: [Int] = []
  private var freed: [Int] = []
  private(set) var count = 0
  private var sweep = (block: 0, offset: 0)

  /// Octets of the largest piece.
  static let most = 1 << 14

  init() {}

  deinit { for block in blocks { block.start.deallocate() } }

  /// Sizes rise by units up to 1 KiB, and by eighths of a power of two above.
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
    let (index, piece) = Self.size(octets.count)
    guard octets.count <= Self.most, let place = take(index, piece), let from = octets.baseAddress else {
      return nil
    }
    self[place].copyMemory(from: from, byteCount: octets.count)
    count &+= 1
    return place
  }

  /// Gives the piece at `place` back.
  mutating func free(_ place: Int) {
    let (index, _) = Self.size(blocks[place >> Self.placeBits].piece)
    self[place].storeBytes(of: 0, as: Int32.self)
    self[place].storeBytes(of: Int32(truncatingIfNeeded: freed[index]), toByteOffset: 4, as: Int32.self)
    freed[index] = place
    count &-= 1
  }

  private mutating func take(_ index: Int, _ piece: Int) -> Int? {
    while filling.count <= index {
      filling.append(-1)
      freed.append(-1)
    }
    if freed[index] >= 0 {
      let place = freed[index]
      freed[index] = Int(self[place].load(fromByteOffset: 4, as: Int32.self))
      return place
    }
    if filling[index] < 0 || blocks[filling[index]].used &+ piece > Self.blockOctets {
      guard blocks.count < Self.mostBlocks else { return nil }
      filling[index] = blocks.count
      blocks.append(Block(start: .allocate(byteCount: Self.blockOctets, alignment: Self.unit), piece: piece))
    }
    let block = filling[index]
    let place = block << Self.placeBits | blocks[block].used / Self.unit
    blocks[block].used &+= piece
    return place
  }

  /// Calls `body` with the place of each piece in use.
  func visit(_ body: (Int) -> Void) {
    for block in blocks.indices {
      var offset = 0
      while offset < blocks[block].used {
        if (blocks[block].start + offset).load(as: Int32.self) != 0 {
          body(block << Self.placeBits | offset / Self.unit)
        }
        offset &+= blocks[block].piece
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
      if offset >= block.used {
        sweep = (sweep.block &+ 1, 0)
        continue
      }
      sweep.offset = offset &+ block.piece
      if (block.start + offset).load(as: Int32.self) != 0 {
        return sweep.block << Self.placeBits | offset / Self.unit
      }
    }
  }
}
