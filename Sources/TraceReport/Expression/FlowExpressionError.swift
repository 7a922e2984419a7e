/// What is wrong with a flow expression, and where.
public struct FlowExpressionError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Units: characters of the expression, from 1.
  public var column: Int
  /// What stands there, and what was expected.
  public var problem: String
  /// What to do about it; empty when the problem says it all.
  public var remedy: String

  public init(column: Int, problem: String, remedy: String = "") {
    self.column = column
    self.problem = problem
    self.remedy = remedy
  }

  public var description: String {
    "column \(column): \(problem)" + (remedy.isEmpty ? "" : "; \(remedy)")
  }

  /// The expression with a caret under the place, then what is wrong; three lines.
  public func picture(of expression: String) -> String {
    "  \(expression)\n  \(String(repeating: " ", count: max(0, column - 1)))^\n\(description)"
  }
}
