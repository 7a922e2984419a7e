import Foundation
import TestSupport

/// A repository of captures, as somebody who lints has one.
enum LintProject {
  /// Copies captures into a folder of their own, whose `.git` keeps configurations above it out.
  static func make(
    _ captures: [String: String] = [:], config: String? = nil
  ) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(at: folder.file(".git"), withIntermediateDirectories: true)
    for (name, fixture) in captures {
      let file = folder.file(name)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(contentsOf: PackageFolder.fixtures.appendingPathComponent(fixture)).write(to: file)
    }
    if let config { try Data(config.utf8).write(to: folder.file(".flowlint.yml")) }
    return folder
  }
}

/// A classic capture (little-endian, nanoseconds or microseconds) written as pcapng with one comment.
enum Pcapng {
  static func withComment(_ comment: String, on frame: Int, classic: [UInt8]) -> [UInt8] {
    func word(_ at: Int) -> UInt32 { (0..<4).reduce(0) { $0 | UInt32(classic[at + $1]) << UInt32(8 * $1) } }
    func octets(_ value: UInt32) -> [UInt8] {
      (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) }
    }
    func padded(_ bytes: [UInt8]) -> [UInt8] { bytes + Array(repeating: 0, count: (4 - bytes.count % 4) % 4) }
    func block(_ type: UInt32, _ body: [UInt8]) -> [UInt8] {
      let length = octets(UInt32(body.count + 12))
      return octets(type) + length + body + length
    }
    let nanoseconds = word(0) == 0xa1b2_3c4d
    var out = block(0x0a0d_0d0a, octets(0x1a2b_3c4d) + [1, 0, 0, 0] + Array(repeating: 0xff, count: 8))
    let resolution: [UInt8] = nanoseconds ? [9, 0, 1, 0, 9, 0, 0, 0, 0, 0, 0, 0] : []
    out += block(1, octets(word(20) & 0xffff) + octets(word(16)) + resolution)
    var at = 24
    var number = 1
    while at + 16 <= classic.count {
      let captured = Int(word(at + 8))
      let ticks = UInt64(word(at)) * (nanoseconds ? 1_000_000_000 : 1_000_000) + UInt64(word(at + 4))
      var body = octets(0) + octets(UInt32(ticks >> 32)) + octets(UInt32(truncatingIfNeeded: ticks))
      body += octets(UInt32(captured)) + octets(word(at + 12))
      body += padded(Array(classic[(at + 16)..<(at + 16 + captured)]))
      if number == frame {
        let text = Array(comment.utf8)
        body += [1, 0, UInt8(text.count & 255), UInt8(text.count >> 8)] + padded(text) + [0, 0, 0, 0]
      }
      out += block(6, body)
      at += 16 + captured
      number += 1
    }
    return out
  }
}
