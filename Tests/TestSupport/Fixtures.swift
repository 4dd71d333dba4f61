import Foundation

/// Files that tests read.
public enum Fixtures {
    /// The package's root folder.
    public static let packageRoot = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The path of a file such as `models/resnet18.onnx`: from `Tests/Fixtures`, else from the shared reference
    /// data that lies beside the package (or where `HARRIER_SHARED` says).
    public static func path(_ name: String) throws -> String {
        var folders = [packageRoot.appendingPathComponent("Tests/Fixtures")]
        if let shared = ProcessInfo.processInfo.environment["HARRIER_SHARED"] {
            folders.append(URL(fileURLWithPath: shared))
        }
        folders.append(packageRoot.deletingLastPathComponent().appendingPathComponent("shared"))
        for folder in folders {
            let file = folder.appendingPathComponent(name)
            if FileManager.default.fileExists(atPath: file.path) { return file.path }
        }
        throw TestSupportError("no file '\(name)' in Tests/Fixtures or beside the package")
    }

    /// The paths of the files with that extension in a folder such as `models`, in alphabetical order.
    public static func paths(in folder: String, extension suffix: String) throws -> [String] {
        let root = URL(fileURLWithPath: try path(folder))
        return try FileManager.default.contentsOfDirectory(atPath: root.path)
            .filter { $0.hasSuffix("." + suffix) }.sorted()
            .map { root.appendingPathComponent($0).path }
    }

    /// A new empty folder, for the caller to delete.
    public static func temporaryFolder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("harrier-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }
}

/// Why a test cannot run.
public struct TestSupportError: Error, CustomStringConvertible {
    /// The reason.
    public let description: String

    /// An error with that reason.
    public init(_ description: String) { self.description = description }
}
