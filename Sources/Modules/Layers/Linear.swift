import IR

/// `y = x Wᵀ + b` along the last axis.
///
/// PyTorch's `torch.nn.Linear`. As PyTorch's exporter writes it: Gemm for a matrix, MatMul and Add for more axes.
public final class Linear: Module {
    let weight: Parameter
    let bias: Parameter?

    /// A layer from that many features to that many.
    public init(_ inFeatures: Int, _ outFeatures: Int, bias: Bool = true) {
        let bound = 1 / Float(max(1, inFeatures)).squareRoot()
        weight = Parameter([outFeatures, inFeatures], .uniform(bound: bound))
        self.bias = bias ? Parameter([outFeatures], .uniform(bound: bound)) : nil
    }

    /// The product with the weight, plus the bias.
    public func forward(_ input: SymbolicTensor) throws -> SymbolicTensor {
        let shape = try input.shape
        guard let features = shape.last, features == weight.shape[1] else {
            throw HarrierError(
                "takes \(weight.shape[1]) features along the last axis, but its input has shape \(shape)")
        }
        let weight = try input.model.tensor(of: weight)
        let bias = try bias.map(input.model.tensor(of:))
        if shape.count == 2, let bias {
            let attributes: [String: Attribute] = ["alpha": .float(1), "beta": .float(1), "transB": .int(1)]
            return try input.apply("Gemm", weight, bias, attributes: attributes)
        }
        let product = try input.matmul(weight.permute([1, 0]))
        return try bias.map { try product + $0 } ?? product
    }
}

/// The same tensor. PyTorch's `torch.nn.Identity`.
public final class Identity: Module {
    /// An identity.
    public init() {}

    /// The tensor itself.
    public func forward(_ input: SymbolicTensor) throws -> SymbolicTensor { input }
}

/// The same tensor: dropout does nothing outside of training. PyTorch's `torch.nn.Dropout`.
public final class Dropout: Module {
    /// The part of the elements that training zeroes.
    public let probability: Double

    /// A dropout of that part of the elements.
    public init(_ probability: Double = 0.5) { self.probability = probability }

    /// The tensor itself.
    public func forward(_ input: SymbolicTensor) throws -> SymbolicTensor { input }
}

/// All axes but the first as one. PyTorch's `torch.nn.Flatten`.
public final class Flatten: Module {
    /// A flattening.
    public init() {}

    /// The flattened tensor.
    public func forward(_ input: SymbolicTensor) throws -> SymbolicTensor { try input.flatten() }
}

/// A row of a table for each index. PyTorch's `torch.nn.Embedding`.
public final class Embedding: Module {
    let weight: Parameter

    /// A table of that many rows of that length.
    public init(_ numEmbeddings: Int, _ embeddingDim: Int) {
        weight = Parameter([numEmbeddings, embeddingDim], .normal(deviation: 1))
    }

    /// The rows that the indices name.
    public func forward(_ input: SymbolicTensor) throws -> SymbolicTensor {
        try input.model.tensor(of: weight).apply("Gather", input, attributes: ["axis": .int(0)])
    }
}
