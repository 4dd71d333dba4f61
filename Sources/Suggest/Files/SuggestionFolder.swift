import Foundation
import IR
import ONNXFormat

/// Writes the variants of a model and an index of them into a folder. Every file appears whole or not at all; the index comes last.
public struct SuggestionFolder {
    private let path: String

    /// A folder, which is made if it is not there.
    ///
    /// - Throws: ``HarrierError`` if it cannot be made.
    public init(_ path: String) throws {
        self.path = path
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw HarrierError("no folder can be made there: \(error.localizedDescription)", file: path)
        }
    }

    /// Writes `NAME.onnx` and `NAME-trainable.onnx` for each variant, `samples.npz` if the samples were drawn, `index.json` and `index.md`.
    ///
    /// - Parameter newestOpset: the newest version of ONNX's operator set that the files may be written in; nil for any.
    /// - Returns: what a person should know, a phrase each.
    /// - Throws: ``HarrierError`` if a file cannot be written.
    public func write(_ report: SuggestionReport, newestOpset: Int?) throws -> [String] {
        var notes: [String] = []
        for variant in report.suggestions.variants {
            notes += try write(variant.graph, report.fileName(of: variant), newestOpset)
            guard let trainable = variant.trainable else { continue }
            notes += try write(trainable, report.trainableFileName(of: variant), nil)
        }
        if let samples = report.suggestions.samples, samples.isSynthetic { try samples.write(to: place("samples.npz")) }
        try WholeFile.write(try report.json(folder: path), to: place("index.json"))
        try WholeFile.write(report.markdown.utf8, to: place("index.md"))
        return notes
    }

    private func write(_ graph: Graph, _ file: String, _ newestOpset: Int?) throws -> [String] {
        try writeModel(graph, to: place(file), newestOpset: newestOpset).map { "\(file): \($0)" }
    }

    private func place(_ file: String) -> String { path.hasSuffix("/") ? path + file : "\(path)/\(file)" }
}
