@testable import Frameworks
import Pricing

/// The functions of CrypTen's tensor interface that were measured, made of the secure functions that the operator table
/// uses.
struct CrypTenRow {
    let row: Measurement
    let f: CrypTen.Functions

    var x: Extent { row.shape("x") }
    var attributes: Measurement { row.part("attrs") }

    /// What the row ran; nil if there is no formula for it.
    func call() -> Call? {
        arithmetic() ?? linear() ?? comparison() ?? function() ?? maximum() ?? normalization() ?? loss() ?? backward()
            ?? backwardOfLayers()
    }

    func of(_ calls: Call...) -> Call { Call(row.string("op"), calls) }

    private func arithmetic() -> Call? {
        let y = row.shape("y")
        switch row.string("op") {
        case "add", "add_public", "sub", "neg", "sum": return of()
        case "share_input": return f.share(x, tellingShape: attributes.bool("broadcast_size"))
        case "reveal": return revealed()
        case "mul", "mul_broadcast", "mul_active": return f.mul(x, y)
        case "mul_public": return of(attributes.string("y") == "int scalar" ? Call("local", []) : f.publicProduct(x))
        case "div_public", "truncate": return of(f.truncate(x))
        case "div_private": return f.div(x, y)
        case "square": return f.square(x)
        case "a2b": return f.a2b(x)
        case "b2a": return f.b2a(x, bits: attributes.int("bits") ?? 64)
        case "and_binary": return f.and(x)
        case "rand": return f.rand(x)
        case "mean": return f.mean([])
        case "var": return f.variance(x, axes: attributes.ints("dim") ?? [])
        case "prod": return f.prod(x, axis: attributes.int("dim") ?? 0)
        case "norm": return of(f.square(x), f.sqrt([x[0]]))
        case "randn": return randn()
        default: return nil
        }
    }

    private func revealed() -> Call {
        guard attributes.int("dst") != nil else { return f.reveal(x) }
        return Call("reduce", cost: Cost(online: Traffic(bytes: 8 * x.count * (f.parties - 1), rounds: 1)))
    }

    /// Box-Muller on pairs of uniform numbers.
    private func randn() -> Call {
        let half: Extent = [(x.count + 1) / 2]
        let odd = x.count.isMultiple(of: 2) ? [] : [f.rand([1])]
        return Call(
            "randn",
            [f.rand(x)] + odd + [f.log(half), f.sqrt(half), f.publicProduct(half), f.cossin(half)]
                + [f.mul(half, half).repeated(2)])
    }

    private func linear() -> Call? {
        let (w, y) = (row.shape("w"), row.shape("y"))
        switch row.string("op") {
        case "matmul": return f.matmul(x, y, result: product(x, y))
        case "matmul_public": return of(f.publicProduct(product(x, y)))
        case "linear", "gemm_module":
            let result: Extent = [x[0], w[0]]
            if attributes.string("weight") == "public" { return of(f.publicProduct(result)) }
            let matmul = f.matmul(x, [w[1], w[0]], result: result)
            if row.string("op") == "linear" { return matmul }
            return of(matmul, f.publicProduct(result), f.publicProduct(row.shape("b")))
        case "conv2d", "conv2d_public", "conv_transpose2d":
            let isTransposed = row.string("op") == "conv_transpose2d"
            let result = convolved(x, w, isTransposed: isTransposed)
            if row.string("op") == "conv2d_public" { return of(f.publicProduct(result)) }
            return f.convolution(x, w, result: result, isTransposed: isTransposed, arguments: convolutionArguments)
        case "embedding":
            let (index, table) = (row.shape("index"), row.shape("table"))
            guard attributes.string("index") == "private one-hot" else { return of() }
            return f.matmul(index, table, result: [index[0], table[1]])
        case "global_average_pool": return f.mean([x[0], x[1]])
        case "avg_pool2d": return f.mean(pooled())
        case "adaptive_avg_pool2d": return adaptiveAverage()
        default: return nil
        }
    }

    private func comparison() -> Call? {
        switch row.string("op") {
        case "_ltz", "lt", "le", "gt", "ge": return f.ltz(x)
        case "sign": return f.sign(x)
        case "eq", "ne": return f.eqz(x)
        case "abs": return f.abs(x)
        case "relu": return f.relu(x)
        case "relu6": return f.relu6(x)
        case "hardtanh": return f.hardtanh(x)
        case "where":
            if attributes.string("cond") == "public" { return of(f.publicProduct(x).repeated(2)) }
            return f.select(row.shape("cond"), x, row.shape("y"))
        case "dropout":
            // With gradients the mask is public.
            return attributes.string("api").contains("requires_grad") ? of(f.publicProduct(x)) : f.dropout(x)
        default: return nil
        }
    }

    private func function() -> Call? {
        switch row.string("op") {
        case "exp": return f.exp(x)
        case "log": return f.log(x)
        case "reciprocal":
            let isPositive = attributes.bool("all_pos") || attributes.bool("input_in_01")
            return isPositive ? f.positiveReciprocal(x) : f.reciprocal(x)
        case "sqrt": return f.sqrt(x)
        case "inv_sqrt": return f.inverseSqrt(x)
        case "sigmoid": return f.sigmoid(x)
        case "tanh": return f.tanh(x)
        case "erf": return f.erf(x)
        case "sin", "cos", "cossin": return f.cossin(x)
        case "polynomial": return f.polynomial(x, degree: attributes.int("degree") ?? 1)
        case "pow": return f.pow(x, attributes.int("p") ?? 1)
        case "pos_pow": return f.positivePow(x)
        case "silu": return of(f.sigmoid(x), f.mul(x, x))
        case "gelu_quad": return of(f.square(x), f.publicProduct(x).repeated(2))
        case "gelu_erf": return of(f.publicProduct(x), f.publicProduct(x), f.erf(x), f.mul(x, x))
        case "gelu_tanh": return of(f.pow(x, 3), f.publicProduct(x).repeated(3), f.tanh(x), f.mul(x, x))
        default: return nil
        }
    }

    private func maximum() -> Call? {
        let axis = attributes.int("dim")
        let rowExtent = x.replacing(axis ?? 0, with: 1)
        switch row.string("op") {
        case "max": return axis.map { f.maximum(x, axis: $0) } ?? f.maximumOfAll(x)
        case "argmax": return axis.map { f.argmax(x, axis: $0) } ?? f.argmax([x.count], axis: 0)
        case "weighted_index": return f.weightedIndex(x, axis: axis ?? 0, isScaled: true)
        case "softmax": return f.softmax(x, axis: axis ?? 0)
        case "log_softmax": return f.logSoftmax(x, axis: axis ?? 0)
        case "softmax_2quad": return of(f.square(x), f.div(x, rowExtent))
        case "softmax_2relu": return of(f.relu(x), f.div(x, rowExtent))
        case "max_pool2d": return f.maxPool(pooled(), window: window)
        case "adaptive_max_pool2d": return adaptiveMaximum()
        default: return nil
        }
    }

    private func normalization() -> Call? {
        switch row.string("op") {
        case "batchnorm": return attributes.bool("training") ? f.trainingBatchNorm(x) : f.batchNorm(x)
        case "batchnorm_module": return f.batchNorm(x, isInverseCached: true)
        case "batchnorm_module.eval()": return f.inverseSqrt([x[1]])
        case "batchnorm_public_stats": return f.batchNorm(x, secrets: .init(scale: false, variance: false))
        case "layernorm_inv_sqrt":
            let rows = x.replacing(-1, with: 1)
            return of(
                f.mean(rows), f.square(x), f.mean(rows), f.inverseSqrt(rows), f.mul(x, rows), f.mul(x, [x[-1]]))
        default: return nil
        }
    }

    private func loss() -> Call? {
        switch row.string("op") {
        case "cross_entropy":
            let softmax = f.softmax(x, axis: 1)
            if attributes.bool("skip_forward") { return softmax }
            return of(softmax, f.log(x), f.mul(x, x), f.truncate([]))
        case "binary_cross_entropy": return binaryCrossEntropy
        case "binary_cross_entropy_with_logits": return of(f.sigmoid(x), binaryCrossEntropy)
        case "mse_loss": return of(f.square(x), f.mean([]))
        default: return nil
        }
    }

    private var binaryCrossEntropy: Call { of(f.log(x.stacked(2)), f.mul(x, x).repeated(2), f.mean([])) }
}
