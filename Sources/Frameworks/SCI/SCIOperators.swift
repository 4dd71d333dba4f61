import IR
import Pricing

/// Rows of the operator table in which SCI's back ends differ from the standard ones.
enum SCIOperators<Functions: SCIFunctions> {
    typealias Row = OperatorRow<Functions>
    typealias Site = Operation<Functions>

    /// The table, by ONNX name. What is not here is priced by its function body.
    static var table: [String: Row] {
        StandardOperators<Functions>.table(own: linear + pooling + activation + choice + arithmetic)
    }

    // MARK: Choices

    private static var choice: [Row] {
        [
            Row("Max", "Min") { try scalingDown(StandardOperators.extremum($0), $0) },
            Row("Where") { try scalingDown(StandardOperators.selection($0), $0) },
        ]
    }

    /// A choice between values, the result of which is scaled down as that of a Relu is. EzPC's compiler writes no other choice than Relu
    /// and Clip; without this a Relu would get cheaper by being spelled as one of the others, which leave the layer's scale as it is.
    private static func scalingDown(_ price: OperatorPrice?, _ operation: Site) throws -> OperatorPrice? {
        guard operation.functions.scalingPlace == .relu, let price, price.cost != .zero,
            operation.isFixedPoint(operation.site.inputs.count - 1)
        else { return price }
        return operation.price(price.call.children + [try operation.truncation(of: try operation.resultCount())])
    }

    // MARK: Linear layers

    private static var linear: [Row] {
        [
            Row("MatMul") { operation in
                try product(operation) {
                    try operation.functions.matmul(
                        MatrixProduct(
                            left: try operation.extent(0), right: try operation.extent(1),
                            result: try operation.result(), sides: operation.sides))
                }
            },
            Row("Gemm") { operation in
                let (matrices, scaling) = try operation.gemm()
                return try product(operation, also: scaling) { try operation.functions.matmul(matrices) }
            },
            Row("Conv") { operation in
                try product(operation) { try operation.functions.convolution(try operation.convolution()) }
            },
            Row("ConvTranspose") { operation in
                try product(operation) {
                    try operation.functions.transposedConvolution(try operation.transposedConvolution())
                }
            },
        ]
    }

    /// A layer whose result is at twice the scale: scaled down here, or by the Relu that follows.
    private static func product(_ operation: Site, also rest: [Call] = [], _ product: () throws -> Call) throws
        -> OperatorPrice?
    {
        var calls: [Call] = []
        if operation.isSecret(0), operation.isSecret(1) { calls.append(try product()) }
        let functions = operation.functions
        let isComposed = functions.scalesSharedProducts && SCI.owner(operation.sides) == .nobody
        if functions.scalingPlace == .product || functions.scalingPlace == .relu && isComposed && !calls.isEmpty,
            operation.isFixedPoint(0), operation.isFixedPoint(1)
        {
            calls.append(try operation.truncation(of: try operation.resultCount()))
        }
        return operation.price(calls + rest)
    }

    // MARK: Pooling

    private static var pooling: [Row] {
        [
            Row("AveragePool") { operation in
                guard let kernel = try? operation.node.ints("kernel_shape") else {
                    throw Unpriced("its kernel_shape is missing")
                }
                return try mean(operation, of: kernel.saturatingProduct())
            },
            Row("GlobalAveragePool", "ReduceMean") { operation in
                let (count, rows) = (try operation.count(0), try operation.resultCount())
                return try mean(operation, of: rows == 0 ? 1 : count / rows)
            },
            Row("Mean") { try mean($0, of: $0.site.inputs.count) },
        ]
    }

    private static func mean(_ operation: Site, of window: Int) throws -> OperatorPrice? {
        guard window > 1 else { return operation.price([]) }
        guard window < 1 << 32 else { throw Unpriced("it divides by a number of more than 32 bits") }
        let count = try SCI.checked(try operation.resultCount())
        return operation.price([operation.functions.call(try operation.functions.divideStep(by: window, count))])
    }

    // MARK: Activations

    private static var activation: [Row] {
        [
            Row("Relu") { try relu($0, times: 1) },
            Row("Clip") { operation in
                guard !operation.isSecret(1), !operation.isSecret(2) else {
                    throw Unpriced("a price is known for public bounds only")
                }
                let bounds = [1, 2].filter { operation.site.input($0) != nil }.count
                return try relu(operation, times: bounds)
            },
            Row("Less", "Greater", "LessOrEqual", "GreaterOrEqual") { operation in
                operation.price([try operation.functions.ltz(try operation.resultCount())])
            },
            Row("Sign") { operation in
                let count = try operation.count(0)
                return operation.price([
                    try operation.functions.ltz(count), try operation.functions.bitToNumber(count),
                ])
            },
        ]
    }

    /// One relu a bound, the last of which scales a product down if that is where it is done.
    private static func relu(_ operation: Site, times: Int) throws -> OperatorPrice? {
        guard times > 0 else { return operation.price([]) }
        let functions = operation.functions
        let count = try SCI.checked(try operation.count(0))
        let plain = functions.call(try functions.reluStep(count, scalesDown: false))
        guard functions.scalingPlace == .relu else { return operation.price([plain.repeated(times)]) }
        let scaling = functions.call(try functions.reluStep(count, scalesDown: true))
        return operation.price(times > 1 ? [plain.repeated(times - 1), scaling] : [scaling])
    }

    // MARK: Arithmetic

    private static var arithmetic: [Row] {
        [
            Row("Div") { operation in
                let count = try SCI.checked(try operation.resultCount())
                guard operation.isSecret(1) else {
                    // A public divisor that is whole is divided by; any other is multiplied by.
                    if let divisor = operation.number(1), let whole = Int(exactly: divisor), whole > 1, whole < 1 << 32
                    {
                        let step = try operation.functions.divideStep(by: whole, count)
                        return operation.price([operation.functions.call(step)])
                    }
                    return operation.price([try operation.truncation(of: count)])
                }
                return operation.price([try operation.functions.quotient(count)])
            },
            Row("Cast") { operation in
                let (from, to) = (
                    operation.site.input(0)?.type.elementType, operation.site.output(0)?.type.elementType
                )
                guard from == .bool, to != .bool else { return try StandardOperators<Functions>.cast(operation) }
                return operation.price([try operation.functions.bitToNumber(try operation.count(0))])
            },
        ]
    }
}

extension Operation {
    /// The geometry of a ConvTranspose node: result and images change places in the product.
    func transposedConvolution() throws -> Convolution {
        let (images, kernels, result) = (try extent(0), try extent(1), try result())
        guard images.rank > 2, kernels.rank == images.rank, result.rank == images.rank else {
            throw Unpriced("its operands are not images and kernels")
        }
        let spatial = images.rank - 2
        let zeros = [Int](repeating: 0, count: spatial)
        return Convolution(
            batch: images[0], inputChannels: images[1], outputChannels: result[1],
            input: Array(images.lengths.dropFirst(2)), kernel: Array(kernels.lengths.dropFirst(2)),
            output: Array(result.lengths.dropFirst(2)), strides: try node.ints("strides", count: spatial),
            padsBegin: zeros, padsEnd: zeros, dilations: try node.ints("dilations", count: spatial),
            group: try node.int("group"), sides: Sides(visibility(0), visibility(1)))
    }
}
