import IR

/// Turns `GraphProto` messages into graphs.
struct GraphImporter {
    /// Names that the graphs around a graph give to values.
    typealias OuterNames = Set<String>

    /// Reads the tensors.
    let tensors: TensorImporter
    /// The operator sets that nodes refer to.
    let opsets: [String: Int]

    /// The graph in a message that stands alone.
    ///
    /// - Throws: ``HarrierError`` naming what is wrong and where.
    func graph(_ proto: GraphProto) throws -> Graph { try body(proto, outer: []) }

    /// The graph in a message that may use values of the graphs around it.
    func body(_ proto: GraphProto, outer: OuterNames) throws -> Graph {
        var reader = GraphReader(self, name: proto.name, outer: outer)
        for initializer in proto.initializer { try reader.addInitializer(initializer) }
        let sparse = try proto.sparseInitializer.map(constantNode)
        for input in proto.input { try reader.addInput(input) }
        try reader.addNodes(sparse + proto.node)
        for info in proto.valueInfo { try reader.addType(info) }
        for output in proto.output { try reader.addOutput(output) }
        return try reader.finish()
    }

    /// The function in a message.
    func function(_ proto: FunctionProto) throws -> Function {
        do {
            guard !proto.name.isEmpty else { throw HarrierError("has no name") }
            let importer = GraphImporter(tensors: tensors, opsets: try operatorSets(proto.opsetImport))
            var reader = GraphReader(importer, name: proto.name, outer: [])
            for name in proto.input { try reader.addInput(.with { $0.name = name }) }
            try reader.addNodes(proto.node)
            for info in proto.valueInfo { try reader.addType(info) }
            for name in proto.output { try reader.addOutput(.with { $0.name = name }) }
            return Function(
                name: OperatorName(proto.name, domain: proto.domain), attributes: proto.attribute,
                defaults: try importer.attributes(proto.attributeProto, outer: []), body: try reader.finish(),
                documentation: proto.docString, overload: proto.overload)
        } catch let error as HarrierError {
            throw error.within("function '\(proto.name)'")
        }
    }

    /// A sparse initializer as the Constant node that means the same.
    private func constantNode(_ proto: SparseTensorProto) throws -> NodeProto {
        guard !proto.values.name.isEmpty else { throw HarrierError("a sparse initializer has no name") }
        return NodeProto.with { node in
            node.opType = "Constant"
            node.output = [proto.values.name]
            node.attribute = [
                .with {
                    $0.name = "sparse_value"
                    $0.type = .sparseTensor
                    $0.sparseTensor = proto
                    $0.sparseTensor.values.clearName()
                }
            ]
        }
    }
}

/// The versions by domain.
///
/// - Throws: ``HarrierError`` if a domain has two, or a version is none.
func operatorSets(_ protos: [OperatorSetIdProto]) throws -> [String: Int] {
    var result: [String: Int] = [:]
    for proto in protos {
        let domain = proto.domain == "ai.onnx" ? "" : proto.domain
        let version = Int(proto.version)
        guard version > 0 else {
            throw HarrierError("uses version \(version) of the operator set '\(proto.domain)', which cannot be")
        }
        guard result[domain] == nil || result[domain] == version else {
            throw HarrierError("uses two versions of the operator set '\(proto.domain)'")
        }
        result[domain] = version
    }
    return result
}
