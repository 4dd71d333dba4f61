import IR
import Pricing

extension Delphi {
    /// How Delphi computes an ONNX operator.
    typealias Row = OperatorRow<Functions>

    /// The operator table, by ONNX name. Delphi has linear layers, average pooling, ReLU and squares; fixed-point products
    /// are truncated on the shares.
    static let rows = Row.table(localRows, linearRows, activationRows, missingRows)

    private static let localRows: [Row] = [
        Row(all: .linear, .average, .reshape) { $0.price([]) },
        Row("Dropout", "Transpose") { $0.price([]) },
    ]

    /// Linear layers: the server must know the weights, the client or both together the input.
    private static let linearRows: [Row] = [
        Row("Conv") { operation in
            guard try hasServerWeights(operation) else { return operation.price([]) }
            return operation.price([try operation.functions.convolution(try operation.convolution())])
        },
        Row("Gemm") { operation in
            guard try hasServerWeights(operation) else { return operation.price([]) }
            let (left, result) = (try operation.extent(0), try operation.result())
            let inner = try operation.node.flag("transA") ? left[-2] : left[-1]
            return operation.price([try operation.functions.matmul(MatrixProduct(result[-2], inner, result[-1]))])
        },
        Row("MatMul") { operation in
            guard try hasServerWeights(operation) else { return operation.price([]) }
            let product = MatrixProduct(
                left: try operation.extent(0), right: try operation.extent(1), result: try operation.result(),
                sides: Sides(operation.visibility(0), operation.visibility(1)))
            return operation.price([try operation.functions.matmul(product)])
        },
        Row("BatchNormalization") { operation in
            guard operation.visibility(1) == .public, operation.visibility(4) == .public else {
                throw Unpriced("Delphi has no batch normalization but one that is folded into the layer before it")
            }
            return operation.price([])
        },
    ]

    /// Whether the product needs messages: not if the weights are public.
    private static func hasServerWeights(_ operation: Operation<Functions>) throws -> Bool {
        switch operation.visibility(1) {
        case .public: return false
        case .owned(party: 0): return true
        default: throw Unpriced("Delphi's linear layers take weights that the server (party 0) knows")
        }
    }

    private static let activationRows: [Row] = [
        Row("Relu") { operation in operation.price([operation.functions.relu(try operation.extent(0).count)]) },
        Row("Clip") { operation in
            guard !operation.isSecret(1), !operation.isSecret(2) else {
                throw Unpriced("Delphi's circuit of ReLU6 clips to public bounds only")
            }
            guard operation.site.input(1) != nil || operation.site.input(2) != nil else { return operation.price([]) }
            return operation.price([operation.functions.garbledRelu(try operation.extent(0).count)])
        },
        Row("Mul") { operation in
            guard operation.isSecret(0), operation.isSecret(1) else { return operation.price([]) }
            return operation.price([operation.functions.product(try operation.result().count)])
        },
        Row("Pow") { operation in
            guard operation.number(1) == 2 else { throw Unpriced("Delphi has no power but the square") }
            return operation.price([operation.functions.product(try operation.extent(0).count).renamed("square")])
        },
    ]

    private static let missingRows: [Row] = [
        Row("MaxPool", "GlobalMaxPool") { _ in
            throw Unpriced("Delphi has no maximum: its networks pool by averages")
        }
    ]
}
