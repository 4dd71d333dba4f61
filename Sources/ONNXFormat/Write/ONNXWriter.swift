import IR
import SwiftProtobuf

/// Writes graphs as ONNX's binary files.
///
/// Weights are copied from where they are, part by part. A file appears whole or not at all.
package struct ONNXWriter: Sendable {
    /// Where weights go.
    package enum WeightPlacement: Sendable {
        /// Weights that came from another file stay there if the model is written beside it; the others go into the
        /// model, or, if they are more than ``ONNXWriter/largestEmbedded`` bytes together, into a file beside it.
        case automatic
        /// Into the model.
        case embedded
        /// Into one file beside the model, of the model's name with `.weights` in place of the extension.
        case separate
    }

    /// What was written.
    package struct Result: Sendable {
        /// The version of ONNX's operator set that the file uses.
        package var opset: Int
        /// The file of weights written beside the model, if one was.
        package var weightsPath: String?
        /// What a person should know, a phrase each.
        package var notes: [String] = []
    }

    /// Most bytes of weights in a model by default: protobuf ends at 2 GiB.
    package static let largestEmbedded = 3 << 29

    /// The version of ONNX's operator set to write; nil for that of the file the graph came from.
    package var opset: Int?
    /// Where weights go.
    package var weights: WeightPlacement
    /// Whether the types of all values are written, not only of inputs and outputs.
    package var writesValueTypes: Bool

    /// A writer with the given options.
    package init(opset: Int? = nil, weights: WeightPlacement = .automatic, writesValueTypes: Bool = true) {
        self.opset = opset
        self.weights = weights
        self.writesValueTypes = writesValueTypes
    }

    /// Writes a model.
    ///
    /// Data that is missing is written as the reference it was read as.
    ///
    /// - Parameters:
    ///   - graph: the model. Its file slices are not valid any more if the file they are in is overwritten.
    ///   - path: the file; an existing one is replaced.
    /// - Throws: ``HarrierError`` if the graph cannot be said in the operator set asked for, if data cannot be read, or
    ///   the file cannot be written. Nothing is left behind then.
    /// - Complexity: O(bytes written) in time; memory for the model without its weights.
    @discardableResult
    package func write(_ graph: Graph, to path: String) throws -> Result {
        do {
            var result = Result(opset: Graph.opsetVersion)
            // Protocol-level operators are functions in a file, whoever put them into the graph.
            let defined = graph.isProtocolLevel ? graph.definingProtocolFunctions() : graph
            let graph = try inOpset(of: defined, &result).compacted()
            let plan = WeightPlan(graph, path: path, placement: weights)
            var exporter = GraphExporter(external: plan.references, writesValueTypes: writesValueTypes)
            let skeleton = try model(graph, &exporter).serializedBytes() as [UInt8]
            try WholeFile.write(to: path) { file in
                try WeightSplicer.write(skeleton, payloads: exporter.payloads, to: &file)
                // Only now, as an older file of weights may hold what was copied.
                try plan.writeSeparate()
            }
            if !plan.separate.isEmpty { result.weightsPath = plan.separatePath }
            return result
        } catch let error as HarrierError {
            throw error.inFile(path)
        }
    }

    /// The graph in the operator set asked for; if none is, in that of its file, or in the lowest one above that in which it can be said.
    /// Operators that are too new for it are written as their function bodies.
    private func inOpset(of graph: Graph, _ result: inout Result) throws -> Graph {
        guard let current = graph.opsets[""] else { return graph }
        let wanted = opset ?? graph.metadata.sourceOpset ?? current
        result.opset = wanted
        let isTooNew = graph.newestOperator > wanted
        if wanted == current && !isTooNew { return graph }
        do { return try graph.converted(toOpset: wanted) } catch let error as HarrierError {
            if opset == nil, graph.newestOperator <= Graph.opsetVersion {
                let (lowest, written) = try inLowestOpset(graph, above: wanted)
                result.opset = lowest
                result.notes.append(
                    "written in version \(lowest) of ONNX's operator set instead of \(wanted): \(error)")
                return written
            }
            guard isTooNew, let written = try? graph.writingFunctionBodies(where: { $0.firstVersion > wanted }),
                written.newestOperator <= wanted
            else { throw error }
            result.notes.append("operators are written as their function bodies: \(error)")
            return try written.converted(toOpset: wanted)
        }
    }

    /// The graph in the lowest version of the operator set, above that of its file, in which it can be said.
    private func inLowestOpset(_ graph: Graph, above wanted: Int) throws -> (Int, Graph) {
        let lowest = max(wanted + 1, Graph.oldestWrittenOpset, graph.newestOperator)
        for version in min(lowest, Graph.opsetVersion)..<Graph.opsetVersion {
            if let written = try? graph.converted(toOpset: version) { return (version, written) }
        }
        return (Graph.opsetVersion, try graph.converted(toOpset: Graph.opsetVersion))
    }

    private func model(_ graph: Graph, _ exporter: inout GraphExporter) throws -> ModelProto {
        let metadata = graph.metadata
        var proto = ModelProto()
        proto.irVersion = Int64(format(of: graph))
        proto.opsetImport = operatorSets(of: graph)
        if !metadata.producerName.isEmpty { proto.producerName = metadata.producerName }
        if !metadata.producerVersion.isEmpty { proto.producerVersion = metadata.producerVersion }
        if !metadata.domain.isEmpty { proto.domain = metadata.domain }
        if metadata.modelVersion != 0 { proto.modelVersion = Int64(metadata.modelVersion) }
        if !metadata.documentation.isEmpty { proto.docString = metadata.documentation }
        proto.metadataProps = entries(metadata.properties)
        proto.functions = try graph.functions.map { try exporter.function($0) }
        proto.graph = try exporter.model(graph)
        return proto
    }

    /// The version of the file format: that of the model's file, as long as the operator set is its own, too; a reader that took the one takes
    /// the other.
    private func format(of graph: Graph) -> Int {
        let (given, oldest) = (graph.metadata.irVersion, oldestFormat(for: graph))
        let isOwn = graph.opsets[""] == graph.metadata.sourceOpset && given >= (graph.functions.isEmpty ? 4 : 8)
        return isOwn ? given : max(given, oldest)
    }

    /// The oldest version of the file format that knows the graph's operator set, functions, and initializers that are
    /// no inputs.
    private func oldestFormat(for graph: Graph) -> Int {
        switch graph.opsets[""] ?? Graph.opsetVersion {
        case ...14: graph.functions.isEmpty ? 7 : 8
        case ...18: 8
        case ...20: 9
        case ...22: 10
        case 23: 11
        case 24: 12
        default: 13
        }
    }
}
