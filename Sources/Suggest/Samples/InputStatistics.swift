import Evaluate
import IR

/// What a model's first normalization tells of its input.
///
/// A BatchNormalization behind the first convolution holds the mean and the variance of what the convolution computed on training
/// data. For an input channel i that is a mean m, plus noise of variance v that is independent from pixel to pixel, plus a component of
/// variance u that is the same over a kernel's window, an output channel c of the convolution has
///
/// - mean b_c + Σ_i m_i S_ci, where S_ci is the sum of the kernel, and
/// - variance Σ_i (v_i Q_ci + u_i S_ci²), where Q_ci is the sum of the kernel's squares.
///
/// Means solve the first equations in the least-squares sense, variances the second ones among numbers from zero up. Our own derivation.
struct InputStatistics: Hashable {
    /// The mean of each channel.
    let means: [Double]
    /// The variance of each channel that is independent from pixel to pixel.
    let noise: [Double]
    /// The variance of each channel that changes slowly.
    let smooth: [Double]

    /// The statistics of an input that a convolution with a normalization behind it reads; nil if there is none, or its weights are not
    /// there.
    init?(of input: ValueID, in graph: Graph) {
        let uses = graph.uses()
        guard let reader = uses[input.index].first.map({ graph.nodes[$0] }), reader.op == "Conv",
            reader.input(0) == input,
            let weight = Self.numbers(reader.input(1), graph), weight.shape.count == 4,
            (try? reader.int("group")) == 1, let output = reader.output(0),
            let next = uses[output.index].first.map({ graph.nodes[$0] }), next.op == "BatchNormalization",
            let mean = Self.numbers(next.input(3), graph)?.values,
            let variance = Self.numbers(next.input(4), graph)?.values,
            mean.count == weight.shape[0], variance.count == weight.shape[0]
        else { return nil }
        let bias = Self.numbers(reader.input(2), graph)?.values ?? Array(repeating: 0, count: mean.count)
        let (outputs, inputs) = (weight.shape[0], weight.shape[1])
        let size = weight.shape[2] * weight.shape[3]
        guard inputs > 0, size > 0, weight.values.count == outputs * inputs * size, bias.count == outputs else {
            return nil
        }
        var sums = [[Double]](repeating: Array(repeating: 0, count: inputs), count: outputs)
        var squares = sums
        for output in 0..<outputs {
            for input in 0..<inputs {
                let kernel = weight.values[((output * inputs + input) * size)..<((output * inputs + input + 1) * size)]
                sums[output][input] = kernel.reduce(0, +)
                squares[output][input] = kernel.reduce(0) { $0 + $1 * $1 }
            }
        }
        means = Self.leastSquares(sums, zip(mean, bias).map { $0 - $1 }, isNonnegative: false)
        let variances = Self.leastSquares(
            zip(squares, sums).map { $0 + $1.map { $0 * $0 } }, variance, isNonnegative: true)
        noise = Array(variances[..<inputs])
        smooth = Array(variances[inputs...])
        guard variances.contains(where: { $0 > 0 }), (means + variances).allSatisfy(\.isFinite) else { return nil }
    }

    private static func numbers(_ id: ValueID?, _ graph: Graph) -> (values: [Double], shape: [Int])? {
        guard let id, let tensor = graph[id].knownTensor, tensor.isAvailable, let values = try? tensor.doubles() else {
            return nil
        }
        return (values, tensor.shape)
    }

    /// The least-squares solution by coordinate descent with a small ridge, which also decides where equations leave it open.
    static func leastSquares(_ rows: [[Double]], _ wanted: [Double], isNonnegative: Bool) -> [Double] {
        let count = rows.first?.count ?? 0
        var result = [Double](repeating: 0, count: count)
        var rest = wanted
        let largest = (0..<count).map { column in rows.reduce(0) { $0 + $1[column] * $1[column] } }
        let ridge = 1e-3 * (largest.max() ?? 0)
        for _ in 0..<500 {
            for column in 0..<count where largest[column] > 0 {
                var slope = 0.0
                for (row, residual) in zip(rows, rest) { slope += row[column] * residual }
                var next = (slope + largest[column] * result[column]) / (largest[column] + ridge)
                if isNonnegative { next = max(0, next) }
                let step = next - result[column]
                for index in rest.indices { rest[index] -= step * rows[index][column] }
                result[column] = next
            }
        }
        return result
    }
}
