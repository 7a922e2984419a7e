/// What an MPTCP option says of who is speaking (RFC 8684 3.1, 3.2).
public enum MPTCPSignal: Sendable, Hashable {
  /// MP_CAPABLE with the sender's key, and the version of the protocol.
  case key(UInt64, version: UInt8)
  /// MP_JOIN on a SYN: the token of the connection that the receiver knows.
  case join(UInt32)
  case other

  init(_ octets: Octets, at: Int, length: Int) {
    let kind = octets.u8(at + 2)
    switch (kind >> 4, length) {
    case (0, 12...):
      let key = UInt64(octets.u32(at + 4)) << 32 | UInt64(octets.u32(at + 8))
      self = .key(key, version: kind & 15)
    case (1, 12): self = .join(octets.u32(at + 4))
    default: self = .other
    }
  }
}

/// One side of a Multipath TCP connection.
public struct MPTCPIdentity: Sendable, Hashable {
  /// Its key, where a subflow that opens the connection was captured.
  public var key: UInt64?
  public var version: UInt8
  /// Its token, where only a joining subflow was.
  public var token: UInt32?

  public init(key: UInt64? = nil, version: UInt8 = 0, token: UInt32? = nil) {
    self.key = key
    self.version = version
    self.token = token
  }
}
