import IR

extension GradientTable {
    /// Means of windows. Pools that compare have differentiable forms.
    static let pools: [OperatorName: Row] = [
        "GlobalAveragePool": { b in
            try b.give {
                let count = try b.input(0).lengths.dropFirst(2).reduce(1, *)
                return try b.gradient().scaled(by: 1 / Double(max(1, count)))
            }
        },
        "AveragePool": { b in
            try b.give {
                let lengths = try b.input(0).lengths
                let window = try PoolWindow(b.node, lengths: lengths)
                return try window.transposed(window.divided(b.fullGradient(), by: b.node), in: lengths)
            }
        },
    ]
}

/// The windows of a pool.
struct PoolWindow {
    let kernel: [Int]
    let strides: [Int]
    let dilations: [Int]
    let padsBegin: [Int]
    let padsEnd: [Int]
    let windows: [Int]
    let spatial: [Int]

    /// The most elements of a window along an axis.
    private static let longest = 1024
    /// The most windows along an axis.
    private static let most = 1 << 20

    init(_ node: NodeContext, lengths: [Int]) throws {
        spatial = Array(lengths.dropFirst(2))
        let geometry = try WindowGeometry(
            of: node.node, kernel: try node.node.ints("kernel_shape"), spatial: spatial.map(Dimension.known))
        kernel = geometry.kernel
        strides = geometry.strides
        dilations = geometry.dilations
        padsBegin = geometry.padsBegin
        padsEnd = geometry.padsEnd
        windows = geometry.outputLengths.compactMap(\.value)
        // Every position of a window becomes nodes, and every window a number.
        guard kernel.allSatisfy({ $0 <= Self.longest }), windows.allSatisfy({ $0 <= Self.most }) else {
            throw HarrierError("\(windows) windows of \(kernel) elements are too many to be differentiated")
        }
    }

    /// The elements that windows reach, from the first that is padded.
    func reach(_ axis: Int) -> Int { (windows[axis] - 1) * strides[axis] + (kernel[axis] - 1) * dilations[axis] + 1 }

    /// The gradient of means as that of sums: divided by the numbers of elements in the windows.
    func divided(_ gradient: GraphBuilder.Term, by node: NodeContext) throws -> GraphBuilder.Term {
        let countsPads = try node.flag("count_include_pad")
        let counts = kernel.indices.map { axis in
            (0..<windows[axis]).map { count(axis, window: $0, countsPads: countsPads) }
        }
        if counts.allSatisfy({ Set($0).count == 1 }) {
            let count = counts.map { $0.first ?? 1 }.reduce(1, *)
            return try gradient.scaled(by: 1 / Double(max(1, count)))
        }
        var result = gradient
        for axis in kernel.indices where Set(counts[axis]) != [1] {
            let shape = [counts[axis].count] + Array(repeating: 1, count: kernel.count - 1 - axis)
            let factors = counts[axis].map { 1 / Double(max(1, $0)) }
            result = try result * result.literal(factors, shape: shape)
        }
        return result
    }

    /// Elements of a window that count in its mean: padding at the end beyond `pads` never does.
    private func count(_ axis: Int, window: Int, countsPads: Bool) -> Int {
        let first = window * strides[axis] - padsBegin[axis]
        let bounds =
            countsPads ? -padsBegin[axis]..<(spatial[axis] + padsEnd[axis]) : 0..<spatial[axis]
        return (0..<kernel[axis]).count { bounds.contains(first + $0 * dilations[axis]) }
    }

    /// What every element gets of the windows it is in: the transpose of sums over windows, axis by axis.
    func transposed(_ sums: GraphBuilder.Term, in lengths: [Int]) throws -> GraphBuilder.Term {
        if kernel.indices.allSatisfy(isTiling) { return try tiled(sums, in: lengths) }
        return try kernel.indices.reduce(sums) { try overlapped($0, $1) }
    }

    /// Whether windows stand side by side and fill the axis.
    private func isTiling(_ axis: Int) -> Bool {
        kernel[axis] == strides[axis] && dilations[axis] == 1 && padsBegin[axis] == 0
            && windows[axis] * kernel[axis] == spatial[axis]
    }

    private func tiled(_ sums: GraphBuilder.Term, in lengths: [Int]) throws -> GraphBuilder.Term {
        let outer = Array(lengths.prefix(2))
        return
            try sums
            .reshaped(outer + kernel.indices.flatMap { [windows[$0], 1] })
            .expanded(to: outer + kernel.indices.flatMap { [windows[$0], kernel[$0]] })
            .reshaped(lengths)
    }

    private func overlapped(_ sums: GraphBuilder.Term, _ axis: Int) throws -> GraphBuilder.Term {
        let rank = kernel.count + 2
        func along(_ value: Int, else other: Int = 0) -> [Int] { (0..<rank).map { $0 == axis + 2 ? value : other } }
        let spaced = try sums.spaced(along(strides[axis], else: 1))
        let length = windows[axis] * strides[axis]
        // Padding in front is cut off at once, and what lies behind the axis, too.
        let parts = try (0..<kernel[axis]).map { position in
            let begin = position * dilations[axis] - padsBegin[axis]
            return try spaced.padded(begin: along(begin), end: along(spatial[axis] - begin - length))
        }
        return try parts.dropFirst().reduce(parts[0]) { try $0 + $1 }
    }
}

extension GraphBuilder.Term {
    /// A literal of this term's element type.
    func literal(_ values: [Double], shape: [Int]) throws -> Self {
        let wide = Tensor(float64: values, shape: shape)
        if elementType == .float64 { return builder.literal(wide) }
        return try builder.literal(Tensor(float32: values.map(Float.init), shape: shape)).cast(to: elementType)
    }
}
