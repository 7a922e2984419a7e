import TraceDecode

/// A way to make a worse capture of a run.
public enum LabDerivation: String, Sendable, CaseIterable {
  /// It starts in mid-stream.
  case cut
  /// Frames are missing from the capture.
  case capdrop
  /// Frames are there twice.
  case capdup
  /// It holds only what the near side sent.
  case oneway
}

extension LabRun {
  /// A worse capture of this run, with the truth that it still shows: frames renumbered, and what had been
  /// seen before judged anew. nil where both directions look the same.
  public func derived(_ kind: LabDerivation, seed: UInt64 = 1) -> LabRun? {
    if kind == .oneway, truth.meta.lo { return nil }
    var run = self
    run.name = "\(kind.rawValue).\(name)"
    run.truth.meta.scenario = "\(kind.rawValue):\(truth.meta.scenario)"
    run.truth.meta.derived = kind.rawValue
    for vantage in vantages {
      guard let recording = recordings[vantage], let capture = truth.captures[vantage] else { continue }
      var random = SeededGenerator("\(kind.rawValue) \(name) \(vantage) \(seed)")
      let map = DerivedCapture(self, vantage, recording)
      let kept = map.selection(kind, &random)
      run.recordings[vantage] = Recording(records: kept.map { recording.records[$0.index] })
      run.truth.captures[vantage] = .init(frames: map.labels(capture.frames, kept: kept))
      let start = kind == .cut ? kept.first.map { recording.records[$0.index].time } : nil
      map.remap(&run.truth.flows, kept: kept, startingAt: start)
      if kind == .capdrop {
        let gone = Set(recording.records.indices).subtracting(kept.map(\.index))
        map.hideChanges(shownBy: gone, in: self, &run.truth.flows)
      }
    }
    return run
  }
}

/// One capture of a run on its way to a worse one.
private struct DerivedCapture {
  struct Kept {
    var index: Int
    var isCopy = false
  }
  /// Octets of one direction of one flow that the capture has shown.
  private struct Shown {
    var base: UInt32
    var ranges: [Range<Int64>] = []
    var high: Int64?

    func covers(_ range: Range<Int64>) -> Int64 {
      var covered: Int64 = 0
      var from = range.lowerBound
      for shown in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
        let low = max(shown.lowerBound, from)
        let high = min(shown.upperBound, range.upperBound)
        if high > low {
          covered += high - low
          from = high
        }
      }
      return covered
    }

    mutating func add(_ range: Range<Int64>) {
      high = max(high ?? range.upperBound, range.upperBound)
      var joined = range
      ranges.removeAll {
        guard $0.upperBound >= joined.lowerBound, $0.lowerBound <= joined.upperBound else { return false }
        joined = min($0.lowerBound, joined.lowerBound)..<max($0.upperBound, joined.upperBound)
        return true
      }
      ranges.append(joined)
    }
  }
  private struct Sight: Equatable {
    var seen: String?
    var belowHigh: Bool
  }

  let run: LabRun
  let vantage: String
  /// By record; nil where it is not TCP.
  let segments: [Segment?]
  private let original: [Int: Sight]

  init(_ run: LabRun, _ vantage: String, _ recording: Recording) {
    self.run = run
    self.vantage = vantage
    var decoder = WireDecoder()
    segments = recording.records.enumerated().map { index, record in
      record.bytes.withUnsafeBytes { bytes in
        var segment = Segment()
        let frame = Frame(
          number: UInt64(index + 1), time: record.time, bytes: bytes, wireLength: record.wireLength,
          linkType: record.linkType)
        if case .segment = decoder.decode(frame, into: &segment) { return segment }
        return nil
      }
    }
    original = Self.sights(segments, run.truth, vantage, Array(segments.indices))
  }

  func selection(_ kind: LabDerivation, _ random: inout SeededGenerator) -> [Kept] {
    switch kind {
    case .cut:
      let share = vantage == "client" ? 25 : 35
      let from = segments.count * share * Int.random(in: 80...140, using: &random) / 10_000
      return segments.indices.dropFirst(from).map { Kept(index: $0) }
    case .capdrop:
      return segments.indices.filter { _ in Int.random(in: 0..<1000, using: &random) >= 30 }
        .map { Kept(index: $0) }
    case .capdup:
      return segments.indices.flatMap { index in
        Int.random(in: 0..<10, using: &random) < 2
          ? [Kept(index: index), Kept(index: index, isCopy: true)] : [Kept(index: index)]
      }
    case .oneway:
      let near = Set(run.truth.flows.map { vantage == "client" ? $0.client : $0.server })
      return segments.indices.filter { segments[$0].map { near.contains(Self.source($0)) } ?? true }
        .map { Kept(index: $0) }
    }
  }

  func labels(_ labels: [LabRun.Truth.Label], kept: [Kept]) -> [LabRun.Truth.Label] {
    let byFrame = Dictionary(labels.map { ($0.frame, $0) }, uniquingKeysWith: { $1 })
    let now = Self.sights(segments, run.truth, vantage, kept.filter { !$0.isCopy }.map(\.index))
    var result: [LabRun.Truth.Label] = []
    for (position, frame) in kept.enumerated() {
      let label = byFrame[frame.index + 1]
      if frame.isCopy {
        guard let segment = segments[frame.index] else { continue }
        var copy = LabRun.Truth.Label(
          frame: position + 1, length: Int(segment.payloadLength), flags: Int(segment.flags.rawValue & 0xff),
          kind: "capture_duplicate")
        copy.from = run.truth.flows.contains { $0.server == Self.source(segment) } ? "server" : "client"
        copy.corrupt = label?.corrupt
        result.append(copy)
      } else if var label {
        label.frame = position + 1
        let had = Sight(
          seen: label.seen.flatMap { $0.isEmpty ? nil : $0 }, belowHigh: label.belowHigh ?? false)
        // Where the label itself rests on more than ranges, it stays.
        if original[frame.index] == had, let sight = now[frame.index] {
          label.seen = sight.seen
          label.belowHigh = sight.belowHigh
        }
        result.append(label)
      }
    }
    return result
  }

  func remap(_ flows: inout [LabRun.Truth.Flow], kept: [Kept], startingAt start: Int64?) {
    var first: [Int: Int] = [:]
    let owner = Self.owners(segments, run.truth, vantage)
    for (position, frame) in kept.enumerated() where !frame.isCopy {
      if let number = owner[frame.index], first[number] == nil { first[number] = position + 1 }
    }
    for i in flows.indices {
      flows[i].firstFrame[vantage] = .some(first[flows[i].number])
      guard let start else { continue }
      for (side, changes) in flows[i].endpoints {
        var before = true
        for (j, change) in changes.enumerated() {
          let time = (change.wire[vantage] ?? nil) ?? change.time
          // Mid-stream an endpoint is taken to be ESTABLISHED; what it leaves any other state for, the capture
          // may show without showing that state.
          let cameBefore = before
          before = time < Double(start) / 1e9 - 1e-6
          if before || cameBefore && change.from != "ESTABLISHED" && j > 0 {
            flows[i].endpoints[side]?[j].visible[vantage] = false
          }
        }
      }
    }
  }

  /// Makes optional what only missing frames would show.
  func hideChanges(shownBy gone: Set<Int>, in run: LabRun, _ flows: inout [LabRun.Truth.Flow]) {
    for other in run.vantages {
      guard let recording = run.recordings[other] else { continue }
      let peer = run.truth.captures[other]?.peer
      let times = recording.records.enumerated().compactMap { index, record -> Double? in
        let here =
          other == vantage ? index : (peer.flatMap { $0.indices.contains(index) ? $0[index] : nil } ?? 0) - 1
        return gone.contains(here) ? Double(record.time) / 1e9 : nil
      }
      for i in flows.indices {
        for (side, changes) in flows[i].endpoints where other == vantage || side == other {
          for (j, change) in changes.enumerated() {
            guard let time = change.wire[other] ?? nil, times.contains(where: { abs($0 - time) < 2e-6 })
            else {
              continue
            }
            flows[i].endpoints[side]?[j].visible[vantage] = false
          }
        }
      }
    }
  }

  // MARK: What the capture had shown

  private static func source(_ segment: Segment) -> String {
    SocketAddress(address: segment.source, port: segment.sourcePort).description
  }

  private static func ends(_ segment: Segment) -> [String] {
    [source(segment), SocketAddress(address: segment.destination, port: segment.destinationPort).description]
      .sorted()
  }

  /// The flow each record belongs to: as labelled, else the four-tuple's latest that had begun.
  private static func owners(_ segments: [Segment?], _ truth: LabRun.Truth, _ vantage: String) -> [Int: Int] {
    let labels = Dictionary(
      (truth.captures[vantage]?.frames ?? []).map { ($0.frame, $0) }, uniquingKeysWith: { $1 })
    var flows: [[String]: [(first: Int, number: Int)]] = [:]
    for flow in truth.flows {
      guard let first = flow.first(vantage) else { continue }
      flows[[flow.client, flow.server].sorted(), default: []].append((first, flow.number))
    }
    var owners: [Int: Int] = [:]
    for (index, segment) in segments.enumerated() {
      guard let segment else { continue }
      owners[index] =
        labels[index + 1]?.flow
        ?? flows[ends(segment)]?.filter { $0.first <= index + 1 }.max { $0.first < $1.first }?.number
    }
    return owners
  }

  private static func sights(
    _ segments: [Segment?], _ truth: LabRun.Truth, _ vantage: String, _ indices: [Int]
  ) -> [Int: Sight] {
    struct Side: Hashable {
      var flow: Int
      var source: String
    }
    let owner = owners(segments, truth, vantage)
    let corrupt = Set((truth.captures[vantage]?.frames ?? []).filter { $0.corrupt == true }.map(\.frame))
    var shown: [Side: Shown] = [:]
    var sights: [Int: Sight] = [:]
    for index in indices {
      guard let segment = segments[index], let flow = owner[index] else { continue }
      let side = Side(flow: flow, source: source(segment))
      var state = shown[side] ?? Shown(base: segment.seq)
      let length =
        Int64(segment.payloadLength) + (segment.flags.contains(.syn) ? 1 : 0)
        + (segment.flags.contains(.fin) ? 1 : 0)
      let start = Int64(Int32(bitPattern: segment.seq &- state.base))
      let covered = state.covers(start..<start + length)
      sights[index] =
        length == 0
        ? Sight(seen: nil, belowHigh: false)
        : Sight(
          seen: covered == 0 ? nil : covered >= length ? "full" : "partial",
          belowHigh: state.high.map { start < $0 } ?? false)
      if length > 0, !segment.flags.contains(.rst), !corrupt.contains(index + 1) {
        state.add(start..<start + length)
      }
      shown[side] = state
    }
    return sights
  }
}

extension LabRun.Truth.Label {
  /// A label of a frame that the lab's own truth does not have.
  init(frame: Int, length: Int, flags: Int, kind: String) {
    self.frame = frame
    self.length = length
    self.flags = flags
    self.kind = kind
  }
}
