/// The connection history in the letters of Zeek's `conn.log`, upper case for the originator.
///
/// s SYN, h SYN-ACK, a bare ACK, d data, f FIN, r RST, i FIN with RST, q SYN with FIN or RST, c bad checksum,
/// t data sent again, w zero window. SYN, FIN and RST come again with another sequence number; c, t and w come
/// at the 1st, 10th, 100th ... time.
enum ConnectionHistory {
  private struct Side {
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
  private struct Scaled {
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
    var sides = PerRole(Side())
    var letters: [UInt8] = []
    // A copy made by the capture or the network is no event of the connection.
    for segment in evidence.segments where !segment.isDuplicate {
      let mask: UInt8 = segment.sender == .originator ? 0xdf : 0xff
      func add(_ letter: Unicode.Scalar) {
        if letters.count < Self.longest { letters.append(UInt8(ascii: letter) & mask) }
      }
      if segment.isBadChecksum {
        if sides[segment.sender].damaged.reaches() { add("c") }
        continue
      }
      take(segment, &sides[segment.sender], add)
    }
    return letters
  }

  private static func take(_ segment: EvidenceSegment, _ side: inout Side, _ add: (Unicode.Scalar) -> Void) {
    let flags = segment.flags
    if flags.contains(.syn), !flags.isDisjoint(with: [.fin, .rst]) { add("q") }
    if flags.isSuperset(of: [.fin, .rst]) { add("i") }
    if flags.contains(.syn), side.lastSyn != segment.seq {
      side.lastSyn = segment.seq
      add(flags.contains(.ack) ? "h" : "s")
    }
    if segment.payload > 0 {
      if segment.isRetransmission, side.repeated.reaches() { add("t") }
      if !side.data {
        side.data = true
        add("d")
      }
    }
    if flags.contains(.ack), flags.isDisjoint(with: [.syn, .fin, .rst]), segment.payload == 0, !side.acked {
      side.acked = true
      add("a")
    }
    if segment.window == 0, flags.isDisjoint(with: [.syn, .rst]), side.closedWindow.reaches() { add("w") }
    if flags.contains(.fin), side.lastFin != segment.seq {
      side.lastFin = segment.seq
      add("f")
    }
    if flags.contains(.rst), side.lastReset != segment.seq {
      side.lastReset = segment.seq
      add("r")
    }
  }
}
