import Foundation
import Testing

/// Output that is compared with a file of the repository.
///
/// `UPDATE_GOLDEN=1` writes the files, and nothing else does.
public enum Golden {
  public static func expect(_ text: String, is name: String, _ location: SourceLocation = #_sourceLocation) {
    let file = PackageFolder.fixtures.appendingPathComponent("golden/\(name)")
    let expected = try? String(contentsOf: file, encoding: .utf8)
    if expected == text { return }
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
      do {
        try FileManager.default.createDirectory(
          at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
      } catch {
        Issue.record("golden/\(name): \(error)", sourceLocation: location)
      }
      return
    }
    guard let expected else {
      Issue.record("golden/\(name) is missing; `make golden` writes it", sourceLocation: location)
      return
    }
    let (line, was, now) = firstDifference(expected, text)
    Issue.record(
      """
      golden/\(name):\(line) differs
      expected: \(was)
      is now:   \(now)
      `make golden` rewrites the files; read the diff.
      """, sourceLocation: location)
  }

  private static func firstDifference(_ a: String, _ b: String) -> (line: Int, a: Substring, b: Substring) {
    let left = a.split(separator: "\n", omittingEmptySubsequences: false)
    let right = b.split(separator: "\n", omittingEmptySubsequences: false)
    for i in 0..<max(left.count, right.count) {
      let x = i < left.count ? left[i] : "(end)"
      let y = i < right.count ? right[i] : "(end)"
      if x != y { return (i + 1, x, y) }
    }
    return (0, "", "")
  }
}
