import TraceDecode

/// The header of a classic pcap file (pcap-savefile(5)) and what follows from it for every record.
struct ClassicHeader {
  static let length = 24

  /// Which length comes first in a record's header.
  enum LengthOrder {
    case capturedFirst
    /// Before version 2.3, and in DG/UX's files.
    case wireFirst
    /// Version 2.3 was written both ways: the smaller one is the captured length.
    case smallerFirst
  }

  var format: CaptureFormat
  /// The file's byte order is not this machine's.
  var swapped: Bool
  var major: UInt16
  var minor: UInt16
  var snapLength: UInt32
  /// The link type field with its flags.
  var linkField: UInt32

  /// The form that a file's first four octets announce; nil if they are no magic number of classic pcap.
  static func recognise(_ head: [UInt8]) -> (format: CaptureFormat, swapped: Bool)? {
    guard head.count >= 4 else { return nil }
    let magic = head.withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) }
    func format(_ magic: UInt32) -> CaptureFormat? {
      switch magic {
      case 0xa1b2_c3d4: .pcap
      case 0xa1b2_3c4d: .pcapNanoseconds
      case 0xa1b2_cd34: .pcapModified
      default: nil
      }
    }
    if let format = format(magic) { return (format, false) }
    if let format = format(magic.byteSwapped) { return (format, true) }
    return nil
  }

  /// Nil if `head` is shorter than a header or starts otherwise; the version is not judged.
  init?(_ head: [UInt8]) {
    guard head.count >= Self.length, let (format, swapped) = Self.recognise(head) else { return nil }
    self.format = format
    self.swapped = swapped
    (major, minor, snapLength, linkField) = head.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return (0, 0, 0, 0) }
      return (
        start.half(4, swapped: swapped), start.half(6, swapped: swapped), start.word(16, swapped: swapped),
        start.word(20, swapped: swapped)
      )
    }
  }

  /// Bits 16-25 are reserved: a file that sets them means something no reader knows.
  var hasReservedBits: Bool { linkField & 0x03ff_0000 != 0 }

  var linkType: LinkType { LinkType(inFile: UInt16(truncatingIfNeeded: linkField)) }

  /// Units: octets. Bit 26 says that bits 28-31 count the check sequence in 16-bit words.
  var frameCheckOctets: UInt8? { linkField & 0x0400_0000 == 0 ? nil : UInt8(linkField >> 28) * 2 }

  var lengthOrder: LengthOrder {
    switch (major, minor) {
    case (543, _), (2, 0...2): .wireFirst
    case (2, 3): .smallerFirst
    default: .capturedFirst
    }
  }

  /// 16 octets of times and lengths; Kuznetsov's form adds interface index, protocol and packet type.
  var recordHeaderLength: Int { format == .pcapModified ? 24 : 16 }

  /// What captured lengths are cut to, as libpcap does.
  var effectiveSnapLength: UInt32 {
    var length = effectiveSnap(snapLength, linkType.rawValue)
    // A cooked capture has a made-up Ethernet header on top of the snapshot length.
    if format == .pcapModified, linkType == .ethernet { length = min(length, UInt32(Int32.max) - 14) + 14 }
    return length
  }
}

/// A snapshot length as libpcap understands it: none or absurd is the largest there is.
func effectiveSnap(_ snapLength: UInt32, _ linkType: UInt16) -> UInt32 {
  snapLength == 0 || snapLength > UInt32(Int32.max) ? CaptureLimits.capturedLength(linkType) : snapLength
}
