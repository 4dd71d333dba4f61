import IR
import Pricing

extension SCI {
    /// Where the scale of a layer's products is divided away.
    enum ScalingPlace: String, Hashable, Sendable, CaseIterable {
        /// In the next Relu or Clip, once the sign is known: convolutions and matrix products leave their results at twice the
        /// scale. That is how EzPC's compiler writes the networks that EzPC and OpenCheetah ship; a layer that nothing of the kind
        /// follows, such as the last one, is not scaled down at all. Other products are scaled down where they are made.
        case relu
        /// After every layer, whatever comes next.
        case product
        /// Nowhere: the bare products, as SCI's own tests time them.
        case none

        static let summary =
            "where layers are scaled down: in the next Relu as EzPC's compiler does it, after each product, or nowhere"
    }
}

/// The secure functions of SCI's back ends, which take the server's weights in plaintext.
protocol SCIFunctions: SecureFunctions {
    /// Where products are scaled down.
    var scalingPlace: SCI.ScalingPlace { get }
    /// How flows become rounds, and what silent correlations cost.
    var rounds: SCI.Rounds { get }
    /// Whether matrix products of two shared factors, which no layer of SCI's networks is, are scaled down where they are made.
    var scalesSharedProducts: Bool { get }

    /// `max(x, 0)`.
    ///
    /// - Parameter scalesDown: and a division by the scale, with the sign known.
    func reluStep(_ count: Int, scalesDown: Bool) throws -> SCI.Step
    /// Maxima of rows.
    func maxPoolStep(rows: Int, length: Int) throws -> SCI.Step
    /// The position of the maximum of a vector.
    func argMaxStep(length: Int) throws -> SCI.Step
    /// Division by a public whole number.
    func divideStep(by divisor: Int, _ count: Int) throws -> SCI.Step
    /// A transposed convolution.
    func transposedConvolution(_ convolution: Convolution) throws -> Call
    /// A shared bit as a number.
    func bitToNumber(_ count: Int) throws -> Call
    /// Secret by secret, element by element.
    func quotient(_ count: Int) throws -> Call
}

extension SCIFunctions {
    /// The call tree of a protocol that is run by itself.
    func call(_ step: SCI.Step) -> Call {
        var rounds = rounds
        let calls = rounds.calls(step)
        return calls.count == 1 ? calls[0] : Call(step.function, sizes: step.sizes, calls)
    }

    var scalesSharedProducts: Bool { false }

    func relu(_ count: Int) throws -> Call { call(try reluStep(try SCI.checked(count), scalesDown: false)) }

    func maximum(rows: Int, length: Int) throws -> Call {
        _ = try SCI.checked(rows *| length)
        return call(try maxPoolStep(rows: rows, length: length))
    }

    func argmax(rows: Int, length: Int) throws -> Call {
        guard rows <= 1 else { throw Unpriced("SCI's argmax takes one vector, not \(rows)") }
        return call(try argMaxStep(length: try SCI.checked(length)))
    }

    func and(_ count: Int) throws -> Call { throw Unpriced("no price is known for products of secret bits") }

    func transposedConvolution(_ convolution: Convolution) throws -> Call {
        throw Unpriced("no price is known for transposed convolutions over a prime field")
    }

    func bitToNumber(_ count: Int) throws -> Call {
        throw Unpriced("no price is known for the conversion of a shared bit")
    }

    func quotient(_ count: Int) throws -> Call {
        throw Unpriced("SCI divides by a secret over a ring only")
    }
}

extension SCI {
    /// Most elements that formulas over them cannot overflow with.
    private static let mostElements = 1 << 40
    /// Most products of numbers within a layer.
    private static let mostProducts = 1 << 48

    /// The number, if formulas over it cannot overflow.
    ///
    /// - Throws: ``Unpriced`` if it is too large.
    static func checked(_ count: Int) throws -> Int {
        guard count <= mostElements else { throw Unpriced("it works on more elements than can be counted") }
        return count
    }

    /// The matrix product, if formulas over it cannot overflow.
    static func checked(_ product: MatrixProduct) throws -> MatrixProduct {
        guard [product.p, product.q, product.r].saturatingProduct() <= mostProducts else {
            throw Unpriced("it works on more elements than can be counted")
        }
        return product
    }

    /// The convolution, if formulas over it cannot overflow.
    static func checked(_ convolution: Convolution) throws -> Convolution {
        let factors = convolution.kernel + [convolution.inputChannels, convolution.resultCount]
        guard factors.saturatingProduct() <= mostProducts, convolution.imageCount <= mostElements,
            convolution.strides.saturatingProduct() <= mostElements
        else { throw Unpriced("it works on more elements than can be counted") }
        return convolution
    }

    /// Who has the factors of a product.
    static func owner(_ sides: Sides) -> Owner {
        switch (sides.left, sides.right) {
        case (.owned(0), _): .serverHasLeft
        case (_, .owned(0)): .serverHasRight
        case (.owned, _): .clientHasLeft
        case (_, .owned): .clientHasRight
        default: .nobody
        }
    }
}
