import CSystem

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Gives up every right that reading packets does not need, once interfaces and files are open.
///
/// To be called while the process has one thread: the kernel keeps capabilities by thread.
public enum Privileges {
  /// What was given up, and what could not be.
  public struct Report: Sendable, Equatable {
    /// The user the process runs as from here on, where that changed.
    public var user: UInt32?
    public var hasNoCapabilities = false
    public var hasCallFilter = false
    /// What the platform has no means for, in words.
    public var shortfalls: [String] = []
  }

  /// Drops to the user that called sudo, with no capability, no way to regain one, and a system-call filter.
  ///
  /// - Parameter keepsUser: Stay who we are, and give up the rest.
  /// Errors: a user that cannot be changed to; the process must not go on as root then.
  public static func drop(keepsUser: Bool = false) throws(CaptureError) -> Report {
    var report = Report()
    #if os(Linux)
      // Before the user changes: afterwards the right to shrink the bounding set is gone.
      if geteuid() == 0 {
        var capability: Int32 = 0
        while capability < 64, flowlint_drop_bounding(capability) == 0 { capability += 1 }
      }
    #endif
    if !keepsUser { report.user = try becomeInvokingUser() }
    #if os(Linux)
      report.hasNoCapabilities = flowlint_clear_capabilities() == 0
      if !report.hasNoCapabilities { report.shortfalls.append("capabilities could not be dropped") }
      let status = flowlint_no_new_privileges()
      if status != 0 { report.shortfalls.append("no_new_privs: \(systemMessage(status))") }
      let filter = CallFilter.install()
      report.hasCallFilter = filter == nil
      if let filter { report.shortfalls.append("no system-call filter: \(filter)") }
    #else
      report.shortfalls.append("this system has no system-call filter flowlint knows")
    #endif
    return report
  }

  /// The user and group that sudo or doas was called by; nil when neither was.
  public static func invokingUser() -> (user: uid_t, group: gid_t)? {
    func number(_ name: String) -> UInt32? { getenv(name).flatMap { UInt32(String(cString: $0)) } }
    if let user = number("SUDO_UID"), let group = number("SUDO_GID") { return (user, group) }
    if let name = getenv("DOAS_USER"), let entry = getpwnam(name) {
      return (entry.pointee.pw_uid, entry.pointee.pw_gid)
    }
    // Set-user-id: the real user is who called.
    return getuid() != geteuid() ? (getuid(), getgid()) : nil
  }

  private static func becomeInvokingUser() throws(CaptureError) -> UInt32? {
    guard geteuid() == 0, let (user, group) = invokingUser(), user != 0 else { return nil }
    guard setgroups(0, nil) == 0, setgid(group) == 0, setuid(user) == 0, setuid(0) != 0 else {
      throw CaptureError(
        path: "flowlint", problem: "cannot become user \(user) again: \(systemMessage(errno))",
        remedy: "run it without sudo, with `\(grant)`")
    }
    return user
  }

  /// The command that lets an ordinary user capture with this very file.
  public static var grant: String {
    #if os(Linux)
      "sudo setcap cap_net_raw=ep \(executable)"
    #else
      "install Wireshark's ChmodBPF, or sudo chmod g+r /dev/bpf*"
    #endif
  }

  private static var executable: String {
    var path = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &path, path.count)
    let given = CommandLine.arguments.first ?? "flowlint"
    let whole =
      count > 0 ? String(decoding: path[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self) : given
    let plain = whole.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "/._-+".contains($0)) }
    return plain ? whole : "'" + whole + "'"
  }
}
