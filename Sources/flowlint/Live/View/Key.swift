/// A key as terminals send it (ECMA-48, xterm).
enum Key: Equatable {
  case letter(Character)
  case up, down, pageUp, pageDown, home, end
  case enter, escape, backspace, tab
  /// ^L, and ^U.
  case redraw, clear

  /// The keys that octets from the terminal stand for; what is no key is left out.
  static func parse(_ octets: [UInt8]) -> [Key] {
    var keys: [Key] = []
    var rest = octets[...]
    while let octet = rest.popFirst() {
      switch octet {
      case 0x1b: keys += sequence(&rest)
      case 0x0d, 0x0a: keys.append(.enter)
      case 0x7f, 0x08: keys.append(.backspace)
      case 0x09: keys.append(.tab)
      case 0x0c: keys.append(.redraw)
      case 0x15: keys.append(.clear)
      case 0x20..<0x7f: keys.append(.letter(Character(UnicodeScalar(octet))))
      default: break
      }
    }
    return keys
  }

  /// What follows an ESC: a sequence (`[A`, `OA`, `[5~`), or nothing when the key itself was pressed.
  private static func sequence(_ rest: inout ArraySlice<UInt8>) -> [Key] {
    guard let first = rest.first, first == UInt8(ascii: "[") || first == UInt8(ascii: "O") else {
      return [.escape]
    }
    rest.removeFirst()
    var number = 0
    while let octet = rest.popFirst() {
      switch octet {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): number = min(number, 99) * 10 + Int(octet - 0x30)
      case UInt8(ascii: ";"): number = 0
      case UInt8(ascii: "A"): return [.up]
      case UInt8(ascii: "B"): return [.down]
      case UInt8(ascii: "H"): return [.home]
      case UInt8(ascii: "F"): return [.end]
      case UInt8(ascii: "~"):
        switch number {
        case 1, 7: return [.home]
        case 4, 8: return [.end]
        case 5: return [.pageUp]
        case 6: return [.pageDown]
        default: return []
        }
      case 0x40...0x7e: return []
      default: break
      }
    }
    return []
  }
}
