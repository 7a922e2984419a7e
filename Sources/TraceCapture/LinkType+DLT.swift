import CPcap
import TraceDecode

// A LINKTYPE_ value is what files carry, a DLT_ value what libpcap works with; they differ where systems
// have given one number several meanings (pcap-linktype(7), libpcap's pcap-common.c).
extension LinkType {
  /// LINKTYPE_ values that are not their own DLT_ value.
  private static let mapped: [(link: UInt16, dlt: Int32)] = [
    (100, DLT_ATM_RFC1483), (101, DLT_RAW), (102, DLT_SLIP_BSDOS), (103, DLT_PPP_BSDOS), (106, DLT_ATM_CLIP),
    (246, DLT_PFSYNC), (258, DLT_PKTAP),
  ]

  /// What libpcap calls this link type on this system.
  var dlt: Int32 { Self.mapped.first { $0.link == rawValue }?.dlt ?? Int32(rawValue) }

  /// The link type of a DLT_ value; nil for a value no file can carry.
  init?(dlt: Int32) {
    if let link = Self.mapped.first(where: { $0.dlt == dlt })?.link {
      self.init(rawValue: link)
    } else if let raw = UInt16(exactly: dlt) {
      self.init(rawValue: raw)
    } else {
      return nil
    }
  }

  /// The link type that a value found in a file means: some files carry this system's DLT_ value instead.
  init(inFile value: UInt16) {
    let link = LinkType(rawValue: value)
    self = LinkType(dlt: link.dlt) ?? link
  }

  /// libpcap rewrites the link header of such frames for the byte order of this machine, so that they must be
  /// read by it: PFLOG, the two Linux USB types, NFLOG.
  var isRewrittenByLibpcap: Bool { [117, 189, 220, 239].contains(rawValue) }

  /// libpcap's name, as `EN10MB`; the number where it has none.
  public var name: String {
    pcap_datalink_val_to_name(dlt).map { String(cString: $0) } ?? "LINKTYPE \(rawValue)"
  }
}
