import CPcap
import TraceDecode

/// One interface opened by libpcap; the capturing thread's own once that runs.
final class LiveInterface {
  let name: String
  let handle: OpaquePointer
  let linkType: LinkType
  let resolution: TimeResolution
  /// Stamps of the kernel's clock can be compared with what the wall clock says.
  let hasSystemTime: Bool
  /// What libpcap warned of when it was opened.
  private(set) var warnings: [String] = []
  /// nil once it has failed.
  var descriptor: Int32?
  private var lastSystemDrops: UInt32 = 0
  private var lastInterfaceDrops: UInt32 = 0
  private var lastReceived: UInt32 = 0
  private(set) var counters = InterfaceStatistics()
  private let link: LiveLink

  private init(
    _ name: String, _ handle: OpaquePointer, linkType: LinkType, resolution: TimeResolution,
    hasSystemTime: Bool, descriptor: Int32
  ) {
    self.name = name
    self.handle = handle
    self.linkType = linkType
    self.resolution = resolution
    self.hasSystemTime = hasSystemTime
    self.descriptor = descriptor
    link = LiveLink(name)
  }

  deinit { pcap_close(handle) }

  /// Opens an interface, filter and all.
  ///
  /// Errors: no such interface, no right to it, one that is down, a filter libpcap refuses; each with its remedy.
  static func open(_ name: String, _ options: LiveOptions) throws(CaptureError) -> LiveInterface {
    var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    guard let handle = pcap_create(name, &message) else {
      throw CaptureError(path: name, problem: text(message), remedy: "`flowlint watch -D` lists interfaces")
    }
    var isOurs = false
    defer { if !isOurs { pcap_close(handle) } }
    pcap_set_snaplen(handle, options.snapLength)
    pcap_set_promisc(handle, options.isPromiscuous && name != "any" ? 1 : 0)
    pcap_set_timeout(handle, LiveOptions.blockTimeout)
    pcap_set_immediate_mode(handle, options.isImmediate ? 1 : 0)
    pcap_set_buffer_size(handle, options.bufferOctets)
    let isNano = pcap_set_tstamp_precision(handle, PCAP_TSTAMP_PRECISION_NANO) == 0
    try setTimestampType(handle, name, options.timestampType)
    let status = pcap_activate(handle)
    guard status >= 0 else { throw refusal(name, status, String(cString: pcap_geterr(handle))) }
    var warnings: [String] = []
    if status > 0 {
      let words = String(cString: pcap_geterr(handle))
      warnings.append(words.isEmpty ? String(cString: pcap_statustostr(status)) : words)
    }
    // With the interface's index in every frame, where the system has that (any).
    if LinkType(dlt: pcap_datalink(handle)) == .linuxSLL {
      _ = pcap_set_datalink(handle, LinkType.linuxSLL2.dlt)
    }
    guard let linkType = LinkType(dlt: pcap_datalink(handle)) else {
      throw CaptureError(
        path: name, problem: "delivers frames of a kind no capture file has a number for", remedy: "")
    }
    try setFilter(handle, name, options)
    pcap_setnonblock(handle, 1, &message)
    let opened = LiveInterface(
      name, handle, linkType: linkType,
      resolution: isNano && pcap_get_tstamp_precision(handle) == PCAP_TSTAMP_PRECISION_NANO
        ? .nanoseconds : .microseconds,
      hasSystemTime: options.timestampType.map { $0.hasPrefix("host") || $0 == "adapter" } ?? true,
      descriptor: pcap_get_selectable_fd(handle))
    opened.warnings = warnings
    isOurs = true
    return opened
  }

  private static func setTimestampType(_ handle: OpaquePointer, _ name: String, _ type: String?)
    throws(CaptureError)
  {
    guard let type else { return }
    let value = pcap_tstamp_type_name_to_val(type)
    guard value >= 0, pcap_set_tstamp_type(handle, value) == 0 else {
      var list: UnsafeMutablePointer<Int32>?
      let count = pcap_list_tstamp_types(handle, &list)
      defer { pcap_free_tstamp_types(list) }
      let known = (0..<max(0, Int(count))).compactMap { i in
        list.flatMap { pcap_tstamp_type_val_to_name($0[i]) }.map { String(cString: $0) }
      }
      throw CaptureError(
        path: name, problem: "has no time stamps of type '\(type)'",
        remedy: known.isEmpty
          ? "it knows only its own; leave --time-stamp-type out"
          : "it knows: \(known.joined(separator: ", "))")
    }
  }

  private static func setFilter(_ handle: OpaquePointer, _ name: String, _ options: LiveOptions)
    throws(CaptureError)
  {
    if let expression = options.filter {
      var program = bpf_program()
      guard pcap_compile(handle, &program, expression, 1, 0xffff_ffff) == 0 else {
        throw CaptureError(
          path: name,
          problem: "the filter \"\(expression)\" is not valid: \(String(cString: pcap_geterr(handle)))",
          remedy: "filters are written as in pcap-filter(7), for example \"tcp port 443 and host 10.0.0.1\"")
      }
      defer { pcap_freecode(&program) }
      guard pcap_setfilter(handle, &program) == 0 else {
        throw CaptureError(
          path: name, problem: "the filter cannot be set: \(String(cString: pcap_geterr(handle)))", remedy: ""
        )
      }
    }
    let direction: pcap_direction_t
    switch options.direction {
    case .both: return
    case .in: direction = PCAP_D_IN
    case .out: direction = PCAP_D_OUT
    }
    guard pcap_setdirection(handle, direction) == 0 else {
      throw CaptureError(
        path: name, problem: "cannot tell directions apart: \(String(cString: pcap_geterr(handle)))",
        remedy: "leave --direction out, or filter by address")
    }
  }

  private static func refusal(_ name: String, _ status: Int32, _ words: String) -> CaptureError {
    let detail = words.isEmpty ? String(cString: pcap_statustostr(status)) : words
    switch status {
    case PCAP_ERROR_NO_SUCH_DEVICE:
      let known = LiveInterfaces.list().map(\.name)
      return CaptureError(
        path: name, problem: "no such interface",
        remedy: known.isEmpty
          ? "`flowlint watch -D` lists them" : "there are: \(known.joined(separator: ", "))")
    case PCAP_ERROR_PERM_DENIED, PCAP_ERROR_PROMISC_PERM_DENIED:
      return CaptureError(
        path: name, problem: "no right to capture on it",
        remedy: "allow it once with `\(Privileges.grant)`, or run with sudo")
    case PCAP_ERROR_IFACE_NOT_UP:
      return CaptureError(path: name, problem: "the interface is down", remedy: "sudo ip link set \(name) up")
    default: return CaptureError(path: name, problem: "cannot be opened: \(detail)", remedy: "")
    }
  }

  private static func text(_ message: [CChar]) -> String {
    String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Nanoseconds since the epoch.
  func time(_ header: pcap_pkthdr) -> Int64 {
    let fraction = Int64(header.ts.tv_usec) &* (resolution == .nanoseconds ? 1 : 1000)
    return Int64(header.ts.tv_sec) &* 1_000_000_000 &+ fraction
  }

  /// Asks libpcap for its counters, which are 32 bits wide and run over.
  func readCounters() {
    var now = pcap_stat()
    guard pcap_stats(handle, &now) == 0 else { return }
    counters.received = (counters.received ?? 0) &+ UInt64(now.ps_recv &- lastReceived)
    counters.droppedBySystem = (counters.droppedBySystem ?? 0) &+ UInt64(now.ps_drop &- lastSystemDrops)
    counters.droppedByInterface =
      (counters.droppedByInterface ?? 0) &+ UInt64(now.ps_ifdrop &- lastInterfaceDrops)
    (lastReceived, lastSystemDrops, lastInterfaceDrops) = (now.ps_recv, now.ps_drop, now.ps_ifdrop)
  }

  /// What has happened to the interface since the last call; nil for nothing.
  func linkChange() -> String? { link.change() }

  func countDelivered(_ frames: UInt64) { counters.delivered = (counters.delivered ?? 0) &+ frames }

  var description: CaptureInterface {
    var interface = CaptureInterface(linkType: linkType, snapLength: UInt32(clamping: pcap_snapshot(handle)))
    interface.name = name
    interface.resolution = resolution
    return interface
  }
}

/// The interfaces of this machine that libpcap can open.
public enum LiveInterfaces {
  public struct Entry: Sendable {
    public var name: String
    public var description: String?
    public var addresses: [String]
    public var isUp: Bool
    public var isLoopback: Bool
  }

  public static func list() -> [Entry] {
    var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    var first: UnsafeMutablePointer<pcap_if_t>?
    guard pcap_findalldevs(&first, &message) == 0 else { return [] }
    defer { pcap_freealldevs(first) }
    var entries: [Entry] = []
    var next = first
    while let device = next {
      let flags = device.pointee.flags
      entries.append(
        Entry(
          name: String(cString: device.pointee.name),
          description: device.pointee.description.map { String(cString: $0) }, addresses: addresses(device),
          isUp: flags & UInt32(PCAP_IF_UP) != 0, isLoopback: flags & UInt32(PCAP_IF_LOOPBACK) != 0))
      next = device.pointee.next
    }
    return entries
  }

  private static func addresses(_ device: UnsafeMutablePointer<pcap_if_t>) -> [String] {
    var found: [String] = []
    var next = device.pointee.addresses
    while let entry = next {
      if let address = entry.pointee.addr, let text = LiveAddress.text(address) { found.append(text) }
      next = entry.pointee.next
    }
    return found
  }
}
