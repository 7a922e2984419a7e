#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// What is known of the terminal, if there is one, and the only way of writing to it.
enum Terminal {
  static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// Columns of the terminal behind `descriptor`; nil when it is none.
  static func width(of descriptor: Int32) -> Int? {
    var size = winsize()
    guard isTerminal(descriptor), ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return nil
    }
    return Int(size.ws_col)
  }

  /// The value of an environment variable that is set and not empty.
  static func environment(_ name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
  }

  /// Writes `text`, giving up on the first error.
  static func print(_ text: String, to descriptor: Int32) {
    var text = text
    text.withUTF8 { bytes in
      var from = 0
      while from < bytes.count {
        let written = write(
          descriptor, UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[from...]).baseAddress,
          bytes.count - from)
        if written > 0 {
          from += written
        } else if written == 0 || errno != EINTR {
          return
        }
      }
    }
  }

  /// Says something to the person at the terminal: `flowlint: ...` on standard error.
  static func complain(_ text: String) { print("flowlint: \(text)\n", to: STDERR_FILENO) }
}
