import TraceDecode

/// What is drawn of one flow: for each direction of data its segments, what acknowledged them and what went wrong.
///
/// Times are nanoseconds since the epoch; places are stream offsets of the direction's sender.
public struct FlowPlot: Sendable {
  public var originator = PlotSide()
  public var responder = PlotSide()
  /// Segments that the drawing stands for.
  public var segments = 0

  public subscript(sender: Role) -> PlotSide {
    _read { if sender == .originator { yield originator } else { yield responder } }
    _modify { if sender == .originator { yield &originator } else { yield &responder } }
  }

  /// Points kept, to reckon memory and the size of files by.
  var elements: Int { originator.elements + responder.elements }

  /// Whether points stand for more than one segment.
  public var isThinned: Bool { originator.isThinned || responder.isThinned }

  /// Leaves at most `limit` points of a kind.
  mutating func thin(to limit: Int) {
    originator.thin(to: limit)
    responder.thin(to: limit)
  }
}

/// Data segments in a row that were sent for the first time; one segment, until many had to be drawn as one.
struct PlotRun: Sendable, PlotPoint {
  var time: Int64
  var until: Int64
  var low: Int64
  var high: Int64
  var frame: UInt64
  var count: Int

  mutating func absorb(_ next: PlotRun) -> Bool {
    until = max(until, next.until)
    low = min(low, next.low)
    high = max(high, next.high)
    count &+= next.count
    return true
  }
}

/// What the receiver had acknowledged and allowed from a moment on.
struct PlotAck: Sendable, PlotPoint {
  var time: Int64
  var ack: Int64
  /// Right edge of the window, and the lowest of those it stands for.
  var edge: Int64
  var lowestEdge: Int64
  var frame: UInt64

  mutating func absorb(_ next: PlotAck) -> Bool {
    let lowest = min(lowestEdge, next.lowestEdge)
    self = next
    lowestEdge = lowest
    return true
  }
}

/// Octets reported by SACK.
struct PlotSack: Sendable, PlotPoint {
  var time: Int64
  var low: Int64
  var high: Int64

  mutating func absorb(_ next: PlotSack) -> Bool {
    guard next.low <= high, low <= next.high else { return false }
    low = min(low, next.low)
    high = max(high, next.high)
    return true
  }
}

/// Something out of the ordinary at a place of the stream.
struct PlotMark: Sendable, PlotPoint {
  enum Kind: UInt8, Sendable, CaseIterable {
    /// Octets that were sent before, while nothing more is known of why.
    case again
    case timeout, fast, recovery, tailLossProbe, pathMTU
    /// Sent again for nothing.
    case spurious
    case outOfOrder, duplicate, keepAlive, zeroWindowProbe
    /// Passed the capture point and did not arrive.
    case lost
    /// Never passed the capture point.
    case missing
    case zeroWindow, syn, fin, reset

    /// The name in legends and records.
    var name: StaticString {
      switch self {
      case .again: "sent again"
      case .timeout: "time-out"
      case .fast: "fast retransmission"
      case .recovery: "after the time-out"
      case .tailLossProbe: "tail loss probe"
      case .pathMTU: "smaller path MTU"
      case .spurious: "sent again needlessly"
      case .outOfOrder: "out of order"
      case .duplicate: "duplicate"
      case .keepAlive: "keep-alive"
      case .zeroWindowProbe: "window probe"
      case .lost: "lost"
      case .missing: "lost before the capture point"
      case .zeroWindow: "zero window"
      case .syn: "SYN"
      case .fin: "FIN"
      case .reset: "RST"
      }
    }
  }
  var kind: Kind
  var time: Int64
  var low: Int64
  var high: Int64
  var frame: UInt64
  var count = 1

  mutating func absorb(_ next: PlotMark) -> Bool {
    guard next.kind == kind else { return false }
    low = min(low, next.low)
    high = max(high, next.high)
    count &+= next.count
    return true
  }
}

/// Rates and levels of one stretch of time.
struct PlotColumn: Sendable {
  /// Which stretch: units of the side's `columnWidth` from its start.
  var index: Int
  /// Payload octets, repeats included, and those never sent before.
  var octets: Int64 = 0
  var fresh: Int64 = 0
  /// Most octets sent and not acknowledged.
  var flight: Int64 = 0
  /// Round trips between capture point and receiver. Units: nanoseconds.
  var rttCount = 0
  var rttMin: Int64 = 0
  var rttMax: Int64 = 0
  var rttSum: Int64 = 0

  mutating func absorb(_ next: PlotColumn) {
    octets &+= next.octets
    fresh &+= next.fresh
    flight = max(flight, next.flight)
    guard next.rttCount > 0 else { return }
    rttMin = rttCount == 0 ? next.rttMin : min(rttMin, next.rttMin)
    rttMax = max(rttMax, next.rttMax)
    rttSum &+= next.rttSum
    rttCount &+= next.rttCount
  }
}

/// One direction of data as it is drawn.
public struct PlotSide: Sendable {
  var runs = PlotLine<PlotRun>()
  var acks = PlotLine<PlotAck>()
  var sacks = PlotLine<PlotSack>()
  /// In order of frames.
  var marks = PlotLine<PlotMark>()
  /// What did not arrive, and probes: known late, so out of order until the end.
  var losses = PlotLine<PlotMark>()
  var columns: [PlotColumn] = []
  /// Units: nanoseconds.
  var columnWidth: Int64 = 1_000_000
  /// Retransmissions and losses that had no place in the drawing any more.
  var unplaced = 0

  /// Columns a direction has at most.
  static let columnLimit = 512

  /// Whether the direction carried data.
  public var hasData: Bool { !runs.isEmpty || !marks.isEmpty }

  var elements: Int { runs.count + acks.count + sacks.count + marks.count + losses.count + columns.count }
  var isThinned: Bool {
    runs.isThinned || acks.isThinned || sacks.isThinned || marks.isThinned || losses.isThinned
  }

  mutating func thin(to limit: Int) {
    runs.thin(to: limit)
    acks.thin(to: limit)
    sacks.thin(to: limit)
    marks.thin(to: limit)
    losses.sort()
    losses.thin(to: limit)
    while columns.count > limit { widenColumns() }
  }

  /// Changes the column of a moment.
  mutating func column(at time: Int64, from start: Int64, _ change: (inout PlotColumn) -> Void) {
    let since = max(0, time &- start)
    while since / columnWidth >= Self.columnLimit, columnWidth < Int64.max / 4 { widenColumns() }
    let index = Int(clamping: since / columnWidth)
    // A frame older than its predecessor counts where the line has come to.
    if columns.last.map({ $0.index < index }) ?? true { columns.append(PlotColumn(index: index)) }
    change(&columns[columns.count - 1])
  }

  private mutating func widenColumns() {
    columnWidth = columnWidth &* 2
    var wider: [PlotColumn] = []
    wider.reserveCapacity(columns.count / 2 + 1)
    for var column in columns {
      column.index /= 2
      if let last = wider.indices.last, wider[last].index == column.index {
        wider[last].absorb(column)
      } else {
        wider.append(column)
      }
    }
    columns = wider
  }
}
