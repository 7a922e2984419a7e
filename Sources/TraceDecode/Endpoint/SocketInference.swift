/// What each application must have called or seen (DESIGN 3, QUESTIONS.md).
enum SocketInference {
  static func view(_ paths: inout InferredPaths, _ evidence: FlowEvidence) {}
}
