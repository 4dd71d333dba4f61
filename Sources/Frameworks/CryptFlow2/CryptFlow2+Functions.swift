import IR
import Pricing

extension CryptFlow2 {
    /// CryptFlow2's secure functions over oblivious transfer, as pure values: what a call sends.
    struct Functions: SCIFunctions {
        /// The configuration in force.
        let settings: Settings
        /// The protocols under that configuration.
        let sci: SCI.Protocols

        /// The functions under that configuration.
        init(settings: Settings = Settings()) {
            self.settings = settings
            sci = SCI.Protocols(isUniform: settings.isUniform)
        }

        private var bits: Int { settings.bits }
        var scalingPlace: SCI.ScalingPlace { settings.scalingPlace }
        var rounds: SCI.Rounds { SCI.Rounds(mergesFlows: false) }

        // MARK: Products

        func mul(_ product: ElementwiseProduct) throws -> Call {
            let shape = SCI.Product(1, try SCI.checked(product.result), 1, bits: bits)
            return call(sci.crossTerms(shape, owner: SCI.owner(product.sides)).renamed(.mul))
        }

        func matmul(_ product: MatrixProduct) throws -> Call {
            try multiply(product, .matmul)
        }

        /// Kernels on the left, every window written out as a column on the right (im2col), one product a group.
        func convolution(_ convolution: Convolution) throws -> Call {
            try multiply(unfolded(convolution), .convolution)
        }

        /// The same with the windows of the result.
        func transposedConvolution(_ convolution: Convolution) throws -> Call {
            try multiply(unfolded(convolution), .transposedConvolution)
        }

        private func unfolded(_ shape: Convolution) throws -> MatrixProduct {
            let shape = try SCI.checked(shape)
            let groups = max(1, shape.group)
            return MatrixProduct(
                batch: groups, shape.outputChannels / groups,
                (shape.kernel + [shape.inputChannels / groups]).saturatingProduct(),
                ([shape.batch] + shape.output).saturatingProduct(), sides: shape.sides.swapped)
        }

        private func multiply(_ product: MatrixProduct, _ function: SCI.Function) throws -> Call {
            let product = try SCI.checked(product)
            guard product.p > 0, product.q > 0, product.r > 0 else { return Call(function, sizes: product.sizes, []) }
            let step = sci.crossTerms(
                SCI.Product(product.p, product.q, product.r, bits: bits), owner: SCI.owner(product.sides))
            return call(step.renamed(function)).repeated(product.batch, independent: true)
        }

        // MARK: Comparisons

        func ltz(_ count: Int) throws -> Call { call(sci.drelu(bits: bits, try SCI.checked(count))) }

        func select(_ count: Int) throws -> Call { call(sci.multiplexer(bits: bits, try SCI.checked(count))) }

        func and(_ count: Int) throws -> Call { call(sci.and(try SCI.checked(count))) }

        func eqz(_ count: Int) throws -> Call { call(sci.equality(bits: bits, try SCI.checked(count))) }

        func bitToNumber(_ count: Int) throws -> Call { call(sci.b2a(bits: bits, try SCI.checked(count))) }

        func truncate(_ count: Int, isNonNegative: Bool) throws -> Call {
            guard settings.scalingPlace != .none else { return Call(SCI.Function.truncate, sizes: Sizes(n: count), []) }
            return call(truncateStep(try SCI.checked(count), signIsKnown: isNonNegative))
        }

        private func truncateStep(_ count: Int, signIsKnown: Bool) -> SCI.Step {
            settings.truncation == .uniform
                ? sci.uniformTruncate(bits: bits, shift: settings.scale, count, signIsKnown: signIsKnown)
                : sci.truncate(bits: bits, shift: settings.scale, count, signIsKnown: signIsKnown)
        }

        func reluStep(_ count: Int, scalesDown: Bool) -> SCI.Step {
            let relu = sci.relu(bits: bits, count)
            guard scalesDown else { return relu }
            return SCI.Step(.relu, relu.parts + [truncateStep(count, signIsKnown: true)], bits, count)
        }

        func maxPoolStep(rows: Int, length: Int) -> SCI.Step {
            sci.maxPool(rows: rows, length: length, relu: sci.relu(bits: bits, rows))
        }

        func argMaxStep(length: Int) -> SCI.Step {
            sci.argMax(bits: bits, length: length) { sci.drelu(bits: bits, $0) }
        }

        func divideStep(by divisor: Int, _ count: Int) throws -> SCI.Step {
            guard (6 * divisor).ceilLog2 < bits else {
                throw Unpriced("shares of \(bits) bits are too short to be divided by \(divisor)")
            }
            return sci.divide(bits: bits, by: divisor, count)
        }
    }
}

// MARK: Mathematical functions

extension CryptFlow2.Functions {
    /// The format of operands and results.
    private func format() throws -> SCI.FixedPoint {
        // The longest intermediate result is the quotient before its exponent is taken back.
        guard settings.scale >= 2, settings.scale + 2 <= settings.bits, 2 * settings.bits - settings.scale <= 64 else {
            throw Unpriced(
                "SCI's mathematical functions need a scale of 2 and more, and twice the bitlength without the scale within 64 bits"
            )
        }
        return SCI.FixedPoint(bits: settings.bits, scale: settings.scale)
    }

    /// `e^x` for `x ≤ 0`, the only half that SCI has.
    func exp(_ count: Int) throws -> Call { call(sci.expNegative(try format(), try SCI.checked(count))) }

    /// A quotient whose numerator is 1.
    func reciprocal(_ count: Int, isPositive: Bool) throws -> Call {
        let format = try format()
        let one = SCI.FixedPoint(bits: 2, scale: 0, resultBits: format.bits, resultScale: format.scale)
        let step = sci.quotient(
            numerator: one, denominator: format, try SCI.checked(count), isNormalized: false)
        guard !isPositive else { return call(step) }
        return Call(
            SCI.Function.reciprocal, sizes: Sizes(n: count),
            [try ltz(count), try select(count), call(step), try select(count)])
    }

    /// SCI divides by positive numbers; the sign of the divisor is taken off and put back.
    func quotient(_ count: Int) throws -> Call {
        let format = try format()
        let step = sci.quotient(
            numerator: format, denominator: format, try SCI.checked(count), isNormalized: false)
        return Call(
            SCI.Function.div, sizes: Sizes(n: count),
            [try ltz(count), try select(count), call(step), try select(count)])
    }

    /// `1/√x`
    func inverseSqrt(_ count: Int) throws -> Call {
        call(sci.squareRoot(try format(), isInverse: true, try SCI.checked(count)))
    }

    /// `√x`
    func sqrt(_ count: Int) throws -> Call {
        call(sci.squareRoot(try format(), isInverse: false, try SCI.checked(count)))
    }

    /// Logistic function.
    func sigmoid(_ count: Int) throws -> Call { call(sci.sigmoid(try format(), try SCI.checked(count))) }

    /// Hyperbolic tangent.
    func tanh(_ count: Int) throws -> Call { call(sci.tanh(try format(), try SCI.checked(count))) }
}
