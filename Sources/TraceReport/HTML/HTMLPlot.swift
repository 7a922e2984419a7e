import TraceDecode

/// One flow's drawing as the page's program reads it.
struct HTMLPlot {
  var plot: FlowPlot
  var report: FlowReport

  /// Columns' start: what the recorder counted them from.
  private var start: Int64 { report.firstTime }

  func write(to out: ByteOutput) {
    out.put("{\"segments\":")
    out.put(plot.segments)
    out.put(",\"states\":[")
    out.list([Role.originator, .responder]) { role in
      out.put("[\"")
      out.put(report[role].initialState.name)
      out.put("\"")
      for change in report.timeline(role) {
        out.put(",")
        out.put(micros(change.time))
        out.put(",\"")
        out.put(change.to.name)
        out.put("\"")
      }
      out.put("]")
    }
    out.put("],\"near\":[")
    out.json(report.isNear(.originator))
    out.put(",")
    out.json(report.isNear(.responder))
    out.put("],\"sockets\":[")
    out.list(SocketNote.all(of: report)) { note in
      out.put(note.role == .originator ? "[0," : "[1,")
      out.put(note.frame)
      out.put(",")
      out.json(note.words)
      out.put("]")
    }
    out.put("],\"sides\":[")
    write(plot.originator, to: out)
    out.put(",")
    write(plot.responder, to: out)
    out.put("]}")
  }

  private func micros(_ time: Int64) -> Int64 { (time &- start) / 1000 }

  private func write(_ side: PlotSide, to out: ByteOutput) {
    out.put("{\"stretch\":")
    out.put(max(side.runs.stretch, side.acks.stretch) / 1000)
    out.put(",\"unplaced\":")
    out.put(side.unplaced)
    var numbers = Differences(out: out)
    out.put(",\"runs\":[")
    for run in side.runs.points {
      numbers.put(0, micros(run.time))
      numbers.put(micros(run.until) &- micros(run.time))
      numbers.put(1, run.low)
      numbers.put(run.high &- run.low)
      numbers.put(2, Int64(clamping: run.frame))
      numbers.put(Int64(run.count))
    }
    out.put("],\"acks\":[")
    numbers = Differences(out: out)
    for ack in side.acks.points {
      numbers.put(0, micros(ack.time))
      numbers.put(1, ack.ack)
      numbers.put(2, ack.edge)
      numbers.put(ack.edge &- ack.lowestEdge)
      numbers.put(3, Int64(clamping: ack.frame))
    }
    out.put("],\"sacks\":[")
    numbers = Differences(out: out)
    for sack in side.sacks.points {
      numbers.put(0, micros(sack.time))
      numbers.put(1, sack.low)
      numbers.put(sack.high &- sack.low)
    }
    out.put("],\"marks\":[")
    numbers = Differences(out: out)
    for mark in (side.marks.points + side.losses.points).sorted(by: { $0.time < $1.time }) {
      numbers.put(Int64(mark.kind.rawValue))
      numbers.put(0, micros(mark.time))
      numbers.put(1, mark.low)
      numbers.put(mark.high &- mark.low)
      numbers.put(2, Int64(clamping: mark.frame))
      numbers.put(Int64(mark.count))
    }
    out.put("],\"column_us\":")
    out.put(side.columnWidth / 1000)
    out.put(",\"columns\":[")
    numbers = Differences(out: out)
    for column in side.columns {
      numbers.put(0, Int64(column.index))
      numbers.put(column.octets)
      numbers.put(column.fresh)
      numbers.put(column.flight)
      numbers.put(Int64(column.rttCount))
      numbers.put(column.rttMin / 1000)
      numbers.put(column.rttMax / 1000)
      numbers.put(column.rttCount == 0 ? 0 : column.rttSum / Int64(column.rttCount) / 1000)
    }
    out.put("]}")
  }
}

/// A flat list of numbers, some of them as the difference from the last of their kind.
private struct Differences {
  private let out: ByteOutput
  private var last: (Int64, Int64, Int64, Int64) = (0, 0, 0, 0)
  private var isFirst = true

  init(out: ByteOutput) { self.out = out }

  mutating func put(_ number: Int64) {
    if !isFirst { out.put(",") }
    isFirst = false
    out.put(number)
  }

  mutating func put(_ kind: Int, _ number: Int64) {
    var before: Int64 = 0
    switch kind {
    case 0: (before, last.0) = (last.0, number)
    case 1: (before, last.1) = (last.1, number)
    case 2: (before, last.2) = (last.2, number)
    default: (before, last.3) = (last.3, number)
    }
    put(number &- before)
  }
}
