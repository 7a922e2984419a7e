/// A flow that lies idle, in a tenth of its room: the same records, counters and marks, nothing rounded or dropped.
///
/// Who unpacks it has the flow as it was, so that nothing the analysis says depends on what was packed when. A
/// dossier is not packed: it stays where it is, and whoever forgets a packed flow frees it.
enum PackedFlow {
  /// Records that a flow is packed with at most.
  static let mostRecords = 512
  /// Room for any flow that is packed.
  static let mostOctets =
    256 + mostRecords * (PackedWriter.most + 1) + 16 * PackedWriter.most + PackedWriter.slack

  /// The words of a direction: four times eight.
  private static let directionParts = MemoryLayout<Direction>.stride / MemoryLayout<PackedWords>.size

  private struct Traits: OptionSet {
    var rawValue: UInt8
    static let isV4 = Traits(rawValue: 1 << 0)
    static let originatorIsLow = Traits(rawValue: 1 << 1)
  }

  // Flows are passed by their place: by borrowing, all of one would be copied for each call.

  /// Whether nobody keeps a flow's place, and all it has beside its dossier can be written.
  static func takes(_ flow: UnsafePointer<Flow>) -> Bool {
    flow.pointee.older < 0 && flow.pointee.newer < 0 && flow.pointee.ledger == nil
      && flow.pointee.status.isDisjoint(with: [.queuedForEnd, .awaitsSettling, .awaitsPreview, .inLimbo])
      && flow.pointee.head.count &+ flow.pointee.log.count <= mostRecords && !flow.pointee.log.isEmpty
  }

  /// What was remembered as number `i` from the first, head and log taken together.
  static func record(_ flow: UnsafePointer<Flow>, _ i: Int) -> SegmentRecord {
    let heads = flow.pointee.head.count
    return i < heads ? flow.pointee.head[i] : flow.pointee.log[flow.pointee.log.first &+ i &- heads]
  }

  // MARK: - What is read without unpacking

  /// The number of the flow packed at `place`.
  static func number(_ place: UnsafeRawPointer) -> Int32 { place.load(as: Int32.self) }

  /// Its four-tuple.
  static func key(_ place: UnsafeRawPointer) -> FlowKey {
    var reader = PackedReader(place + 4)
    return key(&reader).key
  }

  /// Its dossier, if it has one.
  static func dossier(_ place: UnsafeRawPointer) -> Dossier? {
    var reader = PackedReader(place + 4)
    _ = key(&reader)
    return dossier(reader.takeWords())
  }

  private static func dossier(_ counts: PackedWords) -> Dossier? {
    UnsafeMutableRawPointer(bitPattern: UInt(counts[4])).map { Dossier(at: $0) }
  }

  private static func key(_ reader: inout PackedReader) -> (key: FlowKey, traits: Traits) {
    let traits = Traits(rawValue: reader.take(UInt8.self))
    let ports = (reader.take(UInt16.self), reader.take(UInt16.self))
    func address(_ reader: inout PackedReader) -> IPAddress {
      if traits.contains(.isV4) { return IPAddress(v4: reader.take(UInt32.self)) }
      let high = reader.take(UInt64.self)
      return IPAddress(high: high, low: reader.take(UInt64.self))
    }
    let low = SocketAddress(address: address(&reader), port: ports.0)
    let high = SocketAddress(address: address(&reader), port: ports.1)
    return (FlowKey(inOrder: low, high), traits)
  }

  // MARK: - Packing

  /// Writes `flow`, which `takes` must hold for; returns the octets written, `mostOctets` at most.
  static func write(
    _ flow: UnsafePointer<Flow>, to place: UnsafeMutableRawPointer, reference: SegmentRecord,
    _ guess: PackingGuess
  ) -> Int {
    var writer = PackedWriter(place)
    writer.put(flow.pointee.number)
    write(key: flow.pointee.key, originatorIsLow: flow.pointee.originatorIsLow, to: &writer)
    writer.put(counts(flow))
    guess.begin(reference: reference)
    let count = flow.pointee.head.count &+ flow.pointee.log.count
    var i = 0
    while i < count {
      if i & 7 == 0 { writer.put(senders(flow, from: i, to: min(i &+ 8, count))) }
      let record = Self.record(flow, i)
      writer.put(difference(record, guess))
      guess.note(record)
      i &+= 1
    }
    writer.put(clocks(flow, guess))
    put(directions: flow, guess, to: &writer)
    return writer.count
  }

  /// Which eights of words are not as guessed, and these.
  private static func put(
    directions flow: UnsafePointer<Flow>, _ guess: PackingGuess, to writer: inout PackedWriter
  ) {
    let expected = guess.conclude()
    let actual = UnsafeRawPointer(flow.pointee.pointer(.originator))
    var present: UInt8 = 0
    for part in 0..<(2 &* directionParts) where isAny(words(actual, part) ^ words(expected, part)) {
      present |= 1 << UInt8(part)
    }
    writer.put(present)
    for part in 0..<(2 &* directionParts) where present & 1 << UInt8(part) != 0 {
      writer.put(words(actual, part) ^ words(expected, part))
    }
  }

  @inline(__always)
  private static func isAny(_ words: PackedWords) -> Bool {
    let half = words.lowHalf | words.highHalf
    return half[0] | half[1] | half[2] | half[3] != 0
  }

  /// Eight words of two directions that lie one after the other.
  @inline(__always)
  private static func words(_ directions: UnsafeRawPointer, _ part: Int) -> PackedWords {
    directions.load(fromByteOffset: part &* MemoryLayout<PackedWords>.size, as: PackedWords.self)
  }

  private static func write(key: FlowKey, originatorIsLow: Bool, to writer: inout PackedWriter) {
    var traits: Traits = originatorIsLow ? .originatorIsLow : []
    let isV4 = key.low.address.isV4 && key.high.address.isV4
    if isV4 { traits.insert(.isV4) }
    writer.put(traits.rawValue)
    writer.put(key.low.port)
    writer.put(key.high.port)
    func put(_ address: IPAddress) {
      if isV4 { return writer.put(address.v4) }
      writer.put(address.high)
      writer.put(address.low)
    }
    put(key.low.address)
    put(key.high.address)
  }

  /// Which of eight records at most are the responder's.
  private static func senders(_ flow: UnsafePointer<Flow>, from start: Int, to end: Int) -> UInt8 {
    var bits: UInt8 = 0
    for i in start..<end where record(flow, i).sender == .responder { bits |= 1 << UInt8(i & 7) }
    return bits
  }

  private static func counts(_ flow: UnsafePointer<Flow>) -> PackedWords {
    PackedWords(
      UInt64(flow.pointee.head.count) | UInt64(flow.pointee.log.count) << 16 | UInt64(
        flow.pointee.log.capacity) << 32,
      UInt64(flow.pointee.log.first),
      UInt64(flow.pointee.status.rawValue) | UInt64(UInt32(bitPattern: flow.pointee.incarnation)) << 32,
      UInt64(flow.pointee.encapsulation.rawValue) | UInt64(flow.pointee.vlan) << 32,
      UInt64(flow.pointee.dossier.map { UInt(bitPattern: $0.address) } ?? 0), 0, 0, 0)
  }

  /// Times and frames, against those of the records.
  private static func clocks(_ flow: UnsafePointer<Flow>, _ guess: PackingGuess) -> PackedWords {
    PackedWords(
      UInt64(bitPattern: flow.pointee.firstTime &- guess.firstTime),
      flow.pointee.firstFrame &- guess.firstFrame,
      UInt64(bitPattern: flow.pointee.lastTime &- guess.lastTime), flow.pointee.lastFrame &- guess.lastFrame,
      UInt64(bitPattern: flow.pointee.previousTime &- guess.previousTime), 0, 0, 0)
  }

  // MARK: - Unpacking

  /// Makes the flow that is packed at `place` again.
  ///
  /// - Parameters:
  ///   - hash: that of its key.
  ///   - directions: memory for its two directions.
  static func read(
    _ place: UnsafeRawPointer, hash: UInt32, reference: SegmentRecord, _ guess: PackingGuess,
    directions: UnsafeMutablePointer<Direction>
  ) -> Flow {
    var reader = PackedReader(place)
    let number = reader.take(Int32.self)
    let (key, traits) = key(&reader)
    let counts = reader.takeWords()
    var flow = Flow(
      key, originatorIsLow: traits.contains(.originatorIsLow), directions: directions,
      log: SegmentLog(first: Int(counts[1]), capacity: Int(counts[0] >> 32)))
    flow.number = number
    flow.hash = hash
    flow.status = Flow.Status(rawValue: UInt32(truncatingIfNeeded: counts[2]))
    flow.incarnation = Int32(truncatingIfNeeded: counts[2] >> 32)
    flow.encapsulation = Encapsulation(rawValue: UInt32(truncatingIfNeeded: counts[3]))
    flow.vlan = UInt16(truncatingIfNeeded: counts[3] >> 32)
    flow.dossier = dossier(counts)

    guess.begin(reference: reference)
    let heads = Int(counts[0] & 0xffff)
    let count = heads &+ Int(counts[0] >> 16 & 0xffff)
    var senders: UInt8 = 0
    var i = 0
    while i < count {
      if i & 7 == 0 { senders = reader.take(UInt8.self) }
      let sender: Role = senders >> UInt8(i & 7) & 1 == 0 ? .originator : .responder
      let record = sum(reader.takeWords(), guess, sender)
      if i < heads { flow.head.append(record) } else { flow.log.append(record, limit: flow.log.capacity) }
      guess.note(record)
      i &+= 1
    }
    let clocks = reader.takeWords()
    flow.firstTime = guess.firstTime &+ Int64(bitPattern: clocks[0])
    flow.firstFrame = guess.firstFrame &+ clocks[1]
    flow.lastTime = guess.lastTime &+ Int64(bitPattern: clocks[2])
    flow.lastFrame = guess.lastFrame &+ clocks[3]
    flow.previousTime = guess.previousTime &+ Int64(bitPattern: clocks[4])
    let expected = guess.conclude()
    let present = reader.take(UInt8.self)
    let place = UnsafeMutableRawPointer(directions)
    for part in 0..<(2 &* directionParts) {
      var words = words(expected, part)
      if present & 1 << UInt8(part) != 0 { words ^= reader.takeWords() }
      place.storeBytes(of: words, toByteOffset: part &* MemoryLayout<PackedWords>.size, as: PackedWords.self)
    }
    return flow
  }

  // MARK: - Memory as words

  /// Times, frames and offsets by how much they rose, the rest bit by bit.
  @inline(__always)
  private static func difference(_ record: SegmentRecord, _ guess: PackingGuess) -> PackedWords {
    let a = unsafeBitCast(record, to: PackedWords.self)
    let b = unsafeBitCast(guess.record(of: record.sender), to: PackedWords.self)
    var words = a ^ b
    let frames = a[1] &- b[1]
    words[0] = folded(a[0] &- b[0])
    words[1] = folded(frames)
    words[2] = folded(a[2] &- b[2] &- frames &* guess.octetsOfFrame)
    words[7] = a[7] ^ guess.kind(of: record.sender, payload: record.payload)
    return words
  }

  @inline(__always)
  private static func sum(_ difference: PackedWords, _ guess: PackingGuess, _ sender: Role) -> SegmentRecord {
    let b = unsafeBitCast(guess.record(of: sender), to: PackedWords.self)
    var words = difference ^ b
    let frames = unfolded(difference[1])
    words[0] = b[0] &+ unfolded(difference[0])
    words[1] = b[1] &+ frames
    words[2] = b[2] &+ unfolded(difference[2]) &+ frames &* guess.octetsOfFrame
    let payload = unsafeBitCast(words, to: SegmentRecord.self).payload
    words[7] = difference[7] ^ guess.kind(of: sender, payload: payload)
    return unsafeBitCast(words, to: SegmentRecord.self)
  }

  /// Small differences of either sign as small numbers.
  @inline(__always)
  private static func folded(_ difference: UInt64) -> UInt64 {
    difference << 1 ^ UInt64(bitPattern: Int64(bitPattern: difference) >> 63)
  }

  @inline(__always)
  private static func unfolded(_ word: UInt64) -> UInt64 { word >> 1 ^ (0 &- (word & 1)) }
}
