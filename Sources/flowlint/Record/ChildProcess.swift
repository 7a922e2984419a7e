import CSystem
import TraceCapture

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// A command that runs beside us, with our standard streams.
struct ChildProcess {
  let id: pid_t

  /// Starts it, found in PATH; as the user that called sudo, unless it is to keep our rights.
  ///
  /// Errors: errno, as when there is no such command.
  init(_ command: [String], keepsPrivileges: Bool) throws(Failure) {
    var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) }
    arguments.append(nil)
    defer { for argument in arguments { free(argument) } }
    let id: pid_t
    if !keepsPrivileges, geteuid() == 0, let (user, group) = Privileges.invokingUser(), user != 0 {
      var identity = flowlint_user(user: user, group: group, name: nil, home: nil, shell: nil)
      if let entry = getpwuid(user) {
        identity.name = UnsafePointer(entry.pointee.pw_name)
        identity.home = UnsafePointer(entry.pointee.pw_dir)
        identity.shell = UnsafePointer(entry.pointee.pw_shell)
      }
      id = flowlint_spawn(arguments, &identity)
    } else {
      id = flowlint_spawn(arguments, nil)
    }
    guard id > 0 else { throw Failure(code: -id) }
    self.id = id
  }

  struct Failure: Error {
    var code: Int32
    var text: String { String(cString: strerror(code)) }
    /// 126 for what is there and cannot be run, 127 for what is not, as shells have it.
    var status: Int32 { code == ENOENT ? 127 : 126 }
  }

  /// Its exit status once it has ended, as shells count it: 128 and the number of the signal that killed it.
  func status() -> Int32? {
    var status: Int32 = 0
    let answer = waitpid(id, &status, WNOHANG)
    guard answer != 0 else { return nil }
    guard answer == id else { return errno == EINTR ? nil : 127 }
    let signal = status & 0x7f
    return signal == 0 ? status >> 8 & 0xff : 128 + signal
  }

  func signal(_ number: Int32) { kill(id, number) }
}

/// The descriptors this process opens itself: no command that it starts is to hold a raw socket or a recording.
struct OwnDescriptors {
  private var inherited = [UInt8](repeating: 0, count: 1024)

  /// To be made before anything is opened.
  init() { flowlint_own_descriptors(&inherited, 0) }

  /// Closes what was opened since in every program started from now on.
  mutating func keepFromChildren() { flowlint_own_descriptors(&inherited, 1) }
}
