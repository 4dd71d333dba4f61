// swift-tools-version: 6.1
import PackageDescription

// A package of somebody else that depends on Harrier by version. `Tests/Client/run` says where that version is.
let package = Package(
    name: "client",
    dependencies: [.package(url: Context.environment["HARRIER_URL"] ?? "file:///harrier", from: "0.1.0")],
    targets: [.executableTarget(name: "client", dependencies: [.product(name: "Harrier", package: "harrier")])])
