/// Turns what the command line names into the captures to lint, in an order that is the same everywhere.
enum CaptureFiles {
  static let endings = ["pcap", "pcapng", "cap", "dmp", "ntar"]

  /// A path that leads to no capture, and why.
  struct Missing: Error, Equatable {
    var path: String
    var problem: String
    var remedy: String
  }

  /// Files as they are, directories with everything below that is named like a capture, patterns expanded; each
  /// file once, in the order of the arguments and sorted within each.
  ///
  /// Hidden directories are not entered. Limits: 64 levels of directories.
  static func find(_ arguments: [String]) throws(Missing) -> [String] {
    var found: [String] = []
    var seen: Set<String> = []
    for argument in arguments {
      for path in try expand(argument)
      where seen.insert(path == "-" ? path : FilePath.absolute(path)).inserted {
        found.append(path)
      }
    }
    return found
  }

  private static func expand(_ argument: String) throws(Missing) -> [String] {
    if argument == "-" { return [argument] }
    switch FilePath.kind(argument) {
    case .file, .other: return [argument]
    case .directory:
      let files = captures(below: argument)
      guard !files.isEmpty else {
        throw Missing(
          path: argument, problem: "no capture below this directory",
          remedy: "captures are named *.\(endings.joined(separator: ", *.")), also with .gz or .zst after; "
            + "name other files one by one")
      }
      return files
    case nil:
      guard Glob.isPattern(argument) else {
        throw Missing(path: argument, problem: "no such file or directory", remedy: "check the path")
      }
      let files = matching(argument)
      guard !files.isEmpty else {
        throw Missing(
          path: argument, problem: "the pattern matches no file", remedy: "check the pattern and quote it")
      }
      return files
    }
  }

  static func isNamedLikeCapture(_ name: String) -> Bool {
    var parts = name.split(separator: ".", omittingEmptySubsequences: false).map { $0.lowercased() }
    if let last = parts.last, last == "gz" || last == "zst" { parts.removeLast() }
    // A rotated set numbers its files: x.pcap0, x.pcap1.
    guard parts.count >= 2, let ending = parts.last else { return false }
    return endings.contains(String(ending))
      || endings.contains { ending.hasPrefix($0) && Int(ending.dropFirst($0.count)) != nil }
  }

  private static func captures(below directory: String, depth: Int = 0) -> [String] {
    guard depth < 64, let names = FilePath.entries(directory) else { return [] }
    var found: [String] = []
    for name in names where !name.hasPrefix(".") {
      let path = FilePath.join(directory, name)
      switch FilePath.kind(path) {
      case .directory: found += captures(below: path, depth: depth + 1)
      case .file: if isNamedLikeCapture(name) { found.append(path) }
      default: continue
      }
    }
    return found
  }

  /// Every file that a pattern means, walking from its part without pattern characters.
  private static func matching(_ pattern: String) -> [String] {
    let parts = pattern.split(separator: "/")
    let fixed = parts.prefix { !Glob.isPattern(String($0)) }
    let prefix = (pattern.hasPrefix("/") ? "/" : "") + fixed.joined(separator: "/")
    let rest = Glob("./" + parts.dropFirst(fixed.count).joined(separator: "/"))
    let deep = parts.contains("**")
    let levels = parts.count - fixed.count
    var found: [String] = []
    func walk(_ directory: String, _ relative: String, _ depth: Int) {
      guard depth < 64, deep || depth < levels, let names = FilePath.entries(directory) else { return }
      for name in names where !name.hasPrefix(".") {
        let path = directory == "." && prefix.isEmpty ? name : FilePath.join(directory, name)
        let inner = relative.isEmpty ? name : relative + "/" + name
        switch FilePath.kind(path) {
        case .directory: walk(path, inner, depth + 1)
        case .file, .other: if rest.matches(inner) { found.append(path) }
        case nil: continue
        }
      }
    }
    walk(prefix.isEmpty ? "." : prefix, "", 0)
    return found
  }
}
