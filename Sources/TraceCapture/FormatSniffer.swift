/// Names what a file that is no capture looks like, from its first octets.
enum FormatSniffer {
  struct Guess: Equatable {
    /// A noun phrase: "a snoop capture (Solaris)".
    var name: String
    var remedy: String
  }

  /// Octets that are enough for a guess.
  static let octets = 512

  private static let convert = "convert it with Wireshark's `editcap -F pcapng IN OUT.pcapng`"
  private static let unpack = "unpack it first"

  private static let magics: [(magic: [UInt8], name: String, remedy: String)] = [
    (Array("snoop\0\0\0".utf8), "a snoop capture (Solaris)", convert),
    (Array("btsnoop\0".utf8), "a Bluetooth btsnoop log", "it holds no TCP"),
    (Array("GMBU".utf8), "a Microsoft Network Monitor 2 capture", convert),
    (Array("RTSS".utf8), "a Microsoft Network Monitor 1 capture", convert),
    (Array("TRSNIFF data".utf8), "a Sniffer capture", convert),
    (Array("XCP\0".utf8), "a NetXRay or Windows Sniffer capture", convert),
    (Array("iptrace ".utf8), "an AIX iptrace capture", convert),
    (Array("ObserverPktBuff".utf8), "a Network Instruments Observer capture", convert),
    ([0x7f] + Array("ver".utf8), "an OmniPeek capture", convert),
    ([0x05] + Array("VNF".utf8), "a Visual Networks capture", convert),
    (
      [0x0d, 0x0a, 0x0d, 0x0a], "a pcapng capture whose line ends were converted as if it were text",
      "transfer it again in binary mode"
    ),
    (
      [0x0a, 0x0a], "a pcapng capture whose line ends were converted as if it were text",
      "transfer it again in binary mode"
    ),
    ([0xa1, 0xb2, 0x34, 0xcd], "pcap in F. Mesquita's variant", convert),
    ([0xcd, 0x34, 0xb2, 0xa1], "pcap in F. Mesquita's variant", convert),
    (Array("BZh".utf8), "bzip2-compressed", unpack + ": `bzip2 -dc FILE | flowlint -`"),
    ([0xfd] + Array("7zXZ".utf8), "xz-compressed", unpack + ": `xz -dc FILE | flowlint -`"),
    ([0x04, 0x22, 0x4d, 0x18], "lz4-compressed", unpack + ": `lz4 -dc FILE | flowlint -`"),
    (Array("PK\u{3}\u{4}".utf8), "a zip archive", unpack + ": `unzip -p FILE | flowlint -`"),
    ([0x37, 0x7a, 0xbc, 0xaf], "a 7z archive", unpack),
    ([0x7f] + Array("ELF".utf8), "an executable (ELF)", "name a capture"),
    (Array("%PDF".utf8), "a PDF document", "name a capture"),
    (Array("version https://git-lfs".utf8), "a Git LFS pointer", "fetch the file itself: `git lfs pull`"),
    (Array("/annex/objects".utf8), "a git-annex pointer", "fetch the file itself: `git annex get`"),
  ]

  static func guess(_ head: [UInt8]) -> Guess? {
    for entry in magics where head.starts(with: entry.magic) {
      return Guess(name: entry.name, remedy: entry.remedy)
    }
    if head.count > 262, head[257..<262].elementsEqual("ustar".utf8) {
      return Guess(name: "a tar archive", remedy: unpack)
    }
    if !head.isEmpty, head.allSatisfy({ $0 == 0 }) {
      return Guess(
        name: "nothing but zero octets",
        remedy: "the copy or the disk lost the file's contents; copy it again")
    }
    return text(head)
  }

  private static func text(_ head: [UInt8]) -> Guess? {
    let printable = head.allSatisfy { $0 == 9 || $0 == 10 || $0 == 13 || ($0 >= 32 && $0 != 127) }
    guard printable, !head.isEmpty else { return nil }
    let words = String(decoding: head, as: UTF8.self)
    if words.contains(" IP ") || words.contains(" IP6 ") || words.contains("Flags [") {
      return Guess(
        name: "the text tcpdump prints",
        remedy: "the packets themselves are needed: record with `tcpdump -w FILE`")
    }
    let start = words.drop { $0 == " " || $0 == "\n" || $0 == "\r\n" || $0 == "\t" }
    if start.hasPrefix("<") {
      return Guess(
        name: "text (HTML or XML)", remedy: "a download may have saved an error page: look at the file")
    }
    if start.hasPrefix("{") || start.hasPrefix("[") {
      return Guess(name: "text (JSON)", remedy: "name a capture")
    }
    return Guess(name: "text", remedy: "name a capture, as written by `tcpdump -w` or Wireshark")
  }
}
