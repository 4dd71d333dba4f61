import Foundation

/// How a number came about, as far as functions that undo each other have to know it.
final class ExactOrigin: Sendable {
    /// Its logarithm.
    let logarithm: ExactNumber?
    /// Its exponential: it is a logarithm, or made of one.
    let exponential: ExactNumber?
    /// A number whose square it is.
    let root: ExactNumber?
    /// The number whose square root it is.
    let square: ExactNumber?

    init(
        logarithm: ExactNumber? = nil, exponential: ExactNumber? = nil, root: ExactNumber? = nil,
        square: ExactNumber? = nil
    ) {
        self.logarithm = logarithm
        self.exponential = exponential
        self.root = root
        self.square = square
    }
}

extension ExactNumber {
    /// The same number with more known of it.
    func with(_ origin: ExactOrigin) -> ExactNumber {
        ExactNumber(image: image, exponent: exponent, real: real, origin: origin)
    }

    /// The exponential: what is known of it, else a power of the base; nil for what is itself made of exponentials.
    var exponential: ExactNumber? {
        if let known = origin?.exponential { return known }
        return exponent.map {
            ExactNumber(
                image: PrimeField.values.power(PrimeField.base, $0), exponent: nil, real: real.mapped(exp))
        }
    }
}
