#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How many octets the record at some offset of a capture file takes, read from the file itself.
public enum RecordExtent {
  /// The octets of the record, its header included; nil where the offset is no record of a plain pcap or pcapng
  /// file, as in a compressed one.
  ///
  /// Cost: opens and reads the file; for the few records that findings point at.
  public static func length(of path: String, at offset: UInt64) -> UInt64? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    guard let magic = word(descriptor, 0), let place = Int64(exactly: offset) else { return nil }
    switch magic {
    case 0xa1b2_c3d4, 0xa1b2_3c4d: return word(descriptor, place + 8).map { UInt64($0) + 16 }
    case 0xd4c3_b2a1, 0x4d3c_b2a1: return word(descriptor, place + 8).map { UInt64($0.byteSwapped) + 16 }
    case 0x0a0d_0d0a:
      guard let order = word(descriptor, 8), let length = word(descriptor, place + 4) else { return nil }
      return UInt64(order == 0x1a2b_3c4d ? length : length.byteSwapped)
    default: return nil
    }
  }

  private static func word(_ descriptor: Int32, _ offset: Int64) -> UInt32? {
    guard offset >= 0 else { return nil }
    var value: UInt32 = 0
    let count = withUnsafeMutableBytes(of: &value) { pread(descriptor, $0.baseAddress, 4, off_t(offset)) }
    return count == 4 ? value : nil
  }
}
