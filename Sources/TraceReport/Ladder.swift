import TraceDecode

/// Segments as a ladder: who sent what when, the originator on the left.
public struct Ladder {
  public struct Row {
    public var segment: SegmentRef
    /// Said beside the segment; empty for nothing.
    public var note: String
    /// The row the reader is to look at.
    public var isMarked: Bool
    public init(_ segment: SegmentRef, note: String = "", isMarked: Bool = false) {
      self.segment = segment
      self.note = note
      self.isMarked = isMarked
    }
  }

  public var rows: [Row]
  /// The time that counts as 0. Units: nanoseconds since the epoch.
  public var origin: Int64
  public var left = "originator"
  public var right = "responder"

  public init(rows: [Row], origin: Int64) {
    self.rows = rows
    self.origin = origin
  }

  /// The drawing, a line a row below a heading.
  ///
  /// - Parameter width: Columns; a note that does not fit goes to a line of its own.
  public func text(width: Int, style: Style = Style(isColored: false)) -> String {
    let frames = rows.map { String($0.segment.frame) }
    let times = rows.map { Self.seconds($0.segment.time &- origin) }
    let words = rows.map(\.segment.words)
    let frameWidth = max(5, frames.map(\.count).max() ?? 0)
    let timeWidth = max(9, times.map(\.count).max() ?? 0)
    func widest(_ role: Role) -> Int {
      zip(rows, words).map { $0.segment.sender == role ? $1.count : 0 }.max() ?? 0
    }
    let leftWidth = max(left.count, widest(.originator)) + 5
    let noteColumn = max(right.count, min(widest(.responder), 13)) + 2

    func line(_ mark: String, _ frame: String, _ time: String, _ rest: String) -> String {
      let start = "    \(mark) " + frame.leftPadded(frameWidth) + "  " + time.leftPadded(timeWidth) + "  "
      return start + rest
    }
    let heading = line(
      " ", "frame", "time".padded(timeWidth),
      left.padded(leftWidth) + String(repeating: " ", count: 7) + right)
    var text = style(heading, .dim) + "\n"
    for (i, row) in rows.enumerated() {
      let isLeft = row.segment.sender == .originator
      var body =
        isLeft
        ? words[i].padded(leftWidth) + "---->"
        : String(repeating: " ", count: leftWidth) + "<----  " + words[i]
      var overflow = ""
      if !row.note.isEmpty {
        let noted = body.padded(leftWidth + 7 + noteColumn - 2) + "  " + row.note
        if line(" ", frames[i], times[i], noted).count <= width {
          body = noted
        } else {
          overflow =
            line(" ", "", "", String(repeating: " ", count: isLeft ? 0 : leftWidth + 7) + row.note) + "\n"
        }
      }
      let drawn = line(row.isMarked ? ">" : " ", frames[i], times[i], body)
      text += (row.isMarked ? style(drawn, .bold) : drawn) + "\n" + overflow
    }
    return text
  }

  /// Seconds with the microseconds apart, as `2.118 402`. Units: nanoseconds.
  static func seconds(_ nanoseconds: Int64) -> String {
    let micros = (nanoseconds.magnitude + 500) / 1000
    let (seconds, fraction) = micros.quotientAndRemainder(dividingBy: 1_000_000)
    func three(_ n: UInt64) -> String { String(String(n + 1000).dropFirst()) }
    return "\(nanoseconds < 0 ? "-" : "")\(seconds).\(three(fraction / 1000)) \(three(fraction % 1000))"
  }
}
