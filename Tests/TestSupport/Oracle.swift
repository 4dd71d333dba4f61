import Foundation
import Testing

/// Runs Python with the packages onnx and onnxruntime, which tests compare with. Using Harrier needs no Python.
public enum Oracle {
    /// What a finished process left.
    public struct Outcome: Sendable {
        /// Its exit code.
        public let status: Int32
        /// Its standard output.
        public let output: String
        /// Its standard error.
        public let errors: String
    }

    /// The interpreter: `HARRIER_PYTHON`, else the environment that `make oracle` makes. A test that asks for it where there is none
    /// is skipped, as ``missing(_:)`` says.
    public static func python() throws -> String {
        if let python = ProcessInfo.processInfo.environment["HARRIER_PYTHON"] { return python }
        let python = Fixtures.packageRoot.appendingPathComponent(".build/oracle/bin/python").path
        guard FileManager.default.isExecutableFile(atPath: python) else {
            try missing("no Python with onnx and onnxruntime: run 'make oracle'")
        }
        return python
    }

    /// The path of a program that is not part of Harrier, found where shells look for it. A test that asks for it where there is none
    /// is skipped, as ``missing(_:)`` says.
    public static func program(_ name: String) throws -> String {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        for folder in folders where FileManager.default.isExecutableFile(atPath: "\(folder)/\(name)") {
            return "\(folder)/\(name)"
        }
        try missing("there is no '\(name)' on this machine")
    }

    /// Ends a test that lacks something that is not part of Harrier: it is skipped, unless `HARRIER_REQUIRE_ORACLES` is set, as
    /// `make test` does, so that nothing is left out unnoticed there.
    ///
    /// - Throws: ``TestSupportError``, or what cancels the test.
    public static func missing(_ what: String) throws -> Never {
        guard ProcessInfo.processInfo.environment["HARRIER_REQUIRE_ORACLES"] == nil else {
            throw TestSupportError(what)
        }
        try Test.cancel("\(what)")
    }

    /// Runs a script of `Tests/Oracles` and returns what it printed.
    ///
    /// - Throws: ``TestSupportError`` with the script's own message if it fails.
    public static func run(script: String, arguments: [String] = []) throws -> String {
        let path = Fixtures.packageRoot.appendingPathComponent("Tests/Oracles").appendingPathComponent(script).path
        let outcome = try launch(try python(), [path] + arguments)
        guard outcome.status == 0 else {
            throw TestSupportError("\(script) failed with \(outcome.status):\n\(outcome.errors)")
        }
        return outcome.output
    }

    /// Runs a program to its end.
    public static func launch(_ program: String, _ arguments: [String], environment: [String: String] = [:]) throws
        -> Outcome
    {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        // Files instead of pipes: a process that prints more than a pipe holds must not wait for us.
        let outputFile = folder.appendingPathComponent("output")
        let errorFile = folder.appendingPathComponent("errors")
        for file in [outputFile, errorFile] { _ = FileManager.default.createFile(atPath: file.path, contents: nil) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: outputFile)
        process.standardError = try FileHandle(forWritingTo: errorFile)
        try process.run()
        process.waitUntilExit()
        return Outcome(
            status: process.terminationStatus,
            output: String(decoding: try Data(contentsOf: outputFile), as: UTF8.self),
            errors: String(decoding: try Data(contentsOf: errorFile), as: UTF8.self))
    }
}
