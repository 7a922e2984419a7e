import CPcap
import TraceDecode

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The capturing thread: takes frames from libpcap as they come and queues copies.
///
/// `@unchecked Sendable`: handed to its thread once, and touched by nothing else from then on.
final class LiveCapture: @unchecked Sendable {
  /// What libpcap calls back with.
  private final class Port {
    let interface: LiveInterface
    let index: Int
    let queue: LiveQueue
    var block: LiveBlock
    var frames: UInt64 = 0

    init(_ interface: LiveInterface, index: Int, queue: LiveQueue) {
      self.interface = interface
      self.index = index
      self.queue = queue
      block = LiveBlock(interface: index)
    }

    func take(_ header: pcap_pkthdr, _ octets: UnsafePointer<UInt8>) {
      let frame = Frame(
        number: 0, time: interface.time(header),
        bytes: UnsafeRawBufferPointer(start: octets, count: Int(header.caplen)), wireLength: header.len,
        linkType: interface.linkType, interface: UInt32(truncatingIfNeeded: index))
      frames &+= 1
      if block.add(frame) { return }
      handOver()
      _ = block.add(frame)
    }

    func handOver() {
      guard !block.isEmpty else { return }
      queue.put(block)
      block = LiveBlock(interface: index)
    }
  }

  private let ports: [Port]
  private let queue: LiveQueue
  private var lastCounters: Int64 = 0
  private var clockWatch = ClockWatch()
  /// Frames taken at once, so that a flood does not keep the other interfaces waiting.
  private static let burst: Int32 = 8192

  init(_ interfaces: [LiveInterface], queue: LiveQueue) {
    ports = interfaces.enumerated().map { Port($1, index: $0, queue: queue) }
    self.queue = queue
  }

  func run() {
    while !queue.isStopped, ports.contains(where: { $0.interface.descriptor != nil }) {
      let began = LiveClock.wall
      wait()
      if dispatch() { queue.tell(quietBefore: began &- LiveOptions.lag) }
      readCounters(every: LiveOptions.countersInterval)
      if let jump = clockWatch.jump() {
        let seconds = jump / 1_000_000_000
        queue.tell("the wall clock moved by \(seconds) s: it was set, or the machine was suspended")
      }
    }
    let until = LiveClock.steady &+ LiveOptions.drainTime
    var rounds = 0
    // The kernel's open block is closed after its timeout only.
    while LiveClock.steady < until, rounds < 3 {
      wait()
      rounds = dispatch() ? rounds + 1 : 0
    }
    readCounters(every: 0)
    queue.end()
  }

  private func wait() {
    var fds = ports.compactMap { port in
      port.interface.descriptor.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    }
    guard !fds.isEmpty else { return }
    poll(&fds, nfds_t(fds.count), LiveOptions.blockTimeout)
  }

  /// Takes what is there; true when nothing more was.
  private func dispatch() -> Bool {
    var isDrained = true
    for port in ports where port.interface.descriptor != nil {
      let before = port.frames
      let status = pcap_dispatch(
        port.interface.handle, Self.burst,
        { user, header, octets in
          guard let user, let header, let octets else { return }
          Unmanaged<Port>.fromOpaque(user).takeUnretainedValue().take(header.pointee, octets)
        },
        UnsafeMutableRawPointer(Unmanaged.passUnretained(port).toOpaque()).assumingMemoryBound(to: UInt8.self)
      )
      port.handOver()
      port.interface.countDelivered(port.frames &- before)
      if status >= Self.burst { isDrained = false }
      if status < 0 { lose(port, status) }
    }
    return isDrained
  }

  private func lose(_ port: Port, _ status: Int32) {
    port.interface.readCounters()
    port.interface.descriptor = nil
    let words = String(cString: pcap_geterr(port.interface.handle))
    queue.tell(
      "\(port.interface.name): \(words.isEmpty ? "the capture ended" : words); no more frames from it")
  }

  private func readCounters(every interval: Int64) {
    let now = LiveClock.steady
    guard now &- lastCounters >= interval else { return }
    lastCounters = now
    for port in ports where port.interface.descriptor != nil {
      port.interface.readCounters()
      if let change = port.interface.linkChange() { queue.tell(change) }
    }
    queue.tell(counters: ports.map(\.interface.counters))
  }
}
