/// The value of a node's attribute, as in ONNX's `AttributeProto`.
public indirect enum Attribute: Hashable, Sendable {
    case int(Int)
    case float(Float)
    case string(String)
    case tensor(Tensor)
    case graph(Graph)
    case ints([Int])
    case floats([Float])
    case strings([String])
    case tensors([Tensor])
    case graphs([Graph])
    /// Inside a function body or a rule's pattern: the attribute of that name of the calling node.
    case reference(name: String, kind: Kind)
    /// A kind that Harrier does not look into (sparse tensors, types, byte strings that are not UTF-8):
    /// the serialized `AttributeProto`, passed through.
    case opaque([UInt8])

    /// The name that stands, in patterns of rules, for all attributes that the pattern does not mention: `<@*>` in text.
    public static let allOthers = "*"

    /// The kinds of attribute. Raw values are ONNX's `AttributeProto.AttributeType` numbers.
    public enum Kind: Int, Hashable, Sendable, CaseIterable {
        case float = 1
        case int = 2
        case string = 3
        case tensor = 4
        case graph = 5
        case floats = 6
        case ints = 7
        case strings = 8
        case tensors = 9
        case graphs = 10
        case sparseTensor = 11
        case sparseTensors = 12
        case typeProto = 13
        case typeProtos = 14
    }

    /// The kind of this value; nil for opaque ones.
    public var kind: Kind? {
        switch self {
        case .int: .int
        case .float: .float
        case .string: .string
        case .tensor: .tensor
        case .graph: .graph
        case .ints: .ints
        case .floats: .floats
        case .strings: .strings
        case .tensors: .tensors
        case .graphs: .graphs
        case .reference(_, let kind): kind
        case .opaque: nil
        }
    }

    /// The graphs in this attribute (the bodies of If, Loop and Scan).
    public var subgraphs: [Graph] {
        switch self {
        case .graph(let graph): [graph]
        case .graphs(let graphs): graphs
        default: []
        }
    }
}
