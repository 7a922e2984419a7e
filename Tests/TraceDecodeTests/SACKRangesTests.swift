import Testing

@testable import TraceDecode

/// SACK blocks as stream offsets, and which of them is a D-SACK (RFC 2883 4).
struct SACKRangesTests {
  private func ranges(_ blocks: [(UInt32, UInt32)], ack: Int64) -> SACKRanges? {
    var peer = Direction()
    peer.base = 4_294_967_000
    peer.maxEnd = 10_000
    var sack = SACKBlocks()
    for (left, right) in blocks { sack.append(SACKBlock(left: peer.base &+ left, right: peer.base &+ right)) }
    return withUnsafePointer(to: peer) { SACKRanges(sack, ack: ack, of: $0) }
  }

  private func others(_ ranges: SACKRanges?) -> [Range<Int64>]? {
    ranges.map { r in r.indices.map { r[$0] } }
  }

  @Test func blocksAboveTheAcknowledgementAreReports() {
    let found = ranges([(5000, 6000), (3000, 4000), (1000, 2000), (8000, 9000)], ack: 500)
    #expect(found?.dsack == nil)
    #expect(others(found) == [5000..<6000, 3000..<4000, 1000..<2000, 8000..<9000])
  }

  @Test func firstBlockAtOrBelowTheAcknowledgementIsADSACK() {
    let found = ranges([(1000, 2000), (3000, 4000)], ack: 2000)
    #expect(found?.dsack == 1000..<2000)
    #expect(others(found) == [3000..<4000])
  }

  @Test func firstBlockWithinTheSecondIsADSACK() {
    let found = ranges([(3200, 3400), (3000, 4000)], ack: 500)
    #expect(found?.dsack == 3200..<3400)
    #expect(others(found) == [3000..<4000])
    // The other way round it is a report that has grown.
    #expect(ranges([(3000, 4000), (3200, 3400)], ack: 500)?.dsack == nil)
  }

  @Test func blocksThatRunBackwardsAreNone() {
    #expect(ranges([(2000, 1000)], ack: 500) == nil)
    #expect(others(ranges([(2000, 1000), (3000, 4000)], ack: 500)) == [3000..<4000])
    #expect(ranges([], ack: 500) == nil)
  }
}
