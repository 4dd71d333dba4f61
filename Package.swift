// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "harrier",
    products: [
        .executable(name: "harrier", targets: ["harrier-command"]),
        .library(name: "Harrier", targets: ["Harrier"]),
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

        .target(name: "IR"),
        .target(name: "DataFiles", dependencies: ["IR", .product(name: "Yams", package: "Yams")]),
        .target(
            name: "ONNXFormat",
            dependencies: ["IR", .product(name: "SwiftProtobuf", package: "swift-protobuf")],
            exclude: ["onnx.proto"]),
        .target(name: "Evaluate", dependencies: ["IR", "COpenBLAS"]),
        .target(name: "Autograd", dependencies: ["IR"]),
        .target(name: "Pricing", dependencies: ["Evaluate", "IR"]),
        .target(
            name: "Frameworks",
            dependencies: ["DataFiles", "Evaluate", "IR", "Pricing", .product(name: "Yams", package: "Yams")],
            plugins: ["EmbedFiles"]),
        .target(name: "Calibration", dependencies: ["IR", "Pricing"]),
        .target(name: "Modules", dependencies: ["IR"]),
        .executableTarget(name: "zoo", dependencies: ["Modules"]),
        .target(
            name: "Rewrite",
            dependencies: [
                "DataFiles", "IR", "Evaluate", "Pricing",
                .product(name: "HeapModule", package: "swift-collections"),
                .product(name: "Yams", package: "Yams"),
            ],
            plugins: ["EmbedFiles"]),
        .executableTarget(name: "embed-files"),
        .plugin(name: "EmbedFiles", capability: .buildTool(), dependencies: ["embed-files"]),
        .target(
            name: "Render",
            dependencies: [
                "IR", "Pricing", "CGraphviz", .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ],
            exclude: ["Exports/pprof.proto"]),
        .target(
            name: "Report",
            dependencies: [
                "IR", "Pricing", "Rewrite", "Render", .product(name: "Mustache", package: "swift-mustache"),
            ],
            exclude: ["Assets"], plugins: ["EmbedFiles"]),
        .target(
            name: "Suggest",
            dependencies: ["CLibzip", "Evaluate", "Frameworks", "IR", "ONNXFormat", "Pricing", "Rewrite"]),
        .target(
            name: "Harrier",
            dependencies: [
                "Autograd", "Calibration", "Evaluate", "Frameworks", "IR", "Modules", "ONNXFormat", "Pricing", "Render",
                "Report", "Rewrite", "Suggest",
            ]),
        // Not called as the command is: names of targets must differ by more than case.
        .executableTarget(
            name: "harrier-command",
            dependencies: ["Harrier", .product(name: "ArgumentParser", package: "swift-argument-parser")]),

        .target(name: "TestSupport", dependencies: ["IR"], path: "Tests/TestSupport"),
        .testTarget(name: "IRTests", dependencies: ["Evaluate", "IR", "ONNXFormat", "TestSupport"]),
        .testTarget(name: "ONNXFormatTests", dependencies: ["ONNXFormat", "Evaluate", "TestSupport"]),
        .testTarget(
            name: "AutogradTests",
            dependencies: ["Autograd", "Evaluate", "Frameworks", "IR", "ONNXFormat", "Pricing", "TestSupport"]),
        .testTarget(name: "EvaluateTests", dependencies: ["Evaluate", "ONNXFormat", "TestSupport"]),
        .testTarget(name: "HarrierTests", dependencies: ["Harrier", "TestSupport"]),
        .testTarget(
            name: "ModulesTests",
            dependencies: ["Evaluate", "Frameworks", "Modules", "ONNXFormat", "Pricing", "TestSupport"]),
        .testTarget(
            name: "CommandLineTests",
            dependencies: ["Calibration", "Frameworks", "IR", "Modules", "Pricing", "harrier-command", "TestSupport"]),
        .testTarget(
            name: "PricingTests",
            dependencies: [
                "Autograd", "Calibration", "Evaluate", "Frameworks", "IR", "ONNXFormat", "Pricing", "TestSupport",
            ]),
        .testTarget(
            name: "RenderTests",
            dependencies: [
                "Frameworks", "IR", "Pricing", "Render", "TestSupport",
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ],
            exclude: ["Goldens"]),
        .testTarget(
            name: "ReportTests",
            dependencies: [
                "Autograd", "Evaluate", "Frameworks", "IR", "ONNXFormat", "Pricing", "Render", "Report", "Rewrite",
                "TestSupport",
            ]),
        .testTarget(
            name: "RewriteTests",
            dependencies: ["DataFiles", "Evaluate", "Frameworks", "ONNXFormat", "Pricing", "Rewrite", "TestSupport"]),
        .testTarget(
            name: "SuggestTests",
            dependencies: [
                "Evaluate", "Frameworks", "IR", "ONNXFormat", "Pricing", "Rewrite", "Suggest", "TestSupport",
            ]),
    ],
    swiftLanguageModes: [.v6]
)

// DocC's plugin is for `make docs` only: nobody else has to fetch it.
if Context.environment["HARRIER_DOCS"] != nil {
    package.dependencies.append(.package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"))
}
