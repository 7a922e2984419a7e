import CPcap
import TraceDecode

/// A saved capture opened by libpcap, from any stream of octets.
final class LibpcapHandle {
  /// What libpcap's stream calls back with.
  private final class Cookie {
    let source: any ByteSource
    init(_ source: any ByteSource) { self.source = source }
  }

  /// Frames are small and many: a large buffer takes a third off libpcap's cost.
  private static let bufferOctets = 256 << 10

  let handle: OpaquePointer
  private let cookie: Cookie
  private let buffer: UnsafeMutablePointer<CChar>

  enum Opened {
    case handle(LibpcapHandle)
    /// libpcap's words.
    case refused(String)
  }

  static func open(_ source: any ByteSource) -> Opened {
    let cookie = Cookie(source)
    let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: bufferOctets)
    var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    let handle = flowlint_pcap_open_stream(
      Unmanaged.passUnretained(cookie).toOpaque(),
      { cookie, octets, count in
        guard let cookie, let octets else { return -1 }
        let source = Unmanaged<Cookie>.fromOpaque(cookie).takeUnretainedValue().source
        return source.read(into: UnsafeMutableRawBufferPointer(start: octets, count: count))
      }, buffer, bufferOctets, &message)
    guard let handle else {
      buffer.deallocate()
      return .refused(
        String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }
    return .handle(LibpcapHandle(handle, cookie: cookie, buffer: buffer))
  }

  private init(_ handle: OpaquePointer, cookie: Cookie, buffer: UnsafeMutablePointer<CChar>) {
    self.handle = handle
    self.cookie = cookie
    self.buffer = buffer
  }

  deinit {
    pcap_close(handle)
    buffer.deallocate()
  }
}

/// Reads a saved capture with `pcap_next_ex`.
///
/// Limits: libpcap tells no record offsets, statistics, comments or interfaces, and stops where a pcapng file
/// changes its link type, snapshot length or byte order.
final class LibpcapReader: CaptureSource {
  private static let arenaOctets = 1 << 20

  private let opened: LibpcapHandle
  private let source: any ByteSource
  private let filter: BPFFilter?
  private var framesLeft: UInt64
  private let firstFrame: UInt64
  private var nextFrame: UInt64
  private let interface: UInt32
  private let linkType: LinkType
  private var known: CaptureInfo
  private var finished = false

  private let frames = UnsafeMutableBufferPointer<Frame>.allocate(capacity: CaptureLimits.batch)
  /// libpcap's packet lives until the next one is read, so that a batch needs copies.
  private var arena = UnsafeMutableRawBufferPointer.allocate(byteCount: arenaOctets, alignment: 64)
  /// A packet that did not fit the last batch, still in libpcap's hands.
  private var pending: (header: pcap_pkthdr, octets: UnsafePointer<UInt8>)?

  /// `info` is what the file's header says; its interfaces are replaced by the one libpcap knows if there are none.
  init(
    _ opened: LibpcapHandle, info: CaptureInfo, source: any ByteSource, filter: BPFFilter?,
    maxFrames: UInt64?,
    numbering: Numbering
  ) {
    self.opened = opened
    self.source = source
    self.filter = filter
    framesLeft = maxFrames ?? .max
    firstFrame = numbering.frame
    nextFrame = numbering.frame
    interface = numbering.interface
    linkType = Self.linkType(opened)
    known = info
    if known.interfaces.isEmpty {
      known.interfaces = [
        CaptureInterface(linkType: linkType, snapLength: UInt32(clamping: pcap_snapshot(opened.handle)))
      ]
    }
  }

  deinit {
    arena.deallocate()
    frames.deallocate()
  }

  static func linkType(_ opened: LibpcapHandle) -> LinkType {
    LinkType(dlt: pcap_datalink(opened.handle)) ?? LinkType(rawValue: .max)
  }

  var info: CaptureInfo {
    var info = known
    info.frames = nextFrame &- firstFrame
    info.filterRefusals = filter?.refusals ?? []
    return info
  }

  var progress: CaptureProgress { source.progress }

  func nextBatch(_ body: (UnsafeBufferPointer<Frame>) -> Void) throws(CaptureError) -> Int {
    while framesLeft > 0 {
      let count = fill(Int(clamping: min(framesLeft, UInt64(frames.count))))
      if count == 0 { return 0 }
      let found = UnsafeMutableBufferPointer(rebasing: frames[..<count])
      let kept = filter?.keep(found) ?? count
      if kept > 0 {
        framesLeft -= UInt64(kept)
        body(UnsafeBufferPointer(rebasing: frames[..<kept]))
        return kept
      }
    }
    return 0
  }

  private func fill(_ wanted: Int) -> Int {
    var count = 0
    var used = 0
    while count < wanted, let packet = pending ?? next() {
      pending = nil
      let length = Int(packet.header.caplen)
      if arena.count - used < length {
        if count > 0 {
          pending = packet
          break
        }
        arena.deallocate()
        arena = .allocate(byteCount: length, alignment: 64)
      }
      let octets = UnsafeMutableRawBufferPointer(rebasing: arena[used..<used + length])
      octets.copyMemory(from: UnsafeRawBufferPointer(start: packet.octets, count: length))
      (frames.baseAddress.unsafelyUnwrapped + count).initialize(
        to: Frame(
          number: nextFrame, time: time(packet.header), bytes: UnsafeRawBufferPointer(octets),
          wireLength: packet.header.len, linkType: linkType, interface: interface))
      nextFrame &+= 1
      used += length
      count += 1
    }
    return count
  }

  private func next() -> (header: pcap_pkthdr, octets: UnsafePointer<UInt8>)? {
    guard !finished else { return nil }
    var header: UnsafeMutablePointer<pcap_pkthdr>?
    var octets: UnsafePointer<UInt8>?
    let status = pcap_next_ex(opened.handle, &header, &octets)
    if status == 1, let header, let octets { return (header.pointee, octets) }
    finished = true
    if let fault = source.fault {
      known.damage = CaptureDamage(
        kind: fault.kind, offset: nil, reason: fault.reason, framesBefore: nextFrame &- firstFrame)
    } else if status == -1 {
      let message = String(cString: pcap_geterr(opened.handle))
      known.damage = CaptureDamage(
        kind: Self.kind(of: message), offset: nil, reason: "libpcap stops: \(message)",
        framesBefore: nextFrame &- firstFrame)
    }
    return nil
  }

  private static func kind(of message: String) -> CaptureDamage.Kind {
    if message.hasPrefix("truncated") { return .cut }
    // What libpcap has one handle for, and pcapng may have many of.
    let singular = ["different from the", "sections with different", "major version number"]
    return singular.contains { message.contains($0) } ? .unsupported : .corrupt
  }

  /// libpcap takes a classic file's unsigned seconds and microseconds for signed ones, in one byte order.
  private func time(_ header: pcap_pkthdr) -> Int64 {
    let seconds = Int64(header.ts.tv_sec)
    let fraction = Int64(header.ts.tv_usec)
    guard known.format.isClassic else { return seconds &* 1_000_000_000 &+ fraction }
    let scale: Int64 = known.format == .pcapNanoseconds ? 1 : 1000
    return Int64(UInt32(truncatingIfNeeded: seconds)) * 1_000_000_000
      + Int64(UInt32(truncatingIfNeeded: fraction / scale)) * scale
  }
}
