import TestSupport
import Testing

@Suite struct FlowsTests {
  @Test(arguments: ["text", "csv", "jsonl", "zeek"])
  func goldenOutputOfTheTable(form: String) throws {
    let result = try Flowlint.run("flows", "lab/tw_reuse_lower_isn.pcap", "lab/loss_2.pcap", "-o", form)
    #expect(result.status == 0)
    #expect(result.errors == "")
    Golden.expect(result.output, is: "flows/two-captures.\(form)")
  }

  private func numbers(_ arguments: String...) throws -> [String] {
    let result = try Flowlint.run(
      ["flows", "lab/tw_reuse_lower_isn.pcap", "--columns", "flow", "-o", "csv"] + arguments)
    #expect(result.status == 0)
    return result.output.split(whereSeparator: \.isNewline).dropFirst().map {
      String($0.split(separator: ",")[1])
    }
  }

  @Test func sortsBothWays() throws {
    #expect(try numbers("--sort", "duration") == ["2", "1"])
    #expect(try numbers("--sort", "-duration") == ["1", "2"])
    #expect(try numbers("--sort", "-flow", "--head", "1") == ["2"])
  }

  @Test func listsOnlyWhatIsAskedFor() throws {
    #expect(try numbers("--where", "finding TWR701") == ["2"])
    #expect(try numbers("--where", "not finding TWR701") == ["1"])
    #expect(try numbers("--where", "port 81") == [])
  }

  @Test func wrongNamesSayWhatIsMeant() throws {
    let column = try Flowlint.run("flows", "lab/loss_2.pcap", "--columns", "flow,rexmit_segz")
    #expect(column.status == 2)
    #expect(column.errors.contains("did you mean rexmit_segs?"))
    let expression = try Flowlint.run("flows", "lab/loss_2.pcap", "--where", "port and")
    #expect(expression.status == 2)
    #expect(expression.errors.contains("^"))
  }
}
