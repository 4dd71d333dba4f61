// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "harrier",
    targets: [
        .target(name: "Graph"),
        .target(name: "Profiler", dependencies: ["Graph"]),

        .target(name: "TestSupport", path: "Tests/TestSupport"),
        .testTarget(name: "GraphTests", dependencies: ["Graph", "TestSupport"]),
        .testTarget(name: "ProfilerTests", dependencies: ["Graph", "Profiler", "TestSupport"]),
    ],
    swiftLanguageModes: [.v6]
)
