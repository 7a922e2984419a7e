import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// What a watching process was asked by signals, for its loop to look at.
enum Signals {
  private static let stops = Atomic<Int>(0)
  private static let reports = Atomic<Int>(0)
  private static let resizes = Atomic<Int>(0)
  private static let resumes = Atomic<Int>(0)

  /// Takes SIGINT, SIGTERM, SIGHUP, SIGUSR1 and SIGINFO from now on.
  static func install() {
    // Touched here: a signal must not be what initialises them.
    _ = (stops.load(ordering: .relaxed), reports.load(ordering: .relaxed))
    _ = (resizes.load(ordering: .relaxed), resumes.load(ordering: .relaxed))
    for signal in [SIGINT, SIGTERM, SIGHUP] {
      handle(signal) { _ in
        if Signals.stops.add(1, ordering: .relaxed).newValue > 1 {
          FullScreen.restoreNow()
          _exit(130)
        }
      }
    }
    handle(SIGUSR1) { _ in Signals.reports.add(1, ordering: .relaxed) }
    #if canImport(Darwin)
      handle(SIGINFO) { _ in Signals.reports.add(1, ordering: .relaxed) }
    #endif
  }

  /// Takes what concerns a full screen, crashes included.
  static func installForScreen() {
    handle(SIGWINCH) { _ in Signals.resizes.add(1, ordering: .relaxed) }
    handle(SIGCONT) { _ in Signals.resumes.add(1, ordering: .relaxed) }
    handle(SIGTSTP) { _ in
      FullScreen.restoreNow()
      kill(getpid(), SIGSTOP)
    }
    // A stack that has run over has no room for a handler.
    var stack = stack_t()
    stack.ss_size = 64 << 10
    stack.ss_sp = UnsafeMutableRawPointer.allocate(byteCount: stack.ss_size, alignment: 16)
    sigaltstack(&stack, nil)
    for signal in [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE, SIGQUIT] {
      handle(signal, once: true) { number in
        FullScreen.restoreNow()
        raise(number)
      }
    }
  }

  static var shouldStop: Bool { stops.load(ordering: .relaxed) > 0 }
  static func takeReport() -> Bool { reports.exchange(0, ordering: .relaxed) > 0 }
  static func takeResize() -> Bool { resizes.exchange(0, ordering: .relaxed) > 0 }
  static func takeResume() -> Bool { resumes.exchange(0, ordering: .relaxed) > 0 }

  private static func handle(
    _ number: Int32, once: Bool = false, _ body: @escaping @convention(c) (Int32) -> Void
  ) {
    var action = sigaction()
    #if canImport(Darwin)
      action.__sigaction_u.__sa_handler = body
    #else
      action.__sigaction_handler.sa_handler = body
    #endif
    action.sa_flags = once ? Int32(bitPattern: UInt32(SA_RESETHAND)) | SA_NODEFER | SA_ONSTACK : 0
    sigaction(number, &action, nil)
    // Whoever started us may have had it blocked, and the mask is inherited.
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, number)
    sigprocmask(SIG_UNBLOCK, &set, nil)
  }
}
