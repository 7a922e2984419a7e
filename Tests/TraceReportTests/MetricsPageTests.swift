import Foundation
import TestSupport
import Testing
import TraceDecode

@testable import TraceReport

/// docs/metrics.md, the schema and the code know the same metrics.
struct MetricsPageTests {
  private let schema: [String: [String: Any]]
  /// The page's tables, by heading: keys with unit and meaning.
  private let tables: [String: [String: (unit: String, meaning: String)]]

  init() throws {
    let file = PackageFolder.root.appendingPathComponent("docs/flowlint.schema.json")
    let document = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any]
    let definitions = try #require(document?["$defs"] as? [String: [String: Any]])
    schema = definitions.compactMapValues { $0["properties"] as? [String: Any] }
    let page = try String(
      contentsOf: PackageFolder.root.appendingPathComponent("docs/metrics.md"), encoding: .utf8)
    var tables: [String: [String: (String, String)]] = [:]
    var heading = ""
    for line in page.split(separator: "\n") {
      if line.hasPrefix("## ") { heading = String(line.dropFirst(3)) }
      let cells = line.split(separator: "|", omittingEmptySubsequences: false).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      guard line.hasPrefix("| `"), cells.count == 5 else { continue }
      tables[heading, default: [:]][cells[1].trimmingCharacters(in: ["`"])] = (cells[2], cells[3])
    }
    self.tables = tables
  }

  private func keys(_ headings: String...) -> Set<String> {
    Set(headings.flatMap { tables[$0].map { Array($0.keys) } ?? [] })
  }

  @Test func thePageHasTheKeysOfTheSchemaAndNoOthers() throws {
    // What a record says of itself, of findings and of endpoints is no metric.
    let others: Set = [
      "type", "schema_version", "file", "findings_omitted", "not_judged", "originator", "responder",
    ]
    #expect(keys("Capture") == Set(try #require(schema["capture"]).keys).subtracting(others))
    #expect(keys("Flow", "Flow, full") == Set(try #require(schema["flow"]).keys).subtracting(others))
    #expect(keys("Direction", "Direction, full") == Set(try #require(schema["metrics"]).keys))
  }

  @Test func thePageAndTheSchemaSayOfALedgersMeasuresWhatTheCodeSays() throws {
    func check<Key: MeasureKey>(_ key: Key, _ heading: String, _ definition: String) throws {
      let info = key.info
      let name = "\(info.name)" + (info.unit == .time ? "_ns" : "")
      let row = try #require(tables[heading]?[name], "\(name)")
      #expect(row.meaning == "\(info.summary)")
      let units: [MeasureUnit: String] = [
        .count: "", .octets: "octets", .time: "ns", .ratio: "share", .rate: "octets/s",
      ]
      #expect(row.unit == units[info.unit], "\(name)")
      let property = try #require(schema[definition]?[name] as? [String: Any], "\(name)")
      #expect((property["description"] as? String)?.hasPrefix("\(info.summary)") == true, "\(name)")
    }
    for key in FlowMeasure.allCases { try check(key, "Flow, full", "flow") }
    for key in DirectionMeasure.allCases { try check(key, "Direction, full", "metrics") }
    #expect(tables["Flow, full"]?.count == FlowMeasure.allCases.count + 1)
    #expect(tables["Direction, full"]?.count == DirectionMeasure.allCases.count + 2)
  }

  @Test func whatExpressionsCallAMetricIsItsKey() {
    let all = keys("Flow", "Flow, full", "Direction", "Direction, full")
    for metric in FlowMetric.all where !metric.hasSamples {
      let key = metric.name + (metric.unit == .time ? "_ns" : "")
      #expect(all.contains(key), "\(metric.name)")
    }
    #expect(Set(FlowMetric.all.map(\.name)).count == FlowMetric.all.count)
  }

  @Test(arguments: [false, true])
  func aRecordHasTheKeysOfThePage(full: Bool) throws {
    var flow = FlowReport(flow: Samples.flow)
    flow.measures = Measures()
    for role in [Role.originator, .responder] { flow[role].metrics.measures = Measures() }
    let out = ByteOutput()
    out.record(flow, file: "a.pcap", full: full)
    let schema = try JSONSchema(
      contentsOf: PackageFolder.root.appendingPathComponent("docs/flowlint.schema.json"))
    #expect(schema.problems(in: out.text) == [])
    let record = try #require(JSONSerialization.jsonObject(with: Data(out.bytes)) as? [String: Any])
    let metrics = try #require((record["originator"] as? [String: Any])?["metrics"] as? [String: Any])
    let wanted = full ? keys("Direction", "Direction, full") : keys("Direction")
    #expect(Set(metrics.keys) == wanted)
    let isThere = keys("Flow, full").map { record[$0] != nil }
    #expect(isThere.allSatisfy { $0 == full })
    // Nothing was measured, so nothing is known.
    for key in keys("Direction, full") where full { #expect(metrics[key] is NSNull, "\(key)") }
  }

  @Test func everyKindOfValueIsWrittenAsItsUnitAsks() throws {
    var flow = FlowReport(flow: Samples.flow)
    var measures = Measures<DirectionMeasure>()
    measures[.dfRatio] = .known(20_500)
    measures[.rttInflation] = .known(3_000_001)
    measures[.ambiguousOrder] = .between(0, 2)
    measures[.idleMax] = .known(7)
    flow.originator.metrics.measures = measures
    flow.originator.metrics.packets = 1
    flow.originator.metrics.codePoints = 1 | 1 << 46
    let out = ByteOutput()
    out.record(flow, file: "a.pcap", full: true)
    #expect(out.text.contains(#""df_ratio":0.020500"#))
    #expect(out.text.contains(#""rtt_inflation":3.000001"#))
    #expect(out.text.contains(#""ambiguous_oos":{"min":0,"max":2}"#))
    #expect(out.text.contains(#""idle_max_ns":7"#))
    #expect(out.text.contains(#""dscp_set":[0,46]"#))
    #expect(try FlowExpression("originator.idle_max < 8ns and df_ratio > 2%").matches(flow))
    #expect(try FlowExpression("originator.idle_max < 8ns").needsLedger)
  }
}
