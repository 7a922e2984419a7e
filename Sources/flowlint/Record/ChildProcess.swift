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

  /// Starts it, found in PATH.
  ///
  /// Errors: errno, as when there is no such command.
  init(_ command: [String]) throws(Failure) {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // What we ignore, the command decides on for itself.
    var signals = sigset_t()
    sigemptyset(&signals)
    for signal in [SIGPIPE, SIGINT, SIGTERM, SIGQUIT] { sigaddset(&signals, signal) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
    var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) }
    arguments.append(nil)
    defer { for argument in arguments { free(argument) } }
    var id = pid_t()
    let status = posix_spawnp(&id, command[0], nil, &attributes, arguments, environ)
    guard status == 0 else { throw Failure(code: status) }
    self.id = id
  }

  struct Failure: Error {
    var code: Int32
    var text: String { String(cString: strerror(code)) }
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
