import Graph

/// How a window of a convolution or pooling moves over the spatial axes, brought to three of them (missing ones have length 1).
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

        /// Input positions that the window's taps would cover.
        var span: Int { (kernel - 1) * dilation + 1 }

        /// The outputs whose tap at that kernel position reads inside the input.
        func outputs(tap: Int) -> Range<Int> {
            let shift = before - tap * dilation
            let low = max(0, shift > 0 ? (shift + stride - 1) / stride : 0)
            let high = min(output, input - 1 + shift < 0 ? 0 : (input - 1 + shift) / stride + 1)
            return low..<max(low, high)
        }
    }

    /// The three axes, outermost first.
    var axes: [Axis]
    /// Number of spatial axes that there really are.
    let rank: Int

    /// Positions of the input plane.
    var inputCount: Int { axes[0].input * axes[1].input * axes[2].input }
    /// Positions of the output plane.
    var outputCount: Int { axes[0].output * axes[1].output * axes[2].output }
    /// Taps of the window.
    var kernelCount: Int { axes[0].kernel * axes[1].kernel * axes[2].kernel }
    /// The output's spatial lengths.
    var outputShape: [Int] { axes.suffix(rank).map(\.output) }

    /// The window that a node's attributes describe. Output lengths are those of a convolution or pooling.
    ///
    /// - Throws: ``HarrierError`` if the attributes do not fit each other or the input.
    init(_ node: Node, spatial: [Int], kernel: [Int]) throws {
        try self.init(node, spatial: spatial, kernel: kernel, transposed: false)
    }

    /// The window over the *output* of a transposed convolution: `axes` have the roles of input and output exchanged.
    init(_ node: Node, spatial: [Int], kernel: [Int], transposed: Bool) throws {
        rank = spatial.count
        guard (1...3).contains(rank) else {
            throw HarrierError("the interpreter runs \(node.op) over 1 to 3 spatial axes, not \(rank)")
        }
        guard kernel.count == rank else { throw HarrierError("a kernel of shape \(kernel) over \(rank) spatial axes") }
        let strides = try Self.list(node, "strides", count: rank, default: 1)
        let dilations = try Self.list(node, "dilations", count: rank, default: 1)
        let pads = try Self.list(node, "pads", count: 2 * rank, default: 0)
        guard (kernel + strides + dilations).allSatisfy({ $0 >= 1 && $0 <= Self.maximumLength }),
            pads.allSatisfy({ $0.magnitude <= Self.maximumLength }), spatial.allSatisfy({ $0 <= Self.maximumLength })
        else { throw HarrierError("\(node.op) needs sensible kernel lengths, strides, dilations and pads") }
        _ = (try checkedCount(kernel), try checkedCount(spatial))
        axes = Array(repeating: Axis(), count: 3 - rank)
        for index in 0..<rank {
            axes.append(
                Axis(
                    input: spatial[index], kernel: kernel[index], stride: strides[index], dilation: dilations[index],
                    before: pads[index], after: pads[rank + index]))
        }
        if !transposed { try setOutputs(node) }
    }

    /// Lengths, strides and pads above this are errors: their products must not overflow.
    private static let maximumLength = 1 << 28

    /// A list attribute of that many numbers, or the default for each.
    static func list(_ node: Node, _ name: String, count: Int, default value: Int) throws -> [Int] {
        guard let list = try node.ints(name) else { return Array(repeating: value, count: count) }
        guard list.count == count else {
            throw HarrierError("attribute '\(name)' of \(node.op) must have \(count) numbers, not \(list.count)")
        }
        return list
    }

    private mutating func setOutputs(_ node: Node) throws {
        let mode = try node.string("auto_pad", default: "NOTSET")
        let roundsUp = try node.int("ceil_mode", default: 0) != 0
        for index in (3 - rank)..<3 {
            var axis = axes[index]
            switch mode {
            case "NOTSET":
                let room = axis.input + axis.before + axis.after - axis.span
                guard room >= 0 else {
                    throw HarrierError(
                        "a window of \(axis.span) positions does not fit into \(axis.input) with its pads")
                }
                axis.output = (room + (roundsUp ? axis.stride - 1 : 0)) / axis.stride + 1
                // A window that would start in the padding after the input is left out.
                if roundsUp && (axis.output - 1) * axis.stride >= axis.input + axis.before { axis.output -= 1 }
            case "VALID":
                (axis.before, axis.after) = (0, 0)
                guard axis.input >= axis.span else {
                    throw HarrierError("a window of \(axis.span) positions does not fit into \(axis.input)")
                }
                axis.output = (axis.input - axis.span) / axis.stride + 1
            case "SAME_UPPER", "SAME_LOWER":
                axis.output = (axis.input + axis.stride - 1) / axis.stride
                let total = max(0, (axis.output - 1) * axis.stride + axis.span - axis.input)
                axis.before = mode == "SAME_UPPER" ? total / 2 : total - total / 2
                axis.after = total - axis.before
            default: throw HarrierError("attribute 'auto_pad' of \(node.op) cannot be '\(mode)'")
            }
            axes[index] = axis
        }
        _ = try checkedCount(outputShape)
    }
}
