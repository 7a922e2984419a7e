import CPcap
import TraceDecode

/// A BPF expression, compiled by libpcap once for each link type it meets.
final class BPFFilter {
  let expression: String
  /// Link types it could not be compiled for.
  private(set) var refusals: [FilterRefusal] = []

  private struct Compiled {
    let linkType: LinkType
    /// Nil where the expression means nothing for the link type.
    let program: UnsafeMutablePointer<bpf_program>?
  }
  private var compiled: [Compiled] = []

  /// Compiles `expression` for the first link type of the capture at `path`.
  ///
  /// Errors: an expression libpcap refuses, with libpcap's reason.
  init(_ expression: String, for linkType: LinkType, path: String) throws(CaptureError) {
    self.expression = expression
    add(linkType)
    guard let refusal = refusals.first else { return }
    throw CaptureError(
      path: path,
      problem: "the filter \"\(expression)\" is not valid for link type \(linkType.name): \(refusal.reason)",
      remedy: "filters are written as in pcap-filter(7), for example \"tcp port 443 and host 10.0.0.1\"")
  }

  deinit {
    for case let program? in compiled.map(\.program) {
      pcap_freecode(program)
      program.deallocate()
    }
  }

  private func add(_ linkType: LinkType) {
    var program: UnsafeMutablePointer<bpf_program>?
    var reason = "out of memory"
    if let handle = pcap_open_dead(linkType.dlt, 262_144) {
      let candidate = UnsafeMutablePointer<bpf_program>.allocate(capacity: 1)
      candidate.initialize(to: bpf_program())
      if pcap_compile(handle, candidate, expression, 1, 0xffff_ffff) == 0 {
        program = candidate
      } else {
        reason = String(cString: pcap_geterr(handle))
        candidate.deallocate()
      }
      pcap_close(handle)
    }
    if program == nil { refusals.append(FilterRefusal(linkType: linkType, reason: reason)) }
    compiled.append(Compiled(linkType: linkType, program: program))
  }

  private func program(for linkType: LinkType) -> UnsafeMutablePointer<bpf_program>? {
    if let known = compiled.first(where: { $0.linkType == linkType }) { return known.program }
    add(linkType)
    return compiled.last?.program
  }

  /// Moves the frames that pass to the front of `frames`, in order, and returns how many.
  func keep(_ frames: UnsafeMutableBufferPointer<Frame>) -> Int {
    guard var linkType = frames.first?.linkType else { return 0 }
    var program = program(for: linkType)
    var kept = 0
    var header = pcap_pkthdr()
    // A frame of no octets still needs an address to look at.
    var nothing: UInt8 = 0
    for frame in frames {
      if frame.linkType != linkType {
        linkType = frame.linkType
        program = self.program(for: linkType)
      }
      guard let program else { continue }
      header.caplen = UInt32(truncatingIfNeeded: frame.bytes.count)
      header.len = frame.wireLength
      let octets = frame.bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
      let passes = withUnsafePointer(to: &nothing) {
        pcap_offline_filter(program, &header, octets ?? $0) != 0
      }
      if passes {
        frames[kept] = frame
        kept += 1
      }
    }
    return kept
  }
}
