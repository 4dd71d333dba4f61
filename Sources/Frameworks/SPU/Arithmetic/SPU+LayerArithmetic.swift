import Evaluate
import IR

/// Normalisations and average pools.
extension SPU.ArithmeticCall {
    /// Normalisations.
    static var layerRows: [String: Row] {
        [
            "BatchNormalization": { try $0.batchNormalization() },
            "LayerNormalization": { call in
                let rank = try call.tensor(0).shape.count
                let axis = try call.node.int("axis")
                return try call.normalization(from: axis < 0 ? axis + rank : axis) { shape, _ in shape }
            },
            "InstanceNormalization": {
                try $0.normalization(from: 2) { shape, rank in shape + [Int](repeating: 1, count: max(0, rank - 2)) }
            },
        ]
    }

    /// `(x - mean) · rsqrt(variance + ε) · scale + bias` over all axes from one on, as a jax program writes it.
    ///
    /// - Parameter aligned: the shape by which scale and bias are broadcast, of their own and the rank of the operand.
    private mutating func normalization(
        from first: Int, _ aligned: (_ shape: [Int], _ rank: Int) -> [Int]
    ) throws -> [Tensor]? {
        guard operation.isSecret(0) else { return nil }
        var result = try tensor(0)
        let epsilon = hal.constant(try node.float("epsilon"))
        let rows = result.rows(along: Set(first..<max(first, result.shape.count)))
        let statistics = result.shape.enumerated().map { $0.offset < first ? $0.element : 1 }
        var (means, inverses) = (Tensor(shape: statistics, elements: []), Tensor(shape: statistics, elements: []))
        for row in rows {
            let mean = hal.mean(of: hal.sum(row.map { result.elements[$0] }), row.count)
            let centred = row.map { result.elements[$0] &- mean }
            let inverse = hal.rsqrt(hal.mean(of: hal.sumOfSquares(centred), row.count) &+ epsilon)
            for (place, x) in zip(row, centred) { result.elements[place] = hal.fmul(x, inverse) }
            means.elements.append(mean)
            inverses.elements.append(inverse)
        }
        try scale(&result, aligned)
        let all = [result, means, inverses]
        return Array(all.prefix(max(1, node.outputs.count)))
    }

    /// A product with the second operand, unless that is one everywhere, and a sum with the third.
    private mutating func scale(_ result: inout Tensor, _ aligned: (_ shape: [Int], _ rank: Int) -> [Int]) throws {
        let shape = result.shape
        func operand(_ index: Int) throws -> Tensor? {
            guard let array = operation.input(index) else { return nil }
            let spread = try NumericArray(array.doubles(), shape: aligned(array.shape, shape.count))
            return Tensor(
                shape: shape, elements: try spread.broadcast(to: shape).doubles().map(hal.ringElement),
                isPublic: !operation.isSecret(index))
        }
        if let factors = try operand(1), !factors.isPublic || factors.elements.contains(where: { $0 != hal.one }) {
            for (index, factor) in factors.elements.enumerated() {
                result.elements[index] = multiply(result.elements[index], factor, isPublic: (false, factors.isPublic))
            }
        }
        if let bias = try operand(2) {
            for (index, term) in bias.elements.enumerated() { result.elements[index] &+= term }
        }
    }

    /// `(x - mean) · (scale · rsqrt(variance + ε)) + bias`: the factor is computed a channel.
    private mutating func batchNormalization() throws -> [Tensor]? {
        guard try !node.flag("training_mode"), operation.isSecret(0) else { return nil }
        var result = try tensor(0)
        guard result.shape.count > 1 else { throw HarrierError("its operand has no channels") }
        let (bias, mean) = (try tensor(2), try tensor(3))
        let (factors, isPublic) = try channelFactors()
        let channels = result.shape[1]
        let inner = result.shape.dropFirst(2).reduce(1, *)
        guard [factors.count, bias.elements.count, mean.elements.count].allSatisfy({ $0 == channels }) else {
            throw HarrierError("its operands do not have a number for each channel")
        }
        for index in result.elements.indices {
            let channel = index / inner % channels
            let centred = result.elements[index] &- mean.elements[channel]
            let product = isPublic ? hal.fmul(centred, by: factors[channel]) : hal.fmul(centred, factors[channel])
            result.elements[index] = product &+ bias.elements[channel]
        }
        return [result]
    }

    /// `scale · rsqrt(variance + ε)` a channel; what is public is computed in 32 bits by the compiler.
    private mutating func channelFactors() throws -> (factors: [Ring], isPublic: Bool) {
        let epsilon = try node.float("epsilon")
        let (scale, variance) = (try tensor(1), try tensor(4))
        guard !variance.isPublic else {
            let inverses = variance.elements.map { 1 / (Float(hal.decode($0)) + epsilon).squareRoot() }
            if scale.isPublic {
                let factors = zip(scale.elements, inverses).map { hal.constant(Float(hal.decode($0)) * $1) }
                return (factors, true)
            }
            return (zip(scale.elements, inverses).map { hal.fmul($0, by: $1) }, false)
        }
        let start = hal.constant(epsilon)
        let factors = zip(scale.elements, variance.elements).map { x, y in
            multiply(x, hal.rsqrt(y &+ start), isPublic: (scale.isPublic, false))
        }
        return (factors, false)
    }

    /// The mean of windows: a sum, and a product with a constant, which is another one at the edges if padding does not count. Pools
    /// whose padding is left to the operator are nobody's here.
    mutating func averagePool() throws -> [Tensor]? {
        guard operation.isSecret(0), try node.optionalString("auto_pad") ?? "NOTSET" == "NOTSET",
            try !node.flag("ceil_mode")
        else { return nil }
        let operand = try tensor(0)
        let windows = try PoolWindows(node, shape: operand.shape)
        let countsPadding = try node.flag("count_include_pad")
        var result = Tensor(shape: windows.result, elements: [])
        for window in windows.places() {
            let count = countsPadding ? windows.size : max(1, window.count)
            result.elements.append(hal.mean(of: hal.sum(window.map { operand.elements[$0] }), count))
        }
        return [result]
    }
}

/// The windows of a pool over spatial axes.
private struct PoolWindows {
    private let shape: [Int]
    private let kernel: [Int]
    private let strides: [Int]
    private let dilations: [Int]
    private let pads: [Int]

    /// The windows of a node over an operand of that shape.
    ///
    /// - Throws: ``HarrierError`` if an attribute does not fit the shape.
    init(_ node: Node, shape: [Int]) throws {
        let rank = max(0, shape.count - 2)
        self.shape = shape
        kernel = try node.ints("kernel_shape", count: rank)
        strides = try node.ints("strides", count: rank)
        dilations = try node.optionalInts("dilations") ?? [Int](repeating: 1, count: rank)
        pads = try node.ints("pads", count: 2 * rank)
    }

    /// Elements of a window with its padding.
    var size: Int { kernel.reduce(1, *) }

    /// The shape of the result.
    var result: [Int] {
        Array(shape.prefix(2))
            + kernel.indices.map { axis in
                let reach = (kernel[axis] - 1) * dilations[axis] + 1
                let padded = shape[axis + 2] + pads[axis] + pads[axis + kernel.count]
                return max(0, (padded - reach) / strides[axis] + 1)
            }
    }

    /// The places of each window's elements in the operand, without padding.
    func places() -> [[Int]] {
        var windows = (0..<shape.prefix(2).reduce(1, *)).map { [[$0]] }
        for (axis, length) in result.dropFirst(2).enumerated() {
            windows = windows.map { planes in
                planes.flatMap { plane in (0..<length).map { extended(plane, axis, at: $0) } }
            }
        }
        return windows.flatMap { $0 }
    }

    /// A window of the axes before, with those elements of another axis that one of its positions covers.
    private func extended(_ window: [Int], _ axis: Int, at position: Int) -> [Int] {
        let length = shape[axis + 2]
        let covered = (0..<kernel[axis]).map { position * strides[axis] - pads[axis] + $0 * dilations[axis] }
        return window.flatMap { place in covered.filter { (0..<length).contains($0) }.map { place * length + $0 } }
    }
}
