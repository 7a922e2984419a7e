/// A queue that reuses its storage.
struct Ring<Element> {
  private var storage: [Element] = []
  private var head = 0
  private(set) var count = 0

  var first: Element? { count == 0 ? nil : storage[head] }

  private func slot(_ i: Int) -> Int { (head &+ i) & (storage.count &- 1) }

  mutating func popFirst() -> Element? {
    guard count > 0 else { return nil }
    let element = storage[head]
    head = slot(1)
    count -= 1
    return element
  }

  mutating func append(_ element: Element) {
    if count == storage.count { grow(with: element) }
    storage[slot(count)] = element
    count += 1
  }

  /// Appends and lets the element sink below those that `precedes` says come after it.
  mutating func insert(_ element: Element, before precedes: (Element, Element) -> Bool) {
    append(element)
    var i = count - 1
    while i > 0, precedes(element, storage[slot(i - 1)]) {
      storage[slot(i)] = storage[slot(i - 1)]
      i -= 1
    }
    storage[slot(i)] = element
  }

  private mutating func grow(with filler: Element) {
    var larger: [Element] = []
    let capacity = max(8, storage.count * 2)
    larger.reserveCapacity(capacity)
    for i in 0..<count { larger.append(storage[slot(i)]) }
    while larger.count < capacity { larger.append(filler) }
    storage = larger
    head = 0
  }
}

/// One bit for each segment of a window that slides over a transfer.
struct WindowBits {
  private var words: [UInt64]
  private let mask: Int

  /// `size` is a power of two of at least 64.
  init(size: Int) {
    words = Array(repeating: 0, count: size / 64)
    mask = size - 1
  }

  subscript(_ index: Int) -> Bool {
    get { words[(index & mask) >> 6] >> UInt64(index & 63) & 1 == 1 }
    set {
      let bit: UInt64 = 1 << UInt64(index & 63)
      if newValue { words[(index & mask) >> 6] |= bit } else { words[(index & mask) >> 6] &= ~bit }
    }
  }
}
