/// Which code walks the records of a saved capture.
public enum ReaderChoice: String, Sendable, CaseIterable {
  /// The record reader where it can, libpcap otherwise.
  case automatic = "auto"
  /// libpcap's `pcap_next_ex`: every format and version libpcap knows, no record offsets.
  case libpcap
  /// The project's own walk over classic pcap and pcapng records.
  case record
}

/// How a capture is to be read.
public struct CaptureOptions: Sendable {
  public var reader: ReaderChoice
  /// A BPF expression (pcap-filter(7)); frames it rejects are counted in frame numbers but not handed over.
  public var filter: String?
  /// Ends the capture after this many frames that pass the filter.
  public var maxFrames: UInt64?
  /// Waits at the file's end for more of it, until the token says stop. Limits: not for compressed captures.
  public var follow: FollowToken?

  public init(reader: ReaderChoice = .automatic, filter: String? = nil, maxFrames: UInt64? = nil) {
    self.reader = reader
    self.filter = filter
    self.maxFrames = maxFrames
  }
}
