import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// The terminal while a view fills it, and its way back.
enum FullScreen {
  private static let isOn = Atomic<Bool>(false)
  /// As the terminal was found; written once, before `isOn`.
  nonisolated(unsafe) private static var before = termios()
  private static let enterText: StaticString = "\u{1b}[?1049h\u{1b}[?25l\u{1b}[2J"
  private static let leaveText: StaticString = "\u{1b}[0m\u{1b}[?25h\u{1b}[?1049l"

  /// Takes the screen; false when standard output or input is no terminal.
  static func enter() -> Bool {
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1, tcgetattr(STDIN_FILENO, &before) == 0 else {
      return false
    }
    var raw = before
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
    guard tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0 else { return false }
    isOn.store(true, ordering: .sequentiallyConsistent)
    send(enterText)
    return true
  }

  /// Gives the screen back as it was found; may be called from a signal handler, and more than once.
  static func restoreNow() {
    guard isOn.exchange(false, ordering: .sequentiallyConsistent) else { return }
    send(leaveText)
    tcsetattr(STDIN_FILENO, TCSANOW, &before)
  }

  private static func send(_ text: StaticString) {
    _ = write(STDOUT_FILENO, text.utf8Start, text.utf8CodeUnitCount)
  }
}
