import ArgumentParser
import CPcap
import CZlib
import CZstd
import TraceCapture
import TraceReport

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// `flowlint doctor`: what this machine offers, and what is missing.
struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Check the libraries, the right to capture and the terminal.",
    discussion: "Exit status: 0, also when something is missing that only live capture needs.")

  func run() throws {
    let rows: [(String, String)] = [
      ("flowlint", Flowlint.version),
      ("libpcap", String(cString: pcap_lib_version())),
      ("zlib", String(cString: zlibVersion())),
      ("zstd", String(cString: ZSTD_versionString())),
      ("capture", Self.captureRights),
      ("terminal", Self.terminal),
    ]
    let text = rows.map { name, words in
      name + String(repeating: " ", count: max(1, 10 - name.count)) + words + "\n"
    }
    Terminal.print(text.joined(), to: STDOUT_FILENO)
  }

  private static var terminal: String {
    guard let width = Terminal.width(of: STDOUT_FILENO) else {
      return "none (standard output is a file or pipe)"
    }
    let color = ColorChoice.auto.applies(to: STDOUT_FILENO)
    return "\(width) columns, \(color ? "with" : "without") color"
  }

  /// Whether this process may open interfaces, and how to come by the right.
  private static var captureRights: String {
    #if os(Linux)
      if geteuid() == 0, hasRawSockets { return "allowed (root)" }
      if hasRawSockets { return "allowed (CAP_NET_RAW)" }
    #else
      if geteuid() == 0 { return "allowed (root)" }
      if access("/dev/bpf0", R_OK) == 0 { return "allowed (/dev/bpf)" }
    #endif
    return "live interfaces not allowed; reading files needs no rights. To allow: \(Privileges.grant)"
  }

  #if os(Linux)
    /// Bit 13, CAP_NET_RAW, of the effective set (capabilities(7), proc(5)).
    private static var hasRawSockets: Bool {
      guard let file = fopen("/proc/self/status", "r") else { return false }
      defer { fclose(file) }
      var line = [CChar](repeating: 0, count: 256)
      while fgets(&line, Int32(line.count), file) != nil {
        let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard text.hasPrefix("CapEff:") else { continue }
        let digits = text.dropFirst(7).filter(\.isHexDigit)
        return (UInt64(digits, radix: 16) ?? 0) >> 13 & 1 == 1
      }
      return false
    }
  #endif
}
