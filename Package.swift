// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "harrier",
    dependencies: [
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0")
    ],
    targets: [
        .target(name: "Graph"),
        .target(
            name: "ONNXFormat",
            dependencies: ["Graph", .product(name: "SwiftProtobuf", package: "swift-protobuf")],
            exclude: ["onnx.proto"]),
        .target(name: "Profiler", dependencies: ["Graph"]),

        .testTarget(name: "ONNXFormatTests", dependencies: ["ONNXFormat", "TestSupport"]),
        .target(name: "TestSupport", dependencies: ["Graph"], path: "Tests/TestSupport"),
        .testTarget(name: "GraphTests", dependencies: ["Graph", "TestSupport"]),
        .testTarget(name: "ProfilerTests", dependencies: ["Graph", "Profiler", "TestSupport"]),
    ],
    swiftLanguageModes: [.v6]
)
