import Evaluate
import IR
import ONNXFormat
@testable import Frameworks
import Pricing
import TestSupport

/// CrypTen; HawkEye's model of it is called MPCFormer.
extension AccuracyRows {
    private static let title = "CrypTen 0.4.1"

    static func crypTenOperators() throws -> [AccuracyRow] {
        let framework = try hawkEye(.mpcFormer, fraction: 16)
        return try Measurement.rows("crypten_ops.json").compactMap { row in
            let crypten = try CrypTenTests.framework(of: row)
            guard let call = CrypTenRow(row: row, f: crypten.functions).call() else { return nil }
            let measured = row.cost(parties: row.parties, provider: row.string("provider")).online
            let isDefault = row.parties == 2 && row.part("attrs").fields["config"] == nil
            return AccuracyRow(
                subject: .operators, framework: title, name: row.string("op"),
                label: "\(row.part("shapes").fields) \(row.part("attrs").fields) \(row.parties) parties",
                measured: measured, predicted: call.total.online,
                hawkEye: isDefault ? try hawkEyePrice(of: row, framework) : nil)
        }
    }

    /// HawkEye's price of the operator that a row ran, where ONNX has it.
    private static func hawkEyePrice(of row: Measurement, _ framework: HawkEyeFramework) throws -> Int? {
        guard let expression = expression(of: row) else { return nil }
        let names = row.part("shapes").fields.keys.sorted()
        return try hawkEye(expression, names.map { ($0, row.shape($0)) }, framework)
    }

    private static func expression(of row: Measurement) -> String? {
        let attributes = row.part("attrs")
        let axis = attributes.int("dim") ?? -1
        let kernel = attributes.int("kernel") ?? 1
        let stride = attributes.int("stride") ?? kernel
        let window = "kernel_shape = [\(kernel), \(kernel)], strides = [\(stride), \(stride)]"
        let padding = attributes.int("padding") ?? 0
        let pads = Array(repeating: "\(padding)", count: 4).joined(separator: ", ")
        return switch row.string("op") {
        case "mul", "mul_broadcast": "Mul(x, y)"
        case "square": "Mul(x, x)"
        case "matmul": "MatMul(x, y)"
        case "div_private": "Div(x, y)"
        case "lt", "le", "gt", "ge": attributes.string("y") == "private" ? "Less(x, y)" : nil
        case "_ltz": "Less(x, x)"
        case "eq", "ne": attributes.string("y") == "private" ? "Equal(x, y)" : nil
        case "abs": "Abs(x)"
        case "relu": "Relu(x)"
        case "exp": "Exp(x)"
        case "log": "Log(x)"
        case "sqrt": "Sqrt(x)"
        case "reciprocal": "Reciprocal(x)"
        case "sigmoid": "Sigmoid(x)"
        case "tanh": "Tanh(x)"
        case "gelu_tanh": "Gelu<approximate = \"tanh\">(x)"
        case "softmax": "Softmax<axis = \(axis)>(x)"
        case "log_softmax": "LogSoftmax<axis = \(axis)>(x)"
        case "linear", "gemm_module":
            attributes.string("weight") == "private" ? "Gemm<transB = 1>(x, w, b)" : nil
        case "conv2d":
            "Conv<pads = [\(pads)], group = \(attributes.int("groups") ?? 1), strides = [\(attributes.int("stride") ?? 1), \(attributes.int("stride") ?? 1)]>(x, w)"
        case "max_pool2d": "MaxPool<\(window), pads = [\(pads)]>(x)"
        case "avg_pool2d": "AveragePool<\(window), pads = [\(pads)]>(x)"
        default: nil
        }
    }

    static func crypTenModels() throws -> [AccuracyRow] {
        let framework = try hawkEye(.mpcFormer, fraction: 16)
        return try Measurement.rows("crypten_models.json").compactMap { row in
            guard row.string("kind") == "inference" else { return nil }
            let (parties, provider) = (row.parties, row.string("provider"))
            let crypten = try CrypTen(parties: parties, configuration: ["provider": provider])
            let name = row.string("model")
            let graph = try loadModel(
                at: Fixtures.path("truth/crypten_models/\(name.replacing("+folded_bn", with: ".folded")).onnx"),
                evaluator: Interpreter()
            ).graph
            let measured = row.part("phases").part("forward").cost(parties: parties, provider: provider)
            return AccuracyRow(
                subject: .models, framework: title, name: "\(name), \(parties) parties, \(provider)", label: "",
                measured: measured.online,
                predicted: try Profiler(crypten, evaluator: Interpreter()).profile(graph).total.online,
                hawkEye: parties == 2 ? try hawkEye(graph, framework) : nil)
        }
    }
}
