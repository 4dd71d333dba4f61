/// One value in an attribute, as the textual syntax writes it: alone or in a list.
enum AttributeItem {
    case int(Int)
    case float(Float)
    case string(String)
    case tensor(Tensor)
    case graph(Graph)
    case type(TextType)

    /// The kind of an attribute with this value alone.
    var kind: Attribute.Kind {
        switch self {
        case .int: .int
        case .float: .float
        case .string: .string
        case .tensor: .tensor
        case .graph: .graph
        case .type: .typeProto
        }
    }

    /// The attribute with this value alone.
    func attribute(named name: String) -> Attribute {
        switch self {
        case .int(let value): .int(value)
        case .float(let value): .float(value)
        case .string(let value): .string(value)
        case .tensor(let value): .tensor(value)
        case .graph(let value): .graph(value)
        case .type(let value): Self.opaque(named: name, field: 14, [value], kind: .typeProto)
        }
    }

    /// The attribute with a list of values; nil if they are of several kinds or the kind of none is not stated.
    static func list(_ items: [AttributeItem], kind: Attribute.Kind?, named name: String) -> Attribute? {
        // Without a stated kind, integers among floating-point numbers are such numbers, too.
        let isMixed = items.contains { $0.kind == .float } && items.contains { $0.kind == .int }
        let listKind = kind ?? (isMixed ? .floats : items.first?.kind.list)
        func all<Value>(_ value: (AttributeItem) -> Value?) -> [Value]? {
            let values = items.compactMap(value)
            return values.count == items.count ? values : nil
        }
        switch listKind {
        case .ints: return all { if case .int(let value) = $0 { value } else { nil } }.map { .ints($0) }
        case .floats: return all(\.asFloat).map { .floats($0) }
        case .strings: return all { if case .string(let value) = $0 { value } else { nil } }.map { .strings($0) }
        case .tensors: return all { if case .tensor(let value) = $0 { value } else { nil } }.map { .tensors($0) }
        case .graphs: return all { if case .graph(let value) = $0 { value } else { nil } }.map { .graphs($0) }
        case .typeProtos:
            return all { if case .type(let value) = $0 { value } else { nil } }
                .map { opaque(named: name, field: 15, $0, kind: .typeProtos) }
        default: return nil
        }
    }

    private var asFloat: Float? {
        switch self {
        case .float(let value): value
        case .int(let value): Float(value)
        default: nil
        }
    }

    /// The `AttributeProto` of types, which Harrier passes through.
    private static func opaque(named name: String, field: Int, _ types: [TextType], kind: Attribute.Kind) -> Attribute {
        .opaque(
            Wire.field(1, Array(name.utf8)) + types.flatMap { Wire.field(field, $0.serialized) }
                + Wire.field(20, kind.rawValue))
    }
}

extension Attribute.Kind {
    /// The keyword of this kind in the ONNX textual syntax (`float`, `ints`, `type_proto`, ...).
    public var onnxName: String {
        switch self {
        case .sparseTensor: "sparse_tensor"
        case .sparseTensors: "sparse_tensors"
        case .typeProto: "type_proto"
        case .typeProtos: "type_protos"
        default: "\(self)"
        }
    }

    /// The kind of one value of a list of this kind; nil if this is no list.
    var element: Attribute.Kind? { Self.allCases.first { $0.list == self } }

    /// The kind of a list of values of this kind; nil if this is a list.
    var list: Attribute.Kind? {
        switch self {
        case .float: .floats
        case .int: .ints
        case .string: .strings
        case .tensor: .tensors
        case .graph: .graphs
        case .sparseTensor: .sparseTensors
        case .typeProto: .typeProtos
        default: nil
        }
    }
}
