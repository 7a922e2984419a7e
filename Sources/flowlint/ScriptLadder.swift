import TraceDecode
import TraceReport
import TraceScript

extension Ladder {
  /// A script's frames as a ladder, with what it expects to be found beside them.
  init(of script: Script) {
    var decoder = WireDecoder()
    var flows = RelativeNumbers()
    var rows: [Row] = []
    script.forEachFrame { frame in
      var segment = Segment()
      guard case .segment = decoder.decode(frame, into: &segment) else { return }
      let codes = script.expectations.filter { $0.place == .frame(frame.number) }.map(\.code)
      rows.append(Row(flows.ref(segment), note: codes.joined(separator: ", "), isMarked: !codes.isEmpty))
    }
    if flows.count > 1 {
      for i in rows.indices {
        let port = flows.ports[i]
        rows[i].note = rows[i].note.isEmpty ? "port \(port)" : "port \(port)  \(rows[i].note)"
      }
    }
    self.init(rows: rows, origin: rows.first?.segment.time ?? 0)
  }
}

/// Gives segments the relative numbers that ladders show: 0 is each side's initial sequence number.
private struct RelativeNumbers {
  private struct Key: Hashable {
    var from: SocketAddress
    var to: SocketAddress
  }
  /// Initial sequence number by direction, and who opened.
  private var initial: [Key: UInt32] = [:]
  private var originators: [Key: Bool] = [:]
  /// The originator's port of each segment, in order.
  private(set) var ports: [UInt16] = []

  /// Different four-tuples so far.
  var count: Int { originators.count / 2 }

  mutating func ref(_ segment: Segment) -> SegmentRef {
    let key = Key(
      from: SocketAddress(address: segment.source, port: segment.sourcePort),
      to: SocketAddress(address: segment.destination, port: segment.destinationPort))
    let back = Key(from: key.to, to: key.from)
    let isSyn = segment.flags.contains(.syn)
    if originators[key] == nil {
      let opens = !isSyn || !segment.flags.contains(.ack)
      originators[key] = opens
      originators[back] = !opens
    }
    // A new SYN begins new numbers; without one, the first octet seen is 1.
    if isSyn || initial[key] == nil { initial[key] = isSyn ? segment.seq : segment.seq &- 1 }
    let hasAck = segment.flags.contains(.ack)
    if hasAck, initial[back] == nil { initial[back] = segment.ack &- 1 }
    func offset(_ number: UInt32, of key: Key) -> Int64 {
      Int64(SeqNum.difference(number, initial[key] ?? number))
    }
    let isOriginator = originators[key] ?? true
    ports.append(isOriginator ? segment.sourcePort : segment.destinationPort)
    let start = offset(segment.seq, of: key)
    let block = segment.sack[0]
    let left = offset(block.left, of: back)
    let right = offset(block.right, of: back)
    return SegmentRef(
      frame: segment.frame, time: segment.time, recordOffset: segment.recordOffset,
      sender: isOriginator ? .originator : .responder, flags: segment.flags, start: start,
      end: start + Int64(segment.segLen), ack: hasAck ? offset(segment.ack, of: back) : nil,
      window: UInt32(segment.window), payload: segment.payloadLength, seq: segment.seq,
      sack: segment.sack.count > 0 && left < right ? left..<right : nil)
  }
}
