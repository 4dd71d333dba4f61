@testable import Frameworks
import Pricing

/// Gradients as CrypTen's `gradients.py` computes them, function by function; whole training steps are in
/// CrypTenTrainingTests.
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
        case "matmul.backward": return Call(row.string("op"), f.matmulGradients(x, y))
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

    private func convolutionBackward() -> Call {
        let w = row.shape("w")
        let window = CrypTen.Functions.Window(
            strides: spatial("stride", 1), padding: spatial("padding", 0), dilations: [1, 1],
            groups: attributes.int("groups") ?? 1)
        return Call(
            row.string("op"),
            f.convolutionGradients(x, w, gradient: convolved(x, w, isTransposed: false), window))
    }

    private func batchNormBackward() -> Call {
        Call(row.string("op"), f.batchNormGradients(x, isTraining: attributes.bool("training")))
    }
}
