import TraceDecode

/// Names in the record of a flow, with the keys around them, ready to be written.
enum FlowPhrases {
  /// `{"from":"CLOSED","to":"SYN-SENT","time_ns":`, the state that is left times `states` and the one that is entered.
  private static let transitions: [Phrase] = State.allCases.flatMap { from in
    State.allCases.map {
      Phrase("{\"from\":\"", from.staticName, "\",\"to\":\"", $0.staticName, "\",\"time_ns\":")
    }
  }
  private static let states = State.allCases.count

  static func transition(_ transition: Transition) -> Phrase {
    transitions[Int(transition.from.rawValue) &* states &+ Int(transition.to.rawValue)]
  }

  private static let certainStates = State.allCases.map {
    Phrase(",\"state\":\"", $0.staticName, "\",\"state_certain\":true")
  }
  private static let uncertainStates = State.allCases.map {
    Phrase(",\"state\":\"", $0.staticName, "\",\"state_certain\":false")
  }

  static func state(_ endpoint: borrowing EndpointReport) -> Phrase {
    (endpoint.possibleStates.isCertain ? certainStates : uncertainStates)[Int(endpoint.state.rawValue)]
  }

  private static let confidences: [Phrase] = [Confidence.possible, .likely, .certain].map {
    Phrase(",\"confidence\":\"", $0.staticName, "\"}")
  }

  /// The last value of a record.
  static func confidence(_ confidence: Confidence) -> Phrase { confidences[Int(confidence.rawValue)] }

  /// `"mss",`, by the option's bit.
  private static let options: [Phrase] = (0..<16).map { bit in
    let option = TCPOptionSet(rawValue: 1 << UInt16(bit))
    return option.recordNames.first { _ in true }.map { Phrase("\"", $0, "\",") } ?? Phrase()
  }

  static func option(_ option: Int) -> Phrase { options[option] }
  /// The bits that have names.
  static let namedOptions = TCPOptionSet(rawValue: 0x7fff)
}
