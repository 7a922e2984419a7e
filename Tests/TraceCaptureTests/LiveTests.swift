import TestSupport
import Testing
import TraceDecode

@testable import TraceCapture

/// What live capture is made of, without an interface.
@Suite struct LiveTests {
  @Test func aClockThatIsSetIsNoticedAndOneThatDriftsIsNot() {
    var watch = ClockWatch(wall: 1_000_000_000_000, steady: 50)
    #expect(watch.jump(wall: 1_001_400_000_000, steady: 1_000_000_050) == nil)
    // The steady clock stands still while the machine is suspended.
    #expect(watch.jump(wall: 1_061_000_000_000, steady: 1_000_000_050) == 60_000_000_000)
    #expect(watch.jump(wall: 1_062_000_000_000, steady: 2_000_000_050) == nil)
    #expect(watch.jump(wall: 1_052_000_000_000, steady: 2_000_000_050) == -10_000_000_000)
  }

  @Test func theQueueWaitsInsteadOfDropping() {
    let queue = LiveQueue(octets: 0)
    let blocks = 40
    _ = startThread {
      for _ in 0..<blocks {
        let block = LiveBlock(interface: 0)
        _ = block.add(
          Frame(
            number: 0, time: 0, bytes: UnsafeRawBufferPointer(start: nil, count: 0), wireLength: 0,
            linkType: .ethernet, interface: 0))
        queue.put(block)
      }
      queue.end()
    }
    var taken = 0
    var most = 0
    while true {
      let news = queue.take(waiting: 1_000_000_000)
      most = max(most, news.blocks.count)
      taken += news.blocks.count
      news.blocks.forEach(queue.release)
      if news.ended, news.blocks.isEmpty { break }
    }
    #expect(taken == blocks)
    #expect(most <= 4)
  }

  @Test func aBlockTakesAFrameLargerThanItself() {
    let block = LiveBlock(interface: 0)
    let bytes = [UInt8](repeating: 7, count: LiveBlock.size + 1)
    bytes.withUnsafeBytes { raw in
      let frame = Frame(
        number: 0, time: 0, bytes: raw, wireLength: UInt32(raw.count), linkType: .ethernet, interface: 0)
      #expect(block.add(frame))
      #expect(!block.add(frame))
    }
    #expect(block.records.count == 1 && block.octets.count == bytes.count)
  }
}
