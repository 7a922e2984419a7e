extension Registry {
  /// The word of `known` nearest to a misspelt one; nil when none is near.
  public static func nearest(to word: String, among known: some Sequence<String>) -> String? {
    let best = known.map { (distance(word, $0), $0) }.min { $0 < $1 }
    guard let best, best.0 <= max(1, word.count / 3) else { return nil }
    return best.1
  }
}
