import Testing
import TraceSynth

@testable import bench

struct ThresholdsTests {
  private let file = """
    # Why these numbers are here.
    tolerance 0.05
    compiler Swift version 6.3.1
    x86_64 mix 300000 record 5117.2   # the hot path

    arm64 long-fat 1000 libpcap 900.0
    """

  @Test func rowsAreRead() throws {
    let thresholds = try Thresholds(file)
    #expect(thresholds.tolerance == 0.05)
    #expect(thresholds.compiler == "Swift version 6.3.1")
    #expect(thresholds.rows.count == 2)
    #expect(thresholds.rows[0].shape == .mix)
    #expect(thresholds.rows[0].frames == 300_000)
    #expect(thresholds.rows[0].instructions == 5117.2)
    #expect(thresholds.rows[1].machine == "arm64")
    #expect(thresholds.rows[1].reader == "libpcap")
  }

  @Test func whatIsWrittenReadsTheSame() throws {
    let first = try Thresholds(file)
    let second = try Thresholds(first.text)
    #expect(second.text == first.text)
    #expect(second.rows.map(\.instructions) == first.rows.map(\.instructions))
  }

  @Test(arguments: [
    "x86_64 mix 300000 record", "x86_64 mixed 300000 record 1", "x86_64 mix 0 record 1",
    "x86_64 mix 300000 other 1", "x86_64 mix 300000 record 0", "tolerance -1",
  ])
  func faultyLinesAreRefusedByNumber(line: String) {
    let error = #expect(throws: BenchError.self) { try Thresholds("# fine\n" + line) }
    #expect(error?.description.hasPrefix("thresholds, line 2:") == true)
  }

  @Test func numbersAreRounded() {
    #expect(decimal(2.346) == "2.35")
    #expect(decimal(0.05) == "0.05")
    #expect(decimal(41.96, 1) == "42.0")
    #expect(decimal(7.6, 0) == "8")
    #expect(decimal(nil) == "-")
    #expect(decimal(.infinity) == "-")
    #expect([3, 1, 2].median == 2)
    #expect([4.0, 1, 3, 2].median == 3)
    #expect([Int]().median == nil)
  }

  @Test func columnsAlign() {
    var table = TextTable(["name", "n"])
    table.add(["a", "100"])
    #expect(table.text == "name    n\na     100")
  }
}
