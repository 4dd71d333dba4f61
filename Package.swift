// swift-tools-version: 6.1
import PackageDescription

/// Numeric kernels are unusably slow without the optimizer, so they are optimized in debug builds too.
let alwaysOptimized: [SwiftSetting] = [.unsafeFlags(["-O", "-wmo", "-num-threads", "2"], .when(configuration: .debug))]

let package = Package(
    name: "harrier",
    products: [
        .executable(name: "harrier", targets: ["harrier"]),
        .library(
            name: "Harrier",
            targets: [
                "Graph", "Modules", "ONNXFormat", "Autograd", "Evaluate", "Profiler", "Rewrite", "Render", "Report",
                "Suggest",
            ]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        .systemLibrary(name: "CGraphviz", pkgConfig: "libgvc", providers: [.apt(["libgraphviz-dev"])]),
        .systemLibrary(
            name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),

        .systemLibrary(name: "CLibzip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),

        .target(name: "Graph"),
        .target(name: "DataFiles", dependencies: ["Graph", .product(name: "Yams", package: "Yams")]),
        .target(
            name: "ONNXFormat",
            dependencies: ["Graph", .product(name: "SwiftProtobuf", package: "swift-protobuf")],
            exclude: ["onnx.proto"]),
        .target(
            name: "Evaluate", dependencies: ["Graph", "COpenBLAS"], swiftSettings: alwaysOptimized),
        .target(name: "Autograd", dependencies: ["Graph"]),
        .target(
            name: "Profiler", dependencies: ["DataFiles", "Graph", .product(name: "Yams", package: "Yams")],
            plugins: ["EmbedFiles"]),
        .target(name: "Modules", dependencies: ["Graph"]),
        .executableTarget(name: "zoo", dependencies: ["Modules"]),
        .target(
            name: "Rewrite",
            dependencies: [
                "DataFiles", "Graph", "Evaluate", "Profiler",
                .product(name: "HeapModule", package: "swift-collections"),
                .product(name: "Yams", package: "Yams"),
            ],
            plugins: ["EmbedFiles"]),
        .executableTarget(name: "embed-files"),
        .plugin(name: "EmbedFiles", capability: .buildTool(), dependencies: ["embed-files"]),
        .target(
            name: "Render",
            dependencies: [
                "Graph", "Profiler", "CGraphviz", .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ],
            exclude: ["Exports/pprof.proto"]),
        .target(
            name: "Report",
            dependencies: [
                "Graph", "Profiler", "Rewrite", "Render", .product(name: "Mustache", package: "swift-mustache"),
            ],
            exclude: ["Assets"], plugins: ["EmbedFiles"]),
        .target(
            name: "Suggest", dependencies: ["CLibzip", "Evaluate", "Graph", "ONNXFormat", "Profiler", "Rewrite"]),
        .executableTarget(
            name: "harrier",
            dependencies: [
                "Graph", "ONNXFormat", "Autograd", "Evaluate", "Profiler", "Rewrite", "Render", "Report", "Suggest",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),

        .target(name: "TestSupport", dependencies: ["Graph"], path: "Tests/TestSupport"),
        .testTarget(name: "GraphTests", dependencies: ["Evaluate", "Graph", "ONNXFormat", "TestSupport"]),
        .testTarget(name: "ONNXFormatTests", dependencies: ["ONNXFormat", "Evaluate", "TestSupport"]),
        .testTarget(
            name: "AutogradTests",
            dependencies: ["Autograd", "Evaluate", "Graph", "ONNXFormat", "Profiler", "TestSupport"]),
        .testTarget(name: "EvaluateTests", dependencies: ["Evaluate", "ONNXFormat", "TestSupport"]),
        .testTarget(
            name: "ModulesTests", dependencies: ["Evaluate", "Modules", "ONNXFormat", "Profiler", "TestSupport"]),
        .testTarget(name: "CommandLineTests", dependencies: ["Graph", "Modules", "harrier", "TestSupport"]),
        .testTarget(
            name: "ProfilerTests",
            dependencies: ["Autograd", "Evaluate", "Graph", "ONNXFormat", "Profiler", "TestSupport"]),
        .testTarget(
            name: "RenderTests",
            dependencies: [
                "Graph", "Profiler", "Render", "TestSupport",
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ],
            exclude: ["Goldens"]),
        .testTarget(
            name: "ReportTests",
            dependencies: [
                "Autograd", "Evaluate", "Graph", "ONNXFormat", "Profiler", "Render", "Report", "Rewrite", "TestSupport",
            ]),
        .testTarget(
            name: "RewriteTests", dependencies: ["Evaluate", "ONNXFormat", "Profiler", "Rewrite", "TestSupport"]),
        .testTarget(
            name: "SuggestTests",
            dependencies: ["Evaluate", "Graph", "ONNXFormat", "Profiler", "Rewrite", "Suggest", "TestSupport"]),
    ],
    swiftLanguageModes: [.v6]
)
