import Foundation
import TestSupport
import Testing
import TraceDecode

@testable import TraceReport

@Suite struct PlotTests {
  /// - Parameter place: Which segment of the stream it carries; nil for the next.
  private static func data(_ i: Int, at micros: Int64, again place: Int? = nil) -> SegmentRef {
    Samples.segment(
      UInt64(i * 2 + 1), at: micros, .originator, seq: 1 + Int64(place ?? i) * 1000, payload: 1000, ack: 1)
  }

  private static func ack(_ i: Int, at micros: Int64, _ ack: Int64, window: UInt32 = 50_000) -> SegmentRef {
    Samples.segment(UInt64(i * 2 + 2), at: micros, .responder, ack: ack, window: window)
  }

  @Test func aRecorderDrawsEverySegmentWhileThereIsRoom() {
    var recorder = PlotRecorder(limit: 100)
    for i in 0..<50 {
      recorder.take(Self.data(i, at: Int64(i) * 1000), standing: [], sack: [])
      recorder.take(Self.ack(i, at: Int64(i) * 1000 + 400, 1 + Int64(i + 1) * 1000), standing: [], sack: [])
    }
    let side = recorder.finish().originator
    #expect(side.runs.count == 50)
    #expect(side.acks.count == 50)
    #expect(!side.isThinned)
    #expect(side.columns.reduce(0) { $0 + $1.octets } == 50_000)
    #expect(side.columns.allSatisfy { $0.rttCount == 0 || $0.rttMin == 400_000 && $0.rttMax == 400_000 })
    #expect(side.columns.reduce(0) { $0 + $1.rttCount } == 50)
    #expect(side.columns.allSatisfy { $0.flight == 1000 || $0.octets == 0 })
  }

  @Test func beyondTheLimitPointsStandForStretchesAndNothingIsLost() {
    var recorder = PlotRecorder(limit: 64)
    for i in 0..<100_000 {
      recorder.take(Self.data(i, at: Int64(i) * 37), standing: [], sack: [])
      recorder.take(Self.ack(i, at: Int64(i) * 37 + 5, 1 + Int64(i + 1) * 1000), standing: [], sack: [])
    }
    let side = recorder.finish().originator
    #expect(side.isThinned)
    #expect(side.runs.count <= 64 && side.runs.count > 16)
    #expect(side.runs.points.reduce(0) { $0 + $1.count } == 100_000)
    #expect(side.runs.points.first?.low == 1)
    #expect(side.runs.points.last?.high == 100_000_001)
    #expect(side.acks.points.last?.ack == 100_000_001)
    #expect(side.columns.count <= PlotSide.columnLimit)
    #expect(side.columns.reduce(0) { $0 + $1.fresh } == 100_000_000)
  }

  @Test func aVerdictNamesTheMarkItsSegmentLeft() {
    var recorder = PlotRecorder(limit: 100)
    recorder.take(Self.data(0, at: 0), standing: [], sack: [])
    recorder.take(Self.data(1, at: 10), standing: [], sack: [])
    recorder.take(Self.data(2, at: 300_000, again: 1), standing: [], sack: [])
    recorder.take([.timeoutRetransmission, .spurious], frame: 5)
    // Ahead of its segment, as verdicts on arrival are.
    recorder.take(.fastRetransmission, frame: 7)
    recorder.take(Self.data(3, at: 301_000, again: 0), standing: [], sack: [])
    let side = recorder.finish().originator
    #expect(side.runs.count == 2)
    #expect(side.marks.points.map(\.kind) == [.spurious, .fast])
    #expect(side.unplaced == 0)
  }

  @Test func noRoundTripIsTakenFromWhatWasSentTwice() {
    var recorder = PlotRecorder(limit: 100)
    recorder.take(Self.data(0, at: 0), standing: [], sack: [])
    recorder.take(Self.data(1, at: 200_000, again: 0), standing: [], sack: [])
    recorder.take(Self.ack(1, at: 200_010, 1001), standing: [], sack: [])
    let side = recorder.finish().originator
    #expect(side.columns.allSatisfy { $0.rttCount == 0 })
  }

  @Test func aClosedWindowIsMarkedOnce() {
    var recorder = PlotRecorder(limit: 100)
    recorder.take(Self.data(0, at: 0), standing: [], sack: [])
    for i in 1..<4 { recorder.take(Self.ack(i, at: Int64(i) * 10, 1001, window: 0), standing: [], sack: []) }
    recorder.take(Self.ack(4, at: 50, 1001), standing: [], sack: [])
    recorder.take(Self.ack(5, at: 60, 1001, window: 0), standing: [], sack: [])
    let marks = recorder.finish().originator.marks.points
    #expect(marks.map(\.kind) == [.zeroWindow, .zeroWindow])
  }

  @Test func aKeeperStaysWithinItsBoundsAndKeepsTheRemarkable() {
    let keeper = PlotKeeper(limit: 200, liveLimit: 4000, keptLimit: 600)
    for i in 0..<2000 {
      for flow in 1...40 {
        let ref = Self.data(i, at: Int64(i) * 100)
        keeper.segment(Self.stream(ref), of: flow)
      }
    }
    // Flow 7 alone had a retransmission.
    keeper.segment(Self.stream(Self.data(2000, at: 300_000, again: 3)), of: 7)
    keeper.verdict(.timeoutRetransmission, frame: 4001, flow: 7)
    for flow in 1...40 { keeper.end(flow) }
    let plots = keeper.finish()
    #expect(plots.values.reduce(0) { $0 + $1.elements } <= 600)
    #expect(plots[7] != nil)
    #expect(plots.count + keeper.released == 40)
  }

  private static func stream(_ ref: SegmentRef) -> StreamSegment {
    var segment = StreamSegment(
      sender: ref.sender, frame: ref.frame, time: ref.time, flags: ref.flags, start: ref.start,
      length: ref.end - ref.start, bytes: UnsafeRawBufferPointer(start: nil, count: 0), ack: ref.ack)
    segment.window = ref.window
    return segment
  }

  /// The generated file is what scripts/page makes of the sources.
  @Test func thePageIsWhatItsSourcesSay() throws {
    let folder = PackageFolder.root.appendingPathComponent("Sources/TraceReport/HTML/Page")
    func text(_ name: String) throws -> String {
      try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
    }
    let scripts = [
      "text", "data", "scale", "sequence", "series", "graph", "ladder", "findings", "flows", "states", "page",
    ]
    let stale: Comment = "Sources/TraceReport/HTML/Page/ has changed: run scripts/page"
    #expect(try text("page.css") == "\(HTMLPage.style)\n", stale)
    #expect(try text("page.html") == "\(HTMLPage.body)\n", stale)
    #expect(try scripts.map { try text($0 + ".js") }.joined() == "\(HTMLPage.script)\n", stale)
  }
}
