import TraceDecode

/// One direction's time-sequence graph for xplot and its kin, drawn as tcptrace draws it.
///
/// Source: the xplot file format as tcptrace's plotter writes it.
struct XplotText {
  var side: PlotSide
  var from: SocketAddress
  var to: SocketAddress

  func write(to out: ByteOutput) {
    // Time since 1970 across, octets of the stream up.
    out.put("timeval signed\ntitle\n")
    out.put(from)
    out.put("_==>_")
    out.put(to)
    out.put(" (time sequence graph)\nxlabel\ntime\nylabel\nsequence offset\n")
    writeSteps(to: out, "yellow\n") { $0.edge }
    writeSteps(to: out, "green\n") { $0.ack }
    out.put("white\n")
    for run in side.runs.points {
      out.put("darrow ")
      put(run.time, run.low, out)
      out.put("uarrow ")
      put(run.until, run.high, out)
      line(run.time, run.low, run.until, run.high, out)
    }
    out.put("purple\n")
    for sack in side.sacks.points { line(sack.time, sack.low, sack.time, sack.high, out) }
    for mark in (side.marks.points + side.losses.points).sorted(by: { $0.time < $1.time }) {
      out.put(mark.kind.xplotColor)
      if mark.high > mark.low { line(mark.time, mark.low, mark.time, mark.high, out) }
      out.put("atext ")
      put(mark.time, mark.high, out)
      out.put(mark.kind.letter)
      out.put("\n")
    }
    out.put("go\n")
  }

  private func writeSteps(to out: ByteOutput, _ color: StaticString, _ level: (PlotAck) -> Int64) {
    out.put(color)
    var before: PlotAck?
    for ack in side.acks.points {
      if let before {
        line(before.time, level(before), ack.time, level(before), out)
        if level(ack) != level(before) { line(ack.time, level(before), ack.time, level(ack), out) }
      }
      before = ack
    }
  }

  private func line(_ t0: Int64, _ y0: Int64, _ t1: Int64, _ y1: Int64, _ out: ByteOutput) {
    out.put("line ")
    putTime(t0, out)
    out.put(" ")
    out.put(y0)
    out.put(" ")
    put(t1, y1, out)
  }

  private func put(_ time: Int64, _ place: Int64, _ out: ByteOutput) {
    putTime(time, out)
    out.put(" ")
    out.put(place)
    out.put("\n")
  }

  /// Seconds with six digits of fraction, as xplot reads them.
  private func putTime(_ time: Int64, _ out: ByteOutput) {
    let micros = max(0, time) / 1000
    out.put(micros / 1_000_000)
    out.put(".")
    out.put(UInt64(micros % 1_000_000), digits: 6)
  }
}

extension PlotMark.Kind {
  /// What stands at the mark: as in the HTML report; tcptrace's R is here the letter of the cause.
  var letter: StaticString {
    switch self {
    case .again: "A"
    case .timeout: "T"
    case .fast: "F"
    case .recovery: "R"
    case .tailLossProbe: "P"
    case .pathMTU: "M"
    case .spurious: "N"
    case .outOfOrder: "O"
    case .duplicate: "D"
    case .keepAlive: "K"
    case .zeroWindowProbe: "W"
    case .lost, .missing: "X"
    case .zeroWindow: "Z"
    case .syn: "SYN"
    case .fin: "FIN"
    case .reset: "RST"
    }
  }

  fileprivate var xplotColor: StaticString {
    switch self {
    case .timeout, .lost, .missing, .reset: "red\n"
    case .again, .fast, .recovery, .pathMTU: "orange\n"
    case .spurious, .tailLossProbe, .zeroWindowProbe: "blue\n"
    case .outOfOrder, .duplicate: "magenta\n"
    case .keepAlive, .syn, .fin: "white\n"
    case .zeroWindow: "yellow\n"
    }
  }
}
