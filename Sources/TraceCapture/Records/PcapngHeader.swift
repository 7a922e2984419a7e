import TraceDecode

/// What the front of a pcapng file says, up to its first interface.
enum PcapngHeader {
  static let sectionBlock: UInt32 = 0x0a0d_0d0a
  static let byteOrderMagic: UInt32 = 0x1a2b_3c4d

  struct Start: Equatable {
    var byteOrder: ByteOrder
    var version: String
    /// Of the first interface; nil where the file ends, or a packet comes, before one.
    var linkType: LinkType?
  }

  enum Scan: Equatable {
    /// So many octets from the start of the file are needed to say more.
    case needs(Int)
    case found(Start)
    /// No pcapng, or one whose first blocks make no sense.
    case invalid
  }

  static func recognise(_ head: [UInt8]) -> Bool { head.starts(with: [0x0a, 0x0d, 0x0d, 0x0a]) }

  /// Reads the blocks in `head` up to the first interface or packet; `complete` when the file has no more.
  static func scan(_ head: [UInt8], complete: Bool) -> Scan {
    head.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress, bytes.count >= 28 else { return complete ? .invalid : .needs(28) }
      let swapped: Bool
      switch start.word(8, swapped: false) {
      case byteOrderMagic: swapped = false
      case byteOrderMagic.byteSwapped: swapped = true
      default: return .invalid
      }
      var result = Start(
        byteOrder: swapped ? ByteOrder.native.swapped : .native,
        version: "\(start.half(12, swapped: swapped)).\(start.half(14, swapped: swapped))")
      var cursor = 0
      while true {
        guard bytes.count - cursor >= 12 else {
          return complete ? (bytes.count == cursor ? .found(result) : .invalid) : .needs(cursor + 12)
        }
        let type = (start + cursor).word(0, swapped: swapped)
        let length = (start + cursor).word(4, swapped: swapped)
        guard length >= 12, length % 4 == 0, length <= CaptureLimits.blockLength else { return .invalid }
        guard bytes.count - cursor >= Int(length) else {
          return complete ? .invalid : .needs(cursor + Int(length))
        }
        switch type {
        case 1:
          guard length >= 20 else { return .invalid }
          result.linkType = LinkType(inFile: (start + cursor).half(8, swapped: swapped))
          return .found(result)
        case 2, 3, 6: return .invalid
        case sectionBlock where cursor > 0: return .found(result)
        default: cursor += Int(length)
        }
      }
    }
  }
}
