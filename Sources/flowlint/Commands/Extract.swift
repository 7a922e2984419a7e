import ArgumentParser
import TraceCapture
import TraceDecode
import TraceReport

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// `flowlint extract -d DIR CAPTURE...`: every stream in a file of its own.
struct Extract: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "extract",
    abstract: "Write the reassembled byte streams of all flows to files.",
    discussion: """
      One file a direction, named after the flow's number and its ends or Community ID; streams.tsv lists them \
      with what is missing. Missing octets are left as holes (zeros), so that an octet of stream offset N is \
      octet N-1 of the file. Nothing that exists is overwritten without --force.
      """)

  enum Names: String, CaseIterable, ExpressibleByArgument {
    case ends
    case communityID = "community-id"
  }

  @OptionGroup(title: "Reading") var reading: ReadingOptions
  @OptionGroup(title: "Streams") var streams: StreamArguments

  @Option(
    name: [.short, .long], help: ArgumentHelp("Where to put the files; made if need be.", valueName: "DIR"),
    completion: .directory)
  var directory: String

  @Option(help: ArgumentHelp("Name the files by ends or by community-id.", valueName: "WHAT"))
  var names: Names = .ends

  @Flag(help: "Overwrite files that exist.")
  var force = false

  func run() throws {
    do {
      let files = try StreamFiles(directory, names: names, side: streams.direction, overwrites: force)
      var options = reading.analyzerOptions
      options.segments = true
      options.ignoresChecksums = streams.badChecksums
      let recordings = reading.recordings
      for (i, paths) in recordings.enumerated() {
        files.prefix = recordings.count > 1 ? "\(i + 1)-" : ""
        let assembler = StreamAssembler(options: streams.options(options.limits), consumer: files)
        let tap = StreamTap(assembler)
        let analyzer = Analyzer(options: options, sink: tap)
        let source = try reading.open(paths)
        while try source.nextBatch({ analyzer.accept($0) }) > 0, files.failure == nil {}
        _ = analyzer.finish()
        if let damage = source.info.damage { Terminal.complain("\(paths[0]): cut short: \(damage.reason)") }
      }
      if let failure = files.finish() { throw failure }
    } catch let error as CaptureError {
      Terminal.complain(error.description)
      throw ExitCode.usage
    }
  }
}

/// Writes each stream to its file; few are open at a time, however many there are.
final class StreamFiles: StreamConsumer {
  private struct File {
    var path: String
    var name: String
    var descriptor: Int32
    /// The stream offset of the file's first octet.
    var origin: Int64
    var gaps: [String] = []
    var lastUse: UInt64
  }
  private struct Key: Hashable {
    var flow: Int
    var sender: Role
  }

  /// Set before each recording: tells the files of several apart.
  var prefix = ""
  private(set) var failure: CaptureError?
  private let directory: String
  private let names: Extract.Names
  private let side: StreamSide
  private let overwrites: Bool
  private let index: ByteOutput
  private let indexDescriptor: Int32
  private var files: [Key: File] = [:]
  private var open: [Key] = []
  private var uses: UInt64 = 0

  /// Files open at a time, and gaps listed of one stream.
  private static let openLimit = 128
  private static let gapLimit = 1000

  init(_ directory: String, names: Extract.Names, side: StreamSide, overwrites: Bool) throws(CaptureError) {
    self.directory = directory
    self.names = names
    self.side = side
    self.overwrites = overwrites
    if mkdir(directory, 0o755) != 0, errno != EEXIST {
      throw CaptureError(
        path: directory, problem: "cannot be made: \(String(cString: strerror(errno)))",
        remedy: "check that its parent exists and may be written to")
    }
    let path = directory + "/streams.tsv"
    indexDescriptor = Self.create(path, overwrites: overwrites)
    guard indexDescriptor >= 0 else { throw Self.refusal(path) }
    index = ByteOutput(descriptor: indexDescriptor)
    index.put(
      "file\tflow\tsender\toriginator\tresponder\tcommunity_id\toctets\tmissing\tconflicts\tend\tgaps\n")
  }

  private static func create(_ path: String, overwrites: Bool) -> Int32 {
    systemOpen(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | (overwrites ? O_TRUNC : O_EXCL))
  }

  private static func refusal(_ path: String) -> CaptureError {
    let code = errno
    return CaptureError(
      path: path, problem: "cannot be made: \(String(cString: strerror(code)))",
      remedy: code == EEXIST ? "name an empty directory, or use --force" : "check the directory")
  }

  func stream(_ event: StreamEvent, from sender: Role, of flow: FlowIdentity) {
    guard failure == nil, side.includes(sender) else { return }
    let key = Key(flow: flow.number, sender: sender)
    switch event {
    case .data(let data): write(data, key, flow)
    case .gap(let gap):
      guard var file = use(key, flow, origin: gap.range.lowerBound) else { return }
      if file.gaps.count < Self.gapLimit {
        file.gaps.append("\(gap.range.lowerBound):\(gap.range.upperBound)")
      } else if file.gaps.count == Self.gapLimit {
        file.gaps.append("...")
      }
      // Where the stream ends in a gap, so does the file.
      if ftruncate(file.descriptor, off_t(gap.range.upperBound - file.origin)) != 0 { fail(file.path) }
      files[key] = file
    case .overlap: break
    case .end(let end): finish(end, key, flow)
    }
  }

  private func write(_ data: StreamData, _ key: Key, _ flow: FlowIdentity) {
    guard let file = use(key, flow, origin: data.range.lowerBound) else { return }
    var from = 0
    while from < data.bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: data.bytes[from...])
      let written = pwrite(
        file.descriptor, rest.baseAddress, rest.count,
        off_t(data.range.lowerBound - file.origin + Int64(from)))
      if written > 0 {
        from += written
      } else if written == 0 || errno != EINTR {
        return fail(file.path)
      }
    }
  }

  private func fail(_ path: String) {
    failure = CaptureError(
      path: path, problem: "cannot be written: \(String(cString: strerror(errno)))",
      remedy: errno == ENOSPC ? "make room on the disk" : "")
  }

  /// The file of a stream, open; made on its first use.
  private func use(_ key: Key, _ flow: FlowIdentity, origin: Int64) -> File? {
    uses += 1
    if var file = files[key] {
      if file.descriptor < 0 {
        makeRoom()
        file.descriptor = systemOpen(file.path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file.descriptor >= 0 else {
          fail(file.path)
          return nil
        }
        open.append(key)
      }
      file.lastUse = uses
      files[key] = file
      return file
    }
    makeRoom()
    let name = self.name(flow, key.sender)
    let path = directory + "/" + name
    let descriptor = Self.create(path, overwrites: overwrites)
    guard descriptor >= 0 else {
      failure = Self.refusal(path)
      return nil
    }
    let file = File(path: path, name: name, descriptor: descriptor, origin: origin, lastUse: uses)
    files[key] = file
    open.append(key)
    return file
  }

  /// Closes the half of the open files that was used least lately.
  private func makeRoom() {
    guard open.count >= Self.openLimit else { return }
    open.sort { (files[$0]?.lastUse ?? 0) < (files[$1]?.lastUse ?? 0) }
    for key in open.prefix(Self.openLimit / 2) {
      if let file = files[key] { systemClose(file.descriptor) }
      files[key]?.descriptor = -1
    }
    open.removeFirst(Self.openLimit / 2)
  }

  private func finish(_ end: StreamEnd, _ key: Key, _ flow: FlowIdentity) {
    guard let file = files.removeValue(forKey: key) else { return }
    if file.descriptor >= 0 {
      systemClose(file.descriptor)
      open.removeAll { $0 == key }
    }
    index.put("\(file.name)\t\(flow.number)\t\(key.sender.name)\t\(flow.originator)\t\(flow.responder)\t")
    index.put("\(CommunityIDSource(flow: flow).text)\t\(end.facts.delivered)\t\(end.facts.missing)\t")
    index.put("\(end.facts.conflicts)\t\(end.reason.words)\t\(file.gaps.joined(separator: " "))\n")
  }

  /// Only letters, digits, dots, hyphens and underscores, whatever the flow is.
  private func name(_ flow: FlowIdentity, _ sender: Role) -> String {
    func end(_ socket: SocketAddress) -> String {
      "\(socket.address)".map { $0 == ":" ? "." : String($0) }.joined() + "_\(socket.port)"
    }
    var name: String
    switch names {
    case .ends: name = "\(end(flow.originator))-\(end(flow.responder))"
    case .communityID:
      // Base64 in the letters of file names (RFC 4648 5).
      name = CommunityIDSource(flow: flow).text.dropFirst(2).map {
        $0 == "/" ? "_" : $0 == "+" ? "-" : $0 == "=" ? "" : String($0)
      }.joined()
    }
    name = "\(prefix)flow\(flow.number)-\(name).\(sender.name)"
    return name
  }

  /// Writes the list; the first error of all.
  func finish() -> CaptureError? {
    index.flush()
    if failure == nil, let code = index.failure {
      failure = CaptureError(
        path: directory + "/streams.tsv", problem: "cannot be written: \(String(cString: strerror(code)))",
        remedy: "")
    }
    systemClose(indexDescriptor)
    return failure
  }
}

// The class's own `open` hides the system's.
private func systemOpen(_ path: String, _ flags: Int32) -> Int32 { open(path, flags, 0o644) }
private func systemClose(_ descriptor: Int32) { _ = close(descriptor) }
