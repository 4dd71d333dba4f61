import Foundation
import TestSupport
import Testing

/// The built command, run as a process of its own.
enum Command {
    /// The executable beside the test bundle.
    static var path: String {
        get throws {
            let bundle = try #require(Bundle.main.executableURL).resolvingSymlinksInPath()
            // The test bundle's executable lies beside the command (Linux), or three folders below it (macOS).
            for levels in 1...4 {
                var folder = bundle
                for _ in 0..<levels { folder.deleteLastPathComponent() }
                let candidate = folder.appendingPathComponent("harrier")
                var isFolder: ObjCBool = false
                let exists = FileManager.default.fileExists(atPath: candidate.path, isDirectory: &isFolder)
                if exists && !isFolder.boolValue { return candidate.path }
            }
            throw TestSupportError("the command is not built beside \(bundle.path)")
        }
    }

    /// Runs the command to its end.
    static func run(_ arguments: [String], environment: [String: String] = [:]) throws -> Oracle.Outcome {
        try Oracle.launch(try path, arguments, environment: environment)
    }

    /// Runs the command, which must succeed, and returns what it printed.
    static func output(_ arguments: [String], sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
        let outcome = try run(arguments)
        try #require(outcome.status == 0, "\(outcome.errors)", sourceLocation: sourceLocation)
        return outcome.output
    }

    /// Runs the command, which must succeed, and decodes the JSON that it printed.
    static func json<Value: Decodable>(
        _ type: Value.Type, _ arguments: [String], sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Value {
        try JSONDecoder().decode(type, from: Data(output(arguments, sourceLocation: sourceLocation).utf8))
    }
}

/// Runs a test with a new folder, deleted afterwards.
func withTemporaryFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let folder = try Fixtures.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
}
