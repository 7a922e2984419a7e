import ArgumentParser
import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Answers GET /metrics (HTTP/1.1, RFC 9112) with the text published last; nothing else.
///
/// Its own few lines because the libraries weigh too much: see docs/live.md.
/// Limits: one connection at a time, 8 KiB of request, two seconds to send it and to take the answer.
final class MetricsServer: Sendable {
  private let listener: Int32
  private let text = Mutex<String>("")

  /// Binds `ADDRESS:PORT`; without an address the loopback.
  ///
  /// Errors: `ExitCode.usage`, after saying what is wrong with the address.
  init(_ address: String) throws {
    func refuse(_ problem: String) -> ExitCode {
      Terminal.complain("--metrics \(address): \(problem); write it as 127.0.0.1:9464 or [::1]:9464")
      return .usage
    }
    guard let colon = address.lastIndex(of: ":") else { throw refuse("has no port") }
    var host = String(address[..<colon])
    if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
    if host.isEmpty { host = "127.0.0.1" }
    let port = String(address[address.index(after: colon)...])
    guard UInt16(port) != nil else { throw refuse("'\(port)' is no port") }
    var hints = addrinfo()
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE
    #if canImport(Glibc)
      hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    #else
      hints.ai_socktype = SOCK_STREAM
    #endif
    var found: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, port, &hints, &found) == 0, let info = found?.pointee else {
      throw refuse("'\(host)' is no numeric address")
    }
    defer { freeaddrinfo(found) }
    listener = socket(info.ai_family, info.ai_socktype, 0)
    guard listener >= 0 else { throw refuse(String(cString: strerror(errno))) }
    var yes: Int32 = 1
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    guard bind(listener, info.ai_addr, info.ai_addrlen) == 0, listen(listener, 16) == 0 else {
      throw refuse(String(cString: strerror(errno)))
    }
  }

  func publish(_ text: String) { self.text.withLock { $0 = text } }

  /// Serves on the calling thread, for as long as the process lives.
  func run() {
    while true {
      let connection = accept(listener, nil, nil)
      if connection < 0 {
        // Out of descriptors, say: try again, but do not spin.
        if errno != EINTR { poll(nil, 0, 100) }
        continue
      }
      var limit = timeval(tv_sec: 2, tv_usec: 0)
      let size = socklen_t(MemoryLayout<timeval>.size)
      setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
      setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
      if let request = Self.request(connection) { Terminal.print(answer(request), to: connection) }
      shutdown(connection, Int32(SHUT_WR))
      close(connection)
    }
  }

  /// The request's first line, once its header is whole.
  private static func request(_ connection: Int32) -> String? {
    var octets: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 2048)
    while octets.count < 8192 {
      let count = recv(connection, &block, block.count, 0)
      guard count > 0 else { return nil }
      octets += block[..<count]
      let text = String(decoding: octets, as: UTF8.self)
      if text.utf8.elementsEqual(octets), text.contains("\r\n\r\n") || text.contains("\n\n") {
        return text.split(whereSeparator: \.isNewline).first.map(String.init)
      }
    }
    return nil
  }

  private func answer(_ line: String) -> String {
    let words = line.split(separator: " ").map(String.init)
    guard words.count == 3, words[2].hasPrefix("HTTP/1.") else {
      return Self.answer("400 Bad Request", "text/plain", "not HTTP/1\n", head: false)
    }
    guard words[0] == "GET" || words[0] == "HEAD" else {
      return Self.answer(
        "405 Method Not Allowed", "text/plain", "only GET\n", head: false, extra: "Allow: GET, HEAD\r\n")
    }
    let path = words[1].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).first ?? ""
    guard path == "/metrics" else {
      return Self.answer("404 Not Found", "text/plain", "only /metrics\n", head: words[0] == "HEAD")
    }
    return Self.answer(
      "200 OK", "text/plain; version=0.0.4; charset=utf-8", text.withLock { $0 }, head: words[0] == "HEAD")
  }

  private static func answer(
    _ status: String, _ type: String, _ body: String, head: Bool, extra: String = ""
  ) -> String {
    "HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n\(extra)"
      + "Connection: close\r\n\r\n" + (head ? "" : body)
  }
}
