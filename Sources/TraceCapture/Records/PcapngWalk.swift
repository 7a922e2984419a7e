import TraceDecode

/// Walks the blocks of a pcapng file (draft-ietf-opsawg-pcapng): any number of sections, of either byte
/// order, whose interfaces may differ in link type, snapshot length and time resolution.
struct PcapngWalk: RecordWalk {
  /// What a packet needs to know of its interface.
  private struct Interface {
    var linkType: LinkType
    var snapLength: UInt32
    var longest: UInt32
    var scale: TimeScale
  }

  private(set) var info: CaptureInfo
  private(set) var nextFrame: UInt64
  private let numbering: Numbering
  private var commentOctets = 0

  // The section being read.
  private var swapped = false
  private var section: UInt32 = 0
  private var inSection = false
  /// A section of a version nobody knows: its blocks are passed over.
  private var skipping = false
  private var interfaces: ContiguousArray<Interface> = []
  /// Index in the capture of the section's first interface.
  private var firstInterface = 0

  init(_ start: PcapngHeader.Start, path: String, compression: Compression?, numbering: Numbering) {
    self.numbering = numbering
    nextFrame = numbering.frame
    info = CaptureInfo(
      path: path, format: .pcapng, compression: compression, byteOrder: start.byteOrder,
      version: start.version,
      reader: .record)
  }

  var headerLength: Int { 0 }

  mutating func walk(
    _ bytes: UnsafeRawBufferPointer, at offset: UInt64, into frames: UnsafeMutableBufferPointer<Frame>
  ) -> WalkStep {
    var step = WalkStep()
    guard let start = bytes.baseAddress, let room = frames.baseAddress else {
      step.stop = .needs(12)
      return step
    }
    var cursor = 0
    var count = 0
    while count < frames.count {
      let left = bytes.count - cursor
      guard left >= 12 else {
        step.stop = .needs(12)
        break
      }
      let block = start + cursor
      var type = block.word(0, swapped: swapped)
      if type == PcapngHeader.sectionBlock {
        // The byte order of this very block is in its body.
        guard left >= 28 else {
          step.stop = .needs(28)
          break
        }
        guard takeByteOrder(block) else {
          step.stop = .damaged(.corrupt, "a section header has no byte-order magic 0x1a2b3c4d")
          break
        }
        type = PcapngHeader.sectionBlock
      }
      let length = block.word(4, swapped: swapped)
      if let problem = Self.problem(type: type, length: length) {
        step.stop = .damaged(.corrupt, problem)
        break
      }
      guard left >= Int(length) else {
        step.stop = .needs(Int(length))
        break
      }
      let trailer = block.word(Int(length) - 4, swapped: swapped)
      // libpcap does not look at the second length of the file's first block, and nor does this.
      if trailer != length, inSection {
        step.stop = .damaged(.corrupt, "a block of \(length) octets ends with the length \(trailer)")
        break
      }
      let body = UnsafeRawBufferPointer(start: block + 8, count: Int(length) - 12)
      let place = offset &+ UInt64(cursor)
      if !skipping || type == PcapngHeader.sectionBlock {
        switch take(type, body, at: place) {
        case .packet(let frame):
          (room + count).initialize(to: frame)
          count += 1
        case .other: break
        case .damaged(let problem):
          step.stop = .damaged(.corrupt, problem)
          step.consumed = cursor
          step.frames = count
          return step
        }
      }
      cursor += Int(length)
    }
    step.consumed = cursor
    step.frames = count
    return step
  }

  private mutating func takeByteOrder(_ block: UnsafeRawPointer) -> Bool {
    switch block.word(8, swapped: false) {
    case PcapngHeader.byteOrderMagic: swapped = false
    case PcapngHeader.byteOrderMagic.byteSwapped: swapped = true
    default: return false
    }
    return true
  }

  /// What is wrong with a block of this length.
  private static func problem(type: UInt32, length: UInt32) -> String? {
    if length < 12 { return "a block of type \(type) claims \(length) octets, where 12 are the least" }
    if length % 4 != 0 { return "a block of type \(type) claims \(length) octets, which is no multiple of 4" }
    if length > CaptureLimits.blockLength {
      return
        "a block of type \(type) claims \(length) octets, where \(CaptureLimits.blockLength) are the most"
    }
    return nil
  }

  private enum Taken {
    case packet(Frame)
    case other
    case damaged(String)
  }

  @inline(__always)
  private mutating func take(_ type: UInt32, _ body: UnsafeRawBufferPointer, at offset: UInt64) -> Taken {
    switch type {
    case 6: return enhancedPacket(body, at: offset)
    case 3: return simplePacket(body, at: offset)
    case 2: return obsoletePacket(body, at: offset)
    case PcapngHeader.sectionBlock: return sectionHeader(body, at: offset)
    case 1: return interfaceDescription(body)
    case 5: interfaceStatistics(body)
    default: break  // names, secrets, journal, custom, unknown
    }
    return .other
  }

  // MARK: Packets

  @inline(__always)
  private mutating func enhancedPacket(_ body: UnsafeRawBufferPointer, at offset: UInt64) -> Taken {
    guard body.count >= 20, let start = body.baseAddress else {
      return .damaged("an enhanced packet block is too short for its fixed fields")
    }
    let captured = start.word(12, swapped: swapped)
    let stamp =
      UInt64(start.word(4, swapped: swapped)) << 32 | UInt64(start.word(8, swapped: swapped))
    let taken = packet(
      interface: start.word(0, swapped: swapped), stamp: stamp, captured: captured,
      wire: start.word(16, swapped: swapped), data: UnsafeRawBufferPointer(rebasing: body[20...]), at: offset)
    let used = 20 + (Int(captured) + 3) & ~3
    if body.count > used, case .packet(let frame) = taken {
      packetOptions(UnsafeRawBufferPointer(rebasing: body[used...]), frame: frame.number, obsolete: false)
    }
    return taken
  }

  private mutating func simplePacket(_ body: UnsafeRawBufferPointer, at offset: UInt64) -> Taken {
    guard body.count >= 4, let start = body.baseAddress else {
      return .damaged("a simple packet block is too short for its length")
    }
    let wire = start.word(0, swapped: swapped)
    // The captured length is not written: it is what the first interface's snapshot length leaves.
    let captured = min(wire, interfaces.first?.snapLength ?? wire)
    return packet(
      interface: 0, stamp: 0, captured: captured, wire: wire,
      data: UnsafeRawBufferPointer(rebasing: body[4...]), at: offset, timeless: true)
  }

  private mutating func obsoletePacket(_ body: UnsafeRawBufferPointer, at offset: UInt64) -> Taken {
    guard body.count >= 20, let start = body.baseAddress else {
      return .damaged("a packet block is too short for its fixed fields")
    }
    let drops = start.half(2, swapped: swapped)
    if drops != 0xffff { addDrops(UInt64(drops)) }
    let captured = start.word(12, swapped: swapped)
    let stamp =
      UInt64(start.word(4, swapped: swapped)) << 32 | UInt64(start.word(8, swapped: swapped))
    let taken = packet(
      interface: UInt32(start.half(0, swapped: swapped)), stamp: stamp, captured: captured,
      wire: start.word(16, swapped: swapped), data: UnsafeRawBufferPointer(rebasing: body[20...]), at: offset)
    let used = 20 + (Int(captured) + 3) & ~3
    if body.count > used, case .packet(let frame) = taken {
      packetOptions(UnsafeRawBufferPointer(rebasing: body[used...]), frame: frame.number, obsolete: true)
    }
    return taken
  }

  @inline(__always)
  private mutating func packet(
    interface id: UInt32, stamp: UInt64, captured: UInt32, wire: UInt32, data: UnsafeRawBufferPointer,
    at offset: UInt64, timeless: Bool = false
  ) -> Taken {
    guard Int(id) < interfaces.count else {
      return .damaged("a packet names interface \(id), but its section describes \(interfaces.count)")
    }
    let interface = interfaces[Int(id)]
    guard Int(captured) <= data.count, captured <= interface.longest else {
      return .damaged(
        captured > interface.longest
          ? "a packet claims \(captured) captured octets, where \(interface.longest) are the most there can be"
          : "a packet claims \(captured) captured octets in a block that has room for \(data.count)")
    }
    let frame = Frame(
      number: nextFrame, time: timeless ? 0 : interface.scale.nanoseconds(stamp), recordOffset: offset,
      bytes: UnsafeRawBufferPointer(start: data.baseAddress, count: Int(captured)), wireLength: wire,
      linkType: interface.linkType,
      interface: numbering.interface &+ UInt32(truncatingIfNeeded: firstInterface) &+ id)
    nextFrame &+= 1
    return .packet(frame)
  }

  private mutating func packetOptions(_ bytes: UnsafeRawBufferPointer, frame: UInt64, obsolete: Bool) {
    var options = PcapngOptions(bytes, swapped: swapped)
    while let option = options.next() {
      switch option.code {
      case PcapngOptions.comment: comment(.frame(frame), option)
      // epb_dropcount; the obsolete block counts in a field.
      case 4 where !obsolete: if let drops = option.number { addDrops(drops) }
      default: break
      }
    }
  }

  private mutating func addDrops(_ count: UInt64) {
    info.dropsInRecords = (info.dropsInRecords ?? 0) &+ count
  }

  private mutating func comment(_ subject: CaptureComment.Subject, _ option: PcapngOptions.Option) {
    let text = option.text
    guard info.comments.count < CaptureLimits.comments,
      commentOctets + text.utf8.count <= CaptureLimits.commentOctets
    else {
      info.commentsOmitted &+= 1
      return
    }
    commentOctets += text.utf8.count
    info.comments.append(CaptureComment(subject: subject, text: text))
  }

  // MARK: Sections and interfaces

  private mutating func sectionHeader(_ body: UnsafeRawBufferPointer, at offset: UInt64) -> Taken {
    guard body.count >= 16, let start = body.baseAddress else {
      return .damaged("a section header block is too short for its fixed fields")
    }
    if inSection { section &+= 1 }
    inSection = true
    interfaces.removeAll(keepingCapacity: true)
    firstInterface = info.interfaces.count
    let major = start.half(4, swapped: swapped)
    let minor = start.half(6, swapped: swapped)
    // 1.2 is written by some and means 1.0; of other versions only the outer form of blocks is sure.
    skipping = !(major == 1 && (minor == 0 || minor == 2))
    if skipping { info.sectionsSkipped &+= 1 }
    var described = CaptureSection(
      offset: offset, byteOrder: swapped ? ByteOrder.native.swapped : .native)
    var options = PcapngOptions(UnsafeRawBufferPointer(rebasing: body[16...]), swapped: swapped)
    while !skipping, let option = options.next() {
      switch option.code {
      case PcapngOptions.comment: comment(.section(section), option)
      case 2: described.hardware = option.text
      case 3: described.operatingSystem = option.text
      case 4: described.application = option.text
      default: break
      }
    }
    if info.sections.count < CaptureLimits.sections { info.sections.append(described) }
    return .other
  }

  private mutating func interfaceDescription(_ body: UnsafeRawBufferPointer) -> Taken {
    guard body.count >= 8, let start = body.baseAddress else {
      return .damaged("an interface description block is too short for its fixed fields")
    }
    guard info.interfaces.count < CaptureLimits.interfaces else {
      return .damaged("more than \(CaptureLimits.interfaces) interfaces are described")
    }
    let linkValue = start.half(0, swapped: swapped)
    let snapLength = start.word(4, swapped: swapped)
    let index = UInt32(truncatingIfNeeded: info.interfaces.count)
    var described = CaptureInterface(linkType: LinkType(inFile: linkValue), snapLength: snapLength)
    described.section = section
    var options = PcapngOptions(UnsafeRawBufferPointer(rebasing: body[8...]), swapped: swapped)
    while let option = options.next() {
      switch option.code {
      case PcapngOptions.comment: comment(.interface(index), option)
      case 2: described.name = option.text
      case 3: described.description = option.text
      case 8: described.speed = option.number
      case 9:
        guard let octet = option.octet, let resolution = TimeResolution(option: octet) else {
          return .damaged("an interface has a time resolution (if_tsresol) that cannot be")
        }
        described.resolution = resolution
      // The first octet tells text (0) from compiled code.
      case 11 where option.value.first == 0:
        described.filter = String(option.text.dropFirst())
      case 12: described.operatingSystem = option.text
      case 13: described.frameCheckOctets = option.octet
      case 14: described.timeOffset = Int64(bitPattern: option.number ?? 0)
      case 15: described.hardware = option.text
      default: break
      }
    }
    if options.malformed { return .damaged("an option of an interface reaches beyond its block") }
    info.interfaces.append(described)
    interfaces.append(
      Interface(
        linkType: described.linkType, snapLength: effectiveSnap(snapLength, linkValue),
        longest: CaptureLimits.capturedLength(linkValue),
        scale: TimeScale(described.resolution, offset: described.timeOffset)))
    return .other
  }

  private mutating func interfaceStatistics(_ body: UnsafeRawBufferPointer) {
    guard body.count >= 12, let start = body.baseAddress else { return }
    let id = Int(start.word(0, swapped: swapped))
    guard id < interfaces.count, firstInterface + id < info.interfaces.count else { return }
    var statistics = InterfaceStatistics()
    var options = PcapngOptions(UnsafeRawBufferPointer(rebasing: body[12...]), swapped: swapped)
    while let option = options.next() {
      switch option.code {
      case 4: statistics.received = option.number
      case 5: statistics.droppedByInterface = option.number
      case 6: statistics.acceptedByFilter = option.number
      case 7: statistics.droppedBySystem = option.number
      case 8: statistics.delivered = option.number
      default: break
      }
    }
    info.interfaces[firstInterface + id].statistics = statistics
  }
}
