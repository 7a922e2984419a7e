import Foundation
import TestSupport
import Testing
import TraceCapture
import TraceDecode

/// Several workers say what one says, in the same order.
@Suite struct SharedAnalysisTests {
  /// Everything an analysis tells, in words that hold every field.
  final class Teller: AnalysisSink {
    var told: [String] = []
    func episode(_ episode: Episode, of flow: FlowIdentity) { told.append("\(flow) \(episode)") }
    func verdict(_ verdict: FrameVerdict, frame: UInt64, flow: FlowIdentity) {
      told.append("\(frame) \(verdict) \(flow)")
    }
    func flowEnded(_ report: FlowReport) { told.append("\(report)") }
  }

  /// A capture, and how it is analyzed.
  struct Case {
    var capture: [UInt8]
    var options: AnalyzerOptions

    init(_ recording: Recording, _ change: (inout AnalyzerOptions) -> Void = { _ in }) {
      capture = recording.pcap()
      options = AnalyzerOptions()
      options.frameVerdicts = true
      change(&options)
    }

    func open() throws(CaptureError) -> any CaptureSource { try Capture.open(bytes: capture) }

    func alone(_ sink: any AnalysisSink) throws -> String {
      let source = try open()
      let analyzer = Analyzer(options: options, sink: sink)
      while try source.nextBatch({ analyzer.accept($0) }) > 0 {}
      return SharedAnalysisTests.words(analyzer.finish())
    }

    /// What `workers` tell, and the report; with one worker's help where they ask for it.
    func shared(_ workers: Int) throws -> (told: [String], report: String, reason: ShareMerger.Reason?) {
      let sources = try (0..<workers).map { _ in try open() }
      let teller = Teller()
      switch SharedAnalysis(sources, options: options).merge(into: teller) {
      case .whole(let result):
        #expect(result.failure == nil)
        return (teller.told, SharedAnalysisTests.words(result.report), nil)
      case .oneWorker(let told, let reason):
        #expect(told == UInt64(teller.told.count))
        let report = try alone(Resumption(teller, after: told))
        return (teller.told, report, reason)
      case .stopped:
        Issue.record("nobody stopped it")
        return ([], "", nil)
      }
    }
  }

  /// The order of a dictionary's entries is not the report's.
  private static func words(_ report: CaptureReport) -> String {
    var report = report
    let faults = report.undecodable.map { "\($0.key): \($0.value)" }.sorted()
    report.undecodable = [:]
    return "\(report) \(faults)"
  }

  /// Holds `workers` equal to one; returns why one had to do it, if so.
  @discardableResult
  private func expectTheSame(_ one: Case, _ workers: Int, _ name: Comment = "") throws -> ShareMerger.Reason?
  {
    let teller = Teller()
    let report = try one.alone(teller)
    let shared = try one.shared(workers)
    #expect(shared.told.count == teller.told.count, name)
    if let i = zip(shared.told, teller.told).enumerated().first(where: { $1.0 != $1.1 })?.offset {
      Issue.record("\(name) call \(i), alone: \(teller.told[i]) but shared: \(shared.told[i])")
    }
    #expect(shared.report == report, name)
    return shared.reason
  }

  /// Recordings of many pairs of hosts at once.
  private static func mixed(_ paths: [String], gap: Int64 = 37_000_000) throws -> Recording {
    var records: [Recording.Record] = []
    for (i, path) in paths.enumerated() {
      let recording = try Recording(path: path).renamed(host: UInt8(i % 250), port: UInt16(i))
      let begin = recording.records.first?.time ?? 0
      records += recording.shifted(by: 1_700_000_000_000_000_000 - begin + Int64(i) * gap).records
    }
    // Equal times stay in the order of the recordings.
    let order = records.indices.sorted { (records[$0].time, $0) < (records[$1].time, $1) }
    return Recording(records: order.map { records[$0] })
  }

  private static func captures(in folder: URL) -> [String] {
    let files = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    return files.filter { $0.hasSuffix(".pcap") }.sorted().map { folder.appendingPathComponent($0).path }
  }

  private static let fixtures = captures(in: PackageFolder.fixtures.appendingPathComponent("lab"))
  /// Those that hold no copies, so that nothing is asked of one worker.
  private static let clean = fixtures.filter { !$0.contains("dup") }

  @Test(arguments: [1, 2, 3, 5])
  func manyHostsAreToldInOneOrder(workers: Int) throws {
    let one = Case(try Self.mixed(Self.clean)) { $0.ledger = true }
    #expect(try expectTheSame(one, workers) == nil)
  }

  @Test func flowsThatEndByTimeDoSoInOneOrder() throws {
    // Equal times everywhere: what is due at one moment must still come in one order.
    var recording = try Self.mixed(Self.clean, gap: 0)
    for i in recording.records.indices { recording.records[i].time -= recording.records[i].time % 10_000_000 }
    let one = Case(recording) {
      $0.linger = 50_000_000
      $0.timeWait = 20_000_000
    }
    #expect(try expectTheSame(one, 2) == nil)
    #expect(try expectTheSame(one, 3) == nil)
  }

  @Test func timesThatRunBackwardsChangeNothing() throws {
    var recording = try Self.mixed(Self.clean)
    for i in recording.records.indices where i % 7 == 3 { recording.records[i].time -= 900_000_000 }
    let one = Case(recording) { $0.linger = 300_000_000 }
    #expect(try expectTheSame(one, 3) == nil)
  }

  /// Pairs of hosts that talk all the time, with timestamps; after half of it the capture's clock jumps.
  private static func talks(jump: Int64) -> Recording {
    var records: [Recording.Record] = []
    for round in 0..<400 {
      for pair in 0..<12 {
        let (a, b) = (IPAddress(v4: 0x0a01_0001 + UInt32(pair)), IPAddress(v4: 0x0b01_0001 + UInt32(pair)))
        let stamp = UInt32(round * 20 + pair * 1_000_000)
        for back in [false, true] {
          let spec = TCPSpec {
            $0.sourcePort = back ? 80 : 40_000
            $0.destinationPort = back ? 40_000 : 80
            $0.seq = back ? 5_000 : 1_000 + UInt32(round * 10)
            $0.ack = back ? 1_010 + UInt32(round * 10) : 5_000
            $0.payload = back ? [] : [UInt8](repeating: 65, count: 10)
            $0.flags = back ? .ack : [.ack, .psh]
            $0.options =
              [1, 1, 8, 10] + PacketBuilder.be32(stamp + (back ? 77 : 0)) + PacketBuilder.be32(stamp + 77)
          }
          let (from, to) = back ? (b, a) : (a, b)
          let bytes = PacketBuilder.ipv4(PacketBuilder.tcp(spec, from: from, to: to), from: from, to: to)
          let time = Int64(round) * 20_000_000 + Int64(pair) * 10_000 + (back ? 5_000 : 0)
          records.append(
            Recording.Record(
              time: 1_700_000_000_000_000_000 + time + (round < 200 ? 0 : jump), bytes: bytes, linkType: .raw)
          )
        }
      }
    }
    return Recording(records: records)
  }

  @Test(arguments: [3_000_000_000, -1_500_000_000] as [Int64])
  func hostsOfAllWorkersBearWitnessOfAClockStep(jump: Int64) throws {
    let one = Case(Self.talks(jump: jump))
    #expect(try one.alone(Teller()).contains("ClockStep(frame:"))
    for workers in [1, 2, 3] { #expect(try expectTheSame(one, workers) == nil) }
  }

  /// `count` connections between pairs of hosts of their own, opened and closed one after the other.
  private static func connections(_ count: Int, answered: Bool = true) -> Recording {
    var records: [Recording.Record] = []
    for i in 0..<count {
      let (a, b) = (IPAddress(v4: 0x0a00_0000 + UInt32(i)), IPAddress(v4: 0x0b00_0000 + UInt32(i % 97)))
      func add(_ flags: TCPFlags, _ seq: UInt32, _ ack: UInt32, back: Bool = false) {
        var spec = TCPSpec()
        spec.sourcePort = back ? 80 : 40_000
        spec.destinationPort = back ? 40_000 : 80
        spec.flags = flags
        spec.seq = seq
        spec.ack = ack
        spec.payload = []
        let (from, to) = back ? (b, a) : (a, b)
        let bytes = PacketBuilder.ipv4(PacketBuilder.tcp(spec, from: from, to: to), from: from, to: to)
        records.append(
          Recording.Record(
            time: 1_700_000_000_000_000_000 + Int64(records.count) * 1000, bytes: bytes, linkType: .raw))
      }
      add(.syn, 100, 0)
      guard answered else { continue }
      add([.syn, .ack], 500, 101, back: true)
      add(.ack, 101, 501)
      add([.fin, .ack], 101, 501)
      add([.fin, .ack], 501, 102, back: true)
      add(.ack, 102, 502)
    }
    return Recording(records: records)
  }

  @Test func flowsThatMakeRoomDoSoInOneOrder() throws {
    var told: [[String]] = []
    for closedFlows in [110, 100_000] {
      let one = Case(Self.connections(100)) { $0.limits.closedFlows = closedFlows }
      #expect(try expectTheSame(one, 2) == nil)
      #expect(try expectTheSame(one, 3) == nil)
      let teller = Teller()
      _ = try one.alone(teller)
      told.append(teller.told)
    }
    // The first bound is met, the second is not.
    #expect(told[0] != told[1])
  }

  @Test(arguments: [2, 3])
  func aLimitOnFlowsIsForOneWorker(workers: Int) throws {
    let open = Self.connections(300, answered: false)
    #expect(try expectTheSame(Case(open) { $0.limits.flows = 40 }, workers) == .limit)
    #expect(try expectTheSame(Case(open) { $0.limits.halfOpenFlows = 40 }, workers) == .limit)
    let closed = Self.connections(300)
    #expect(try expectTheSame(Case(closed) { $0.limits.closedFlows = 40 }, workers) == .limit)
  }

  @Test func oneWorkerAheadKeepsToLimitsAndCopiesItself() throws {
    let open = Self.connections(300, answered: false)
    #expect(try expectTheSame(Case(open) { $0.limits.halfOpenFlows = 40 }, 1) == nil)
    #expect(try expectTheSame(Case(Self.connections(300)) { $0.limits.closedFlows = 40 }, 1) == nil)
    #expect(try expectTheSame(Case(try Self.copied { _ in true }), 1) == nil)
  }

  /// Many hosts' capture with copies of the frames that `isCopied` names.
  private static func copied(_ isCopied: (Int) -> Bool) throws -> Recording {
    var recording = try mixed(clean)
    recording.records = recording.records.enumerated().flatMap { i, record in
      var copy = record
      copy.time += 3_000
      return isCopied(i) ? [record, copy] : [record]
    }
    return recording
  }

  @Test func whatIsWrongWithSegmentsIsCountedOnce() throws {
    var recording = try Self.mixed(Self.clean)
    for i in recording.records.indices {
      if i % 5 == 1, recording.records[i].bytes.count > 60 { recording.records[i].bytes[50] ^= 0x41 }
      if i % 7 == 2 { recording.records[i].bytes.removeLast(recording.records[i].bytes.count / 9) }
    }
    let one = Case(recording)
    let alone = try one.alone(Teller())
    #expect(!alone.contains("badChecksums: 0,") && !alone.contains("truncatedPackets: 0,"))
    for workers in [1, 2, 3] { #expect(try expectTheSame(one, workers) == nil) }
  }

  /// Twenty pairs of hosts whose network cards fill in the checksums.
  @Test func hostsThatOffloadAreListedInOrder() throws {
    var records: [Recording.Record] = []
    for i in 0..<60 {
      let (a, b) = (IPAddress(v4: 0x0a00_0001 + UInt32(i % 20)), IPAddress(v4: 0x0b00_0001 + UInt32(i % 7)))
      let spec = TCPSpec {
        $0.seq += UInt32(i)
        $0.checksum = .pseudoHeader
      }
      let bytes = PacketBuilder.ipv4(PacketBuilder.tcp(spec, from: a, to: b), from: a, to: b)
      records.append(
        Recording.Record(time: 1_700_000_000_000_000_000 + Int64(i) * 1000, bytes: bytes, linkType: .raw))
    }
    let one = Case(Recording(records: records))
    #expect(try !one.alone(Teller()).contains("offloadHosts: []"))
    for workers in [1, 2, 3] { #expect(try expectTheSame(one, workers) == nil) }
  }

  @Test func frequentCopiesAreForOneWorker() throws {
    // Far into the capture, so that much has been told by then.
    let recording = try Self.copied { $0 > 2000 }
    #expect(try expectTheSame(Case(recording), 2) == .copies)
    #expect(try expectTheSame(Case(recording), 3) == .copies)
  }

  @Test func rareCopiesAreCountedTogether() throws {
    let one = Case(try Self.copied { $0 % 50 == 49 })
    #expect(try expectTheSame(one, 3) == nil)
    let alone = try one.alone(Teller())
    #expect(alone.contains("duplicatesAreCapture: true"))
  }

  @Test func labCapturesOfAllStacksAreToldInOneOrder() throws {
    guard let lab = SharedFolder.lab else { return }
    let paths = ["runs", "stacks"].flatMap { Self.captures(in: lab.appendingPathComponent($0)) }
      .filter { (try? FileManager.default.attributesOfItem(atPath: $0)[.size] as? Int) ?? 0 < 200_000 }
    #expect(paths.count > 200)
    for start in stride(from: 0, to: paths.count, by: 20) {
      let group = Array(paths[start..<min(paths.count, start + 20)])
      try expectTheSame(Case(try Self.mixed(group)), 2 + start / 20 % 2, "\(group[0])")
    }
  }

  // MARK: What goes wrong

  /// A source that fails after some frames.
  private final class Failing: CaptureSource {
    let source: any CaptureSource
    var left: Int
    let error: CaptureError

    init(_ source: any CaptureSource, after count: Int, _ problem: String) {
      self.source = source
      left = count
      error = CaptureError(path: "set", problem: problem, remedy: "")
    }
    var info: CaptureInfo { source.info }
    var progress: CaptureProgress { source.progress }
    func nextBatch(_ body: (UnsafeBufferPointer<Frame>) -> Void) throws(CaptureError) -> Int {
      if left == 0 { throw error }
      left -= 1
      return try source.nextBatch(body)
    }
  }

  @Test func aFailureOfAllWorkersIsOne() throws {
    let one = Case(try Self.mixed(Self.clean))
    let sources = try (0..<2).map { _ in Failing(try one.open(), after: 3, "gone") }
    guard case .whole(let result) = SharedAnalysis(sources, options: one.options).merge(into: Teller()) else {
      Issue.record("not told as a whole")
      return
    }
    let alone = try one.open()
    let frames = try (0..<3).reduce(0) { sum, _ in sum + (try alone.nextBatch { _ in }) }
    #expect(result.failure?.problem == "gone" && result.report.packets == UInt64(frames))
  }

  @Test func workersThatSeeDifferentCapturesGiveWay() throws {
    let one = Case(try Self.mixed(Self.clean))
    let early = Failing(try one.open(), after: 9, "gone")
    let teller = Teller()
    let outcome = SharedAnalysis([try one.open(), early], options: one.options).merge(into: teller)
    guard case .oneWorker(let told, .input) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    let whole = Teller()
    _ = try one.alone(whole)
    #expect(teller.told == Array(whole.told.prefix(Int(told))))
  }

  @Test func whoeverLosesInterestStopsTheWorkers() throws {
    let one = Case(try Self.mixed(Self.clean))
    let outcome = SharedAnalysis([try one.open(), try one.open()], options: one.options)
      .merge(into: Teller(), between: { _, _ in false })
    guard case .stopped = outcome else {
      Issue.record("\(outcome)")
      return
    }
  }
}
