/// The words a configuration knows, once for the reader, the schema and the documentation.
enum ConfigKey {
  struct Info: Sendable {
    var name: String
    var summary: String
    init(_ name: String, _ summary: String) {
      self.name = name
      self.summary = summary
    }
  }

  static let section = [
    Info("select", "The rules that judge: codes, names or families, or ALL, which is the default."),
    Info("ignore", "The rules left out of these."),
    Info("rules", "Severity and thresholds, by rule."),
    Info("suppress", "Findings that are known: not reported, with a reason and a last day."),
    Info("expect", "What the recording must fulfil."),
  ]
  static let top =
    [
      Info("version", "The version of this form: 1."),
      Info("fail-on", "The mildest severity that fails the run: info, note, warning (the default) or error."),
      Info("per-file", "Settings for some captures, by a pattern of their paths below this file."),
    ] + section
  static let rule = Info(
    "severity", "info, note, warning or error instead of the rule's own; off leaves it out.")
  static let suppression = [
    Info("rule", "Code, name or family of the findings."),
    Info("flow", "A flow expression; without it, every flow."),
    Info("reason", "Why this is known and accepted; required."),
    Info("until", "The last day it holds, as 2027-03-01."),
  ]
  static let contract = [
    Info("flow", "A flow expression: the flows that are meant; required."),
    Info("at_least", "So many flows are in the recording; 1 where the contract asks something of them."),
    Info("at_most", "Not more than so many."),
    Info("metric", "A metric of a flow, or a figure over all of them, as handshake_rtt_total.p99."),
    Info("min", "The metric's least value, with its unit."),
    Info("max", "The metric's largest value, with its unit."),
    Info("outcome", "How each of the flows ends; one or several."),
    Info("states", "The state in which each endpoint is left."),
  ]
  static let sides = [
    Info("originator", "State of the endpoint that opened."), Info("responder", "State of the other."),
  ]
}
