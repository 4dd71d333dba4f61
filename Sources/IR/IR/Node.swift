/// The name of an operator: its ONNX domain ("" for ONNX's own) and its type.
public struct OperatorName: Hashable, Sendable, Comparable, CustomStringConvertible, ExpressibleByStringLiteral {
    /// The operator set's domain; "" is ONNX's own ("ai.onnx").
    public var domain: String
    /// The operator's name, such as `Conv`.
    public var type: String

    /// The operator of that name. The domain "ai.onnx" is written "".
    public init(_ type: String, domain: String = "") {
        self.type = type
        self.domain = domain == "ai.onnx" ? "" : domain
    }

    /// ONNX's own operator of that type.
    public init(stringLiteral value: String) { self.init(value) }

    /// The type, behind its domain and `::` if that is not ONNX's own.
    public var description: String { domain.isEmpty ? type : "\(domain)::\(type)" }

    /// By domain, then by type.
    public static func < (left: Self, right: Self) -> Bool {
        (left.domain, left.type) < (right.domain, right.type)
    }
}

/// One operator applied to values.
public struct Node: Hashable, Sendable {
    /// The name in the file; may be empty and need not be unique.
    public var name: String
    /// What it computes.
    public var op: OperatorName
    /// Operands; nil for an optional input that is left out. No trailing nils.
    public var inputs: [ValueID?]
    /// Results; nil for an optional output that is left out. No trailing nils.
    public var outputs: [ValueID?]
    /// Attributes by name. One that is not here has ONNX's default.
    public var attributes: [String: Attribute]
    /// The module it belongs to.
    public var scope: Scope
    /// ONNX's `doc_string`.
    public var documentation: String
    /// ONNX's `metadata_props`.
    public var metadata: [String: String]
    /// ONNX's `overload` of a function call.
    public var overload: String
    /// The rule that made this node, if a rewrite did.
    public var rule: String?
    /// The nodes that the operator was recognised in; nil for a node that the model has as it is.
    public var spelling: Spelling?

    /// A node of the given parts.
    public init(
        name: String = "", op: OperatorName, inputs: [ValueID?], outputs: [ValueID?],
        attributes: [String: Attribute] = [:], scope: Scope = Scope(), documentation: String = "",
        metadata: [String: String] = [:], overload: String = "", rule: String? = nil
    ) {
        self.name = name
        self.op = op
        self.inputs = inputs
        self.outputs = outputs
        self.attributes = attributes
        self.scope = scope
        self.documentation = documentation
        self.metadata = metadata
        self.overload = overload
        self.rule = rule
    }

    /// The input at that position, nil if it is left out or there are fewer.
    public func input(_ index: Int) -> ValueID? {
        index < inputs.count ? inputs[index] : nil
    }

    /// The output at that position, nil if it is left out or there are fewer.
    public func output(_ index: Int) -> ValueID? {
        index < outputs.count ? outputs[index] : nil
    }

    /// The metadata key under which a file names the rule that made a node.
    public static let ruleKey = "ai.harrier.rule"

    /// The rule that made this node, here or in the run that wrote the file.
    public var originatingRule: String? { rule ?? metadata[Node.ruleKey] }

    /// The graphs in this node's attributes.
    public var subgraphs: [Graph] {
        if attributes.isEmpty { return [] }
        return attributes.sorted { $0.key < $1.key }.flatMap(\.value.subgraphs)
    }
}
