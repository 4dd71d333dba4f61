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

extension CryptFlow2.Functions: SCIMathFunctions {
    var format: SCI.FixedPoint { SCI.FixedPoint(bits: settings.bits, scale: settings.scale) }
    var library: SCI.Protocols { sci }
}
