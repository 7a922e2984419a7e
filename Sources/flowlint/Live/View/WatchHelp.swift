/// The view's page of help.
enum WatchHelp {
  static let lines = """

      Keys
        j k, arrows    down and up          g G, Home End   first and last
        PgUp PgDn      half a screen        Tab             flows, findings
        Enter          a finding with its evidence, a flow as a ladder; from
                       a finding on to its flow
        Esc, q         back; from the lists q ends the watch
        /              show only flows that an expression means, as
                       port 443 and rtt_to_responder > 50ms
                       severity >= warning, state ESTABLISHED, finding SEQ206
                       (docs/flow-expressions.md; an empty one means all)
        s              sort by worst finding, rate, rtt, octets, recent, number
        space          hold the picture; the watch goes on
        ^L             draw anew            ^C              summary and end

      Columns
        states   of the originator and the responder, as their sockets would
                 have them; ? means inferred, not proven
        rtt      the least seen between both ends, through the capture point
        bit/s    payload both ways over the last second
        worst    the gravest finding of the flow

      A finding told ahead of its flow's end may change or be withdrawn when the
      flow ends. Closed flows stay for two minutes.
    """.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
}
