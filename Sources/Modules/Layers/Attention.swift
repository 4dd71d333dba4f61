import IR

/// Attention with several heads: each looks up, for every position of the query, a mean of the values that is weighted by how
/// well the keys fit. PyTorch's `torch.nn.MultiheadAttention` without the weights as a second output.
public final class MultiheadAttention: Module {
    let inProjWeight: Parameter
    let inProjBias: Parameter?
    let outProj: Linear
    private let width: Int
    private let heads: Int
    private let batchFirst: Bool

    /// An attention of that many heads over vectors of that length.
    ///
    /// - Parameter batchFirst: whether the first axis is the batch; else it is the sequence.
    public init(_ embedDim: Int, _ numHeads: Int, bias: Bool = true, batchFirst: Bool = false) {
        width = embedDim
        heads = numHeads
        self.batchFirst = batchFirst
        // Xavier's bound for the projection of 1 to 3 times the width.
        let bound = (6 / Float(max(1, 4 * embedDim))).squareRoot()
        inProjWeight = Parameter([3 * embedDim, embedDim], .uniform(bound: bound))
        inProjBias = bias ? Parameter([3 * embedDim], .constant(0)) : nil
        outProj = Linear(embedDim, embedDim, bias: bias)
    }

    /// Attention of a sequence to itself.
    public func forward(_ input: SymbolicTensor) throws -> SymbolicTensor {
        try attend(input, nil, mask: nil)
    }

    /// Attention of a query to keys and values.
    ///
    /// - Parameter mask: what is added to the scores (query × key) before the softmax: `attn_mask` with numbers.
    /// - Throws: ``HarrierError`` with the module's path if shapes do not fit.
    public func callAsFunction(
        _ query: SymbolicTensor, _ key: SymbolicTensor, _ value: SymbolicTensor, mask: SymbolicTensor? = nil
    ) throws -> SymbolicTensor {
        try query.model.within(self) {
            let isSelf = query.term.id == key.term.id && key.term.id == value.term.id
            return try attend(query, isSelf ? nil : (key, value), mask: mask)
        }
    }

    private func attend(
        _ query: SymbolicTensor, _ memory: (key: SymbolicTensor, value: SymbolicTensor)?, mask: SymbolicTensor?
    ) throws -> SymbolicTensor {
        guard heads > 0, width % heads == 0 else {
            throw HarrierError("embed_dim \(width) is not divisible by \(heads) heads")
        }
        let (query, key, value) = try projected(query, memory)
        // The query is scaled, not the scores: it is smaller.
        let scaled = try split(query) * (1 / Double(width / heads).squareRoot())
        var scores = try scaled.matmul(split(key).permute([0, 1, 3, 2]))
        if let mask { scores = try scores + mask }
        let heads = try scores.softmax(dim: -1).matmul(split(value)).permute([0, 2, 1, 3])
        let shape = try heads.shape
        let output = try outProj(heads.reshape([shape[0], shape[1], width]))
        return try batchFirst ? output : output.permute([1, 0, 2])
    }

    /// Query, key and value, batch first, each behind its part of the projection; of one tensor in one product.
    private func projected(
        _ query: SymbolicTensor, _ memory: (key: SymbolicTensor, value: SymbolicTensor)?
    ) throws -> (SymbolicTensor, SymbolicTensor, SymbolicTensor) {
        let weight = try query.model.tensor(of: inProjWeight)
        let bias = try inProjBias.map(query.model.tensor(of:))
        guard let memory else {
            let parts = try project(query, weight, bias).chunk(3, dim: 2)
            return (parts[0], parts[1], parts[2])
        }
        let weights = try weight.chunk(3, dim: 0)
        let biases = try bias?.chunk(3, dim: 0)
        return (
            try project(query, weights[0], biases?[0]), try project(memory.key, weights[1], biases?[1]),
            try project(memory.value, weights[2], biases?[2])
        )
    }

    private func project(
        _ input: SymbolicTensor, _ weight: SymbolicTensor, _ bias: SymbolicTensor?
    ) throws -> SymbolicTensor {
        let shape = try input.shape
        guard shape.count == 3, shape[2] == width else {
            let axes = batchFirst ? "batch, sequence" : "sequence, batch"
            throw HarrierError("takes \(axes) and \(width) features, but its input has shape \(shape)")
        }
        let input = try batchFirst ? input : input.permute([1, 0, 2])
        let product = try input.matmul(weight.permute([1, 0]))
        return try bias.map { try product + $0 } ?? product
    }

    /// The heads as an axis of their own, before the sequence.
    private func split(_ input: SymbolicTensor) throws -> SymbolicTensor {
        let shape = try input.shape
        return try input.reshape([shape[0], shape[1], heads, width / heads]).permute([0, 2, 1, 3])
    }
}
