#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Paths as text: made absolute, split, and written relative to another.
enum FilePath {
  enum Kind { case file, directory, other }

  /// What lies there, following links; nil when nothing does.
  static func kind(_ path: String) -> Kind? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: return .directory
    case S_IFREG: return .file
    default: return .other
    }
  }

  static var workingDirectory: String {
    guard let buffer = getcwd(nil, 0) else { return "/" }
    defer { free(buffer) }
    return String(cString: buffer)
  }

  /// The path from the root, without `.`, `..` and doubled slashes; links are not followed.
  static func absolute(_ path: String, from directory: String = workingDirectory) -> String {
    let whole = path.hasPrefix("/") ? path : directory + "/" + path
    var parts: [Substring] = []
    for part in whole.split(separator: "/") {
      switch part {
      case ".": continue
      case "..": _ = parts.popLast()
      default: parts.append(part)
      }
    }
    return "/" + parts.joined(separator: "/")
  }

  /// The directory an absolute path lies in; nil for the root.
  static func parent(_ path: String) -> String? {
    guard path != "/", let slash = path.lastIndex(of: "/") else { return nil }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  static func join(_ directory: String, _ name: String) -> String {
    directory.hasSuffix("/") ? directory + name : directory + "/" + name
  }

  static func name(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

  /// An absolute path as seen from an absolute directory.
  static func relative(_ path: String, to directory: String) -> String {
    let target = path.split(separator: "/")
    let base = directory.split(separator: "/")
    let common = zip(target, base).prefix { $0 == $1 }.count
    let up = Array(repeating: "..", count: base.count - common)
    let words = up + target.dropFirst(common).map(String.init)
    return words.isEmpty ? "." : words.joined(separator: "/")
  }

  /// The names in a directory, sorted by their octets; nil when it cannot be read.
  static func entries(_ directory: String) -> [String]? {
    guard let handle = opendir(directory) else { return nil }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The octets of a file; nil, with `errno` set, when it cannot be read.
  ///
  /// Limits: reads at most `limit` octets and one.
  static func contents(_ path: String, limit: Int) -> [UInt8]? {
    guard let file = fopen(path, "rb") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 64 << 10)
    var all: [UInt8] = []
    while all.count <= limit {
      let count = fread(&bytes, 1, min(bytes.count, limit + 1 - all.count), file)
      if count == 0 { break }
      all.append(contentsOf: bytes[..<count])
    }
    if ferror(file) != 0 {
      errno = EIO
      return nil
    }
    return all
  }

  /// Writes a file whole or not at all: to a name beside it first, which then takes its place.
  ///
  /// Returns the reason when it fails.
  static func replace(_ path: String, with text: String) -> String? {
    let draft = path + ".tmp"
    guard let file = fopen(draft, "wb") else { return String(cString: strerror(errno)) }
    var text = text
    let written = text.withUTF8 { fwrite($0.baseAddress, 1, $0.count, file) }
    let failed = written != text.utf8.count
    if fclose(file) != 0 || failed || rename(draft, path) != 0 {
      let reason = String(cString: strerror(errno))
      unlink(draft)
      return reason
    }
    return nil
  }
}
