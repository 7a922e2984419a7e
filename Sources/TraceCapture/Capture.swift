import CPcap
import TraceDecode

/// The door to saved captures.
public enum Capture {
  /// Opens one saved capture: classic pcap or pcapng, plain or compressed with gzip or zstd, whatever its name;
  /// "-" is standard input.
  ///
  /// Errors: a file that cannot be opened or is no capture, and a filter libpcap refuses. Damage further on is
  /// no error: see `CaptureSource.nextBatch`.
  public static func open(path: String, options: CaptureOptions = CaptureOptions()) throws(CaptureError)
    -> any CaptureSource
  {
    try open(path: path, options: options, numbering: Numbering())
  }

  /// Opens a capture that is in memory; `name` stands for its path.
  public static func open(
    bytes: [UInt8], name: String = "(memory)", options: CaptureOptions = CaptureOptions()
  ) throws(CaptureError) -> any CaptureSource {
    try Opening(path: name, options: options, numbering: Numbering()).open(MemoryByteSource(bytes))
  }

  /// Opens the files of one recording, given in any order, as one capture: ordered by the time of their first
  /// frames, then by name, with frames and interfaces numbered through.
  ///
  /// Errors: as `open(path:options:)`, for the first of them that cannot be read.
  public static func open(joining paths: [String], options: CaptureOptions = CaptureOptions())
    throws(CaptureError) -> JoinedSource
  {
    try JoinedSource(paths, options: options)
  }

  static func open(path: String, options: CaptureOptions, numbering: Numbering) throws(CaptureError)
    -> any CaptureSource
  {
    let file = try FileByteSource.open(path: path)
    let stream: any ByteSource = options.follow.map { GrowingByteSource(file, $0) } ?? file
    return try Opening(path: path, options: options, numbering: numbering).open(stream)
  }
}

/// The steps from a stream of octets to a reader.
struct Opening {
  let path: String
  let options: CaptureOptions
  let numbering: Numbering

  func open(_ file: any ByteSource) throws(CaptureError) -> any CaptureSource {
    let (source, compression) = Self.unpack(file)
    return try open(source, compression)
  }

  /// The capture itself, its first four octets peeked at, and what it was packed with.
  static func unpack(_ file: any ByteSource) -> (PeekableByteSource, Compression?) {
    let stored = PeekableByteSource(file)
    stored.peek(4)
    guard let compression = compression(stored.head) else { return (stored, nil) }
    let unpacker: any ByteSource =
      switch compression {
      case .gzip: GzipByteSource(stored)
      case .zstd: ZstdByteSource(stored)
      }
    let unpacked = PeekableByteSource(ReadAheadByteSource(unpacker))
    unpacked.peek(4)
    return (unpacked, compression)
  }

  private static func compression(_ head: [UInt8]) -> Compression? {
    if head.starts(with: [0x1f, 0x8b]) { return .gzip }
    if head.starts(with: [0x28, 0xb5, 0x2f, 0xfd]) { return .zstd }
    // A zstd file may begin with a skippable frame.
    if head.count >= 4, head[0] & 0xf0 == 0x50, head[1...3].elementsEqual([0x2a, 0x4d, 0x18]) {
      return .zstd
    }
    return nil
  }

  private func open(_ source: PeekableByteSource, _ compression: Compression?) throws(CaptureError)
    -> any CaptureSource
  {
    if ClassicHeader.recognise(source.head) != nil { return try openClassic(source, compression) }
    if PcapngHeader.recognise(source.head) { return try openPcapng(source, compression) }
    // Not one of the two forms known today; a later libpcap may know it.
    source.peek(FormatSniffer.octets)
    if !source.head.isEmpty, case .handle = check(source) {
      let info = CaptureInfo(
        path: path, format: .pcap, compression: compression, byteOrder: .native, version: "", reader: .libpcap
      )
      return try openLibpcap(source, info)
    }
    throw noCapture(source, compression)
  }

  // MARK: The two forms

  private func openClassic(_ source: PeekableByteSource, _ compression: Compression?) throws(CaptureError)
    -> any CaptureSource
  {
    source.peek(ClassicHeader.length)
    if case .refused(let message) = check(source) {
      throw refusal(message, source, compression, form: "pcap")
    }
    guard let header = ClassicHeader(source.head) else {
      throw refusal("its header is no whole one", source, compression, form: "pcap")
    }
    if header.hasReservedBits {
      let field = String(header.linkField, radix: 16)
      throw CaptureError(
        path: path, offset: 20,
        problem: "link type field 0x\(field) has reserved bits set, expected a LINKTYPE_ value below 65536",
        remedy: "the header is damaged, or was written by a program newer than this one")
    }
    if usesLibpcap(header.linkType) {
      return try openLibpcap(source, header.info(path: path, compression: compression, reader: .libpcap))
    }
    let walk = ClassicWalk(header, path: path, compression: compression, numbering: numbering)
    return RecordReader(
      walk, source: source, filter: try filter(header.linkType), maxFrames: options.maxFrames)
  }

  private func openPcapng(_ source: PeekableByteSource, _ compression: Compression?) throws(CaptureError)
    -> any CaptureSource
  {
    var scan = PcapngHeader.scan(source.head, complete: source.ended)
    while case .needs(let count) = scan, count <= CaptureLimits.headerOctets {
      source.peek(count)
      scan = PcapngHeader.scan(source.head, complete: source.ended)
    }
    let verdict = check(source)
    guard case .found(let start) = scan else {
      guard case .refused(let message) = verdict else {
        throw refusal("its first blocks make no sense", source, compression, form: "pcapng")
      }
      throw refusal(message, source, compression, form: "pcapng")
    }
    // Without an interface there is no packet: nothing libpcap could hand out, but no reason to refuse.
    if start.linkType != nil, case .refused(let message) = verdict {
      throw refusal(message, source, compression, form: "pcapng")
    }
    if case .handle = verdict, let linkType = start.linkType, usesLibpcap(linkType) {
      let info = CaptureInfo(
        path: path, format: .pcapng, compression: compression, byteOrder: start.byteOrder,
        version: start.version, reader: .libpcap)
      return try openLibpcap(source, info)
    }
    let walk = PcapngWalk(start, path: path, compression: compression, numbering: numbering)
    return RecordReader(
      walk, source: source, filter: try filter(start.linkType ?? .ethernet), maxFrames: options.maxFrames)
  }

  private func usesLibpcap(_ linkType: LinkType) -> Bool {
    switch options.reader {
    case .libpcap: true
    case .record: false
    case .automatic: linkType.isRewrittenByLibpcap
    }
  }

  private func filter(_ linkType: LinkType) throws(CaptureError) -> BPFFilter? {
    guard let expression = options.filter else { return nil }
    return try BPFFilter(expression, for: linkType, path: path)
  }

  // MARK: libpcap

  /// What libpcap says of the header, without consuming it.
  private func check(_ source: PeekableByteSource) -> LibpcapHandle.Opened {
    LibpcapHandle.open(MemoryByteSource(source.head))
  }

  private func openLibpcap(_ source: PeekableByteSource, _ info: CaptureInfo) throws(CaptureError)
    -> any CaptureSource
  {
    switch LibpcapHandle.open(source) {
    case .refused(let message): throw refusal(message, source, info.compression, form: "pcap")
    case .handle(let opened):
      return LibpcapReader(
        opened, info: info, source: source, filter: try filter(LibpcapReader.linkType(opened)),
        maxFrames: options.maxFrames, numbering: numbering)
    }
  }

  // MARK: Refusals

  private func refusal(
    _ message: String, _ source: PeekableByteSource, _ compression: Compression?, form: String
  ) -> CaptureError {
    let inside = compression.map { " inside \($0.rawValue)" } ?? ""
    if let fault = source.fault {
      return CaptureError(
        path: path, problem: "\(form)\(inside) that breaks off within its header: \(fault.reason)",
        remedy: "copy the file again")
    }
    if source.ended, source.head.count < ClassicHeader.length || message.hasPrefix("truncated") {
      return CaptureError(
        path: path, offset: UInt64(source.head.count),
        problem: "\(form)\(inside) that ends within its header, after \(source.head.count) octets",
        remedy: "record or copy it again; there is no packet in it")
    }
    return CaptureError(
      path: path, problem: "\(form)\(inside) whose header libpcap refuses: \(message)",
      remedy: "the header is damaged or of a version nobody reads; Wireshark's `editcap IN OUT` may mend it")
  }

  private func noCapture(_ source: PeekableByteSource, _ compression: Compression?) -> CaptureError {
    let inside = compression.map { "\($0.rawValue) of " } ?? ""
    let expected = "expected pcap or pcapng, plain or compressed with gzip or zstd"
    if let fault = source.fault {
      return CaptureError(
        path: path, problem: "cannot be read: \(fault.reason)", remedy: "copy the file again")
    }
    if source.head.isEmpty {
      return CaptureError(
        path: path, problem: "\(inside)no octets at all, \(expected)",
        remedy: "the recording was stopped before its header was written, or the copy failed")
    }
    if let nested = Self.compression(source.head) {
      return CaptureError(
        path: path, problem: "\(inside)\(nested.rawValue), \(expected) once", remedy: "unpack it once first")
    }
    if let guess = FormatSniffer.guess(source.head) {
      return CaptureError(
        path: path, problem: "\(inside)\(guess.name), \(expected)", remedy: guess.remedy)
    }
    let magic = source.head.prefix(4).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(
      separator: " ")
    return CaptureError(
      path: path, problem: "\(inside)no capture (it starts with the octets \(magic)), \(expected)",
      remedy: "Wireshark's `editcap -F pcapng IN OUT.pcapng` converts the captures it knows")
  }
}
