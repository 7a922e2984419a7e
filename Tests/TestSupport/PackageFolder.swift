import Foundation

/// Places in the package that tests read.
public enum PackageFolder {
  public static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  public static let fixtures = root.appendingPathComponent("Tests/Fixtures")
}
