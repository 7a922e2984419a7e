/// Every bound on what a capture can make grow; `--limit NAME=VALUE` changes one.
public struct Limits: Sendable {
  /// Live incarnations, half-open ones included.
  public var flows = 2_000_000
  /// Incarnations of which nothing but SYNs of one side has passed; the oldest goes, counted and not reported.
  public var halfOpenFlows = 131_072
  /// Closed incarnations kept for what may still come of them (`AnalyzerOptions.linger`); the oldest is reported.
  ///
  /// Each is kept until three quarters as many others have closed, by the FINs and RSTs that passed: that bounds
  /// them first, and needs no knowledge of other flows. The number itself is the bound where flows close otherwise.
  public var closedFlows = 16_384
  /// Segments a flow remembers for evidence that is still to come.
  public var segmentsPerFlow = 4096
  /// Segment references an episode shows; its counts stay true.
  public var evidence = 16
  /// Findings of one rule in one flow that are shown; the rest is counted.
  public var findingsPerRule = 8
  /// Findings of one rule in one capture that are shown; the rest is counted.
  public var findings = 2_000
  /// Datagrams being reassembled from IP fragments.
  public var fragmentedDatagrams = 256
  /// Octets held for IP reassembly, all datagrams together.
  public var fragmentOctets = 4 << 20
  /// Tunnels within tunnels.
  public var nesting = 8
  /// Payload octets a flow may hold for stream reassembly.
  public var bufferedOctets = 4 << 20
  /// Octets held for stream reassembly, all flows together.
  public var streamOctets = 512 << 20
  public init() {}
}
