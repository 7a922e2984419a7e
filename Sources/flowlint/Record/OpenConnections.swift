import TraceDecode

/// Which connections that a recording has seen are still open, to know when it may end.
///
/// Limits: 100,000 connections; with more it never says that all are closed.
struct OpenConnections {
  private struct Key: Hashable {
    var low: SocketAddress
    var high: SocketAddress
  }
  private struct Ends {
    /// What follows each side's FIN in its sequence space, once it has passed; the lower address first.
    var fin: (UInt32?, UInt32?) = (nil, nil)
    var acknowledged = (false, false)
    var isClosed = false
  }
  private var ends: [Key: Ends] = [:]
  private var open = 0
  private var isFull = false
  private var decoder = WireDecoder()
  private var segment = Segment()
  private static let most = 100_000

  /// Every connection seen was reset, or closed from both sides with both FINs acknowledged.
  var areAllClosed: Bool { open == 0 && !isFull }

  mutating func add(_ frame: Frame) {
    guard case .segment = decoder.decode(frame, into: &segment) else { return }
    let source = SocketAddress(address: segment.source, port: segment.sourcePort)
    let target = SocketAddress(address: segment.destination, port: segment.destinationPort)
    let isLow =
      source.address != target.address ? source.address < target.address : source.port <= target.port
    let key = isLow ? Key(low: source, high: target) : Key(low: target, high: source)
    var state = ends[key]
    if state == nil
      || state?.isClosed == true && segment.flags.contains(.syn) && !segment.flags.contains(.ack)
    {
      // A reset or a late ACK of what went before the recording opens nothing.
      guard !segment.flags.contains(.rst) else { return }
      guard ends.count < Self.most else {
        isFull = true
        return
      }
      state = Ends()
      open += 1
    }
    guard var state, !state.isClosed else { return }
    note(&state, isLow: isLow)
    if state.isClosed { open -= 1 }
    ends[key] = state
  }

  private func note(_ state: inout Ends, isLow: Bool) {
    if segment.flags.contains(.rst) {
      state.isClosed = true
      return
    }
    if segment.flags.contains(.fin) {
      let end = segment.seq &+ UInt32(truncatingIfNeeded: segment.payloadLength) &+ 1
      if isLow { state.fin.0 = end } else { state.fin.1 = end }
    }
    if segment.flags.contains(.ack) {
      // The other side's FIN, acknowledged by this one.
      if let end = isLow ? state.fin.1 : state.fin.0, Int32(bitPattern: segment.ack &- end) >= 0 {
        if isLow { state.acknowledged.1 = true } else { state.acknowledged.0 = true }
      }
    }
    state.isClosed = state.acknowledged.0 && state.acknowledged.1
  }
}
