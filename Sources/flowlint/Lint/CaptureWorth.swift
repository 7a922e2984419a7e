import TraceCapture
import TraceDecode
import TraceReport
import TraceRules

/// Whether a capture is good enough for a verdict on the network.
enum CaptureWorth {
  /// Of a hundred packets, how many may be missing before losses say more of the capture than of the network.
  static let tolerablePercent: UInt64 = 1

  /// What makes it too poor, in words; empty when nothing does.
  static func defects(_ report: CaptureReport) -> [String] {
    guard report.packets > 0 else { return [] }
    var defects: [String] = []
    let drops = (report.dropsBySystem ?? 0) &+ (report.dropsByInterface ?? 0)
    if drops > 0, isTooMuch(drops, of: report.packets &+ drops) {
      defects.append(
        "\(Format.count(drops, "packet")) dropped while capturing, \(Format.grouped(report.packets)) kept")
    }
    if report.gapOctets > 0, isTooMuch(report.gapOctets, of: report.octetsOnWire &+ report.gapOctets) {
      defects.append("\(Format.octets(report.gapOctets)) passed that the capture does not hold")
    }
    if report.flows > 0, report.asymmetricFlows >= report.flows {
      defects.append("every flow is seen in one direction only")
    }
    let faults = report.undecodable.values.reduce(0, &+)
    if faults > 0, faults &* 2 >= report.packets {
      defects.append(
        "\(Format.count(faults, "packet")) of \(Format.grouped(report.packets)) cannot be decoded")
    }
    if report.shedFlows > 0 { defects.append("\(Format.count(report.shedFlows, "flow")) dropped at a limit") }
    return defects
  }

  private static func isTooMuch(_ part: UInt64, of whole: UInt64) -> Bool {
    whole == 0 || part.multipliedReportingOverflow(by: 100).overflow
      || part &* 100 > whole &* tolerablePercent
  }
}
