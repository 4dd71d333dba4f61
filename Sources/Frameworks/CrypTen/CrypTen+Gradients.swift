import Pricing

/// Gradients of secure functions that are more than a product: `gradients.py`.
extension CrypTen.Functions {
    /// How a kernel moves over its input, an entry an axis.
    struct Window: Hashable, Sendable {
        /// Steps of the kernel.
        var strides: [Int]
        /// Elements added on either side.
        var padding: [Int]
        /// Distances of the kernel's elements.
        var dilations: [Int]
        /// Groups of channels that do not meet.
        var groups: Int

        /// A window of the given parts.
        init(strides: [Int], padding: [Int], dilations: [Int], groups: Int = 1) {
            self.strides = strides
            self.padding = padding
            self.dilations = dilations
            self.groups = groups
        }
    }

    /// The gradients of a matrix product towards its operands.
    func matmulGradients(_ left: Extent, _ right: Extent, isSecret: (Bool, Bool) = (true, true)) -> [Call] {
        func transposed(_ extent: Extent) -> Extent {
            extent.replacing(-1, with: extent[-2]).replacing(-2, with: extent[-1])
        }
        let batch = Extent(Array(left.lengths.dropLast(2))).broadcast(with: Extent(Array(right.lengths.dropLast(2))))
        func matrix(_ rows: Int, _ columns: Int) -> Extent { Extent(batch.lengths + [rows, columns]) }
        let gradient = matrix(left[-2], right[-1])
        let (towardsLeft, towardsRight) = (matrix(left[-2], left[-1]), matrix(right[-2], right[-1]))
        return [
            isSecret.1 ? matmul(gradient, transposed(right), result: towardsLeft) : publicProduct(towardsLeft),
            isSecret.0 ? matmul(transposed(left), gradient, result: towardsRight) : publicProduct(towardsRight),
        ]
    }

    /// The gradients of a convolution towards input and kernel. The latter is a convolution of the input with the gradient,
    /// which is repeated for every input channel of a group before it is opened.
    func convolutionGradients(
        _ x: Extent, _ w: Extent, gradient: Extent, _ window: Window, isSecret: (Bool, Bool) = (true, true)
    ) -> [Call] {
        let axes = window.strides.indices
        let groups = window.groups
        let repeated = Extent(
            [[gradient[0], gradient[1], w[1]].saturatingProduct(), 1] + gradient.lengths.dropFirst(2))
        let lengths = axes.map { axis in
            (x[axis + 2] + 2 * window.padding[axis] - window.strides[axis] * (gradient[axis + 2] - 1) - 1)
                / max(1, window.dilations[axis]) + 1
        }
        // Where strides do not come out even, the transposed convolution is padded to the size of the input.
        let outputPadding = axes.map { axis in
            x[axis + 2]
                - ((gradient[axis + 2] - 1) * window.strides[axis] - 2 * window.padding[axis] + 1
                    + window.dilations[axis] * (w[axis + 2] - 1))
        }
        let towardsInput = convolution(
            gradient, w, result: x, isTransposed: true,
            arguments: [
                .tuple("stride", window.strides), .tuple("padding", window.padding),
                .tuple("output_padding", outputPadding), .number("groups", groups),
                .tuple("dilation", window.dilations),
            ])
        let images = Extent([1, [x[0], x[1]].saturatingProduct()] + x.lengths.dropFirst(2))
        let kernels = Extent([1, repeated[0]] + lengths)
        let towardsKernel = convolution(
            images, repeated, result: kernels,
            arguments: [
                .tuple("stride", window.dilations), .tuple("padding", window.padding),
                .tuple("dilation", window.strides), .number("groups", images[1]),
            ])
        return [
            isSecret.1 ? towardsInput : publicProduct(x), isSecret.0 ? towardsKernel : publicProduct(kernels),
        ]
    }

    /// The gradients of a batch normalisation towards scale and input; the one towards the shift is a sum.
    func batchNormGradients(
        _ extent: Extent, isTraining: Bool, secrets: BatchNormSecrets = BatchNormSecrets()
    ) -> [Call] {
        let row = Extent(extent.lengths.indices.map { $0 == 1 ? extent[1] : 1 })
        var calls = [
            mul(extent, extent), secrets.scale ? mul(extent, row) : publicProduct(extent),
            secrets.variance ? mul(extent, row) : publicProduct(extent),
        ]
        guard isTraining else { return calls }
        calls += [
            truncate(row), mul(row, row), mul(extent, extent), mul(extent, row), truncate(row), mul(extent, row),
        ]
        return calls
    }
}
