import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// The terminal while a view fills it, and its way back.
///
/// Signals and traps are kept as they are (ISIG): ^C and ^Z work as everywhere.
enum FullScreen {
  private static let isOn = Atomic<Bool>(false)
  /// Where keys come from: standard input, or the terminal itself where that is something else.
  private static let keys = Atomic<Int32>(-1)
  private static let parent = Atomic<Int32>(0)
  /// As the terminal was found; written once, before `isOn`.
  nonisolated(unsafe) private static var before = termios()
  // The other screen, no cursor, no wrapping at the margin; and back.
  private static let enterText: StaticString = "\u{1b}[?1049h\u{1b}[?25l\u{1b}[?7l\u{1b}[2J"
  private static let leaveText: StaticString = "\u{1b}[0m\u{1b}[?7h\u{1b}[?25h\u{1b}[?1049l"

  /// Whether there is a terminal that can be filled, with keys to steer by.
  static var isPossible: Bool {
    guard isatty(STDOUT_FILENO) == 1, let kind = Terminal.environment("TERM"), kind != "dumb" else {
      return false
    }
    if isatty(STDIN_FILENO) == 1 { return true }
    let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC)
    if terminal >= 0 { close(terminal) }
    return terminal >= 0
  }

  /// Takes the screen; false when there is none to take.
  static func enter() -> Bool {
    guard isatty(STDOUT_FILENO) == 1 else { return false }
    let terminal = isatty(STDIN_FILENO) == 1 ? STDIN_FILENO : open("/dev/tty", O_RDWR | O_CLOEXEC)
    guard terminal >= 0, tcgetattr(terminal, &before) == 0 else { return false }
    // A process that has lost its shell may then still put the terminal right.
    signal(SIGTTOU, SIG_IGN)
    keys.store(terminal, ordering: .relaxed)
    parent.store(getppid(), ordering: .relaxed)
    return take()
  }

  /// Takes the screen again after a stop (SIGCONT).
  @discardableResult
  static func take() -> Bool {
    var raw = before
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
    raw.c_iflag &= ~tcflag_t(IXON | ICRNL)
    guard tcsetattr(keys.load(ordering: .relaxed), TCSANOW, &raw) == 0 else { return false }
    isOn.store(true, ordering: .sequentiallyConsistent)
    send(enterText)
    return true
  }

  /// Gives the screen back as it was found; may be called from a signal handler, and more than once.
  static func restoreNow() {
    guard isOn.exchange(false, ordering: .sequentiallyConsistent) else { return }
    send(leaveText)
    tcsetattr(keys.load(ordering: .relaxed), TCSANOW, &before)
  }

  private static func send(_ text: StaticString) {
    _ = write(STDOUT_FILENO, text.utf8Start, text.utf8CodeUnitCount)
  }

  /// Columns and rows; 80 by 24 where the terminal does not say.
  static var size: (columns: Int, rows: Int) {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
      return (80, 24)
    }
    return (Int(size.ws_col), Int(size.ws_row))
  }

  enum Presence {
    case front
    /// Stopped and sent to the background, or another program has the terminal.
    case behind
    /// The shell is gone, or the terminal: nobody can ever look at it again.
    case gone
  }

  /// Whether the view is what the person at the terminal looks at.
  static var presence: Presence {
    let front = tcgetpgrp(keys.load(ordering: .relaxed))
    if front == getpgrp() { return .front }
    return front < 0 || getppid() != parent.load(ordering: .relaxed) ? .gone : .behind
  }

  /// What has been typed; nil once the terminal is gone.
  static func typed() -> [UInt8]? {
    var octets: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 256)
    let terminal = keys.load(ordering: .relaxed)
    while octets.count < 4096 {
      var ready = pollfd(fd: terminal, events: Int16(POLLIN), revents: 0)
      guard poll(&ready, 1, 0) > 0 else { break }
      let count = read(terminal, &block, block.count)
      if count <= 0 { return count < 0 && (errno == EINTR || errno == EAGAIN) ? octets : nil }
      octets += block[..<count]
    }
    return octets
  }
}
