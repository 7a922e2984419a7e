import Testing

@testable import TraceRules

struct FormatTests {
  @Test(arguments: [
    (0, "0 ns"), (999, "999 ns"), (4_000, "4 us"), (203_788_000, "203.8 ms"), (2_700_000, "2.7 ms"),
    (1_000_000_000, "1 s"), (1_040_100_000, "1.04 s"), (999_960_000, "1000 ms"), (119_900_000_000, "119.9 s"),
    (125_000_000_000, "2 min 5 s"), (7_200_000_000_000, "2 h"), (90_061_000_000_000, "25 h 1 min"),
    (172_800_000_000_000, "2 d"), (-203_788_000, "-203.8 ms"), (Int64.min, "-292 years"),
    (Int64.max, "106751 d 23 h"),
  ])
  func times(ns: Int64, text: String) { #expect(Format.time(ns) == text) }

  @Test func countsTakeTheirPlural() {
    #expect(Format.octets(1) == "1 octet" && Format.octets(UInt64(1460)) == "1460 octets")
    #expect(
      Format.count(0, "frame") == "0 frames"
        && Format.count(2, "frame was", plural: "frames were") == "2 frames were")
  }

  @Test func ratesAndShares() {
    #expect(Format.rate(octets: 125_000, over: 1_000_000_000) == "1 Mbit/s")
    #expect(Format.rate(octets: 10, over: 1_000_000_000) == "80 bit/s")
    #expect(Format.rate(octets: 10, over: 0) == "0 bit/s")
    #expect(Format.percent(25, of: 1000) == "2.5 %" && Format.percent(1, of: 3) == "33.33 %")
    #expect(Format.percent(1, of: 0) == "0 %")
    #expect(Format.rate(octets: .max, over: 1).hasSuffix("Gbit/s"))
  }

  @Test func groupsAndLists() {
    #expect(
      Format.grouped(128_940) == "128,940" && Format.grouped(7) == "7" && Format.grouped(-1000) == "-1,000")
    #expect(
      Format.list([]) == "" && Format.list(["a"]) == "a" && Format.list(["a", "b", "c"]) == "a, b and c")
  }
}
