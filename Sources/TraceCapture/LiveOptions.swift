/// Which way frames pass an interface, seen from this machine.
public enum LiveDirection: String, Sendable, CaseIterable {
  case both, `in`, out
}

/// How interfaces are to be listened to.
public struct LiveOptions: Sendable {
  /// Interfaces by name; "any" is all of them (Linux).
  public var interfaces: [String]
  /// A BPF expression (pcap-filter(7)), run by the kernel where it can.
  public var filter: String?
  /// Longer frames are cut to this. Units: octets.
  public var snapLength: Int32 = 262_144
  /// What the kernel may hold for each interface before it drops. Units: octets.
  public var bufferOctets: Int32 = 32 << 20
  /// Take frames that are not for this machine.
  public var isPromiscuous = true
  public var direction = LiveDirection.both
  /// A pcap-tstamp(7) name, as `adapter`; nil for the system's own clock.
  public var timestampType: String?
  /// Deliver every frame at once instead of by the kernel's block.
  public var isImmediate = false
  /// Octets of frames that may lie between capture and analysis; beyond it frames wait in the kernel's buffer.
  public var queueOctets = 64 << 20
  /// Ends the capture after this many frames.
  public var maxFrames: UInt64?

  public init(interfaces: [String], filter: String? = nil) {
    self.interfaces = interfaces
    self.filter = filter
  }

  /// How long the kernel gathers frames before it hands over a block that is not full. Units: milliseconds.
  static let blockTimeout: Int32 = 20
  /// No frame is handed over later than this after its time stamp, while reading keeps up. Units: nanoseconds.
  public static let lag: Int64 = 80_000_000
  /// How often counters are asked for. Units: nanoseconds.
  static let countersInterval: Int64 = 250_000_000
  /// How long what the kernel still holds is read after a stop. Units: nanoseconds.
  static let drainTime: Int64 = 300_000_000
}
