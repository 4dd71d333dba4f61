import IR
import SwiftProtobuf

/// Reads ONNX's binary files without reading their weights.
///
/// The file is mapped into memory; a walk over protobuf's wire format leaves the data of large tensors where it is, as a
/// ``FileSlice`` each, and only the small remainder is parsed. The graph is the file's own, in the file's operator set:
/// ``loadModel(at:dimensions:evaluator:)`` does the rest.
package struct ONNXReader: Sendable {
    /// A reader.
    package init() {}

    /// Reads a model.
    ///
    /// - Parameter path: the file. External weights are looked for beside it; where they are missing, the tensors say so.
    /// - Returns: the graph, nodes in order, functions still called; what the file has beyond that is in the notes.
    /// - Throws: ``HarrierError`` naming the file and the place of what is wrong with it.
    /// - Complexity: O(bytes without large weights) in time and memory.
    package func read(_ path: String) throws -> LoadedModel {
        do {
            let (skeleton, size) = try withMappedFile(path) { (try WeightCutter.skeleton(of: $0), $0.count) }
            return try model(try parse(skeleton), tensors: TensorImporter(path: path, fileSize: size))
        } catch let error as HarrierError {
            throw error.inFile(path)
        }
    }

    private func parse(_ skeleton: [UInt8]) throws -> ModelProto {
        do { return try ModelProto(serializedBytes: skeleton) } catch BinaryDecodingError.messageDepthLimit {
            throw HarrierError("has messages nested more than 100 deep")
        } catch BinaryDecodingError.invalidUTF8 {
            throw HarrierError("has a name that is not UTF-8")
        } catch is BinaryDecodingError {
            throw HarrierError("is not an ONNX model, or damaged: some field is of another type than ONNX's")
        }
    }

    private func model(_ proto: ModelProto, tensors: TensorImporter) throws -> LoadedModel {
        guard proto.hasGraph else { throw HarrierError("is not an ONNX model: there is no graph in it") }
        let opsets = try operatorSets(proto.opsetImport)
        let importer = GraphImporter(tensors: tensors, opsets: opsets)
        var graph = try importer.graph(proto.graph)
        graph.functions = try proto.functions.map(importer.function)
        graph.metadata = metadata(proto, opset: opsets[""])
        ScalarParameters(proto).mark(&graph)
        return LoadedModel(graph: graph, notes: notes(proto))
    }

    private func metadata(_ proto: ModelProto, opset: Int?) -> ModelMetadata {
        var result = ModelMetadata()
        result.irVersion = Int(proto.irVersion)
        result.producerName = proto.producerName
        result.producerVersion = proto.producerVersion
        result.domain = proto.domain
        result.modelVersion = Int(proto.modelVersion)
        result.documentation = proto.docString
        result.graphDocumentation = proto.graph.docString
        result.sourceOpset = opset
        result.properties = properties(proto.metadataProps)
        return result
    }

    private func notes(_ proto: ModelProto) -> [String] {
        var result: [String] = []
        if !proto.graph.quantizationAnnotation.isEmpty { result.append("left out: quantization annotations") }
        if !proto.configuration.isEmpty { result.append("left out: placement of nodes on devices") }
        return result
    }
}
