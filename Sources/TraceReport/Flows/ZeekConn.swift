import TraceDecode

/// Rows as Zeek's conn.log has them, for what reads those.
///
/// Source: https://docs.zeek.org/en/master/logs/conn.html
enum ZeekConn {
  static let fields: [(name: String, type: String)] = [
    ("ts", "time"), ("uid", "string"), ("id.orig_h", "addr"), ("id.orig_p", "port"), ("id.resp_h", "addr"),
    ("id.resp_p", "port"), ("proto", "enum"), ("service", "string"), ("duration", "interval"),
    ("orig_bytes", "count"), ("resp_bytes", "count"), ("conn_state", "string"), ("local_orig", "bool"),
    ("local_resp", "bool"), ("missed_bytes", "count"), ("history", "string"), ("orig_pkts", "count"),
    ("orig_ip_bytes", "count"), ("resp_pkts", "count"), ("resp_ip_bytes", "count"),
    ("tunnel_parents", "set[string]"), ("community_id", "string"),
  ]

  static func line(_ flow: FlowReport) -> String {
    func seconds(_ time: Int64) -> String {
      let out = ByteOutput()
      out.putSeconds(time)
      return String(out.text.dropLast(3))
    }
    let o = flow.originator.metrics
    let r = flow.responder.metrics
    let history = String(decoding: flow.history, as: UTF8.self)
    let cells: [String] = [
      // Zeek's identifiers are random; the same flow of the same capture gets the same one here.
      seconds(flow.firstTime), "F\(flow.flow.number)",
      flow.flow.originator.address.description, String(flow.flow.originator.port),
      flow.flow.responder.address.description, String(flow.flow.responder.port), "tcp", "-",
      seconds(max(0, flow.lastTime &- flow.firstTime)), String(o.octetsUnique), String(r.octetsUnique),
      flow.connState.description, "-", "-",
      o.octetsMissing.flatMap { a in r.octetsMissing.map { String(a &+ $0) } } ?? "-",
      history.isEmpty ? "-" : history, String(o.packets), String(o.octetsIP), String(r.packets),
      String(r.octetsIP), "-", flow.communityIDText,
    ]
    return cells.joined(separator: "\t") + "\n"
  }
}

extension ByteOutput {
  /// The lines before the first row of a conn.log.
  func putZeekHeading() {
    put("#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n")
    put("#fields\t" + ZeekConn.fields.map(\.name).joined(separator: "\t") + "\n")
    put("#types\t" + ZeekConn.fields.map(\.type).joined(separator: "\t") + "\n")
  }
}
