import IR
import Pricing

/// Gradients of layers: `gradients.py`, and what the modules of `nn/module.py` are made of.
extension CrypTen {
    static let recordedLayers: [String: RecordedRow] = [
        "MatMul": { operation, _ in
            Recorded(
                backward: matmulGradients(operation, try operation.extent(0), try operation.extent(1)))
        },
        "Gemm": recordedGemm,
        "Conv": recordedConvolution,
        "ConvTranspose": { _, _ in throw Unpriced("CrypTen's autograd has no transposed convolution") },
        "AveragePool": { operation, _ in
            Recorded(backward: [operation.functions.publicProduct(try operation.extent(0))])
        },
        "GlobalAveragePool": { _, _ in
            throw Unpriced("CrypTen's GlobalAveragePool copies its input and so loses the gradient")
        },
        "ReduceMean": { _, _ in
            throw Unpriced("CrypTen's mean fails in its gradient when its axes are a list, as they come from a file")
        },
        "MaxPool": { operation, _ in
            guard let kernel = try? operation.node.ints("kernel_shape") else {
                throw Unpriced("its kernel_shape is missing")
            }
            let result = try operation.result().lengths
            // The one-hot positions of the maxima are kept; the gradient is multiplied with them window by window.
            let windows = Extent(result + kernel)
            let gradient = Extent(result + kernel.map { _ in 1 })
            return Recorded(backward: [operation.functions.mul(gradient, windows, isScaled: false)])
        },
        "ReduceMax": { operation, _ in
            let (row, x) = (try operation.result(), try operation.extent(0))
            return Recorded(backward: [operation.functions.mul(row, x, isScaled: false)])
        },
        "Softmax": { operation, _ in
            let x = try operation.extent(0)
            guard try x[operation.node.int("axis")] != 1 else { return Recorded(backward: []) }
            return Recorded(backward: [operation.functions.mul(x, x).repeated(2)])
        },
        "LogSoftmax": { operation, _ in
            let (x, axis) = (try operation.extent(0), try operation.node.int("axis"))
            guard x[axis] != 1 else { return Recorded(backward: []) }
            return Recorded(backward: [
                operation.functions.exp(x), operation.functions.mul(x, x.replacing(axis, with: 1)),
            ])
        },
        "Dropout": { operation, _ in
            guard operation.number(2) == 1 else { return Recorded(backward: []) }
            // With autograd all parties draw the same public mask.
            let product = operation.functions.publicProduct(try operation.extent(0))
            return Recorded(forward: [product], backward: [product])
        },
        "BatchNormalization": { operation, _ in
            let x = try operation.extent(0)
            let isTraining = try operation.node.flag("training_mode")
            return Recorded(
                backward: operation.functions.batchNormGradients(
                    x, isTraining: isTraining,
                    secrets: .init(scale: operation.isSecret(1), variance: isTraining || operation.isSecret(4))))
        },
    ]

    /// Towards both operands, vectors being matrices of one row or column.
    private static func matmulGradients(
        _ operation: Operation<Functions>, _ left: Extent, _ right: Extent
    ) -> [Call] {
        let left = left.rank < 2 ? Extent([1] + left.lengths) : left
        let right = right.rank < 2 ? Extent(right.lengths + [1]) : right
        return operation.functions.matmulGradients(
            left, right, isSecret: (operation.isSecret(0), operation.isSecret(1)))
    }

    /// A Gemm is a matrix product times alpha plus a bias times beta. The gradients towards alpha and beta, public numbers
    /// that nobody trains, are computed.
    private static let recordedGemm: RecordedRow = { operation, needed in
        let f = operation.functions
        let result = try operation.result()
        var calls: [Call] = []
        if needed.count > 2, needed[2] {
            let bias = try operation.extent(2)
            calls += [f.publicProduct(bias), f.mul(bias, bias)]
        }
        guard needed[0] || needed.count > 1 && needed[1] else { return Recorded(backward: calls) }
        func transposed(_ extent: Extent, _ attribute: String) throws -> Extent {
            try operation.node.flag(attribute) ? Extent(extent.lengths.reversed()) : extent
        }
        let (left, right) = try (
            transposed(operation.extent(0), "transA"), transposed(operation.extent(1), "transB")
        )
        return Recorded(
            backward: [f.publicProduct(result), f.mul(result, result)] + matmulGradients(operation, left, right) + calls
        )
    }

    private static let recordedConvolution: RecordedRow = { operation, needed in
        // The bias is added, which costs no gradient anything.
        guard needed[0] || needed.count > 1 && needed[1] else { return Recorded(backward: []) }
        let (x, w, result) = (try operation.extent(0), try operation.extent(1), try operation.result())
        let spatial = max(1, x.rank - 2)
        let groups = try operation.node.int("group")
        guard spatial < 3 else { throw Unpriced("CrypTen's Conv has one or two spatial axes") }
        guard groups == 1 || x[1] <= groups else {
            throw Unpriced("CrypTen has no gradient of a convolution in groups of several channels")
        }
        let pads = try operation.node.ints("pads", count: 2 * spatial)
        return Recorded(
            backward: operation.functions.convolutionGradients(
                x, w, gradient: result,
                Functions.Window(
                    strides: try operation.node.ints("strides", count: spatial),
                    padding: pads.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element),
                    dilations: try operation.node.ints("dilations", count: spatial), groups: groups),
                isSecret: (operation.isSecret(0), operation.isSecret(1))))
    }
}
