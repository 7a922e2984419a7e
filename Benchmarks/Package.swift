// swift-tools-version: 6.1
import PackageDescription

let strict: [SwiftSetting] = [.swiftLanguageMode(.v6)]

let package = Package(
  name: "flowlint-benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "flowlint", path: ".."),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
  ],
  targets: [
    .target(name: "TraceSynth", swiftSettings: strict),
    .executableTarget(
      name: "synthesize",
      dependencies: ["TraceSynth", .product(name: "ArgumentParser", package: "swift-argument-parser")],
      swiftSettings: strict),
    .executableTarget(
      name: "base",
      linkerSettings: [.linkedLibrary("pcap"), .linkedLibrary("z")]),
    .target(name: "CMeasure"),
    .executableTarget(
      name: "bench",
      dependencies: [
        "CMeasure", "TraceSynth", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "stages",
      dependencies: [
        .product(name: "TraceCapture", package: "flowlint"),
        .product(name: "TraceDecode", package: "flowlint"),
        .product(name: "TraceReport", package: "flowlint"),
        .product(name: "TraceRules", package: "flowlint"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "TraceSynthTests",
      dependencies: [
        "TraceSynth",
        .product(name: "TraceCapture", package: "flowlint"),
        .product(name: "TraceDecode", package: "flowlint"),
        .product(name: "TraceRules", package: "flowlint"),
      ],
      swiftSettings: strict),
    .testTarget(name: "BenchTests", dependencies: ["bench", "TraceSynth"], swiftSettings: strict),
  ]
)
