import TraceCapture

/// A capture fixture and the code that makes it.
struct CaptureFixture: CustomStringConvertible {
  var name: String
  var make: @Sendable () -> [UInt8]
  /// Frames that can be read; nil where the file must be refused.
  var frames: Int?
  var damage: CaptureDamage.Kind?
  /// Words the refusal must contain.
  var refusal = ""

  var description: String { name }
}

extension CaptureFixture {
  static let all = classic + pcapng + compressed + rotated + damaged + refused

  private static let frames = Conversation.frames
  private static func classicFile(_ builder: ClassicBuilder = ClassicBuilder()) -> [UInt8] {
    builder.bytes(Conversation.records(unit: builder.magic == 0xa1b2_3c4d ? 1_000_000_000 : 1_000_000))
  }
  /// Snapshot length 60: longer frames have a longer wire length.
  private static let snapped = Conversation.records().map {
    TestRecord(
      seconds: $0.seconds, fraction: $0.fraction, wireLength: UInt32($0.data.count),
      data: Array($0.data.prefix(60)))
  }

  static let classic: [CaptureFixture] = [
    .init(name: "us-little.pcap", make: { classicFile() }, frames: 8),
    .init(name: "us-big.pcap", make: { classicFile(.init(big: true)) }, frames: 8),
    .init(name: "ns-little.pcap", make: { classicFile(.init(magic: 0xa1b2_3c4d)) }, frames: 8),
    .init(name: "ns-big.pcap", make: { classicFile(.init(magic: 0xa1b2_3c4d, big: true)) }, frames: 8),
    .init(
      name: "version-2.2.pcap",
      make: { ClassicBuilder(big: true, minor: 2, snapLength: 60, wireFirst: true).bytes(snapped) }, frames: 8
    ),
    .init(
      name: "version-2.3-both-orders.pcap",
      make: {
        var out = ByteBuilder(bytes: ClassicBuilder(minor: 3, snapLength: 60).bytes(Array(snapped[..<4])))
        for record in snapped[4...] { ClassicBuilder(wireFirst: true).append(record, to: &out) }
        return out.bytes
      }, frames: 8),
    .init(
      name: "version-543-dgux.pcap",
      make: { ClassicBuilder(major: 543, minor: 0, snapLength: 60, wireFirst: true).bytes(snapped) },
      frames: 8),
    .init(name: "modified.pcap", make: { classicFile(.init(magic: 0xa1b2_cd34)) }, frames: 8),
    .init(
      name: "longer-than-snapshot.pcap", make: { classicFile(.init(snapLength: 60)) }, frames: 8),
    .init(
      name: "raw-as-dlt.pcap",
      make: { ClassicBuilder(linkField: 12).bytes(Conversation.records(Conversation.packets)) }, frames: 8),
    .init(name: "no-packets.pcap", make: { ClassicBuilder().bytes([]) }, frames: 0),
  ]

  static let pcapng: [CaptureFixture] = [
    .init(
      name: "two-byte-orders.pcapng",
      make: {
        var file = PcapngBuilder()
        for big in [false, true] {
          file.section(big: big)
          file.interface()
          for frame in big ? frames[4...] : frames[..<4] { file.packet(frame) }
        }
        return file.out.bytes
      }, frames: 8),
    .init(
      name: "two-link-types.pcapng",
      make: {
        var file = PcapngBuilder()
        file.section()
        file.interface(options: [(2, Array("eth0".utf8))])
        file.interface(link: 101, snapLength: 96, options: [(2, Array("tun0".utf8))])
        for index in frames.indices {
          file.packet(frames[index], interface: 0)
          file.packet(Conversation.packets[index], interface: 1)
        }
        return file.out.bytes
      }, frames: 16),
    .init(
      name: "time-resolutions.pcapng",
      make: {
        var file = PcapngBuilder()
        file.section()
        // Microseconds by default, nanoseconds, 2^-20 s, 10^-10 s, milliseconds; all name the same instant.
        file.interface()
        for resolution in [9, 0x80 | 20, 10, 3] as [UInt8] { file.interface(options: [(9, [resolution])]) }
        let stamps: [UInt64] = [
          1_700_000_000_500_000, 1_700_000_000_500_000_000, 1_700_000_000 << 20 | 1 << 19,
          17_000_000_005_000_000_000,
          1_700_000_000_500,
        ]
        for (index, stamp) in stamps.enumerated() {
          file.packet(frames[0], interface: UInt32(index), stamp: stamp)
        }
        return file.out.bytes
      }, frames: 5),
    .init(
      name: "time-offset.pcapng",
      make: {
        var file = PcapngBuilder()
        file.section()
        file.interface(options: [(14, file.number(1_700_000_000))])
        file.packet(frames[0], stamp: 250_000)
        return file.out.bytes
      }, frames: 1),
    .init(
      name: "drops.pcapng",
      make: {
        var file = PcapngBuilder()
        file.section(options: [
          (2, Array("a tap".utf8)), (3, Array("an OS".utf8)), (4, Array("a program".utf8)),
        ])
        file.interface()
        file.interface()
        file.packet(frames[0], options: [(4, file.number(3))])
        file.packet(frames[1], interface: 1, options: [(4, file.number(2))])
        file.statistics(interface: 0, options: [(4, file.number(100)), (5, file.number(7))])
        file.statistics(interface: 1, options: [(5, file.number(5)), (7, file.number(11))])
        file.statistics(interface: 0, options: [(4, file.number(200)), (5, file.number(9))])
        return file.out.bytes
      }, frames: 2),
    .init(
      name: "comments.pcapng",
      make: {
        var file = PcapngBuilder()
        file.section(options: [(1, Array("a section".utf8))])
        file.interface(options: [(1, Array("an interface".utf8))])
        file.packet(frames[0])
        file.packet(frames[1], options: [(1, Array("first".utf8)), (1, Array("second, \u{e9}".utf8))])
        return file.out.bytes
      }, frames: 2),
    .init(
      name: "simple-packets.pcapng",
      make: {
        var file = PcapngBuilder()
        file.section()
        file.interface(snapLength: 60)
        for frame in frames { file.simplePacket(Array(frame.prefix(60)), wireLength: UInt32(frame.count)) }
        return file.out.bytes
      }, frames: 8),
    .init(
      name: "obsolete-packets.pcapng",
      make: {
        var file = PcapngBuilder()
        file.section(big: true)
        file.interface()
        for (index, frame) in frames.enumerated() {
          file.obsoletePacket(
            frame, drops: index == 0 ? 0xffff : 1, stamp: 1_700_000_000_000_000 + UInt64(index))
        }
        return file.out.bytes
      }, frames: 8),
    .init(
      name: "other-blocks.pcapng",
      make: {
        var file = PcapngBuilder()
        file.section()
        // Name resolution, secrets, journal, custom, and a type nobody has defined.
        let others: [(type: UInt32, body: [UInt8])] = [
          (4, [0, 0, 0, 0]), (10, Array("KSLT".utf8) + [1, 0, 0, 0, 0x23]),
          (9, Array("__REALTIME_TIMESTAMP=1700000000000000\nMESSAGE=x\n".utf8)),
          (0xbad, [1, 2, 3, 4, 5]), (0x4000_0bad, [1, 2, 3, 4]), (0x7fff_ffff, []),
        ]
        for other in others { file.block(other.type) { $0.bytes += other.body } }
        file.interface()
        for frame in frames {
          file.packet(frame)
          for other in others { file.block(other.type) { $0.bytes += other.body } }
        }
        return file.out.bytes
      }, frames: 8),
    .init(
      name: "later-version.pcapng",
      make: {
        var file = PcapngBuilder()
        for major in [1, 2, 1] as [UInt16] {
          file.section(major: major)
          file.interface()
          file.packet(frames[0])
        }
        return file.out.bytes
      }, frames: 2),
    .init(
      name: "no-interface.pcapng",
      make: {
        var file = PcapngBuilder()
        file.section(options: [(4, Array("a program".utf8))])
        return file.out.bytes
      }, frames: 0),
  ]

  static let compressed: [CaptureFixture] = [
    .init(name: "stored.pcap.gz", make: { gzipMember(classicFile()) }, frames: 8),
    .init(
      name: "two-members.pcap.gz",
      make: {
        let file = classicFile()
        return gzipMember(Array(file[..<100])) + gzipMember(Array(file[100...])) + [0, 0, 0, 0]
      }, frames: 8),
    .init(name: "gzip-by-another-name.pcap", make: { gzipMember(classicFile(.init(big: true))) }, frames: 8),
    .init(name: "comments.pcapng.gz", make: { gzipMember(pcapng[5].make()) }, frames: 2),
    .init(
      name: "two-frames.pcap.zst",
      make: {
        let file = classicFile()
        // A skippable frame, then two of data.
        return [0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 9, 9] + zstdFrame(Array(file[..<100]))
          + zstdFrame(Array(file[100...]))
      }, frames: 8),
  ]

  /// A ring of three files (`tcpdump -C 1 -W 3`) that has gone round: the oldest is number 1.
  static let rotated: [CaptureFixture] = [
    .init(
      name: "ring.pcap0", make: { ClassicBuilder().bytes(Array(Conversation.records()[6...])) }, frames: 2),
    .init(
      name: "ring.pcap1", make: { ClassicBuilder().bytes(Array(Conversation.records()[..<3])) }, frames: 3),
    .init(
      name: "ring.pcap2", make: { ClassicBuilder(big: true).bytes(Array(Conversation.records()[3..<6])) },
      frames: 3),
  ]

  static let damaged: [CaptureFixture] = [
    .init(name: "cut-in-data.pcap", make: { classicFile().dropLast(5) }, frames: 7, damage: .cut),
    .init(
      name: "cut-in-record-header.pcap", make: { classicFile() + [1, 2, 3] }, frames: 8, damage: .cut),
    .init(
      name: "absurd-length.pcap",
      make: {
        var out = ByteBuilder(bytes: classicFile())
        for value in [1, 2, 0x7fff_ffff, 60] as [UInt32] { out.put(value) }
        return out.bytes + [UInt8](repeating: 0, count: 100)
      }, frames: 8, damage: .corrupt),
    .init(
      name: "trailer-disagrees.pcapng",
      make: {
        var file = PcapngBuilder()
        file.section()
        file.interface()
        file.packet(frames[0])
        file.packet(frames[1])
        file.out.bytes[file.out.bytes.count - 4] = 99
        return file.out.bytes
      }, frames: 1, damage: .corrupt),
    .init(
      name: "unknown-interface.pcapng",
      make: {
        var file = PcapngBuilder()
        file.section()
        file.interface()
        file.packet(frames[0])
        file.packet(frames[1], interface: 1)
        return file.out.bytes
      }, frames: 1, damage: .corrupt),
    .init(
      name: "zeros-at-the-end.pcapng",
      make: {
        var file = PcapngBuilder()
        file.section()
        file.interface()
        for frame in frames { file.packet(frame) }
        return file.out.bytes + [UInt8](repeating: 0, count: 64)
      }, frames: 8, damage: .corrupt),
    .init(
      name: "cut.pcap.gz", make: { gzipMember(classicFile()).dropLast(100) }, frames: 6, damage: .cut),
    .init(
      name: "checksum-wrong.pcap.gz",
      make: {
        var bytes = gzipMember(classicFile())
        bytes[bytes.count - 5] ^= 1
        return bytes
      }, frames: 8, damage: .corrupt),
  ]

  static let refused: [CaptureFixture] = [
    .init(name: "empty.pcap", make: { [] }, refusal: "no octets at all"),
    .init(name: "header-cut.pcap", make: { Array(classicFile()[..<10]) }, refusal: "ends within its header"),
    .init(
      name: "printed.txt",
      make: { Array("10:00:00.000000 IP 192.0.2.10.40000 > 198.51.100.20.80: Flags [S], seq 1000\n".utf8) },
      refusal: "the text tcpdump prints"),
    .init(
      name: "solaris.snoop", make: { Array("snoop\0\0\0".utf8) + [0, 0, 0, 2, 0, 0, 0, 4] },
      refusal: "a snoop capture"),
    .init(
      name: "text.pcap.gz", make: { gzipMember(Array("not a capture\n".utf8)) }, refusal: "gzip of text"),
    .init(
      name: "gzip-twice.pcap.gz", make: { gzipMember(gzipMember(classicFile())) }, refusal: "gzip of gzip"),
    .init(name: "version-1.4.pcap", make: { classicFile(.init(major: 1)) }, refusal: "libpcap refuses"),
    .init(
      name: "reserved-link-bits.pcap", make: { classicFile(.init(linkField: 0x30_0001)) },
      refusal: "reserved bits"),
    .init(
      name: "zeros.pcap", make: { [UInt8](repeating: 0, count: 600) }, refusal: "nothing but zero octets"),
    .init(
      name: "packet-before-interface.pcapng",
      make: {
        var file = PcapngBuilder()
        file.section()
        file.packet(frames[0])
        return file.out.bytes
      }, refusal: "libpcap refuses"),
  ]
}
