import IR
import SwiftProtobuf

extension GraphImporter {
    /// The attributes of a node, and the names that the graphs in them use from the graphs around them.
    func attributes(_ protos: [AttributeProto], outer: OuterNames) throws -> [String: Attribute] {
        var result: [String: Attribute] = [:]
        for proto in protos {
            guard !proto.name.isEmpty else { throw HarrierError("has an attribute without a name") }
            guard result[proto.name] == nil else { throw HarrierError("has two attributes '\(proto.name)'") }
            result[proto.name] = try attribute(proto, outer: outer)
        }
        return result
    }

    private func attribute(_ proto: AttributeProto, outer: OuterNames) throws -> Attribute {
        let kind = Attribute.Kind(rawValue: proto.type.rawValue) ?? impliedKind(of: proto)
        guard let kind else { throw HarrierError("does not say of what kind its attribute '\(proto.name)' is") }
        if !proto.refAttrName.isEmpty { return .reference(name: proto.refAttrName, kind: kind) }
        switch kind {
        case .int: return .int(Int(proto.i))
        case .float: return .float(proto.f)
        case .ints: return .ints(proto.ints.map(Int.init))
        case .floats: return .floats(proto.floats)
        case .string: return try String(validating: proto.s, as: UTF8.self).map(Attribute.string) ?? opaque(proto)
        case .strings:
            let texts = proto.strings.compactMap { String(validating: $0, as: UTF8.self) }
            return texts.count == proto.strings.count ? .strings(texts) : try opaque(proto)
        case .tensor where isUnderstood(proto.t): return .tensor(try tensor(proto.t, of: proto))
        case .tensors where proto.tensors.allSatisfy(isUnderstood):
            return .tensors(try proto.tensors.map { try tensor($0, of: proto) })
        case .graph: return .graph(try body(proto.g, outer: outer))
        case .graphs: return .graphs(try proto.graphs.map { try body($0, outer: outer) })
        case .tensor, .tensors, .sparseTensor, .sparseTensors, .typeProto, .typeProtos: return try opaque(proto)
        }
    }

    private func tensor(_ proto: TensorProto, of attribute: AttributeProto) throws -> Tensor {
        do { return try tensors.tensor(proto, name: attribute.name) } catch let error as HarrierError {
            throw error.at("attribute '\(attribute.name)'")
        }
    }

    /// Whether the IR can hold the tensor; others are passed through unless their data was left in the file.
    private func isUnderstood(_ proto: TensorProto) -> Bool {
        proto.hasLeftField
            || ElementType(rawValue: Int(proto.dataType)) != nil
                && proto.stringData.allSatisfy { String(validating: $0, as: UTF8.self) != nil }
    }

    private func opaque(_ proto: AttributeProto) throws -> Attribute { .opaque(try proto.serializedBytes()) }

    /// The kind of an attribute in files of ONNX's first versions, which had no `type`.
    private func impliedKind(of proto: AttributeProto) -> Attribute.Kind? {
        if proto.hasF { return .float }
        if proto.hasI { return .int }
        if proto.hasS { return .string }
        if proto.hasT { return .tensor }
        if proto.hasG { return .graph }
        if !proto.floats.isEmpty { return .floats }
        if !proto.ints.isEmpty { return .ints }
        if !proto.strings.isEmpty { return .strings }
        if !proto.tensors.isEmpty { return .tensors }
        return proto.graphs.isEmpty ? nil : .graphs
    }
}
