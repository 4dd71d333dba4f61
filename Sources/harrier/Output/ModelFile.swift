import Graph
import ONNXFormat

/// How models are written.
enum ModelFile {
    /// Writes a graph: in ONNX's textual syntax to a file called `.onnxtxt`, else in the binary format.
    ///
    /// - Returns: what a person should know, a phrase each.
    /// - Throws: `HarrierError` if it cannot be written. Nothing is left behind then.
    static func write(_ graph: Graph, to path: String) throws -> [String] {
        if path.hasSuffix(".onnxtxt") {
            try WholeFile.write(ONNXText.print(graph).utf8, to: path)
            return []
        }
        let written = try ONNXWriter().write(graph, to: path)
        return written.notes + (written.weightsPath.map { ["the weights are in \($0)"] } ?? [])
    }
}
