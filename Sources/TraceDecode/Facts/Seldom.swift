/// An optional value that most owners never have: a word until it is set, and memory of its own then.
///
/// For what is large beside its owner; reading it costs no more than following a pointer.
@propertyWrapper
struct Seldom<Value> {
  private final class Box {
    var value: Value
    init(_ value: Value) { self.value = value }
  }
  private var box: Box?

  init() {}

  var wrappedValue: Value? {
    @inline(__always) get { box?.value }
    set {
      guard let newValue else {
        box = nil
        return
      }
      // Copies of the owner stay apart.
      if isKnownUniquelyReferenced(&box) {
        box?.value = newValue
      } else {
        box = Box(newValue)
      }
    }
  }
}
