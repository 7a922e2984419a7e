/// A pattern for paths: `*` and `?` within a name, `**` across directories, `[a-z]` and `[!a-z]`.
struct Glob: Sendable, Hashable {
  let pattern: String

  init(_ pattern: String) { self.pattern = pattern }

  static func isPattern(_ text: String) -> Bool { text.contains { $0 == "*" || $0 == "?" || $0 == "[" } }

  /// Whether a relative path is meant; a pattern without `/` is for the last name alone.
  func matches(_ path: String) -> Bool {
    let patterns = Self.parts(pattern)
    if patterns.count == 1, !pattern.contains("/") {
      return Self.matches(Array((path.split(separator: "/").last ?? "").unicodeScalars), patterns[0])
    }
    return Self.matches(Self.parts(path)[...], patterns[...])
  }

  private static func parts(_ path: String) -> [[Unicode.Scalar]] {
    path.split(separator: "/").filter { $0 != "." }.map { Array($0.unicodeScalars) }
  }

  /// Directory by directory. Cost: at most the product of both lengths for each `**`, whose number is capped by
  /// taking a run of them as one.
  private static func matches(
    _ path: ArraySlice<[Unicode.Scalar]>, _ pattern: ArraySlice<[Unicode.Scalar]>
  ) -> Bool {
    guard let first = pattern.first else { return path.isEmpty }
    if first == ["*", "*"] {
      let rest = pattern.drop { $0 == ["*", "*"] }
      if rest.isEmpty { return true }
      return path.indices.contains { matches(path[$0...], rest) }
    }
    guard let name = path.first, matches(name, first) else { return false }
    return matches(path.dropFirst(), pattern.dropFirst())
  }

  /// One name against one pattern, going back to the last `*` only.
  private static func matches(_ name: [Unicode.Scalar], _ pattern: [Unicode.Scalar]) -> Bool {
    var n = 0
    var p = 0
    var star: (pattern: Int, name: Int)?
    while n < name.count {
      if p < pattern.count, pattern[p] == "*" {
        star = (p, n)
        p += 1
      } else if let end = one(name[n], pattern, p) {
        p = end
        n += 1
      } else if let back = star {
        star = (back.pattern, back.name + 1)
        n = back.name + 1
        p = back.pattern + 1
      } else {
        return false
      }
    }
    return pattern[p...].allSatisfy { $0 == "*" }
  }

  /// Where the pattern goes on after matching one character at `p`; nil when it does not match.
  private static func one(_ scalar: Unicode.Scalar, _ pattern: [Unicode.Scalar], _ p: Int) -> Int? {
    guard p < pattern.count else { return nil }
    switch pattern[p] {
    case "?": return p + 1
    case "[":
      guard let close = pattern[(p + 1)...].dropFirst().firstIndex(of: "]") else {
        return scalar == "[" ? p + 1 : nil
      }
      var set = pattern[(p + 1)..<close]
      let negated = set.first == "!" || set.first == "^"
      if negated { set = set.dropFirst() }
      var found = false
      var i = set.startIndex
      while i < set.endIndex {
        if i + 2 < set.endIndex, set[i + 1] == "-" {
          found = found || set[i] <= scalar && scalar <= set[i + 2]
          i += 3
        } else {
          found = found || set[i] == scalar
          i += 1
        }
      }
      return found != negated ? close + 1 : nil
    case let wanted: return wanted == scalar ? p + 1 : nil
    }
  }
}
