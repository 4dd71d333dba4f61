import IR

extension GradientTable {
    /// Convolutions and their transposes: each is the other's gradient towards the images.
    static let convolutions: [OperatorName: Row] = [
        "Conv": { b in
            let (images, weights) = (try b.input(0), try b.input(1))
            let geometry = try ConvolutionGeometry(b.node, images: images.lengths, weights: weights.lengths)
            try b.give(0) {
                try geometry.transposed(of: b.fullGradient(), weights: weights, lengths: images.lengths)
            }
            try b.give(1) { try geometry.weightGradient(images: images, outputs: b.fullGradient(), weights: weights) }
            try giveBias(b)
        },
        "ConvTranspose": { b in
            let (images, weights) = (try b.input(0), try b.input(1))
            let geometry = try ConvolutionGeometry(
                transposed: b.node, images: images.lengths, weights: weights.lengths)
            try b.give(0) { try geometry.convolution(of: b.fullGradient(), weights: weights) }
            try b.give(1) { try geometry.weightGradient(images: b.fullGradient(), outputs: images, weights: weights) }
            try giveBias(b)
        },
    ]

    private static func giveBias(_ b: Backward) throws {
        guard b.node.optionalInput(2) != nil else { return }
        let rank = try b.output().rank
        try b.give(2) {
            try b.fullGradient().reduced("ReduceSum", axes: [0] + Array(2..<rank), keepsAxes: false)
        }
    }
}

/// The window of a convolution as its gradients need it. For a transposed convolution it is the window of the convolution that
/// it is the transpose of.
private struct ConvolutionGeometry {
    let kernel: [Int]
    let strides: [Int]
    let dilations: [Int]
    let padsBegin: [Int]
    let padsEnd: [Int]
    let group: Int

    init(_ node: NodeContext, images: [Int], weights: [Int]) throws {
        let window = try WindowGeometry(
            of: node.node, kernel: Array(weights.dropFirst(2)), spatial: images.dropFirst(2).map(Dimension.known))
        try self.init(window, group: node.int("group"))
    }

    init(transposed node: NodeContext, images: [Int], weights: [Int]) throws {
        let window = try WindowGeometry(
            ofTransposed: node.node, kernel: Array(weights.dropFirst(2)),
            spatial: images.dropFirst(2).map(Dimension.known))
        try self.init(window, group: node.int("group"))
    }

    private init(_ window: WindowGeometry, group: Int) throws {
        kernel = window.kernel
        strides = window.strides
        dilations = window.dilations
        padsBegin = window.padsBegin
        padsEnd = window.padsEnd
        self.group = group
        guard (padsBegin + padsEnd).allSatisfy({ $0 >= 0 }) else {
            throw HarrierError("a convolution with negative pads has no gradient")
        }
    }

    private func extent(_ axis: Int) -> Int { (kernel[axis] - 1) * dilations[axis] + 1 }

    private var attributes: [String: Attribute] {
        [
            "strides": .ints(strides), "dilations": .ints(dilations), "pads": .ints(padsBegin + padsEnd),
            "group": .int(group), "kernel_shape": .ints(kernel),
        ]
    }

    /// The convolution that a transposed convolution is the transpose of.
    func convolution(of images: GraphBuilder.Term, weights: GraphBuilder.Term) throws -> GraphBuilder.Term {
        try images.apply("Conv", weights, attributes: attributes)
    }

    /// The transposed convolution whose result has the given lengths.
    func transposed(
        of outputs: GraphBuilder.Term, weights: GraphBuilder.Term, lengths: [Int]
    ) throws -> GraphBuilder.Term {
        let windows = try outputs.lengths
        var attributes = attributes
        // What the last window does not reach.
        attributes["output_padding"] = .ints(
            kernel.indices.map { axis in
                let full = (windows[axis + 2] - 1) * strides[axis] + extent(axis)
                return lengths[axis + 2] - (full - padsBegin[axis] - padsEnd[axis])
            })
        return try outputs.apply("ConvTranspose", weights, attributes: attributes)
    }

    /// The gradient of the weights `[M, C/group, ...]`: a convolution of the images, whose channels take the place of the batch,
    /// with the gradient of the outputs, whose strides and dilations are exchanged.
    func weightGradient(
        images: GraphBuilder.Term, outputs: GraphBuilder.Term, weights: GraphBuilder.Term
    ) throws -> GraphBuilder.Term {
        let (size, windows) = (try images.lengths, try outputs.lengths)
        let (batch, channels) = (size[0], size[1])
        let spatial = Array(2..<size.count)
        var input = images
        var ends: [Int] = []
        for axis in kernel.indices {
            // What no window reaches would give rows of weights that there are not.
            let reached = (windows[axis + 2] - 1) * strides[axis] + extent(axis) - padsBegin[axis]
            ends.append(max(0, reached - size[axis + 2]))
            input = try input.sliced(axis: axis + 2, from: 0, to: min(reached, size[axis + 2]))
        }
        let lengths = try input.lengths
        if group == 1 {
            input = try input.transposed([1, 0] + spatial)
        } else {
            // Of each group one after another the images, as channels.
            input =
                try input
                .reshaped([batch, group, channels / group] + lengths.dropFirst(2))
                .transposed([2, 1, 0] + spatial.map { $0 + 1 })
                .reshaped([channels / group, group * batch] + lengths.dropFirst(2))
        }
        let filters = try outputs.transposed([1, 0] + spatial)
        let result = try input.apply(
            "Conv", filters,
            attributes: [
                "strides": .ints(dilations), "dilations": .ints(strides), "pads": .ints(padsBegin + ends),
                "group": .int(group),
            ])
        return try result.transposed([1, 0] + spatial)
    }
}
