// swift-tools-version: 6.1
import PackageDescription

let strict: [SwiftSetting] = [.swiftLanguageMode(.v6)]

let package = Package(
  name: "flowlint",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "flowlint", targets: ["flowlint"]),
    .library(name: "TraceDecode", targets: ["TraceDecode"]),
    .library(name: "TraceCapture", targets: ["TraceCapture"]),
    .library(name: "TraceRules", targets: ["TraceRules"]),
    .library(name: "TraceScript", targets: ["TraceScript"]),
    .library(name: "TraceReport", targets: ["TraceReport"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0")
  ],
  targets: [
    .systemLibrary(
      name: "CPcap", pkgConfig: "libpcap",
      providers: [.apt(["libpcap-dev"]), .yum(["libpcap-devel"]), .brew(["libpcap"])]),
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib",
      providers: [.apt(["zlib1g-dev"]), .yum(["zlib-devel"]), .brew(["zlib"])]),
    .systemLibrary(
      name: "CZstd", pkgConfig: "libzstd",
      providers: [.apt(["libzstd-dev"]), .yum(["libzstd-devel"]), .brew(["zstd"])]),
    .systemLibrary(
      name: "CYaml", pkgConfig: "yaml-0.1",
      providers: [.apt(["libyaml-dev"]), .yum(["libyaml-devel"]), .brew(["libyaml"])]),
    .systemLibrary(name: "CSystem"),
    .target(name: "TraceDecode", swiftSettings: strict),
    .target(
      name: "TraceCapture", dependencies: ["CPcap", "CSystem", "CZlib", "CZstd", "TraceDecode"],
      swiftSettings: strict),
    .target(name: "TraceRules", dependencies: ["TraceDecode"], swiftSettings: strict),
    .target(name: "TraceScript", dependencies: ["TraceDecode"], swiftSettings: strict),
    // Page/ holds the sources of HTMLPage.generated.swift.
    .target(
      name: "TraceReport", dependencies: ["TraceDecode", "TraceRules"], exclude: ["HTML/Page"],
      swiftSettings: strict),
    .executableTarget(
      name: "flowlint",
      dependencies: [
        "TraceDecode", "TraceCapture", "TraceRules", "TraceScript", "TraceReport", "CPcap", "CZlib", "CZstd",
        "CSystem", "CYaml",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    .target(
      name: "TestSupport", dependencies: ["TraceDecode", "TraceCapture", "TraceRules", "TraceScript"],
      path: "Tests/TestSupport", swiftSettings: strict),
    .testTarget(
      name: "TraceDecodeTests", dependencies: ["TraceDecode", "TraceCapture", "TraceRules", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "TraceCaptureTests", dependencies: ["TraceCapture", "TraceDecode", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "TraceRulesTests", dependencies: ["TraceRules", "TraceDecode", "TraceScript", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "TraceScriptTests", dependencies: ["TraceScript", "TraceDecode", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "TraceReportTests", dependencies: ["TraceReport", "TraceDecode", "TraceRules", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "FlowlintTests", dependencies: ["flowlint", "TraceDecode", "TraceRules", "TestSupport"],
      swiftSettings: strict),
  ]
)
