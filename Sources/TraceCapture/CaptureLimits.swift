/// Every bound on what the outer form of a capture can make grow.
enum CaptureLimits {
  /// Octets read at once, and the size the record buffer starts with.
  static let blockOctets = 64 << 10
  /// Largest pcapng block that is taken for one (libpcap's own bound).
  static let blockLength: UInt32 = 16 << 20
  /// Frames handed over at once.
  static let batch = 64
  /// Interfaces of one capture, all sections together.
  static let interfaces = 65_536
  /// Sections that are described; later ones are read all the same.
  static let sections = 4_096
  /// Comments that are kept, and their octets together; the others are counted.
  static let comments = 4_096
  static let commentOctets = 1 << 20
  /// Octets of a name, description or filter text that are kept.
  static let textOctets = 4_096
  /// How far into a file its header is looked for: the largest section header libpcap takes, twice.
  static let headerOctets = 2 << 20
  /// Decompressed blocks that may lie ready before the reader takes them, and their size.
  static let readAheadBlocks = 8
  static let readAheadOctets = 256 << 10
  /// Octets of compressed input read at once.
  static let compressedOctets = 128 << 10

  /// The longest captured length that is taken for one on this link (libpcap's own bounds, save D-Bus's 128 MiB).
  static func capturedLength(_ linkType: UInt16) -> UInt32 {
    switch linkType {
    case 231, 279: 8 << 20  // D-Bus, EBHSCR
    case 249: 1 << 20  // USBPcap
    default: 262_144
    }
  }
}
