/// The connection history in the letters of Zeek's `conn.log`, upper case for the originator.
///
/// s SYN, h SYN-ACK, a bare ACK, d data, f FIN, r RST, i FIN with RST, q SYN with FIN or RST, c bad checksum,
/// t data sent again, w zero window. SYN, FIN and RST come again with another sequence number; c, t and w come
/// at the 1st, 10th, 100th ... time.
enum ConnectionHistory {
  fileprivate struct Side {
    var acked = false
    var data = false
    var lastSyn: UInt32?
    var lastFin: UInt32?
    var lastReset: UInt32?
    var damaged = Scaled()
    var repeated = Scaled()
    var closedWindow = Scaled()
  }

  /// Counts, and says so at each power of ten.
  fileprivate struct Scaled {
    private var count = 0
    private var threshold = 1
    mutating func reaches() -> Bool {
      count &+= 1
      guard count == threshold else { return false }
      threshold = threshold &* 10
      return true
    }
  }

  /// A flow that sends ever new SYNs or resets gets no longer a history.
  private static let longest = 256

  static func letters(_ evidence: FlowEvidence) -> [UInt8] {
    var originator = Side()
    var responder = Side()
    var letters: [UInt8] = []
    letters.reserveCapacity(8)
    // A copy made by the capture or the network is no event of the connection.
    for i in evidence.segments.indices where !evidence.segments[i].isDuplicate {
      if evidence.segments[i].sender == .originator {
        originator.take(evidence.segments[i], mask: 0xdf, &letters)
      } else {
        responder.take(evidence.segments[i], mask: 0xff, &letters)
      }
      if letters.count >= Self.longest { return Array(letters.prefix(Self.longest)) }
    }
    return letters
  }
}

extension ConnectionHistory.Side {
  /// - Parameter mask: what a lower-case letter becomes with it.
  fileprivate mutating func take(
    _ segment: borrowing EvidenceSegment, mask: UInt8, _ letters: inout [UInt8]
  ) {
    func add(_ letter: Unicode.Scalar) { letters.append(UInt8(ascii: letter) & mask) }
    let flags = segment.flags
    if segment.isBadChecksum {
      if damaged.reaches() { add("c") }
      return
    }
    if flags.contains(.syn), !flags.isDisjoint(with: [.fin, .rst]) { add("q") }
    if flags.isSuperset(of: [.fin, .rst]) { add("i") }
    if flags.contains(.syn), lastSyn != segment.seq {
      lastSyn = segment.seq
      add(flags.contains(.ack) ? "h" : "s")
    }
    if segment.payload > 0 {
      if segment.isRetransmission, repeated.reaches() { add("t") }
      if !data {
        data = true
        add("d")
      }
    }
    if flags.contains(.ack), flags.isDisjoint(with: [.syn, .fin, .rst]), segment.payload == 0, !acked {
      acked = true
      add("a")
    }
    if segment.window == 0, flags.isDisjoint(with: [.syn, .rst]), closedWindow.reaches() { add("w") }
    if flags.contains(.fin), lastFin != segment.seq {
      lastFin = segment.seq
      add("f")
    }
    if flags.contains(.rst), lastReset != segment.seq {
      lastReset = segment.seq
      add("r")
    }
  }
}
