/// Quantized numbers as the real ones that they stand for: in fixed-point shares an integer of 8 bits is as long as any number, so that a scale is
/// a product with a public number, and a zero point a difference.
extension NodeContext {
    /// `(x - zero) · scale`.
    func dequantized() throws -> [GraphBuilder.Term]? {
        guard try int("block_size") == 0 else { return nil }
        let scale = try alongAxis(input(1))
        return [try centred(0, zero: 2, as: scale.elementType) * scale]
    }

    /// `clip(round(x / scale) + zero)`, the range of the type being that of the result.
    func quantized() throws -> [GraphBuilder.Term]? {
        guard try int("block_size") == 0 else { return nil }
        let named = try int("output_dtype")
        let type = named == 0 ? optionalInput(2)?.elementType ?? .uint8 : ElementType(rawValue: named)
        guard let type, let range = type.quantizedRange else { return nil }
        let scaled = try (input(0) / alongAxis(input(1))).apply("Round")
        return [try saturated(scaled, optionalInput(2).map { try alongAxis($0) }, range, type)]
    }

    /// `MatMulInteger`: the product of what the integers stand for, without their scales.
    func integerProduct() throws -> [GraphBuilder.Term]? {
        let (left, right) = (try centred(0, zero: 2, as: .float32), try centred(1, zero: 3, as: .float32))
        return [try left.matrixProduct(right).cast(to: .int32)]
    }

    /// `ConvInteger`: the convolution of what the integers stand for, without their scales.
    func integerConvolution() throws -> [GraphBuilder.Term]? {
        guard let rank = try input(0).shape?.count else { return nil }
        var kernels = try input(1).cast(to: .float32)
        if let zero = optionalInput(3) { kernels = try kernels - alongKernels(zero.cast(to: .float32), rank) }
        let result = try builder.apply("Conv", [centred(0, zero: 2, as: .float32), kernels], node.attributes)
        return [try result.cast(to: .int32)]
    }

    /// `DynamicQuantizeLinear`: the scale and the zero point that the numbers need.
    func dynamicallyQuantized() throws -> [GraphBuilder.Term]? {
        guard let rank = try input(0).shape?.count else { return nil }
        let (x, axes) = (try input(0), Array(0..<rank))
        let zero = x.scalar(0)
        let greatest = try x.reduced("ReduceMax", axes: axes, keepsAxes: false).apply("Max", zero)
        let least = try x.reduced("ReduceMin", axes: axes, keepsAxes: false).apply("Min", zero)
        let scale = try (greatest - least) / 255
        func saturated(_ term: GraphBuilder.Term) throws -> GraphBuilder.Term {
            try term.apply("Clip", zero, x.scalar(255))
        }
        let point = try saturated((-least / scale).apply("Round"))
        let result = try saturated((x / scale).apply("Round") + point)
        return [try result.cast(to: .uint8), scale, try point.cast(to: .uint8)]
    }

    /// `QLinearMatMul`: the product of real numbers, quantized.
    func quantizedProduct() throws -> [GraphBuilder.Term]? {
        let left = try centred(0, zero: 2, as: input(1).elementType) * input(1)
        let right = try centred(3, zero: 5, as: input(4).elementType) * input(4)
        return try quantized(left.matrixProduct(right), scale: 6, zero: 7)
    }

    /// `QLinearConv`: the convolution of real numbers, quantized. The bias is in units of both scales.
    func quantizedConvolution() throws -> [GraphBuilder.Term]? {
        guard let rank = try input(0).shape?.count else { return nil }
        let (imageScale, kernelScale) = (try input(1), try input(4))
        let image = try centred(0, zero: 2, as: imageScale.elementType) * imageScale
        let type = imageScale.elementType
        var kernels = try input(3).cast(to: type)
        if let zero = optionalInput(5) { kernels = try kernels - alongKernels(zero.cast(to: type), rank) }
        let bias = try optionalInput(8).map { try $0.cast(to: type) * (imageScale * kernelScale) }
        let result = try builder.apply(
            "Conv", [image, kernels * alongKernels(kernelScale, rank), bias].compactMap { $0 }, node.attributes)
        return try quantized(result, scale: 6, zero: 7)
    }

    /// Numbers of the kernels beside them.
    private func alongKernels(_ term: GraphBuilder.Term, _ rank: Int) throws -> GraphBuilder.Term {
        term.shape?.count == 1 ? try term.withTrailingAxes(rank - 1) : term
    }

    private func quantized(
        _ term: GraphBuilder.Term, scale: Int, zero: Int
    ) throws -> [GraphBuilder.Term]? {
        guard let type = optionalInput(zero)?.elementType, let range = type.quantizedRange else { return nil }
        return [try saturated((term / input(scale)).apply("Round"), input(zero), range, type)]
    }

    private func saturated(
        _ term: GraphBuilder.Term, _ zero: GraphBuilder.Term?, _ range: ClosedRange<Double>, _ type: ElementType
    ) throws -> GraphBuilder.Term {
        let moved = try zero.map { try term + $0.cast(to: term.elementType) } ?? term
        return try moved.apply("Clip", moved.scalar(range.lowerBound), moved.scalar(range.upperBound)).cast(to: type)
    }

    /// An operand less its zero point, as real numbers.
    private func centred(_ index: Int, zero: Int, as elementType: ElementType) throws -> GraphBuilder.Term {
        let term = try input(index).cast(to: elementType)
        guard let zero = optionalInput(zero) else { return term }
        return try term - alongAxis(zero.cast(to: elementType))
    }

    /// A list of scales or zero points beside the axis that they belong to, for operators that have such an axis.
    private func alongAxis(_ term: GraphBuilder.Term) throws -> GraphBuilder.Term {
        guard term.shape?.count == 1,
            node.attributes["axis"] != nil || OperatorTable[node.op]?.attribute("axis") != nil,
            let rank = try input(0).shape?.count, term.type?.elementCount != 1
        else { return term }
        return try term.withTrailingAxes(rank - 1 - axis(rank: rank))
    }
}

extension ElementType {
    /// From the least to the largest number of an integer type of up to 16 bits; nil for others.
    fileprivate var quantizedRange: ClosedRange<Double>? {
        switch self {
        case .uint8: 0...255
        case .int8: -128...127
        case .uint16: 0...65535
        case .int16: -32768...32767
        default: nil
        }
    }
}
