import Foundation
import IR

/// Attention and what goes with it.
let attentionKernels: [KernelRow] = [
    KernelRow(outputs: "Attention", attention),
    KernelRow("RMSNormalization") { call in
        let input = try call.input(0)
        let axis = try call.axis(call.node.int("axis"), rank: input.rank)
        let epsilon = try call.double("epsilon")
        let scale = try call.input(1).broadcast(to: Array(input.shape[axis...])).doubles()
        return try Rows(input, axes: Array(axis..<input.rank)).map { _, source, target in
            let square = source.reduce(0) { $0 + $1 * $1 } / Double(source.count)
            let inverse = 1 / (square + epsilon).squareRoot()
            for i in source.indices { target[i] = source[i] * inverse * scale[i] }
        }
    },
    KernelRow("RotaryEmbedding", rotaryEmbedding),
]

/// The operands of Attention as [batch, heads, steps, size].
private struct AttentionOperands {
    var query: NumericArray
    var key: NumericArray
    var value: NumericArray
    let isFlat: Bool

    init(_ call: Call) throws {
        (query, key, value) = (try call.input(0), try call.input(1), try call.input(2))
        guard query.rank == key.rank, key.rank == value.rank, query.rank == 3 || query.rank == 4 else {
            throw HarrierError("Attention of operands of shapes \(query.shape), \(key.shape) and \(value.shape)")
        }
        isFlat = query.rank == 3
        if isFlat {
            let heads = try call.node.optionalInt("q_num_heads") ?? 0
            let sharedHeads = try call.node.optionalInt("kv_num_heads") ?? 0
            query = try Self.split(query, heads)
            key = try Self.split(key, sharedHeads)
            value = try Self.split(value, sharedHeads)
        }
        if let past = call.optional(4) { key = try concatenate([past, key], axis: 2) }
        if let past = call.optional(5) { value = try concatenate([past, value], axis: 2) }
        guard query.shape[1] > 0, key.shape[1] > 0, query.shape[1] % key.shape[1] == 0, key.shape[1] == value.shape[1],
            query.shape[0] == key.shape[0], key.shape[0] == value.shape[0], query.shape[3] == key.shape[3],
            key.shape[2] == value.shape[2]
        else { throw HarrierError("Attention of operands of shapes \(query.shape), \(key.shape) and \(value.shape)") }
    }

    private static func split(_ array: NumericArray, _ heads: Int) throws -> NumericArray {
        guard heads > 0, array.shape[2] % heads == 0 else {
            throw HarrierError("\(heads) heads do not divide the last axis of an operand of shape \(array.shape)")
        }
        return try array.reshaped([array.shape[0], array.shape[1], heads, array.shape[2] / heads])
            .transposed([0, 2, 1, 3])
    }

    /// Key or value heads, each repeated for all query heads that share it.
    func shared(_ array: NumericArray) throws -> NumericArray {
        let times = query.shape[1] / array.shape[1]
        if times == 1 { return array }
        return try pick(array, axis: 1, (0..<query.shape[1]).map { $0 / times }, shape: [query.shape[1]])
    }
}

/// What is added to the scores: 0 where a query may see a key, -∞ where not, or the mask's own numbers.
private func attentionBias(_ call: Call, _ scores: [Int]) throws -> [Double] {
    let (batch, queries, keys) = (scores[0], scores[2], scores[3])
    var bias = [Double](repeating: 0, count: scores.reduce(1, *))
    if let mask = call.optional(3) {
        var numbers = try mask.doubles()
        if mask.elementType == .bool { numbers = numbers.map { $0 == 0 ? -.infinity : 0 } }
        var shape = mask.shape
        if let last = shape.last, last < keys, last != 1 || keys == 1 || mask.rank > 1 {
            // A mask that ends early hides the rest.
            numbers = stride(from: 0, to: numbers.count, by: max(1, last)).flatMap {
                numbers[$0..<$0 + last] + [Double](repeating: -.infinity, count: keys - last)
            }
            shape[shape.count - 1] = keys
        }
        bias = try NumericArray(numbers, shape: shape).broadcast(to: scores).doubles()
    }
    let lengths = try call.integers(6)
    if let lengths, lengths.count != batch { throw HarrierError("\(lengths.count) lengths for a batch of \(batch)") }
    let isCausal = try call.node.flag("is_causal")
    let left = try call.node.int("left_window_size")
    let right = try call.node.int("right_window_size")
    for index in bias.indices {
        let (key, query) = (index % keys, index / keys % queries)
        let length = lengths?[index / (keys * queries * scores[1])]
        let offset = call.optional(4)?.shape[2] ?? length.map { $0 - queries } ?? 0
        let distance = query + offset - key
        let isHidden =
            (isCausal && distance < 0) || (left >= 0 && distance > left) || (right >= 0 && -distance > right)
            || length.map { key >= $0 } ?? false
        if isHidden { bias[index] = -.infinity }
    }
    return bias
}

/// Outputs: the attended values, keys and values with the past before them, and the scores at the stage asked for.
private func attention(_ call: Call) throws -> [NumericArray?] {
    let operands = try AttentionOperands(call)
    let query = operands.query
    let scale = try call.node.optionalFloat("scale").map { Double($0) } ?? 1 / Double(query.shape[3]).squareRoot()
    let keys = try operands.shared(operands.key).transposed([0, 1, 3, 2])
    var scores = try matrixProduct(query.asFloat64(), keys.asFloat64())
    let shape = scores.shape
    let cap = try call.double("softcap")
    var stages = [try scores.doubles().map { $0 * scale }]
    stages.append(cap > 0 ? stages[0].map { cap * tanh($0 / cap) } : stages[0])
    let bias = try attentionBias(call, shape)
    stages.append(zip(stages[1], bias).map { $0 + $1 })
    scores = try NumericArray(stages[2], shape: shape)
    let limits = try NumericArray(bias, shape: shape)
    let visible = try Rows(limits, axes: [3]).reduce { $0.contains { $0 > -.infinity } ? 1 : 0 }
    let weights = try Rows(scores, axes: [3]).map { row, source, target in
        // A query that may see nothing gets nothing.
        if visible[row] == 1 { softmax(source, target) }
    }
    stages.append(try weights.doubles())
    var result = try matrixProduct(weights, operands.shared(operands.value).asFloat64())
    if operands.isFlat {
        let flat = [result.shape[0], result.shape[2], result.shape[1] * result.shape[3]]
        result = try result.transposed([0, 2, 1, 3]).reshaped(flat)
    }
    let mode = try call.node.int("qk_matmul_output_mode")
    guard stages.indices.contains(mode) else {
        throw HarrierError("attribute 'qk_matmul_output_mode' cannot be \(mode)")
    }
    let type = query.elementType
    return [
        try call.result(result.doubles(), shape: result.shape, type: type), operands.key, operands.value,
        try call.result(stages[mode], shape: shape, type: type),
    ]
}

/// Inputs: X [batch, heads, steps, size] or [batch, steps, hidden], caches of cosines and sines, and positions [batch, steps].
private func rotaryEmbedding(_ call: Call) throws -> NumericArray {
    var input = try call.input(0)
    let isFlat = input.rank == 3
    if isFlat {
        let heads = try call.node.optionalInt("num_heads") ?? 0
        guard heads > 0, input.shape[2] % heads == 0 else {
            throw HarrierError("\(heads) heads do not divide \(input.shape)")
        }
        input = try input.reshaped([input.shape[0], input.shape[1], heads, input.shape[2] / heads])
    } else {
        guard input.rank == 4 else { throw HarrierError("RotaryEmbedding of an input of shape \(input.shape)") }
        input = try input.transposed([0, 2, 1, 3])
    }
    let (batch, steps, heads, size) = (input.shape[0], input.shape[1], input.shape[2], input.shape[3])
    let declared = try call.node.int("rotary_embedding_dim")
    let rotated = declared == 0 ? size : declared
    guard rotated >= 0, rotated <= size, rotated % 2 == 0 else {
        throw HarrierError("RotaryEmbedding of \(rotated) of \(size)")
    }
    let half = rotated / 2
    var caches = [try call.input(1), try call.input(2)]
    if let positions = call.optional(3) {
        guard positions.shape == [batch, steps],
            caches.allSatisfy({ $0.rank == 2 && $0.shape[0] == caches[0].shape[0] })
        else {
            throw HarrierError("positions of shape \(positions.shape) for an input of shape \(try call.input(0).shape)")
        }
        let rows = try positions.integers().map { try normalizedIndex($0, length: caches[0].shape.first ?? 0) }
        caches = try caches.map { try pick($0, axis: 0, rows, shape: [batch, steps]) }
    }
    guard caches.allSatisfy({ $0.shape == [batch, steps, half] }) else {
        throw HarrierError("caches of shape \(caches[0].shape) for an input of shape \(input.shape)")
    }
    let (cosines, sines) = (try caches[0].doubles(), try caches[1].doubles())
    let isInterleaved = try call.node.flag("interleaved")
    var values = try input.doubles()
    for row in 0..<batch * steps * heads {
        for pair in 0..<half {
            let (one, two) = isInterleaved ? (2 * pair, 2 * pair + 1) : (pair, pair + half)
            let (x, y) = (values[row * size + one], values[row * size + two])
            let angle = row / heads * half + pair
            values[row * size + one] = cosines[angle] * x - sines[angle] * y
            values[row * size + two] = sines[angle] * x + cosines[angle] * y
        }
    }
    let result = try call.result(values, shape: input.shape, type: input.elementType)
    return isFlat ? try result.reshaped(try call.input(0).shape) : try result.transposed([0, 2, 1, 3])
}
