/// What every segment adds, ordinary or not.
extension Direction {
  /// Counts a frame, whatever it may repeat.
  @inline(__always)
  mutating func count(frame s: borrowing Segment) {
    packets &+= 1
    octetsIP &+= UInt64(s.packetLength)
    ttlMin = min(ttlMin, s.ttl)
    ttlMax = max(ttlMax, s.ttl)
    known.insert(.segment)
  }

  /// Counts a segment that is no copy.
  @inline(__always)
  mutating func count(segment s: borrowing Segment) {
    let bits = s.flags.rawValue
    flagsUnion |= bits
    ackCount &+= UInt32(bits &>> 4 & 1)
    pshCount &+= UInt32(bits &>> 3 & 1)
    if s.payloadLength > 0 {
      if dataPackets == 0 { firstDataTime = s.time }
      lastDataTime = s.time
      dataPackets &+= 1
      octetsPayload &+= UInt64(s.payloadLength)
      maxSegment = max(maxSegment, s.payloadLength)
    } else if bits & 0x17 == 0x10 {
      pureAcks &+= 1
    }
    if bits & 0x07 != 0 {
      if s.flags.contains(.syn) { synCount &+= 1 }
      if s.flags.contains(.fin) { finCount &+= 1 }
      if s.flags.contains(.rst) { rstCount &+= 1 }
    }
  }

  /// Notes the window it grants, on any segment but a SYN.
  @inline(__always)
  mutating func advertise(_ window: UInt32) {
    self.window = window
    windowMin = min(windowMin, window)
    windowMax = max(windowMax, window)
    if window == 0, zeroWindows < .max { zeroWindows &+= 1 }
  }

  /// Learns from a segment of its own that is neither copy nor foreign.
  @inline(__always)
  mutating func learn(_ r: borrowing SegmentRecord) {
    learnClock(copy r)
    lastTime = r.time
    lastTSVal = r.tsVal
    if r.ipID != 0 { lastIPID = r.ipID }
  }
}
