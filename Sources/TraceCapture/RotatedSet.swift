import TraceDecode

/// The order of the files one recording was rotated through.
///
/// Names alone do not tell it: tcpdump's `-W` ring starts over at 0, and `x.pcap10` sorts before `x.pcap2`.
public enum RotatedSet {
  struct Member {
    var path: String
    /// Of the first frame; nil where the file has none.
    var firstTime: Int64?
    var octets: UInt64?
  }

  /// Orders the files by the time of their first frames, then by name with numbers compared as numbers.
  ///
  /// A file without frames takes its place by name, after all others.
  static func order(_ paths: [String]) throws(CaptureError) -> [Member] {
    var members: [Member] = []
    for path in paths { try members.append(inspect(path, opens: paths.count > 1)) }
    return members.sorted { a, b in
      switch (a.firstTime, b.firstTime) {
      case (let x?, let y?) where x != y: x < y
      case (_?, nil): true
      case (nil, _?): false
      default: precedes(a.path, b.path)
      }
    }
  }

  private static func inspect(_ path: String, opens: Bool) throws(CaptureError) -> Member {
    // A single file, perhaps standard input, needs no order and can be read only once.
    guard opens else { return Member(path: path) }
    let source = try Capture.open(path: path, options: CaptureOptions(maxFrames: 1))
    var member = Member(path: path, octets: source.progress.octetsTotal)
    _ = try source.nextBatch { member.firstTime = $0.first?.time }
    return member
  }

  /// Does `a` come before `b` when runs of digits count as numbers?
  public static func precedes(_ a: String, _ b: String) -> Bool {
    var left = Substring(a).utf8
    var right = Substring(b).utf8
    while let x = left.first, let y = right.first {
      if isDigit(x), isDigit(y) {
        let m = left.prefix(while: isDigit).drop { $0 == 0x30 }
        let n = right.prefix(while: isDigit).drop { $0 == 0x30 }
        if m.count != n.count { return m.count < n.count }
        if !m.elementsEqual(n) { return m.lexicographicallyPrecedes(n) }
        left = left.drop(while: isDigit)
        right = right.drop(while: isDigit)
      } else {
        if x != y { return x < y }
        left = left.dropFirst()
        right = right.dropFirst()
      }
    }
    if left.isEmpty != right.isEmpty { return left.isEmpty }
    return a < b
  }

  private static func isDigit(_ octet: UInt8) -> Bool { octet >= 0x30 && octet <= 0x39 }
}
