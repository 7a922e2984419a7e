#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Watches whether an interface is up and its link is there.
///
/// Opened before rights are given up: afterwards there are no more sockets to be had.
final class LiveLink {
  private let name: String
  private let socket: Int32
  private var known: (isUp: Bool, isRunning: Bool)?

  #if os(Linux)
    private static let request: UInt = 0x8913  // SIOCGIFFLAGS, netdevice(7)
  #else
    private static let request: UInt = 0xc020_6911  // _IOWR('i', 17, struct ifreq)
  #endif

  init(_ name: String) {
    self.name = name
    #if canImport(Glibc)
      socket = Glibc.socket(AF_INET, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    #elseif canImport(Musl)
      socket = Musl.socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)
    #else
      socket = Darwin.socket(AF_INET, SOCK_DGRAM, 0)
    #endif
    known = read()
  }

  deinit { if socket >= 0 { close(socket) } }

  /// What has happened to it since the last call, in words; nil for nothing.
  func change() -> String? {
    guard let before = known, let now = read() else { return nil }
    known = now
    if before.isUp != now.isUp {
      return "\(name): the interface \(now.isUp ? "is up again" : "went down; watching goes on")"
    }
    if now.isUp, before.isRunning != now.isRunning {
      return "\(name): the link \(now.isRunning ? "is back" : "is gone; watching goes on")"
    }
    return nil
  }

  /// nil where the name is no interface of the system's, as any.
  private func read() -> (isUp: Bool, isRunning: Bool)? {
    // struct ifreq: the name in 16 octets, then a union of 24 at most, of which the flags are the first two.
    var octets = [UInt8](repeating: 0, count: 40)
    let text = Array(name.utf8)
    guard socket >= 0, text.count < 16 else { return nil }
    octets.replaceSubrange(0..<text.count, with: text)
    let status = octets.withUnsafeMutableBytes { bytes in
      bytes.baseAddress.map { ioctl(socket, Self.request, $0) } ?? -1
    }
    guard status == 0 else { return nil }
    let flags = Int32(octets[16]) | Int32(octets[17]) << 8
    return (flags & 0x1 != 0, flags & 0x40 != 0)  // IFF_UP, IFF_RUNNING
  }
}
