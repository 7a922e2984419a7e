// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "count-resets",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "flowlint", path: "../..")],
  targets: [
    .executableTarget(
      name: "count-resets",
      dependencies: [
        .product(name: "TraceCapture", package: "flowlint"),
        .product(name: "TraceDecode", package: "flowlint"),
      ])
  ])
