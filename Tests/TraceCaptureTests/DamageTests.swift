import Testing
import TraceCapture

@Suite struct DamageTests {
  /// Small files of each kind.
  static let originals: [[UInt8]] = [
    "us-big.pcap", "modified.pcap", "two-byte-orders.pcapng", "drops.pcapng",
  ].compactMap {
    name in CaptureFixture.all.first { $0.name == name }?.make()
  }

  @Test("cut anywhere, a capture gives a beginning of its frames and says so", arguments: originals.indices)
  func everyLength(index: Int) throws {
    let whole = Self.originals[index]
    let frames = try read(whole).frames
    for length in whole.indices {
      let cut = Array(whole[..<length])
      guard let result = try? read(cut) else { continue }
      #expect(result.frames == Array(frames.prefix(result.frames.count)), "cut at \(length)")
      if let place = result.info.truncatedAt {
        #expect(place < UInt64(length))
        #expect(result.info.damage?.kind == .cut)
      } else {
        // Nothing is missing of the last record: the cut fell between two.
        #expect(result.info.damage == nil)
      }
    }
  }

  @Test("no octet, whatever its value, makes a reader fail or run on", arguments: originals.indices)
  func everyOctet(index: Int) {
    let whole = Self.originals[index]
    for position in whole.indices {
      for value in [0, 1, 0x7f, 0x80, 0xff] as [UInt8] where whole[position] != value {
        var changed = whole
        changed[position] = value
        guard let result = try? read(changed) else { continue }
        #expect(result.frames.count <= whole.count / 16)
      }
    }
  }

  @Test(
    "compressed files cut anywhere give a beginning of the frames",
    arguments: ["stored.pcap.gz", "two-frames.pcap.zst"])
  func everyCompressedLength(name: String) throws {
    let whole = try #require(CaptureFixture.compressed.first { $0.name == name }).make()
    let frames = try read(whole).frames
    for length in whole.indices {
      guard let result = try? read(Array(whole[..<length])) else { continue }
      #expect(result.frames == Array(frames.prefix(result.frames.count)), "cut at \(length)")
      if length < whole.count - 4 { #expect(result.frames.count == 8 || result.info.damage?.kind == .cut) }
    }
  }

  @Test("a cut capture says where the record starts and how much of it is there")
  func words() throws {
    let whole = ClassicBuilder().bytes(Conversation.records())
    let info = try read(whole.dropLast(5)).info
    #expect(info.truncatedAt == UInt64(whole.count - 70))
    #expect(info.damage?.reason == "the file ends within a record, 65 octets into 70 that are needed")
  }

  @Test("a gzip file that is cut says so, not that the record was")
  func compressedWords() throws {
    let info = try read(gzipMember(ClassicBuilder().bytes(Conversation.records())).dropLast(100)).info
    #expect(info.damage?.reason.hasPrefix("the gzip file ends after ") == true)
  }

  @Test("libpcap's reader ends at the same frame, with libpcap's words")
  func libpcapWords() throws {
    let whole = ClassicBuilder().bytes(Conversation.records())
    let (frames, info) = try read(whole.dropLast(5), .libpcap)
    #expect(frames.count == 7)
    #expect(info.damage?.kind == .cut)
    #expect(info.damage?.reason.hasPrefix("libpcap stops: truncated dump file") == true)
  }
}
