import Evaluate
import IR

@testable import Calibration
@testable import Frameworks
@testable import Pricing

/// The jax programs that were measured under SPU, each as an ONNX graph, or, where ONNX has no such operator, as the
/// functions that SPU's compiler makes of it.
struct SPURow {
    let row: Measurement

    var op: String { row.string("op") }
    var shapes: [Extent] { (row.fields["shapes"] as? [[Int]] ?? []).map(Extent.init) }
    var attributes: Measurement { row.part("attrs") }

    /// What was measured.
    var traffic: (bytes: Int, rounds: Int?)? {
        row.int("bytes_total_all_parties").map { ($0, row.int("rounds")) }
    }

    /// Protocol, field and so on, for messages.
    var label: String {
        "\(row.string("protocol")) \(row.parties) \(row.string("field")) \(op) \(shapes) \(configuration.filter { $0.key != "field" })"
    }

    /// The framework's configuration.
    var configuration: [String: String] {
        var result = ["field": row.string("field")]
        for (key, value) in row.fields["options"] as? [String: Any] ?? [:] {
            result[key] = value as? String ?? (row.part("options").int(key) ?? 0).description
            if let flag = value as? Bool, key.hasPrefix("enable") || key.hasPrefix("exp") || key.hasPrefix("trunc") {
                result[key] = flag ? "true" : "false"
            }
        }
        return result
    }

    /// The cost of the row under a framework; nil if nothing stands for it.
    func cost(_ framework: SPU) throws -> Cost? {
        if let graph = try onnxGraph() {
            let profile = try Profiler(framework, evaluator: Interpreter()).profile(
                graph, policy: VisibilityPolicy(exceptions: publicOperands))
            if let entry = profile.unpriced.first { throw Unpriced(entry.reason) }
            return profile.total
        }
        return try function(framework.functions).map { Call(op, $0).cost }
    }

    /// The row as an ONNX graph; nil if ONNX has no such operator.
    func onnxGraph() throws -> Graph? { try expression.map { try model(graph($0)) } }

    var publicOperands: [String: Visibility] {
        let visibility = row.fields["vis"] as? [String] ?? []
        return Dictionary(
            uniqueKeysWithValues: zip(["a", "b", "c", "d", "e"], visibility).filter { $0.1 == "public" }.map {
                ($0.0, .public)
            })
    }

    /// A graph whose inputs are named a, b, c in the row's order.
    private func graph(_ body: String) -> String {
        let inputs = zip(["a", "b", "c", "d", "e"], operandShapes).enumerated().map { index, operand in
            "\(elementType(index))\(operand.1) \(operand.0)"
        }
        return """
            g (\(inputs.joined(separator: ", "))) => (\(elementType(0))\(operandShapes[0]) u)
              <float zero = {0}, float one = {1}, float two = {2}, float three = {3}, float six = {6}, float k = {2.5},
               float half = {0.5}, float root = {0.70710678}, float[1] list = {2.5}, int64[1] last = {-1}, int64[3] axes = {0, 2, 3}>
            { u = Identity(a)
              \(body.contains("z = ") ? body : "z = \(body)") }
            """
    }

    /// Images as ONNX orders their axes.
    private var operandShapes: [Extent] {
        guard isImage else { return shapes }
        return shapes.map { extent in
            guard extent.rank == 4 else { return extent }
            return op.hasPrefix("conv") && extent == shapes.last
                ? [extent[3], extent[2], extent[0], extent[1]] : [extent[0], extent[3], extent[1], extent[2]]
        }
    }

    private var isImage: Bool {
        ["conv2d_ss", "max_pool", "max_pool_inf", "avg_pool", "global_avg_pool"].contains(op)
            || op.hasPrefix("batchnorm")
    }

    private func elementType(_ index: Int) -> String {
        switch op {
        case "mul_int_ss", "eq_int", "bitand_int", "cast_i32_f32": "int32"
        case "mul_int_fxp_ss": index == 0 ? "int32" : "float"
        case "mul_bool_fxp_ss": index == 0 ? "bool" : "float"
        case "and_bool", "not_bool", "cast_bool_f32": "bool"
        case "select", "select_const", "relu_where": index == 0 && op != "relu_where" ? "bool" : "float"
        case "gather_secret", "onehot_matmul": index == 0 ? "int64" : "float"
        default: "float"
        }
    }

    /// Attributes of a convolution or pooling.
    private var window: String {
        let stride = attributes.int("stride") ?? 1
        let window = attributes.int("window").map { "kernel_shape = [\($0), \($0)], " } ?? ""
        let group = attributes.int("groups").map { "group = \($0), " } ?? ""
        let padding = attributes.string("padding") == "SAME" ? "auto_pad = \"SAME_UPPER\", " : ""
        return "<\(window)\(group)\(padding)strides = [\(stride), \(stride)]>"
    }

    /// The row as ONNX nodes over a, b, c.
    private var expression: String? {
        arithmetic ?? comparison ?? activation ?? layer
    }

    private var arithmetic: String? {
        switch op {
        case "add_ss", "add_sp", "add_bcast": "Add(a, b)"
        case "mul_ss", "mul_sp", "mul_int_ss", "mul_bcast": "Mul(a, b)"
        case "square", "mul_same": "Mul(a, a)"
        case "mul_const", "mul_int_const": "Mul(a, k)"
        case "pow3": "Pow(a, three)"
        case "pow_ss": "Pow(a, b)"
        case "matmul_ss", "matmul_sp", "matmul_ss_large", "matmul_ss_split", "bmm_ss": "MatMul(a, b)"
        case "matmul_self_t": "t = Transpose(a) z = MatMul(a, t)"
        case "div_ss", "div_sp", "div_ps", "div_bcast": "Div(a, b)"
        case "div_const": "Div(a, k)"
        case "mul_int_fxp_ss", "mul_bool_fxp_ss": "s = Cast<to = 1>(a) z = Mul(s, b)"
        case "div_sqrt": "s = Sqrt(b) z = Div(a, s)"
        case "div_sqrt_eps": "s = Sqrt(b) t = Add(s, k) z = Div(a, t)"
        case "reciprocal": "Reciprocal(a)"
        case "sqrt": "Sqrt(a)"
        case "exp": "Exp(a)"
        case "log": "Log(a)"
        case "log1p": "s = Add(a, one) z = Log(s)"
        case "sin": "Sin(a)"
        case "erf": "Erf(a)"
        case "abs": "Abs(a)"
        case "sign": "Sign(a)"
        case "floor": "Floor(a)"
        case "cast_f32_i32": "Cast<to = 6>(a)"
        case "cast_i32_f32", "cast_bool_f32": "Cast<to = 1>(a)"
        case "sum": "ReduceSum(a)"
        case "transpose": "Transpose(a)"
        default: nil
        }
    }

    private var comparison: String? {
        switch op {
        case "lt", "lt_sp": "Less(a, b)"
        case "ge": "GreaterOrEqual(a, b)"
        case "eq", "eq_sp", "eq_int": "Equal(a, b)"
        case "lt_to_float": "s = Less(a, zero) z = Cast<to = 1>(s)"
        case "and_bool": "And(a, b)"
        case "not_bool": "Not(a)"
        case "bitand_int": "BitwiseAnd(a, b)"
        case "select": "Where(a, b, c)"
        case "select_const": "Where(a, b, zero)"
        case "max2": "Max(a, b)"
        default: nil
        }
    }

    private var activation: String? {
        switch op {
        case "relu", "relu_jaxnn": "Relu(a)"
        case "relu_where": "s = Greater(a, zero) z = Where(s, a, zero)"
        case "relu6": "Clip(a, zero, six)"
        case "leaky_relu": "LeakyRelu(a)"
        case "sigmoid", "sigmoid_explicit": "Sigmoid(a)"
        case "silu": "s = Sigmoid(a) z = Mul(a, s)"
        case "tanh": "Tanh(a)"
        case "gelu_tanh": "Gelu<approximate = \"tanh\">(a)"
        case "gelu_erf": "Gelu(a)"
        case "gelu_erf_rewritten": "s = Mul(a, root) t = Erf(s) v = Add(t, one) w = Mul(a, half) z = Mul(v, w)"
        case "softplus": "Softplus(a)"
        case "elu": "Elu(a)"
        case "softmax": "Softmax(a)"
        case "log_softmax": "LogSoftmax(a)"
        case "softmax_nomax": "s = Exp(a) t = ReduceSum(s, last) z = Div(s, t)"
        default: nil
        }
    }

    private var layer: String? {
        switch op {
        case "conv2d_ss": "Conv\(window)(a, b)"
        case "max_pool", "max_pool_inf": "MaxPool\(window)(a)"
        case "avg_pool": "AveragePool\(window)(a)"
        case "global_avg_pool": "GlobalAveragePool(a)"
        case "logsumexp": "ReduceLogSumExp(a, last)"
        case "reduce_max": "ReduceMax(a, last)"
        case "argmax": "ArgMax<axis = -1>(a)"
        case "layernorm": "LayerNormalization(a, b, c)"
        case "batchnorm_infer": "BatchNormalization(a, b, c, d, e)"
        case "rmsnorm":
            """
            s = Mul(a, a) t = ReduceMean(s, last) v = Add(t, k) w = Sqrt(v) h = Div(a, w) z = Mul(h, b)
            """
        case "batchnorm_infer_naive":
            """
            m = Unsqueeze(b, axes) s = Sub(a, m) t = Add(c, k) v = Sqrt(t) w = Unsqueeze(v, axes) h = Div(s, w)
            i = Unsqueeze(d, axes) j = Mul(h, i) l = Unsqueeze(e, axes) z = Add(j, l)
            """
        case "onehot_matmul":
            """
            start = Constant<value_int = 0>() stop = Constant<value_int = \(shapes[1][0])>() step = Constant<value_int = 1>()
            s = Range(start, stop, step) t = Unsqueeze(a, last) v = Equal(t, s) w = Cast<to = 1>(v) z = MatMul(w, b)
            """
        case "batchnorm_folded": "s = Unsqueeze(b, axes) t = Unsqueeze(c, axes) v = Mul(a, s) z = Add(v, t)"
        case "gather_secret": "Gather(b, a)"
        default: nil
        }
    }
}
