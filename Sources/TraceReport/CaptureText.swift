import TraceDecode
import TraceRules

/// A capture's own paragraph of the report for a person: what it holds, and what it is worth as evidence.
struct CaptureText {
  private let capture: CaptureRecord
  private var report: CaptureReport { capture.report }

  init(_ capture: CaptureRecord) { self.capture = capture }

  func text(_ options: Text.Options) -> String {
    let kind = ([capture.format] + capture.linkTypes).compactMap { $0 }.joined(separator: ", ")
    var text = options.style(capture.file, .bold) + (kind.isEmpty ? "\n" : "  (\(kind))\n")
    func say(_ label: String, _ words: String) {
      let filled = Paragraph.fill(words, head: "  " + label.padded(9), width: options.width)
      text += "  " + options.style(label, .dim) + filled.dropFirst(2 + label.count)
    }
    say("packets", contents)
    let doubts = doubts
    say("quality", doubts.isEmpty ? "no defect seen" : doubts.joined(separator: "; "))
    return text + "\n"
  }

  private var contents: String {
    var words = "\(Format.grouped(report.packets)), \(Format.grouped(report.tcpPackets)) of them TCP"
    words += " in \(Format.grouped(report.flows)) \(report.flows == 1 ? "flow" : "flows")"
    if let first = report.firstTime, let last = report.lastTime {
      words += ", over \(Format.time(max(0, last &- first)))"
    }
    return words
  }

  /// What makes the capture less than a faithful record.
  var doubts: [String] {
    var doubts: [String] = []
    func add(_ count: UInt64, _ words: (String) -> String) {
      if count > 0 { doubts.append(words(Format.grouped(count))) }
    }
    if let offset = capture.truncatedAt { doubts.append("cut or damaged at byte \(Format.grouped(offset))") }
    add(report.dropsBySystem ?? 0) { "\($0) packets dropped by the capturing system" }
    add(report.dropsByInterface ?? 0) { "\($0) packets dropped by the interface" }
    add(report.gapOctets) { "\($0) octets passed that the capture does not hold" }
    if report.duplicates > 0 {
      let count = Format.grouped(report.duplicates)
      doubts.append(
        report.duplicatesAreCapture ? "\(count) packets recorded twice" : "\(count) packets seen twice")
    }
    add(report.timeRegressions) {
      "time runs backwards \($0) times, by up to \(Format.time(report.largestRegression))"
    }
    add(report.reorderedPairs) { "\($0) packets swapped by the capture" }
    add(report.truncatedPackets) { "\($0) packets cut by the snapshot length" }
    add(report.superSegments) { "\($0) segments larger than any MSS: taken before segmentation offload" }
    add(report.offloadChecksums) { "\($0) checksums left to the network card" }
    add(report.badChecksums) { "\($0) wrong checksums" }
    add(UInt64(clamping: report.midStreamFlows)) { "\($0) flows began before the capture" }
    add(UInt64(clamping: report.asymmetricFlows)) { "\($0) flows seen in one direction only" }
    add(report.fragmentsUnfinished) { "\($0) IP fragments without the rest" }
    add(report.shedFlows) { "\($0) flows dropped at a limit" }
    for (name, count) in report.undecodableByName {
      doubts.append("\(Format.grouped(count)) undecodable (\(name))")
    }
    return doubts
  }
}
