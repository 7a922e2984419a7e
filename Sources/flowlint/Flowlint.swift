import ArgumentParser

@main
struct Flowlint: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "flowlint", abstract: "Says what went wrong in a TCP capture, where, and how sure it is.")
}
