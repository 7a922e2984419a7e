#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Addresses of interfaces, as people write them.
enum LiveAddress {
  /// nil for anything but IPv4 and IPv6.
  static func text(_ address: UnsafePointer<sockaddr>) -> String? {
    var name = [CChar](repeating: 0, count: 64)
    let family = Int32(address.pointee.sa_family)
    let raw = UnsafeRawPointer(address)
    let offset: Int
    switch family {
    case AF_INET: offset = 4
    case AF_INET6: offset = 8
    default: return nil
    }
    guard inet_ntop(family, raw + offset, &name, socklen_t(name.count)) != nil else { return nil }
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
