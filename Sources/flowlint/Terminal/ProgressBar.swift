import TraceCapture
import TraceRules

/// A line on standard error that says how far the reading has come; nothing where that is no terminal.
struct ProgressBar {
  private let isShown: Bool
  private let started = Clock.now
  private var lastDrawn: Int64
  private var batches = 0
  private var hasDrawn = false

  /// Short runs end before it appears. Units: nanoseconds.
  private static let patience: Int64 = 400_000_000
  private static let interval: Int64 = 100_000_000
  private static let descriptor: Int32 = 2

  init(isShown: Bool) {
    self.isShown = isShown && Terminal.isTerminal(Self.descriptor)
    lastDrawn = started
  }

  /// Redraws when it is time to; the clock is asked every few batches only.
  mutating func update(_ state: () -> (progress: CaptureProgress, frames: UInt64)) {
    guard isShown else { return }
    batches &+= 1
    guard batches & 63 == 0 else { return }
    let now = Clock.now
    guard now - started > Self.patience, now - lastDrawn > Self.interval else { return }
    lastDrawn = now
    hasDrawn = true
    let (progress, frames) = state()
    let width = Terminal.width(of: Self.descriptor) ?? 80
    let text = Self.line(progress, frames: frames, elapsed: now - started, width: width)
    Terminal.print("\r\u{1b}[K" + text, to: Self.descriptor)
  }

  /// Redraws, when it is time to, for many small captures: how many are done.
  mutating func update(done: Int, of total: Int) {
    guard isShown else { return }
    let now = Clock.now
    guard now - started > Self.patience, now - lastDrawn > Self.interval else { return }
    lastDrawn = now
    hasDrawn = true
    let full = total > 0 ? 30 * done / total : 0
    let bar = String(repeating: "#", count: full) + String(repeating: ".", count: 30 - full)
    let words = "\(Format.grouped(done)) of \(Format.grouped(total)) captures"
    Terminal.print("\r\u{1b}[K[\(bar)]  \(words)", to: Self.descriptor)
  }

  /// Takes the line away again.
  mutating func clear() {
    if hasDrawn { Terminal.print("\r\u{1b}[K", to: Self.descriptor) }
    hasDrawn = false
  }

  static func line(_ progress: CaptureProgress, frames: UInt64, elapsed: Int64, width: Int) -> String {
    let seconds = max(0.001, Double(elapsed) / 1e9)
    let rate = "\(Format.grouped(UInt64(Double(frames) / seconds))) packets/s"
    let read = octets(progress.octetsRead)
    guard let share = progress.fraction, let total = progress.octetsTotal else { return "\(read)  \(rate)" }
    let left = share > 0 ? Int64(Double(elapsed) / share * (1 - share)) / 1_000_000_000 * 1_000_000_000 : 0
    let words = "  \(read) of \(octets(total))  \(rate)  \(Format.time(left)) left"
    let room = min(30, width - words.count - 3)
    guard room >= 5 else { return String(words.dropFirst(2).prefix(max(1, width - 1))) }
    let full = Int(Double(room) * share)
    let bar = String(repeating: "#", count: full) + String(repeating: ".", count: room - full)
    return "[\(bar)]\(words)"
  }

  private static func octets(_ n: UInt64) -> String {
    let units: [(UInt64, String)] = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")]
    for (size, name) in units where n >= size {
      let tenths = n / (size / 10)
      return "\(tenths / 10).\(tenths % 10) \(name)"
    }
    return "\(n) B"
  }
}
