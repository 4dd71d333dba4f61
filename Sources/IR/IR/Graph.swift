/// A neural network as ONNX sees it: a DAG of operators over named, typed values.
///
/// A graph is a value: copying it is cheap, and a transformation is a function from one graph to another. Values
/// are numbered by ``ValueID`` and never renumbered except by ``compacted()``; `nodes` is always in topological order.
public struct Graph: Hashable, Sendable {
    /// The graph's name in the file.
    public var name: String
    /// Versions of the operator sets in use, by domain ("" is ONNX's own).
    public var opsets: [String: Int]
    /// All values, indexed by ``ValueID/index``. Values that nothing mentions are harmless.
    public var values: [Value]
    /// The operators, each after those it reads from.
    public var nodes: [Node]
    /// The inputs, in the file's order. None is a constant: an initializer listed as an input in the file is
    /// kept as a constant only.
    public var inputs: [ValueID]
    /// The outputs, in the file's order.
    public var outputs: [ValueID]
    /// Names that this graph, being the body of a node, uses from the graphs around it, by the value that
    /// stands for each here.
    public var captures: [ValueID]
    /// ONNX functions that nodes of this graph call and that are kept as calls.
    public var functions: [Function]
    /// What the model file says about itself.
    public var metadata: ModelMetadata

    /// An empty graph.
    public init(name: String = "graph", opsets: [String: Int] = ["": Graph.opsetVersion]) {
        self.name = name
        self.opsets = opsets
        values = []
        nodes = []
        inputs = []
        outputs = []
        captures = []
        functions = []
        metadata = ModelMetadata()
    }

    /// The version of ONNX's operator set that every graph is brought to on import. The operator tables are
    /// written for it.
    public static let opsetVersion = 21

    /// The value with that number.
    public subscript(id: ValueID) -> Value {
        get { values[id.index] }
        set { values[id.index] = newValue }
    }
}

/// A function that a model defines in ONNX: a body that stands for a node.
public struct Function: Hashable, Sendable {
    /// The operator that calls it.
    public var name: OperatorName
    /// Names of the attributes that the body refers to and that have no default.
    public var attributes: [String]
    /// Attributes with their defaults.
    public var defaults: [String: Attribute]
    /// What the function does. Attribute values may be ``Attribute/reference(name:kind:)``; an absent
    /// attribute of the call makes the attribute that refers to it absent, too.
    public var body: Graph
    /// ONNX's `doc_string`.
    public var documentation: String
    /// ONNX's `overload`.
    public var overload: String

    /// A function of the given parts.
    public init(
        name: OperatorName, attributes: [String] = [], defaults: [String: Attribute] = [:], body: Graph,
        documentation: String = "", overload: String = ""
    ) {
        self.name = name
        self.attributes = attributes
        self.defaults = defaults
        self.body = body
        self.documentation = documentation
        self.overload = overload
    }
}

/// What a model file says about itself, beside the graph.
public struct ModelMetadata: Hashable, Sendable {
    /// ONNX's `ir_version`.
    public var irVersion = 10
    /// The program that wrote the file.
    public var producerName = ""
    /// Its version.
    public var producerVersion = ""
    /// ONNX's `domain` of the model.
    public var domain = ""
    /// ONNX's `model_version`.
    public var modelVersion = 0
    /// ONNX's `doc_string` of the model.
    public var documentation = ""
    /// ONNX's `doc_string` of the graph.
    public var graphDocumentation = ""
    /// The version of ONNX's operator set that the file was written for, and is written back in where possible.
    public var sourceOpset: Int?
    /// ONNX's `metadata_props` of the model.
    public var properties: [String: String] = [:]

    /// Nothing said.
    public init() {}
}
