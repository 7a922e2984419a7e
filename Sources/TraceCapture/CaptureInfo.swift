import TraceDecode

/// What a capture says of itself, and what was found while it was read.
public struct CaptureInfo: Sendable {
  public var path: String
  public var format: CaptureFormat
  public var compression: Compression?
  /// Byte order of the file, or of its first section.
  public var byteOrder: ByteOrder
  /// Version in the file's header, as "2.4".
  public var version: String
  /// Which reader walks the records.
  public var reader: ReaderChoice
  /// Sections of a pcapng file in order; one for every other format. Limits: the first 4,096.
  public var sections: [CaptureSection] = []
  /// Interfaces in the order `Frame.interface` counts them.
  public var interfaces: [CaptureInterface] = []
  /// Limits: the first 4,096 and 1 MiB of text; `commentsOmitted` counts the others.
  public var comments: [CaptureComment] = []
  public var commentsOmitted: UInt64 = 0
  /// Records so far, those the filter rejected included.
  public var frames: UInt64 = 0
  /// Frames the capturing system lost, as counted in the packet records themselves; nil where none says.
  public var dropsInRecords: UInt64?
  /// Why the capture ends before its file does, or in the middle of a record.
  public var damage: CaptureDamage?
  /// Sections that could not be understood and were passed over.
  public var sectionsSkipped: UInt64 = 0
  /// Link types the filter could not be compiled for, whose frames were therefore all rejected, and why.
  public var filterRefusals: [FilterRefusal] = []

  public init(
    path: String, format: CaptureFormat, compression: Compression? = nil, byteOrder: ByteOrder,
    version: String, reader: ReaderChoice
  ) {
    self.path = path
    self.format = format
    self.compression = compression
    self.byteOrder = byteOrder
    self.version = version
    self.reader = reader
  }

  /// Byte offset of the record the capture breaks off in; nil when it is whole.
  ///
  /// Space: octets of the uncompressed capture.
  public var truncatedAt: UInt64? { damage?.offset }

  /// Link types of the interfaces, each once, in order of appearance.
  public var linkTypes: [LinkType] {
    var seen: [LinkType] = []
    for interface in interfaces where !seen.contains(interface.linkType) { seen.append(interface.linkType) }
    return seen
  }

  /// Snapshot lengths of the interfaces, each once, in order of appearance.
  public var snapLengths: [UInt32] {
    var seen: [UInt32] = []
    for interface in interfaces where !seen.contains(interface.snapLength) {
      seen.append(interface.snapLength)
    }
    return seen
  }

  /// Frames dropped by the interfaces for want of room in the capture; nil where no interface says.
  public var droppedByInterface: UInt64? { sum(\.droppedByInterface) }
  /// Frames dropped by the operating system; nil where no interface says.
  public var droppedBySystem: UInt64? { sum(\.droppedBySystem) }

  /// Frames that the capturing system's filter let through; nil where no interface says.
  public var acceptedByFilter: UInt64? { sum(\.acceptedByFilter) }

  private func sum(_ counter: KeyPath<InterfaceStatistics, UInt64?>) -> UInt64? {
    let counts = interfaces.compactMap { $0.statistics?[keyPath: counter] }
    return counts.isEmpty ? nil : counts.reduce(0, &+)
  }

  /// What the first section that says so was captured on and with.
  public var hardware: String? { sections.lazy.compactMap(\.hardware).first }
  public var operatingSystem: String? { sections.lazy.compactMap(\.operatingSystem).first }
  public var application: String? { sections.lazy.compactMap(\.application).first }
}

/// The form of a saved capture.
public enum CaptureFormat: String, Sendable {
  case pcap
  /// Classic pcap with nanosecond time stamps.
  case pcapNanoseconds = "pcap-ns"
  /// Classic pcap as modified by A. Kuznetsov's libpcap, with longer record headers.
  case pcapModified = "pcap-modified"
  case pcapng
  /// Frames as they come from an interface.
  case live

  /// Is it one of the forms of classic pcap?
  public var isClassic: Bool { self == .pcap || self == .pcapNanoseconds || self == .pcapModified }
}

public enum Compression: String, Sendable {
  case gzip
  case zstd
}

public enum ByteOrder: String, Sendable {
  case little
  case big

  /// The byte order of this machine.
  static var native: ByteOrder { 1.littleEndian == 1 ? .little : .big }
  var swapped: ByteOrder { self == .little ? .big : .little }
}

/// One section of a pcapng file.
public struct CaptureSection: Sendable, Equatable {
  /// Of its header block.
  public var offset: UInt64
  public var byteOrder: ByteOrder
  public var hardware: String?
  public var operatingSystem: String?
  public var application: String?

  public init(offset: UInt64, byteOrder: ByteOrder) {
    self.offset = offset
    self.byteOrder = byteOrder
  }
}

/// One interface frames were captured on.
public struct CaptureInterface: Sendable, Equatable {
  /// Index into `CaptureInfo.sections`, by count.
  public var section: UInt32 = 0
  public var linkType: LinkType
  /// Units: octets. As written in the file; 0 is no limit.
  public var snapLength: UInt32
  public var name: String?
  public var description: String?
  /// The filter the capture was taken with, as far as it is text.
  public var filter: String?
  public var operatingSystem: String?
  public var hardware: String?
  /// Units: bits per second.
  public var speed: UInt64?
  public var resolution: TimeResolution = .microseconds
  /// What is added to every time stamp. Units: seconds.
  public var timeOffset: Int64 = 0
  /// Octets of frame check sequence at the end of each frame; nil where unknown.
  public var frameCheckOctets: UInt8?
  public var statistics: InterfaceStatistics?

  public init(linkType: LinkType, snapLength: UInt32) {
    self.linkType = linkType
    self.snapLength = snapLength
  }
}

/// The unit of an interface's time stamps.
public enum TimeResolution: Sendable, Equatable, CustomStringConvertible {
  /// 10^-n seconds.
  case decimal(UInt8)
  /// 2^-n seconds.
  case binary(UInt8)

  public static let microseconds = TimeResolution.decimal(6)
  public static let nanoseconds = TimeResolution.decimal(9)

  public var description: String {
    switch self {
    case .decimal(3): "ms"
    case .decimal(6): "us"
    case .decimal(9): "ns"
    case .decimal(let exponent): "10^-\(exponent) s"
    case .binary(let exponent): "2^-\(exponent) s"
    }
  }
}

/// The last counters written for an interface; each nil where not written.
public struct InterfaceStatistics: Sendable, Equatable {
  public var received: UInt64?
  /// Dropped by the interface, for want of room.
  public var droppedByInterface: UInt64?
  public var acceptedByFilter: UInt64?
  public var droppedBySystem: UInt64?
  public var delivered: UInt64?

  public init() {}
}

/// A comment someone put into the capture.
public struct CaptureComment: Sendable, Equatable {
  public enum Subject: Sendable, Equatable {
    case section(UInt32)
    case interface(UInt32)
    case frame(UInt64)
  }
  public var subject: Subject
  public var text: String

  public init(subject: Subject, text: String) {
    self.subject = subject
    self.text = text
  }
}

/// Where and why a capture breaks off.
public struct CaptureDamage: Sendable, Equatable {
  public enum Kind: String, Sendable {
    /// The file ends within a record.
    case cut
    /// A length or type contradicts the format.
    case corrupt
    /// Nothing wrong with the file, but this reader stops here.
    case unsupported
    /// The system failed to deliver the rest.
    case unreadable
  }
  public var kind: Kind
  /// Of the record that could not be read. Space: octets of the uncompressed capture. Nil where libpcap reads.
  public var offset: UInt64?
  /// What was found and what was expected, as a clause without a final stop.
  public var reason: String
  /// Whole records before it.
  public var framesBefore: UInt64

  public init(kind: Kind, offset: UInt64?, reason: String, framesBefore: UInt64) {
    self.kind = kind
    self.offset = offset
    self.reason = reason
    self.framesBefore = framesBefore
  }
}

/// A link type the filter means nothing for.
public struct FilterRefusal: Sendable, Equatable {
  public var linkType: LinkType
  /// libpcap's words.
  public var reason: String
}
