/// One record of a capture, as a `CaptureSource` hands it over.
///
/// The bytes are borrowed: they stay valid until the source is asked for its next batch.
public struct Frame {
  /// Number of the record in its capture, from 1; every record counts, TCP or not.
  public var number: UInt64
  /// Capture time. Units: nanoseconds since the Unix epoch.
  public var time: Int64
  /// Byte offset of the record's header in its file; 0 when live.
  public var recordOffset: UInt64
  /// The captured octets, from the link header on.
  public var bytes: UnsafeRawBufferPointer
  /// Octets the frame had on the wire, which `bytes` may fall short of (snapshot length).
  public var wireLength: UInt32
  /// LINKTYPE_ value of the interface (tcpdump.org/linktypes.html).
  public var linkType: LinkType
  /// Index of the interface within the capture.
  public var interface: UInt32

  public init(
    number: UInt64, time: Int64, recordOffset: UInt64 = 0, bytes: UnsafeRawBufferPointer,
    wireLength: UInt32, linkType: LinkType, interface: UInt32 = 0
  ) {
    self.number = number
    self.time = time
    self.recordOffset = recordOffset
    self.bytes = bytes
    self.wireLength = wireLength
    self.linkType = linkType
    self.interface = interface
  }
}

/// A LINKTYPE_ value (tcpdump.org/linktypes.html).
public struct LinkType: RawRepresentable, Hashable, Sendable {
  public var rawValue: UInt16
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  public static let null = LinkType(rawValue: 0)
  public static let ethernet = LinkType(rawValue: 1)
  public static let ppp = LinkType(rawValue: 9)
  public static let fddi = LinkType(rawValue: 10)
  public static let rawOld = LinkType(rawValue: 12)
  public static let pppHDLC = LinkType(rawValue: 50)
  public static let pppEthernet = LinkType(rawValue: 51)
  public static let raw = LinkType(rawValue: 101)
  public static let cHDLC = LinkType(rawValue: 104)
  public static let ieee80211 = LinkType(rawValue: 105)
  public static let frameRelay = LinkType(rawValue: 107)
  public static let loop = LinkType(rawValue: 108)
  public static let linuxSLL = LinkType(rawValue: 113)
  public static let ieee80211Radiotap = LinkType(rawValue: 127)
  public static let ppi = LinkType(rawValue: 192)
  public static let ipv4 = LinkType(rawValue: 228)
  public static let ipv6 = LinkType(rawValue: 229)
  public static let linuxSLL2 = LinkType(rawValue: 276)
}
