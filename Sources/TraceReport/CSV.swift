import TraceDecode
import TraceRules

/// A row a flow (RFC 4180), for spreadsheets; unknown values are empty.
public final class CSV: ReportWriter {
  private let out: ByteOutput
  private var file: [UInt8] = []

  public init(to out: ByteOutput) {
    self.out = out
    out.put("file,flow,first_frame,last_frame,first_time,duration,community_id,")
    out.put("originator,originator_port,responder,responder_port,outcome,conn_state,history,")
    out.put("state_originator,state_responder,handshake_rtt_total,rtt_to_originator,rtt_to_responder")
    for side in ["originator", "responder"] {
      out.put(",packets_\(side),bytes_unique_\(side),bytes_missing_\(side),rexmit_segs_\(side)")
      out.put(",rexmit_spurious_\(side),reordered_segs_\(side),zero_windows_\(side)")
    }
    out.put("\r\n")
  }

  public func begin(file: String) { self.file = Self.quoted(file) }

  public func flow(_ report: FlowReport) {
    out.put(file)
    cell().put(report.flow.number)
    cell().put(report.flow.firstFrame)
    cell().put(report.lastFrame)
    cell().putSeconds(report.firstTime)
    cell().putSeconds(report.lastTime &- report.firstTime)
    cell().putCommunityID(report.communityID)
    cell().put(report.flow.originator.address)
    cell().put(UInt64(report.flow.originator.port))
    cell().put(report.flow.responder.address)
    cell().put(UInt64(report.flow.responder.port))
    cell().put(report.outcome.name)
    cell().put(report.connState)
    cell().put(report.history)
    cell().put(report.originator.state.name)
    cell().put(report.responder.state.name)
    for time in [report.handshakeRTT, report.originatorHalf, report.responderHalf] {
      let out = cell()
      if let time { out.putSeconds(time) }
    }
    write(report.originator.metrics)
    write(report.responder.metrics)
    out.put("\r\n")
  }

  public func finish(_ summary: RunSummary) { out.flush() }

  private func write(_ m: DirectionMetrics) {
    cell().put(m.packets)
    cell().put(m.octetsUnique)
    let missing = cell()
    if let octets = m.octetsMissing { missing.put(octets) }
    cell().put(m.retransmittedSegments)
    cell().put(m.retransmittedSpurious)
    cell().put(m.reorderedSegments)
    cell().put(m.zeroWindows)
  }

  /// Begins the next cell of the row.
  private func cell() -> ByteOutput {
    out.put(UInt8(ascii: ","))
    return out
  }

  static func quoted(_ text: String) -> [UInt8] {
    guard text.utf8.contains(where: { $0 == 0x22 || $0 == 0x2c || $0 < 0x20 }) else {
      return Array(text.utf8)
    }
    var quoted: [UInt8] = [0x22]
    for byte in text.utf8 {
      if byte == 0x22 { quoted.append(0x22) }
      quoted.append(byte)
    }
    return quoted + [0x22]
  }
}
