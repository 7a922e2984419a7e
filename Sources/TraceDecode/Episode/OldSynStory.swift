/// Tells of SYNs that belong to no opening: old duplicates, a restarted peer, attacks (RULES P8 b, d).
struct OldSynStory {
  let view: StoryView

  /// The SYNs on this live incarnation, equal ones together.
  func tell() -> [OldSynEpisode] {
    var told: [OldSynEpisode] = []
    for i in view.segments.indices {
      let syn = view.segments[i]
      guard syn.isInjected, syn.flags.contains(.syn), !syn.flags.contains(.ack), !syn.isDuplicate,
        !syn.isBadChecksum, !syn.isForNewerIncarnation
      else { continue }
      if let run = told.firstIndex(where: { $0.syn.seq == syn.seq && $0.syn.sender == syn.sender }) {
        told[run].count &+= 1
        continue
      }
      if told.count < StoryView.shown { told.append(tell(i)) }
    }
    return told
  }

  private func tell(_ s: Int) -> OldSynEpisode {
    let syn = view.segments[s]
    let answer = challengeAck(to: s)
    let reset = answer.flatMap { resetAnswering($0, from: syn.sender) }
    let continued = view.segments.indices.contains {
      let segment = view.segments[$0]
      return $0 > s && view.isSending($0) && segment.sender == syn.sender
        && segment.flags.isDisjoint(with: [.syn, .rst])
    }
    let reading: OldSynEpisode.Reading =
      reset != nil && !continued
      ? .halfOpenRecovery : answer != nil || continued ? .oldDuplicate : .unanswered
    return OldSynEpisode(
      syn: syn.ref, reading: reading, challengeAck: answer.map { view.segments[$0].ref },
      reset: reset.map { view.segments[$0].ref }, continued: continued, count: 1)
  }

  /// The ACK that moves nothing and follows the SYN after no less than the way there and back.
  private func challengeAck(to s: Int) -> Int? {
    let syn = view.segments[s]
    let receiver = syn.sender.peer
    let rtt = view.evidence[receiver].rtt ?? 0
    let latest = syn.time &+ 2 &* rtt &+ 2 &* view.slack(receiver) &+ 50_000_000
    var highest = Int64.min
    for i in view.segments.indices where view.isArrival(i) {
      let segment = view.segments[i]
      if segment.sender != receiver || segment.flags.contains(.rst) || !segment.hasAck { continue }
      if i < s {
        highest = max(highest, segment.ack)
        continue
      }
      if segment.time > latest { return nil }
      // A path that was shorter for the SYN than ever before would be news; a near capture makes it almost 0.
      guard segment.payload == 0, !segment.flags.contains(.syn), !segment.flags.contains(.fin) else {
        continue
      }
      if segment.ack == highest { return i }
    }
    return nil
  }

  /// The restarted peer's RST: SEG.SEQ = the challenge's ACK (RFC 9293 3.5.1, figure 10).
  private func resetAnswering(_ challenge: Int, from sender: Role) -> Int? {
    let expected = view.segments[challenge].ack
    return view.segments.indices.first {
      let segment = view.segments[$0]
      return $0 > challenge && segment.sender == sender && segment.flags.contains(.rst)
        && segment.start == expected && !segment.isBadChecksum
    }
  }

  /// A SYN that opened a new incarnation while its peer still held the old one: a restart (RFC 9293 3.5.1).
  static func recovery(_ reuse: ReuseEpisode, of previous: PreviousIncarnation) -> OldSynEpisode? {
    guard previous.end == .live, reuse.answer == .refusedByAck, let challenge = reuse.answeredBy else {
      return nil
    }
    return OldSynEpisode(
      syn: reuse.syn, reading: .halfOpenRecovery, challengeAck: challenge, reset: reuse.resetAfterRefusal,
      continued: false, count: 1)
  }
}

/// Tells of ICMP errors that quote segments of the flow (RFC 5927).
struct ICMPStory {
  let view: StoryView

  func tell() -> [ICMPEpisode] {
    var told: [ICMPEpisode] = []
    for error in view.evidence.icmp {
      let sender: Role = error.quotedSource == view.identity.originator ? .originator : .responder
      if let run = told.firstIndex(where: {
        $0.error.kind == error.kind && $0.error.reporter == error.reporter && $0.sender == sender
      }) {
        told[run].count &+= 1
        // One honest quote makes the run honest.
        told[run].quoteFits = told[run].quoteFits || fits(error, sender)
        continue
      }
      let opened = view.paths[sender].established?.time
      told.append(
        ICMPEpisode(
          error: error, sender: sender, quoteFits: fits(error, sender),
          duringHandshake: opened.map { error.time < $0 } ?? !view.evidence.midStream, count: 1))
    }
    return told
  }

  /// The quoted number is one that its sender had used when the error came (RFC 5927 4.1).
  private func fits(_ error: ICMPError, _ sender: Role) -> Bool {
    var highest = Int64.min
    var reference: EvidenceSegment?
    for segment in view.segments where segment.sender == sender && segment.time <= error.time {
      if segment.flags.contains(.rst) || segment.isInjected { continue }
      reference = segment
      highest = max(highest, segment.end)
    }
    guard let reference else { return false }
    let quoted = reference.start &+ Int64(SeqNum.difference(error.quotedSeq, reference.seq))
    return quoted >= 0 && quoted <= highest
  }
}
