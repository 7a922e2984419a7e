import Glibc
import TraceCapture
import TraceDecode

/// Stand-in until TraceCapture opens files: classic pcap, native byte order.
final class StandInCapture: CaptureSource {
  private let data: [UInt8]
  private var at = 24
  private var number: UInt64 = 0
  private let nano: Bool
  private let linkType: LinkType

  init(path: String) throws(CaptureError) {
    guard let file = fopen(path, "rb") else {
      throw CaptureError(path: path, problem: String(cString: strerror(errno)), remedy: "check the path")
    }
    var data: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let n = fread(&block, 1, block.count, file)
      if n == 0 { break }
      data.append(contentsOf: block[..<n])
    }
    fclose(file)
    guard data.count >= 24 else { throw CaptureError(path: path, problem: "not a capture", remedy: "") }
    let magic = data.withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) }
    guard magic == 0xa1b2_c3d4 || magic == 0xa1b2_3c4d else {
      throw CaptureError(path: path, problem: "not a classic pcap", remedy: "")
    }
    nano = magic == 0xa1b2_3c4d
    linkType = LinkType(rawValue: UInt16(data[20]) | UInt16(data[21]) << 8)
    self.data = data
  }

  func nextBatch(_ body: (UnsafeBufferPointer<Frame>) -> Void) throws(CaptureError) -> Int {
    data.withUnsafeBytes { bytes in
      var frames: [Frame] = []
      while frames.count < 32, at + 16 <= bytes.count {
        func u32(_ o: Int) -> UInt32 { bytes.loadUnaligned(fromByteOffset: at + o, as: UInt32.self) }
        let length = Int(u32(8))
        guard at + 16 + length <= bytes.count else { break }
        number += 1
        let time = Int64(u32(0)) * 1_000_000_000 + Int64(u32(4)) * (nano ? 1 : 1000)
        frames.append(
          Frame(
            number: number, time: time, recordOffset: UInt64(at),
            bytes: UnsafeRawBufferPointer(rebasing: bytes[(at + 16)..<(at + 16 + length)]),
            wireLength: u32(12),
            linkType: linkType))
        at += 16 + length
      }
      frames.withUnsafeBufferPointer(body)
      return frames.count
    }
  }
}
