import IR

/// A ``WindowGeometry`` whose lengths are all known, brought to three spatial axes (missing ones have length 1).
struct Window: Sendable {
    /// One spatial axis.
    struct Axis: Sendable {
        /// Input length.
        var input = 1
        /// Output length.
        var output = 1
        /// Window length.
        var kernel = 1
        var stride = 1
        var dilation = 1
        /// Padding before and after.
        var before = 0
        var after = 0

        /// The outputs whose tap at that kernel position reads inside the input.
        func outputs(tap: Int) -> Range<Int> {
            let shift = before - tap * dilation
            let low = max(0, shift > 0 ? (shift + stride - 1) / stride : 0)
            let high = min(output, input - 1 + shift < 0 ? 0 : (input - 1 + shift) / stride + 1)
            return low..<max(low, high)
        }
    }

    /// The three axes, outermost first.
    private(set) var axes: [Axis]
    /// Number of spatial axes that there really are.
    let rank: Int

    /// Positions of the input plane.
    var inputCount: Int { axes[0].input * axes[1].input * axes[2].input }
    /// Positions of the output plane.
    var outputCount: Int { axes[0].output * axes[1].output * axes[2].output }
    /// Taps of the window.
    var kernelCount: Int { axes[0].kernel * axes[1].kernel * axes[2].kernel }
    /// The input's spatial lengths.
    var inputShape: [Int] { axes.suffix(rank).map(\.input) }
    /// The output's spatial lengths.
    var outputShape: [Int] { axes.suffix(rank).map(\.output) }

    /// The window of a convolution or pooling over an input of the given spatial lengths.
    ///
    /// - Throws: ``HarrierError`` if the attributes do not fit each other or the input.
    init(_ node: Node, spatial: [Int], kernel: [Int]) throws {
        let geometry = try WindowGeometry(of: node, kernel: kernel, spatial: spatial.map(Dimension.known))
        try self.init(geometry, of: node, inputs: spatial, outputs: geometry.outputLengths.compactMap(\.value))
    }

    /// The window over the *output* of a transposed convolution: the axes have the roles of input and output exchanged.
    ///
    /// - Throws: as ``init(_:spatial:kernel:)``.
    init(transposed node: Node, spatial: [Int], kernel: [Int]) throws {
        let geometry = try WindowGeometry(ofTransposed: node, kernel: kernel, spatial: spatial.map(Dimension.known))
        try self.init(geometry, of: node, inputs: geometry.outputLengths.compactMap(\.value), outputs: spatial)
    }

    private init(_ geometry: WindowGeometry, of node: Node, inputs: [Int], outputs: [Int]) throws {
        rank = inputs.count
        guard (1...3).contains(rank), outputs.count == rank else {
            throw HarrierError("the interpreter runs \(node.op) over 1 to 3 spatial axes, not \(rank)")
        }
        let pads = geometry.padsBegin + geometry.padsEnd
        guard (geometry.strides + geometry.dilations + pads).allSatisfy({ $0.magnitude <= Self.maximumLength }) else {
            throw HarrierError("\(node.op) has strides, dilations or pads that are too large to compute with")
        }
        for lengths in [geometry.kernel, inputs, outputs] { _ = try checkedCount(lengths) }
        axes = Array(repeating: Axis(), count: 3 - rank)
        for index in 0..<rank {
            axes.append(
                Axis(
                    input: inputs[index], output: outputs[index], kernel: geometry.kernel[index],
                    stride: geometry.strides[index], dilation: geometry.dilations[index],
                    before: geometry.padsBegin[index], after: geometry.padsEnd[index]))
        }
    }

    /// Strides, dilations and pads above this are errors: their products with lengths must not overflow.
    private static let maximumLength = 1 << 28
}
