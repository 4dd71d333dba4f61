@testable import Calibration
@testable import Frameworks
@testable import Pricing

/// Rows for which ONNX has no operator, or whose graph SPU's compiler rewrites across operators.
extension SPURow {
    /// What HAL calls for the row; nil if nothing stands for it.
    func function(_ functions: SPU.Functions) throws -> [Call]? {
        let first = shapes[0]
        let count = first.count
        let rows = SPU.Rows(count: first[0], length: first[-1])
        func run(_ body: (inout SPU.HAL, SPU.Value) -> Void) throws -> [Call] {
            try functions.calls { body(&$0, $0.secret(count)) }
        }
        switch op {
        case "rsqrt": return try run { hal, x in _ = hal.rsqrt(x) }
        case "sort":
            return try run { hal, _ in hal.sort(vectors: count / first[-1], length: first[-1]) }
        case "relu_before_max":
            return try run { hal, x in
                _ = hal.relu(x)
                _ = hal.reduceMax(SPU.Rows(count: count / 5, length: 5))
            }
        case "relu_grad": return try run { hal, x in hal.reluGradient(x) }
        case "softmax_xent_grad": return try run { hal, _ in hal.crossEntropyGradient(rows) }
        case "conv2d_grad":
            // The sum of the result's squares and its gradients.
            let (p, q, r) = convolution.unfolded
            return try run { hal, _ in
                let result = hal.matmul(hal.secret(p * q), hal.secret(q * r), p, q, r)
                _ = hal.fmul(result, hal.constant(2, like: result))
                hal.convolutionGradient(convolution)
            }
        default: return nil
        }
    }

    /// The forward convolution of the row, padded so that the result is as large as the stride allows.
    private var convolution: SPU.LoweredConvolution {
        let (images, kernels) = (shapes[0], shapes[1])
        let stride = attributes.int("stride") ?? 1
        let output = [1, 2].map { (images[$0] + stride - 1) / stride }
        let pads = [1, 2].map { max(0, (output[$0 - 1] - 1) * stride + kernels[$0 - 1] - images[$0]) }
        return SPU.LoweredConvolution(
            batch: images[0], inputChannels: images[3], outputChannels: kernels[3], input: [images[1], images[2]],
            kernel: [kernels[0], kernels[1]], output: output, strides: [stride, stride], padsBegin: pads.map { $0 / 2 },
            padsEnd: pads.map { $0 - $0 / 2 }, baseDilations: [1, 1], windowDilations: [1, 1], group: 1)
    }
}
