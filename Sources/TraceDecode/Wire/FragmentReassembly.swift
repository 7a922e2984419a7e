/// What tells the fragments of one datagram from those of another (RFC 791 3.2, RFC 8200 4.5).
struct FragmentKey: Equatable {
  var source: IPAddress
  var destination: IPAddress
  var id: UInt32
  var number: UInt8
}

/// One fragment's place in its datagram, by the lengths in its headers.
struct FragmentPiece {
  var offset: Int
  var length: Int
  var more: Bool
  /// Protocol of the datagram's content; what the first fragment says counts.
  var number: UInt8
  var isV6: Bool
  var time: Int64
}

/// Puts IP fragments together again, bounded in datagrams, octets and time.
///
/// Where fragments overlap, the octets that came first stay. A fragment of which the capture holds only the
/// beginning takes its whole place, so that a datagram's TCP header can be read though its payload is cut.
/// A class, because the datagram last completed must keep its address while its segment is looked at.
final class FragmentReassembly {
  /// A datagram that is whole: its length, and its octets up to the first that was not captured.
  struct Whole {
    var length: Int
    var known: UnsafeRawBufferPointer
    var number: UInt8
  }

  /// Units: nanoseconds of trace time.
  static let timeout: Int64 = 30_000_000_000

  private var datagrams: [Datagram] = []
  private var octets = 0
  private var assembled: UnsafeMutableRawBufferPointer?
  private(set) var assembledLength = 0
  /// Datagrams given up: timed out, or displaced when a limit was reached.
  private(set) var abandoned: UInt64 = 0

  /// Datagrams that wait for fragments.
  var waiting: Int { datagrams.reduce(0) { $1.isComplete ? $0 : $0 + 1 } }

  /// The octets of the datagram last completed.
  var lastAssembled: UnsafeRawBufferPointer {
    guard let assembled else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    return UnsafeRawBufferPointer(rebasing: assembled[0..<min(assembledLength, assembled.count)])
  }

  deinit { assembled?.deallocate() }

  /// Takes a fragment; returns the datagram when this was the last one missing.
  func add(
    _ piece: FragmentPiece, of key: FragmentKey, captured: UnsafeRawBufferPointer, limits: Limits
  ) -> Whole? {
    expire(at: piece.time)
    var index = datagrams.firstIndex { $0.key == key }
    if let found = index, datagrams[found].isComplete {
      // A copy made by the capture or the network, unless the identification is in use again.
      if datagrams[found].repeats(piece, captured) { return nil }
      remove(found)
      index = nil
    }
    // Taken out while it grows, so that making room cannot touch it.
    var datagram: Datagram
    if let index {
      octets -= datagrams[index].cost
      datagram = datagrams.remove(at: index)
    } else {
      while datagrams.count >= max(1, limits.fragmentedDatagrams) { makeRoom() }
      datagram = Datagram(key: key, time: piece.time)
    }
    datagram.add(piece, captured)
    while octets + datagram.cost > limits.fragmentOctets, !datagrams.isEmpty { makeRoom() }
    guard octets + datagram.cost <= limits.fragmentOctets else {
      abandoned &+= 1
      return nil
    }
    let length = datagram.completeLength
    datagram.isComplete = length != nil
    octets += datagram.cost
    let whole = length.map { assemble(datagram, length: $0) }
    datagrams.insert(datagram, at: min(index ?? datagrams.count, datagrams.count))
    return whole
  }

  /// Lets go of the oldest datagram, of those that are done first.
  private func makeRoom() { abandon(datagrams.firstIndex { $0.isComplete } ?? 0) }

  private func assemble(_ datagram: Datagram, length: Int) -> Whole {
    let target = assembled ?? .allocate(byteCount: 65_536, alignment: 16)
    assembled = target
    let known = min(datagram.knownPrefix, datagram.bytes.count, target.count)
    datagram.bytes.withUnsafeBytes {
      target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[0..<known]))
    }
    assembledLength = known
    return Whole(length: length, known: lastAssembled, number: datagram.number)
  }

  private func expire(at time: Int64) {
    var index = 0
    while index < datagrams.count {
      if time.subtractingReportingOverflow(datagrams[index].time).partialValue > Self.timeout {
        abandon(index)
      } else {
        index += 1
      }
    }
  }

  private func abandon(_ index: Int) {
    if !datagrams[index].isComplete { abandoned &+= 1 }
    remove(index)
  }

  private func remove(_ index: Int) {
    octets -= datagrams[index].cost
    datagrams.remove(at: index)
  }
}

/// The fragments of one datagram so far.
private struct Datagram {
  /// A stretch that has been received; `captured` is where the octets in hand end.
  struct Stretch {
    var start: Int
    var end: Int
    var captured: Int
  }

  let key: FragmentKey
  /// When its first fragment came.
  let time: Int64
  var number: UInt8 = 0
  var isComplete = false
  private(set) var bytes: [UInt8] = []
  /// Ascending, without overlap.
  private var stretches: [Stretch] = []
  /// Known once the last fragment has come.
  private var length: Int?

  init(key: FragmentKey, time: Int64) {
    self.key = key
    self.time = time
  }

  /// Octets of memory held.
  var cost: Int {
    bytes.count + stretches.count * MemoryLayout<Stretch>.stride + MemoryLayout<Datagram>.stride
  }

  /// The length when no fragment is missing.
  var completeLength: Int? {
    guard let length else { return nil }
    var reached = 0
    for stretch in stretches {
      guard stretch.start == reached else { return nil }
      reached = stretch.end
    }
    return reached == length ? length : nil
  }

  /// Octets from the start on that are all in hand.
  var knownPrefix: Int {
    var reached = 0
    for stretch in stretches {
      guard stretch.start == reached else { break }
      reached = stretch.captured
      guard stretch.captured == stretch.end else { break }
    }
    return reached
  }

  mutating func add(_ piece: FragmentPiece, _ captured: UnsafeRawBufferPointer) {
    // All but the last end on a multiple of eight; what is beyond is no part of the datagram.
    let size = piece.more ? piece.length & ~7 : piece.length
    let end = piece.offset + size
    let furthest = stretches.last?.end ?? 0
    if piece.more {
      if let length, end > length { return }
    } else {
      // A second end that contradicts the first is a forgery or an accident.
      guard length == nil || length == end, end >= furthest else { return }
      length = end
    }
    guard size > 0 else { return }
    if piece.offset == 0 || stretches.isEmpty { number = piece.number }
    let inHand = piece.offset + min(size, captured.count)
    // Only the gaps are filled: what came first stays.
    var filled: [Stretch] = []
    filled.reserveCapacity(stretches.count + 1)
    var from = piece.offset
    func gap(upTo limit: Int) -> Stretch? {
      guard from < min(limit, end) else { return nil }
      let stop = min(limit, end)
      return Stretch(start: from, end: stop, captured: max(from, min(stop, inHand)))
    }
    for stretch in stretches {
      if let new = gap(upTo: stretch.start) {
        store(captured, of: piece, into: new)
        filled.append(new)
      }
      from = max(from, stretch.end)
      filled.append(stretch)
    }
    if let new = gap(upTo: end) {
      store(captured, of: piece, into: new)
      filled.append(new)
    }
    stretches = filled
  }

  private mutating func store(_ captured: UnsafeRawBufferPointer, of piece: FragmentPiece, into new: Stretch)
  {
    guard new.captured > new.start else { return }
    if bytes.count < new.captured {
      bytes.append(contentsOf: repeatElement(0, count: new.captured - bytes.count))
    }
    bytes.withUnsafeMutableBytes { target in
      let source = captured[(new.start - piece.offset)..<(new.captured - piece.offset)]
      UnsafeMutableRawBufferPointer(rebasing: target[new.start..<new.captured])
        .copyMemory(from: UnsafeRawBufferPointer(rebasing: source))
    }
  }

  /// Whether the fragment says the same as what is held at its place.
  func repeats(_ piece: FragmentPiece, _ captured: UnsafeRawBufferPointer) -> Bool {
    guard let length, piece.offset + (piece.more ? piece.length & ~7 : piece.length) <= length else {
      return false
    }
    let end = min(piece.offset + captured.count, bytes.count)
    guard piece.offset < end else { return true }
    return bytes.withUnsafeBytes { held in
      (piece.offset..<end).allSatisfy { held[$0] == captured[$0 - piece.offset] }
    }
  }
}
