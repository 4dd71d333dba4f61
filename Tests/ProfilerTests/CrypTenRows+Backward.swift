import Profiler

/// Gradients as CrypTen's `gradients.py` computes them. Harrier expands gradients into ONNX operators itself; these rows
/// check that the secure functions below add up for them, too.
extension CrypTenRow {
    func backward() -> Call? {
        let y = row.shape("y")
        switch row.string("op") {
        case "mul.backward": return of(f.mul(x, y), f.mul(x, x))
        case "sigmoid.backward": return of(f.mul(x, x).repeated(2))
        case "tanh.backward", "reciprocal.backward": return of(f.square(x), f.mul(x, x))
        case "relu.backward": return of(f.mul(x, x, isScaled: false))
        case "square.backward": return of(f.publicProduct(x), f.mul(x, x))
        case "exp.backward": return of(f.mul(x, x))
        case "matmul.backward":
            let gradient = product(x, y)
            let (left, right) = (transposed(x), transposed(y))
            return of(f.matmul(gradient, right, result: x), f.matmul(left, gradient, result: y))
        case "softmax.backward": return of(f.mul(x, x).repeated(2))
        case "log_softmax.backward":
            let rows = x.replacing(attributes.int("dim") ?? 1, with: 1)
            return of(f.exp(x), f.mul(x, rows))
        case "cross_entropy.backward", "binary_cross_entropy_with_logits.backward":
            return of(f.truncate(x), f.mul(x, []))
        default: return nil
        }
    }

    func backwardOfLayers() -> Call? {
        switch row.string("op") {
        case "conv2d.backward": return convolutionBackward()
        case "avg_pool2d.backward": return of(f.publicProduct(x))
        case "batchnorm.backward": return batchNormBackward()
        default: return nil
        }
    }

    private func transposed(_ extent: Extent) -> Extent {
        extent.replacing(-1, with: extent[-2]).replacing(-2, with: extent[-1])
    }

    /// The gradient towards the kernel is a convolution with the gradient repeated for every input channel.
    private func convolutionBackward() -> Call {
        let w = row.shape("w")
        let (stride, padding) = (spatial("stride", 1), spatial("padding", 0))
        let gradient = convolved(x, w, isTransposed: false)
        let repeated: Extent = [gradient[0] * gradient[1] * w[1], 1, gradient[2], gradient[3]]
        let lengths = (0..<2).map { x[$0 + 2] + 2 * padding[$0] - stride[$0] * (gradient[$0 + 2] - 1) }
        let groups = attributes.int("groups") ?? 1
        // Where strides do not come out even, the transposed convolution is padded to the size of the input.
        let outputPadding = (0..<2).map {
            x[$0 + 2] - ((gradient[$0 + 2] - 1) * stride[$0] - 2 * padding[$0] + w[$0 + 2])
        }
        return of(
            f.convolution(
                gradient, w, result: x, isTransposed: true,
                arguments: [
                    .tuple("stride", stride), .tuple("padding", padding), .tuple("output_padding", outputPadding),
                    .number("groups", groups), .tuple("dilation", [1, 1]),
                ]),
            f.convolution(
                [1, x[0] * x[1], x[2], x[3]], repeated, result: Extent([1, repeated[0]] + lengths),
                arguments: [
                    .tuple("stride", [1, 1]), .tuple("padding", padding), .tuple("dilation", stride),
                    .number("groups", x[1] * x[0]),
                ]))
    }

    private func batchNormBackward() -> Call {
        let row = Extent(x.lengths.indices.map { $0 == 1 ? x[1] : 1 })
        let common = [f.mul(x, x), f.mul(x, row), f.mul(x, row)]
        guard attributes.bool("training") else { return Call("batchnorm.backward", common) }
        return Call(
            "batchnorm.backward",
            common + [
                f.truncate(row), f.mul(row, row), f.mul(x, x), f.mul(x, row), f.truncate(row), f.mul(x, row),
            ])
    }
}
