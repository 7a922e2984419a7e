import Foundation
import TraceDecode

/// The tests' own reading of a lab capture: whole-capture, straightforward, slow, and independent of the flow
/// table. It cuts a capture into incarnations and prepares each one's `FlowEvidence` (P0, P8).
public enum LabEvidence {
  public struct Incarnation {
    public var originator: SocketAddress
    public var responder: SocketAddress
    public var firstFrame: UInt64
    public var evidence: FlowEvidence
    /// Indices of the earlier incarnations of the same four-tuple.
    public var older: [Int]
  }

  /// Every incarnation of a classic pcap file of Ethernet frames, in order of first frames.
  public static func read(_ path: String) throws -> [Incarnation] {
    let packets = try load(path)
    markDuplicates(packets)
    let flows = split(packets)
    for flow in flows { prepare(flow) }
    estimateHalves(flows)
    return flows.map { $0.incarnation(captureTime: packets.last?.time ?? 0) }
  }

  // MARK: Incarnations (P8)

  struct Direction {
    var isn: UInt32?
    var next: UInt32?
    var fin: UInt32?
    var finAcked = false
    var synAckAck: UInt32?
    var base: UInt32?
    var shift: UInt8?
    var rtt: Int64?
  }

  final class Flow {
    let addresses: [SocketAddress]
    let firstFrame: UInt64
    let beganWithSyn: Bool
    let isSelf: Bool
    var handshakeDone: Bool
    var established: Bool
    var closed = false
    var packets: [Packet] = []
    var directions = [Direction(), Direction()]
    var older: [Int] = []
    var near = [false, false]
    var unknown = [false, false]
    var oneWay = false
    init(_ packet: Packet) {
      addresses = [packet.source, packet.destination]
      firstFrame = packet.segment.frame
      beganWithSyn = packet.isSyn
      isSelf = packet.source == packet.destination
      handshakeDone = !packet.isSyn
      established = !packet.isSyn
    }
    func direction(of packet: Packet) -> Int { packet.source == addresses[0] ? 0 : 1 }
  }

  private struct Pair: Hashable {
    var low: SocketAddress
    var high: SocketAddress
    init(_ packet: Packet) {
      let (a, b) = (packet.source, packet.destination)
      (low, high) = (a.address, a.port) < (b.address, b.port) ? (a, b) : (b, a)
    }
  }

  private static func isNear(_ a: UInt32, _ b: UInt32?, within limit: Int32 = 1 << 24) -> Bool {
    guard let b else { return false }
    let difference = SeqNum.difference(a, b)
    return difference > -limit && difference < limit
  }

  private static func split(_ packets: [Packet]) -> [Flow] {
    var table: [Pair: [Int]] = [:]
    var flows: [Flow] = []
    for (index, packet) in packets.enumerated() {
      let pair = Pair(packet)
      let known = (table[pair] ?? []).map { flows[$0] }
      var flow: Flow?
      if packet.isSyn, !packet.isBad, let current = known.last {
        flow = home(ofSyn: packet, at: index, among: known, current: current, packets)
      } else if let current = known.last, !packet.isSyn || packet.isBad {
        flow = home(of: packet, among: known, current: current)
      }
      if flow == nil {
        let new = Flow(packet)
        new.older = table[pair] ?? []
        table[pair, default: []].append(flows.count)
        flows.append(new)
        flow = new
      }
      guard let flow else { continue }
      flow.packets.append(packet)
      packet.isForNewer = packet.isReset && !known.isEmpty && known.last !== flow
      packet.sender = flow.isSelf ? 0 : flow.direction(of: packet)
      if !packet.isBad, !packet.isInjected { follow(packet, flow) }
    }
    return flows
  }

  /// nil: a new incarnation.
  private static func home(
    ofSyn packet: Packet, at index: Int, among known: [Flow], current: Flow, _ packets: [Packet]
  ) -> Flow? {
    let seq = packet.segment.seq
    let side = current.direction(of: packet)
    let (own, peer) = (current.directions[side], current.directions[1 - side])
    if own.isn == seq { return current }
    if current.beganWithSyn, own.isn == nil, !current.handshakeDone, peer.isn != nil { return current }
    if own.isn == nil, peer.synAckAck == seq &+ 1 { return current }
    if let older = known.last(where: { $0.directions[$0.direction(of: packet)].isn == seq }) { return older }
    let isAnswered = packets[(index + 1)...].prefix(4000).contains {
      $0.isSynAck && $0.source == packet.destination && $0.destination == packet.source
        && ($0.segment.ack == seq &+ 1 || $0.segment.ack == seq &+ 1 &+ packet.segment.payloadLength)
    }
    if isAnswered || current.closed || !current.established { return nil }
    packet.isInjected = true
    return current
  }

  private static func home(of packet: Packet, among known: [Flow], current: Flow) -> Flow? {
    let s = packet.segment
    let side = current.direction(of: packet)
    if s.flags.contains(.syn), !packet.isBad, current.directions[side].next != nil,
      current.closed || current.directions[side].isn != nil,
      !known.contains(where: { flow in
        let d = flow.direction(of: packet)
        if flow.directions[d].isn == s.seq { return true }
        guard let isn = flow.directions[1 - d].isn else { return false }
        return (1..<4000).contains(SeqNum.difference(s.ack, isn))
      })
    {
      return nil
    }
    for flow in known.reversed() {
      let d = flow.direction(of: packet)
      let (own, peer) = (flow.directions[d], flow.directions[1 - d])
      var fits = own.next == nil || isNear(s.seq, own.next)
      if packet.hasAck, peer.next != nil, !isNear(s.ack, peer.next), !(packet.isReset && s.ack == 0) {
        fits = false
      }
      if flow.beganWithSyn, !flow.handshakeDone {
        if s.flags.contains(.syn) {
          fits = peer.isn.map { (1..<4000).contains(SeqNum.difference(s.ack, $0)) } ?? false
        } else if packet.isReset {
          let answers =
            packet.hasAck && peer.isn.map { (1..<4000).contains(SeqNum.difference(s.ack, $0)) } ?? false
          fits = fits && (answers || own.isn.map { s.seq == $0 &+ 1 } ?? false)
        } else if own.isn == nil {
          fits = false
        } else if peer.isn == nil {
          fits =
            own.isn.map { (1..<(1 << 20)).contains(SeqNum.difference(s.seq, $0)) } ?? false
            && !(packet.hasAck && known.count > 1)
        }
      }
      if fits { return flow }
    }
    return current
  }

  private static func follow(_ packet: Packet, _ flow: Flow) {
    let s = packet.segment
    let d = packet.sender
    if s.flags.contains(.syn), flow.directions[d].isn == nil || packet.hasAck {
      flow.directions[d].isn = s.seq
      flow.directions[d].next = s.seq
      if packet.hasAck {
        flow.handshakeDone = true
        flow.directions[d].synAckAck = s.ack
      }
    }
    guard !packet.isReset else {
      flow.closed = true
      return
    }
    let end = s.seq &+ s.segLen
    if flow.directions[d].next.map({ (1..<(1 << 24)).contains(SeqNum.difference(end, $0)) }) ?? true {
      flow.directions[d].next = end
    }
    if s.flags.contains(.fin) { flow.directions[d].fin = end }
    if flow.handshakeDone, !s.flags.contains(.syn), packet.hasAck { flow.established = true }
    if packet.hasAck, let fin = flow.directions[1 - d].fin, SeqNum.difference(s.ack, fin) >= 0 {
      flow.directions[1 - d].finAcked = true
    }
    for side in 0...1 where flow.directions[side].finAcked && flow.directions[1 - side].fin != nil {
      flow.closed = true
    }
  }

  // MARK: Numbers

  private static func prepare(_ flow: Flow) {
    for packet in flow.packets where !packet.isReset && !packet.isInjected && !packet.isBad {
      if flow.directions[packet.sender].base == nil {
        flow.directions[packet.sender].base =
          packet.segment.flags.contains(.syn) ? packet.segment.seq : packet.segment.seq &- 1
      }
      if packet.segment.flags.contains(.syn) {
        flow.directions[packet.sender].shift =
          packet.segment.options.contains(.windowScale) ? packet.segment.windowShift : nil
      }
    }
    for side in 0...1 where flow.directions[side].base == nil {
      if let peer = flow.packets.first(where: { $0.sender != side && $0.hasAck }) {
        flow.directions[side].base = peer.segment.ack &- 1
      } else if let own = flow.packets.first(where: { $0.sender == side }) {
        flow.directions[side].base = own.segment.seq &- 1
      }
    }
    let scales = flow.directions[0].shift != nil && flow.directions[1].shift != nil
    var last: [Int64] = [0, 0]
    for packet in flow.packets {
      let s = packet.segment
      let (own, peer) = (packet.sender, flow.isSelf ? 0 : 1 - packet.sender)
      packet.start = SeqNum.unwrap(s.seq &- (flow.directions[own].base ?? 0), near: last[own])
      packet.end = packet.start + Int64(s.segLen)
      if let base = flow.directions[peer].base {
        if packet.hasAck { packet.ack = SeqNum.unwrap(s.ack &- base, near: last[peer]) }
        if s.sack.count > 0 {
          packet.sack = (
            SeqNum.unwrap(s.sack[0].left &- base, near: last[peer]),
            SeqNum.unwrap(s.sack[0].right &- base, near: last[peer])
          )
        }
      }
      if !packet.isReset, !packet.isInjected, !packet.isBad, abs(packet.end - last[own]) < 1 << 26 {
        last[own] = max(last[own], packet.end)
      }
      let shift = s.flags.contains(.syn) || !scales ? 0 : min(flow.directions[own].shift ?? 0, 14)
      packet.window = UInt32(s.window) << UInt32(shift)
    }
  }

  // MARK: Halves of the path (P0.6)

  private static func estimateHalves(_ flows: [Flow]) {
    struct Hosts: Hashable {
      var host: IPAddress
      var other: IPAddress
    }
    var best: [Hosts: Int64] = [:]
    func hosts(_ flow: Flow, _ side: Int) -> Hosts {
      Hosts(host: flow.addresses[side].address, other: flow.addresses[1 - side].address)
    }
    for flow in flows where !flow.isSelf {
      for side in 0...1 {
        guard let sample = smallestSample(flow, answeredBy: side) else { continue }
        flow.directions[side].rtt = sample
        best[hosts(flow, side)] = min(best[hosts(flow, side)] ?? .max, sample)
      }
    }
    for flow in flows {
      for side in 0...1 where flow.directions[side].rtt == nil && !flow.isSelf {
        flow.directions[side].rtt = best[hosts(flow, side)]
      }
      let rtts = flow.directions.map(\.rtt)
      for side in 0...1 {
        if rtts[side] == nil, let other = rtts[1 - side], other < 500_000 { flow.unknown[side] = true }
      }
      let total = (rtts[0] ?? 0) + (rtts[1] ?? 0)
      let senders = Set(flow.packets.filter { !$0.isInjected }.map(\.sender))
      flow.oneWay = !flow.isSelf && senders.count == 1 && flow.packets.count > 4
      for side in 0...1 {
        flow.near[side] = (rtts[side] ?? 0) <= max(total * 15 / 100, 500_000)
        if flow.oneWay { flow.near[side] = senders.contains(side) }
        if flow.unknown[side] { flow.near[side] = false }
      }
      if flow.isSelf || total < 1_000_000 && !flow.oneWay && !flow.unknown.contains(true) {
        flow.near = [true, true]
      }
    }
  }

  private static func smallestSample(_ flow: Flow, answeredBy side: Int) -> Int64? {
    var pending: [(end: Int64, time: Int64, start: Int64)] = []
    var done: Int64 = 0
    var top: Int64 = 0
    var smallest: Int64?
    for packet in flow.packets
    where !packet.isInjected && !packet.isBad && !packet.isDuplicate && !packet.isReset {
      if packet.sender != side {
        guard packet.end > packet.start else { continue }
        if packet.start >= top {
          pending.append((packet.end, packet.time, packet.start))
        }
        top = max(top, packet.end)
      } else if let ack = packet.ack, ack > done {
        if let hit = pending.last(where: { $0.end <= ack }), hit.end == ack {
          smallest = min(smallest ?? .max, max(0, packet.time - hit.time))
        }
        pending.removeAll { $0.end <= ack }
        done = ack
      }
    }
    return smallest
  }
}

extension LabEvidence.Flow {
  func incarnation(captureTime: Int64) -> LabEvidence.Incarnation {
    var evidence = FlowEvidence()
    evidence.captureTime = captureTime
    var seenEnd: [Int64] = [0, 0]
    for packet in packets {
      var segment = EvidenceSegment(
        frame: packet.segment.frame, time: packet.time, sender: packet.sender == 0 ? .originator : .responder,
        flags: packet.segment.flags, start: packet.start, end: packet.end,
        ack: packet.ack ?? EvidenceSegment.noAck)
      segment.recordOffset = packet.segment.recordOffset
      segment.window = packet.window
      segment.payload = packet.segment.payloadLength
      segment.seq = packet.segment.seq
      segment.hasTimestamps = packet.tsVal != nil
      segment.tsVal = packet.segment.tsVal
      segment.tsEcr = packet.segment.tsEcr
      segment.ipID = packet.segment.ipID
      segment.ttl = packet.segment.ttl
      if let sack = packet.sack { (segment.sackLeft, segment.sackRight) = sack }
      segment.isDuplicate = packet.isDuplicate
      segment.isBadChecksum = packet.isBad
      segment.isInjected = packet.isInjected
      segment.isForNewerIncarnation = packet.isForNewer
      segment.isRetransmission = packet.end > packet.start && packet.start < seenEnd[packet.sender]
      if !packet.isReset, !packet.isInjected, !packet.isBad {
        seenEnd[packet.sender] = max(seenEnd[packet.sender], packet.end)
      }
      evidence.segments.append(segment)
    }
    evidence.midStream = !(packets.first?.segment.flags.contains(.syn) ?? false)
    evidence.selfConnection = isSelf
    evidence.oneWay = oneWay
    evidence.fastOpen = packets.contains { $0.isSyn && $0.segment.payloadLength > 0 }
    for (side, role) in [(0, Role.originator), (1, .responder)] {
      evidence[role].rtt = directions[side].rtt
      evidence[role].isNear = near[side]
      evidence[role].isUnknownDistance = unknown[side]
      evidence[role].maxEnd = seenEnd[side]
      setClock(&evidence[role], side)
    }
    return LabEvidence.Incarnation(
      originator: addresses[0], responder: addresses[1], firstFrame: firstFrame, evidence: evidence,
      older: older)
  }

  private func setClock(_ endpoint: inout EndpointEvidence, _ side: Int) {
    let stamped = packets.filter {
      $0.sender == side && $0.tsVal != nil && !$0.isDuplicate && !$0.isInjected && !$0.isBad
    }
    guard stamped.count >= 4, let first = stamped.first, let last = stamped.last,
      last.time - first.time >= 50_000_000
    else { return }
    let reference = first.segment.tsVal
    let rate =
      Double(SeqNum.difference(last.segment.tsVal, reference)) / Double(last.time - first.time) * 1e9
    let near = [1000, 250, 100, 10, 1_000_000].first { abs(rate / Double($0) - 1) < 0.25 }
    guard let hz = near.map(Int64.init) else { return }
    endpoint.tsHz = hz
    endpoint.tsReference = reference
    endpoint.tsOffset =
      stamped.map {
        $0.time - Int64(SeqNum.difference($0.segment.tsVal, reference)) * 1_000_000_000 / hz
      }.min() ?? 0
  }
}
