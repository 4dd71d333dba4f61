// swift-tools-version: 6.1
import PackageDescription

/// Numeric kernels are unusably slow without the optimizer, so they are optimized in debug builds too.
let alwaysOptimized: [SwiftSetting] = [.unsafeFlags(["-O", "-wmo", "-num-threads", "2"], .when(configuration: .debug))]

let package = Package(
    name: "harrier",
    dependencies: [
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0")
    ],
    targets: [
        .systemLibrary(
            name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),

        .target(name: "Graph"),
        .target(
            name: "ONNXFormat",
            dependencies: ["Graph", .product(name: "SwiftProtobuf", package: "swift-protobuf")],
            exclude: ["onnx.proto"]),
        .target(
            name: "Evaluate", dependencies: ["Graph", "COpenBLAS"], swiftSettings: alwaysOptimized),
        .target(name: "Profiler", dependencies: ["Graph"]),

        .target(name: "TestSupport", dependencies: ["Graph"], path: "Tests/TestSupport"),
        .testTarget(name: "GraphTests", dependencies: ["Graph", "TestSupport"]),
        .testTarget(name: "ONNXFormatTests", dependencies: ["ONNXFormat", "TestSupport"]),
        .testTarget(name: "EvaluateTests", dependencies: ["Evaluate", "ONNXFormat", "TestSupport"]),
        .testTarget(name: "ProfilerTests", dependencies: ["Graph", "Profiler", "TestSupport"]),
    ],
    swiftLanguageModes: [.v6]
)
