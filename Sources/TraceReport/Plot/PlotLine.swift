/// A point of a drawing that can stand for others near it.
protocol PlotPoint {
  /// Units: nanoseconds since the epoch.
  var time: Int64 { get }
  /// Takes in the next point; false where the two cannot be drawn as one.
  mutating func absorb(_ next: Self) -> Bool
}

/// Points in order of time, never more than asked for: when there would be, those of equal stretches of time
/// become one, and the stretches double.
struct PlotLine<Point: PlotPoint & Sendable>: Sendable {
  private(set) var points: [Point] = []
  /// How long a stretch is; 0 while every point stands for itself. Units: nanoseconds.
  private(set) var stretch: Int64 = 0
  private var origin: Int64 = 0

  var isEmpty: Bool { points.isEmpty }
  var count: Int { points.count }
  var last: Point? { points.last }
  /// Whether points stand for others.
  var isThinned: Bool { stretch > 0 }

  mutating func append(_ point: Point, limit: Int) {
    if points.isEmpty { origin = point.time }
    if stretch > 0, let last = points.indices.last, place(of: points[last]) == place(of: point),
      points[last].absorb(point)
    {
      return
    }
    points.append(point)
    if points.count > limit { thin(to: limit / 2) }
  }

  /// Changes the latest point that `isMeant`, where points from `from` on may be; false when there is none.
  mutating func change(
    from: Int, where isMeant: (Point) -> Bool, to change: (inout Point) -> Void
  ) -> Bool {
    for i in points.indices.suffix(from: max(0, from)).reversed() where isMeant(points[i]) {
      change(&points[i])
      return true
    }
    return false
  }

  /// Puts points in order of time that came late.
  mutating func sort() {
    points = points.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
      .map(\.element)
  }

  /// Leaves at most `limit` points, as far as they can be drawn as one.
  mutating func thin(to limit: Int) {
    guard points.count > limit, let first = points.first, let last = points.last else { return }
    origin = min(origin, first.time)
    let span = max(1, last.time &- origin)
    stretch = max(stretch, span / Int64(max(1, limit)), 1)
    while points.count > limit, stretch <= span {
      gather()
      if points.count > limit { stretch = stretch &* 2 }
    }
    // Points that cannot be one, marks of different kinds, are few; were they not, every second one stays.
    while points.count > limit {
      points = points.indices.filter { $0 % 2 == 0 }.map { points[$0] }
    }
  }

  /// Makes one of the points of each stretch, as far as they can be.
  private mutating func gather() {
    var fewer: [Point] = []
    fewer.reserveCapacity(points.count / 2)
    next: for point in points {
      // Kinds that alternate are looked for beyond each other.
      for i in fewer.indices.suffix(6).reversed() where place(of: fewer[i]) == place(of: point) {
        if fewer[i].absorb(point) { continue next }
      }
      fewer.append(point)
    }
    points = fewer
  }

  private func place(of point: Point) -> Int64 { max(0, point.time &- origin) / stretch }
}
