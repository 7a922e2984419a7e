import TraceDecode

/// Names in the record of a flow, with the keys around them, ready to be written.
///
/// Whoever writes many records holds the table, which spares the question whether it is made.
struct FlowPhrases: @unchecked Sendable {
  static let table = FlowPhrases()

  /// `{"from":"CLOSED","to":"SYN-SENT","time_ns":`, the state that is left times `states` and the one that is entered.
  private let transitions: UnsafePointer<Phrase>
  private let states = State.allCases.count
  /// The states that are certain, and behind them those that are not.
  private let endpointStates: UnsafePointer<Phrase>
  private let confidences: UnsafePointer<Phrase>
  private let outcomes: UnsafePointer<Phrase>
  private let vantages: UnsafePointer<Phrase>
  private let connects: UnsafePointer<Phrase>
  private let closes: UnsafePointer<Phrase>
  private let options: UnsafePointer<Phrase>

  private init() {
    transitions = Self.keep(
      State.allCases.flatMap { from in
        State.allCases.map {
          Phrase("{\"from\":\"", from.staticName, "\",\"to\":\"", $0.staticName, "\",\"time_ns\":")
        }
      })
    endpointStates = Self.keep(
      State.allCases.map { Phrase(",\"state\":\"", $0.staticName, "\",\"state_certain\":true") }
        + State.allCases.map { Phrase(",\"state\":\"", $0.staticName, "\",\"state_certain\":false") })
    confidences = Self.keep {
      Confidence(rawValue: $0).map { Phrase(",\"confidence\":\"", $0.staticName, "\"}") }
    }
    outcomes = Self.keep {
      Outcome(rawValue: $0).map { Phrase(",\"outcome\":\"", $0.staticName, "\",\"originator\":") }
    }
    vantages = Self.keep {
      Vantage(rawValue: $0).map { Phrase(",\"vantage\":\"", $0.staticName, "\"") }
    }
    connects = Self.keep {
      SocketView.Connect(rawValue: $0).map {
        $0.recordName.map { Phrase("{\"connect\":{\"result\":\"", $0, "\",\"frame\":") }
          ?? Phrase("{\"connect\":null")
      }
    }
    closes = Self.keep {
      SocketView.CloseCall(rawValue: $0).map {
        $0.recordName.map { Phrase(",\"close\":{\"call\":\"", $0, "\",\"frame\":") }
          ?? Phrase(",\"close\":null")
      }
    }
    options = Self.keep { bit in
      guard bit < 16 else { return nil }
      let option = TCPOptionSet(rawValue: 1 << UInt16(bit))
      return option.recordNames.first { _ in true }.map { Phrase("\"", $0, "\",") } ?? Phrase()
    }
  }

  private static func keep(_ phrases: [Phrase]) -> UnsafePointer<Phrase> {
    let room = UnsafeMutablePointer<Phrase>.allocate(capacity: phrases.count)
    room.initialize(from: phrases, count: phrases.count)
    return UnsafePointer(room)
  }

  /// Keeps a phrase for every raw value from 0 on, until there is none.
  private static func keep(_ phrase: (UInt8) -> Phrase?) -> UnsafePointer<Phrase> {
    var phrases: [Phrase] = []
    while let next = phrase(UInt8(phrases.count)) { phrases.append(next) }
    return keep(phrases)
  }

  @inline(__always)
  func transition(_ transition: Transition) -> UnsafePointer<Phrase> {
    transitions + (Int(transition.from.rawValue) &* states &+ Int(transition.to.rawValue))
  }

  @inline(__always)
  func state(_ endpoint: borrowing EndpointReport) -> UnsafePointer<Phrase> {
    endpointStates + (Int(endpoint.state.rawValue) &+ (endpoint.possibleStates.isCertain ? 0 : states))
  }

  /// The last value of a record.
  @inline(__always)
  func confidence(_ confidence: Confidence) -> UnsafePointer<Phrase> {
    confidences + Int(confidence.rawValue)
  }

  /// With the key of the originator's record behind it.
  @inline(__always)
  func outcome(_ outcome: Outcome) -> UnsafePointer<Phrase> { outcomes + Int(outcome.rawValue) }

  @inline(__always)
  func vantage(_ vantage: Vantage) -> UnsafePointer<Phrase> { vantages + Int(vantage.rawValue) }

  /// Up to the frame, if the endpoint called connect.
  @inline(__always)
  func connect(_ result: SocketView.Connect) -> UnsafePointer<Phrase> { connects + Int(result.rawValue) }

  /// Up to the frame, if the endpoint closed.
  @inline(__always)
  func close(_ call: SocketView.CloseCall) -> UnsafePointer<Phrase> { closes + Int(call.rawValue) }

  /// `"mss",`, by the option's bit.
  @inline(__always)
  func option(_ option: Int) -> UnsafePointer<Phrase> { options + option }

  /// The bits that have names.
  static let namedOptions = TCPOptionSet(rawValue: 0x7fff)
}
