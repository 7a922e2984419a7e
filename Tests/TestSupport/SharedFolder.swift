import Foundation

/// The material beside the package that some tests read, and skip without: `../shared`, or in a folder above.
public enum SharedFolder {
  /// The folder of labelled captures; nil where there is none.
  public static let lab = folder("lab")
  /// The folder of public captures; nil where there is none.
  public static let corpus = folder("corpus")
  /// The traces that fool other analyzers; the package has them.
  public static let traps: URL? = PackageFolder.fixtures.appendingPathComponent("traps")

  /// A folder of it; nil where there is none.
  public static func folder(_ name: String) -> URL? {
    var above = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    while above.path.count > 1 {
      above.deleteLastPathComponent()
      let candidate = above.appendingPathComponent("shared/\(name)")
      if FileManager.default.fileExists(atPath: candidate.path) { return candidate }
    }
    return nil
  }
}
