/// The number of a value in its graph.
public struct ValueID: Hashable, Sendable, Comparable {
    /// Position in ``Graph/values``.
    public let index: Int

    /// The value at that position.
    public init(_ index: Int) { self.index = index }

    /// By position.
    public static func < (left: Self, right: Self) -> Bool { left.index < right.index }
}

/// A tensor that flows through a graph: an input, a constant, or what a node computes.
public struct Value: Hashable, Sendable {
    /// The name in the file; unique in the graph.
    public var name: String
    /// Element type and shape, if known; nil also for sequences, maps and optionals.
    public var type: TensorType?
    /// The constant this value is, if it is one. Constants have no producer.
    public var constant: Constant?
    /// What shape inference found this value to be, though a node computes it (a chain of Shape, Gather,
    /// Concat, ...). Only public values are ever known.
    public var known: Tensor?
    /// The serialized `TypeProto` of a value that is no tensor, passed through.
    public var foreignType: [UInt8]?

    /// A value of the given parts.
    public init(name: String, type: TensorType? = nil, constant: Constant? = nil) {
        self.name = name
        self.type = type ?? constant?.tensor.type
        self.constant = constant
    }

    /// The tensor this value always is, whether it was written as a constant or found out.
    public var knownTensor: Tensor? { known ?? constant?.tensor }
}

/// A value written in the file.
public struct Constant: Hashable, Sendable {
    /// How the file writes it, which decides whether a framework sees a weight or a literal.
    public enum Form: Hashable, Sendable {
        /// An initializer: by default a parameter of the model.
        case initializer
        /// A Constant node, part of the program and therefore public. Keeps the node's name.
        case literal(nodeName: String)
    }

    /// The data.
    public var tensor: Tensor
    /// Initializer or Constant node.
    public var form: Form
    /// Whether a floating-point initializer without axes was trained, and is no number that an exporter happened to write so.
    public var isTrainedScalar = false

    /// A constant of the given tensor and form.
    public init(_ tensor: Tensor, form: Form) {
        self.tensor = tensor
        self.form = form
    }

    /// Whether this is a parameter of the model, secret unless somebody says otherwise. Literals are part of the
    /// program; integers, booleans and strings are shapes, indices and masks; a floating-point scalar is a
    /// number that an exporter happened to write as an initializer, unless it was trained (``isTrainedScalar``).
    public var isParameter: Bool {
        if case .literal = form { return false }
        return tensor.elementType.isFloatingPoint && (!tensor.shape.isEmpty || isTrainedScalar)
    }
}
