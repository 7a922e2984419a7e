import Foundation
import TestSupport
import Testing
import TraceDecode

/// Public captures, read where they lie; each count was checked frame by frame against another decoder.
@Suite(.enabled(if: SharedFolder.corpus != nil))
struct WireCorpusTests {
  struct Expected: Sendable, CustomTestStringConvertible {
    var file: String
    var segments: Int
    var encapsulation: Encapsulation
    var testDescription: String { file }
    init(_ file: String, _ segments: Int, _ encapsulation: Encapsulation = []) {
      self.file = file
      self.segments = segments
      self.encapsulation = encapsulation
    }
  }

  @Test(arguments: [
    Expected("blitz+tcptrace--dlt_null.dmp", 470), Expected("blitz+tcptrace--psc.fddi.dmp", 529),
    Expected("zeek+zeek--llc.pcap", 1333), Expected("ntop+nDPI--ocs.pcap", 938),
    Expected("simsong+tcpflow--bug8.pcap", 81), Expected("seladb+PcapPlusPlus--sll2.pcap", 3),
    Expected("seladb+PcapPlusPlus--linktype_ipv6.pcap", 1),
    Expected("dotpcap+packetnet--80211_qos_data_frame_ipv4_tcp.pcap", 1),
    Expected("dotpcap+packetnet--80211_unencrypted_data_frame.pcap", 1),
    Expected("epiecs+packetlife-backup--4-byte_AS_numbers_Full_Support.cap", 9),
    Expected("epiecs+packetlife-backup--bgp_med.pcapng.cap", 1),
    Expected("epiecs+packetlife-backup--BGP_redist.cap", 2, .mpls),
    Expected("epiecs+packetlife-backup--EoMPLS.cap", 10, .mpls),
    Expected("zeek+zeek--vlan-qinqinq.pcap", 14, .vlan), Expected("zeek+zeek--pbb.pcap", 8, .vlan),
    Expected("OISF+suricata-verify--pppoe-session-http.pcap", 30, .pppoe),
    Expected("kbandla+dpkt--nb6-http.pcap", 30, [.pppoe, .l2tp]),
    Expected("OISF+suricata-verify--temp1.pcap", 17, .gre),
    Expected("OISF+suricata-verify--bug-5437-02--input.pcap", 60, [.gre, .erspan]),
    Expected("ntop+nDPI--vxlan.pcap", 119, [.vlan, .vxlan]),
    Expected("OISF+suricata-verify--bug-6402-01--input.pcap", 12, [.geneve, .gre]),
    Expected("zeek+zeek--gtp1_gn_normal_incl_fragmentation.pcap", 68, [.gtpU, .fragmented]),
    Expected("DanieleDeSensi+peafowl--6in4tunnel.pcap", 75, .sixIn4),
    Expected("bubbasnmp+SYN-bit-wireshark--ipoipoip.pcap", 1, .ipInIP),
    Expected("AlexeyVasilev+PcapFlowLab--10_outer_qinq_ipv4_ah_tcp.pcap", 1, [.vlan, .ah]),
    Expected("OISF+suricata-verify--frag-ppp-ipv6-tcp.pcap", 1, .fragmented),
    Expected("AlexeyVasilev+PcapFlowLab--pcap_flow_lab_showcase.pcap", 1125, [.vlan, .mpls, .gre]),
    // Its records lost the wire length: one reading of it counts only 54 octets in each full segment.
    Expected("blitz+tcptrace--6syns.dmp", 68),
  ])
  func findsEverySegment(_ expected: Expected) throws {
    let corpus = try #require(SharedFolder.corpus)
    var decoder = WireDecoder()
    var segment = Segment()
    var count = 0
    var seen: Encapsulation = []
    try forEachFrame(of: corpus.appendingPathComponent(expected.file).path) { frame in
      guard case .segment = decoder.decode(frame, into: &segment) else { return }
      count += 1
      seen.formUnion(segment.encapsulation)
    }
    #expect(count == expected.segments)
    #expect(seen.isSuperset(of: expected.encapsulation))
  }

  /// Every other capture, the damaged ones too, ends with outcomes that agree with themselves.
  @Test func everyFrameHasAnOutcome() throws {
    let corpus = try #require(SharedFolder.corpus)
    var frames = 0
    for folder in [corpus, corpus.appendingPathComponent("malformed")] {
      for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() {
        var decoder = WireDecoder()
        var segment = Segment()
        // What is no capture, or none that can be read, is another test's matter.
        try? forEachFrame(of: folder.appendingPathComponent(name).path) { frame in
          frames += 1
          guard case .segment = decoder.decode(frame, into: &segment) else { return }
          let payload = decoder.payload(of: segment, in: frame)
          #expect(payload.count == Int(segment.capturedPayload))
          #expect(segment.truncated || segment.capturedPayload == segment.payloadLength)
        }
      }
    }
    #expect(frames > 90_000)
  }
}
