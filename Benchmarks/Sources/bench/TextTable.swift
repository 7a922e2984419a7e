/// A table of aligned columns: the first to the left, the others to the right.
struct TextTable {
  var rows: [[String]]
  init(_ header: [String]) { rows = [header] }

  mutating func add(_ row: [String]) { rows.append(row) }

  var text: String {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
      row.enumerated().map { column, cell in
        let gap = String(repeating: " ", count: widths[column] - cell.count)
        return column == 0 ? cell + gap : gap + cell
      }.joined(separator: "  ")
    }.joined(separator: "\n")
  }
}

/// A number with so many decimals, and `-` for none.
func decimal(_ number: Double?, _ decimals: Int = 2) -> String {
  guard let number, number.isFinite else { return "-" }
  var scale = 1.0
  for _ in 0..<decimals { scale *= 10 }
  let scaled = Int64((number * scale).rounded())
  guard decimals > 0 else { return String(scaled) }
  let unit = Int64(scale)
  let fraction = String(scaled % unit)
  return "\(scaled / unit)." + String(repeating: "0", count: decimals - fraction.count) + fraction
}

/// Octets as MiB.
func mebibytes(_ octets: Int64?) -> String { decimal(octets.map { Double($0) / 1_048_576 }, 1) }
