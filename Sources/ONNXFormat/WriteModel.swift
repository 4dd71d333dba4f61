import IR

/// Writes a graph: in ONNX's textual syntax to a file called `.onnxtxt`, else in the binary format.
///
/// - Parameter newestOpset: the newest version of ONNX's operator set that the reader of the file knows; nil for any.
/// - Returns: what a person should know, a phrase each.
/// - Throws: ``HarrierError`` if it cannot be written. Nothing is left behind then.
package func writeModel(_ graph: Graph, to path: String, newestOpset: Int? = nil) throws -> [String] {
    if path.hasSuffix(".onnxtxt") {
        try WholeFile.write(ONNXText.print(graph).utf8, to: path)
        guard graph.nodes.contains(where: \.isPrecomputed) else { return [] }
        return [
            "ONNX's textual syntax has no place for the mark of nodes that run before sharing; a profile of this file "
                + "prices them"
        ]
    }
    let source = graph.metadata.sourceOpset ?? Graph.opsetVersion
    // The functions of protocol-level operators are written for the operator set that Harrier works on.
    let opset = graph.isProtocolLevel ? Graph.opsetVersion : newestOpset.flatMap { $0 < source ? $0 : nil }
    let written = try ONNXWriter(opset: opset).write(graph, to: path)
    return written.notes + (written.weightsPath.map { ["the weights are in \($0)"] } ?? [])
}
