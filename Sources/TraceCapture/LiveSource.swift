import CPcap
import Synchronization
import TraceDecode

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How a live interface is captured.
public struct LiveOptions: Sendable {
  public var interface: String
  /// pcap-filter(7); run in the kernel where it can be.
  public var filter: String?
  /// Longer frames are cut to this. Units: octets.
  public var snapLength: Int32 = 262_144
  /// What the kernel holds for us while we are busy. Units: octets.
  public var bufferOctets: Int32 = 16 << 20
  public var isPromiscuous = false

  public init(interface: String, filter: String? = nil) {
    self.interface = interface
    self.filter = filter
  }
}

/// A network interface as a capture that goes on until it is stopped.
public final class LiveSource: CaptureSource {
  /// What a wait for frames came to.
  public enum Arrival: Equatable, Sendable {
    case frames(Int)
    /// Nothing within the time given.
    case silence
    /// Stopped and drained, or the interface is gone.
    case ended
  }

  /// How long the kernel may hold a frame back to hand over several at once. Units: nanoseconds.
  public static let deliveryTime: Int64 = 50_000_000

  private let handle: OpaquePointer
  private let descriptor: Int32
  public let linkType: LinkType
  private let scale: Int64
  private let stopping = Atomic<Bool>(false)
  private var hasEnded = false
  private var known: CaptureInfo
  private var nextFrame: UInt64 = 1
  private let frames = UnsafeMutableBufferPointer<Frame>.allocate(capacity: CaptureLimits.batch)
  private let arena: UnsafeMutableRawBufferPointer

  /// Opens the interface and begins to capture.
  ///
  /// Errors: no such interface, no right to capture, a filter libpcap refuses; each with what to do.
  public init(_ options: LiveOptions) throws(CaptureError) {
    var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    guard let handle = pcap_create(options.interface, &message) else {
      throw CaptureError(path: options.interface, problem: Self.text(message), remedy: "")
    }
    self.handle = handle
    arena = .allocate(byteCount: max(1 << 20, Int(options.snapLength) * 2), alignment: 64)
    pcap_set_snaplen(handle, options.snapLength)
    pcap_set_promisc(handle, options.isPromiscuous ? 1 : 0)
    pcap_set_timeout(handle, Int32(Self.deliveryTime / 1_000_000))
    pcap_set_buffer_size(handle, options.bufferOctets)
    pcap_set_tstamp_precision(handle, PCAP_TSTAMP_PRECISION_NANO)
    let status = pcap_activate(handle)
    if status < 0 {
      let error = Self.refusal(status, String(cString: pcap_geterr(handle)), options.interface)
      pcap_close(handle)
      throw error
    }
    let type = LinkType(dlt: pcap_datalink(handle))
    if let problem = Self.prepare(handle, options, type, &message) {
      pcap_close(handle)
      throw problem
    }
    linkType = type ?? .ethernet
    scale = pcap_get_tstamp_precision(handle) == PCAP_TSTAMP_PRECISION_NANO ? 1 : 1000
    descriptor = pcap_get_selectable_fd(handle)
    known = CaptureInfo(
      path: options.interface, format: .live, byteOrder: .native, version: "", reader: .libpcap)
    var interface = CaptureInterface(linkType: linkType, snapLength: UInt32(clamping: pcap_snapshot(handle)))
    interface.name = options.interface
    interface.filter = options.filter
    interface.resolution = scale == 1 ? .nanoseconds : .microseconds
    known.interfaces = [interface]
  }

  deinit {
    pcap_close(handle)
    frames.deallocate()
    arena.deallocate()
  }

  /// The filter, and reading without waiting; what is wrong with them, if anything.
  private static func prepare(
    _ handle: OpaquePointer, _ options: LiveOptions, _ type: LinkType?, _ message: inout [CChar]
  ) -> CaptureError? {
    guard type != nil else {
      return CaptureError(
        path: options.interface, problem: "has a link type that no capture file can name",
        remedy: "capture on another interface, as 'any'")
    }
    if let expression = options.filter {
      var program = bpf_program()
      guard pcap_compile(handle, &program, expression, 1, 0xffff_ffff) == 0 else {
        return CaptureError(
          path: options.interface,
          problem: "the filter \"\(expression)\" is none: \(String(cString: pcap_geterr(handle)))",
          remedy: "filters are written as in pcap-filter(7), for example \"tcp port 443\"")
      }
      defer { pcap_freecode(&program) }
      guard pcap_setfilter(handle, &program) == 0 else {
        return CaptureError(
          path: options.interface, problem: "takes no filter: \(String(cString: pcap_geterr(handle)))",
          remedy: "")
      }
    }
    guard pcap_setnonblock(handle, 1, &message) == 0 else {
      return CaptureError(path: options.interface, problem: text(message), remedy: "")
    }
    return nil
  }

  private static func refusal(_ status: Int32, _ words: String, _ interface: String) -> CaptureError {
    switch status {
    case PCAP_ERROR_PERM_DENIED, PCAP_ERROR_PROMISC_PERM_DENIED:
      #if os(Linux)
        let remedy = "run as root, or once: sudo setcap cap_net_raw=ep \"$(command -v flowlint)\""
      #else
        let remedy = "run as root, or install Wireshark's ChmodBPF"
      #endif
      return CaptureError(path: interface, problem: "no right to capture on this interface", remedy: remedy)
    case PCAP_ERROR_NO_SUCH_DEVICE:
      return CaptureError(
        path: interface, problem: "there is no such interface",
        remedy: "there are: \(interfaces().joined(separator: ", "))")
    case PCAP_ERROR_IFACE_NOT_UP:
      return CaptureError(
        path: interface, problem: "is not up", remedy: "bring it up: ip link set \(interface) up")
    default:
      let problem = words.isEmpty ? String(cString: pcap_statustostr(status)) : words
      return CaptureError(path: interface, problem: "cannot be captured on: \(problem)", remedy: "")
    }
  }

  /// The names of the interfaces that libpcap finds.
  public static func interfaces() -> [String] {
    var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    var list: UnsafeMutablePointer<pcap_if_t>?
    guard pcap_findalldevs(&list, &message) == 0 else { return [] }
    defer { pcap_freealldevs(list) }
    var names: [String] = []
    var next = list
    while let device = next {
      if let name = device.pointee.name { names.append(String(cString: name)) }
      next = device.pointee.next
    }
    return names
  }

  private static func text(_ message: [CChar]) -> String {
    String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  // MARK: - Frames

  /// Ends the capture once what the kernel holds has been read; may be called from any thread or a signal handler.
  public func stop() { stopping.store(true, ordering: .relaxed) }

  public var info: CaptureInfo {
    var info = known
    info.frames = nextFrame &- 1
    var counts = pcap_stat()
    if pcap_stats(handle, &counts) == 0 {
      var statistics = InterfaceStatistics()
      statistics.received = UInt64(counts.ps_recv)
      statistics.droppedBySystem = UInt64(counts.ps_drop)
      statistics.droppedByInterface = UInt64(counts.ps_ifdrop)
      info.interfaces[0].statistics = statistics
    }
    return info
  }

  public var progress: CaptureProgress { CaptureProgress(octetsRead: 0) }

  /// Waits for frames, at most `milliseconds`, and hands them to `body`; their bytes are valid only within.
  public func poll(milliseconds: Int32, _ body: (UnsafeBufferPointer<Frame>) -> Void) -> Arrival {
    if hasEnded { return .ended }
    var count = gather()
    if count == 0, !hasEnded {
      if stopping.load(ordering: .relaxed) {
        hasEnded = true
      } else {
        wait(milliseconds)
        count = gather()
      }
    }
    if count > 0 {
      body(UnsafeBufferPointer(rebasing: frames[..<count]))
      return .frames(count)
    }
    return hasEnded ? .ended : .silence
  }

  public func nextBatch(_ body: (UnsafeBufferPointer<Frame>) -> Void) throws(CaptureError) -> Int {
    while true {
      switch poll(milliseconds: 100, body) {
      case .frames(let count): return count
      case .silence: continue
      case .ended: return 0
      }
    }
  }

  private func wait(_ milliseconds: Int32) {
    guard descriptor >= 0 else {
      usleep(useconds_t(max(0, min(milliseconds, 10))) * 1000)
      return
    }
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    _ = systemPoll(&request, milliseconds)
  }

  /// Copies what is there, up to a batch: libpcap's packets live until the next one is asked for.
  private func gather() -> Int {
    var count = 0
    var used = 0
    while count < frames.count, arena.count - used >= Int(pcap_snapshot(handle)) {
      var header: UnsafeMutablePointer<pcap_pkthdr>?
      var octets: UnsafePointer<UInt8>?
      let status = pcap_next_ex(handle, &header, &octets)
      guard status == 1, let header = header?.pointee, let octets else {
        if status < 0 { end(String(cString: pcap_geterr(handle))) }
        break
      }
      let length = min(Int(header.caplen), arena.count - used)
      let copy = UnsafeMutableRawBufferPointer(rebasing: arena[used..<used + length])
      copy.copyMemory(from: UnsafeRawBufferPointer(start: octets, count: length))
      let time = Int64(header.ts.tv_sec) &* 1_000_000_000 &+ Int64(header.ts.tv_usec) &* scale
      (frames.baseAddress.unsafelyUnwrapped + count).initialize(
        to: Frame(
          number: nextFrame, time: time, bytes: UnsafeRawBufferPointer(copy), wireLength: header.len,
          linkType: linkType))
      nextFrame &+= 1
      used += length
      count += 1
    }
    return count
  }

  private func end(_ reason: String) {
    hasEnded = true
    known.damage = CaptureDamage(
      kind: .unreadable, offset: nil, reason: "the interface stopped: \(reason)", framesBefore: nextFrame &- 1
    )
  }
}

// The class's own `poll` hides the system's; this names the latter.
private func systemPoll(_ request: inout pollfd, _ milliseconds: Int32) -> Int32 {
  poll(&request, 1, milliseconds)
}
