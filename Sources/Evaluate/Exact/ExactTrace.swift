import Foundation
import IR

/// Computes with exact numbers and keeps account of what the result rests on.
final class ExactTrace {
    /// Functions that stand for themselves: all that is known of them is that equal arguments give equal values.
    private(set) var uninterpreted: Set<String> = []
    /// Whether it mattered which of two numbers is larger.
    private(set) var usesOrder = false
    /// Numbers that were read as what their writer meant.
    private(set) var readings: Set<ExactConstants.Reading> = []
    /// Numbers that nothing simple is near: what is derived from them need not be equal exactly.
    private(set) var roundedConstants: Set<String> = []
    /// Why the numbers at hand will not do: a division by zero, two numbers too near to each other.
    private(set) var failure: String?

    /// Whether numbers must know their logarithms, because somebody takes one.
    private let tracksLogarithms: Bool
    private var constants: [Double: ExactNumber] = [:]

    init(tracksLogarithms: Bool = false) { self.tracksLogarithms = tracksLogarithms }

    /// Notes why the numbers will not do; what is computed from here on is thrown away.
    func fail(_ reason: String) { failure = failure ?? reason }

    // MARK: Constants

    /// A number that a file or an attribute has.
    func constant(_ value: Double, isDouble: Bool = false) -> ExactNumber {
        if let known = constants[value] { return known }
        let (number, meant, isCertain) = ExactConstants.number(value, isDouble: isDouble)
        let written = isDouble ? "\(value)" : "\(Float(value))"
        if let meant, meant != written { readings.insert(.init(written: written, meant: meant)) }
        if !isCertain { roundedConstants.insert(written) }
        constants[value] = number
        return number
    }

    // MARK: Order

    /// Whether a number is less than another; equal ones are those of equal image.
    func isLess(_ a: ExactNumber, _ b: ExactNumber) -> Bool {
        usesOrder = true
        if a.real.high < b.real.low { return true }
        if a.real.low > b.real.high || a.image == b.image { return false }
        // At one end the intervals may touch without the numbers being equal.
        fail("two numbers are too near to each other to say which is larger")
        return false
    }

    func larger(_ a: ExactNumber, _ b: ExactNumber) -> ExactNumber { isLess(a, b) ? b : a }

    func smaller(_ a: ExactNumber, _ b: ExactNumber) -> ExactNumber { isLess(b, a) ? b : a }

    func absolute(_ a: ExactNumber) -> ExactNumber { isLess(a, .zero) ? -a : a }

    // MARK: Functions

    /// A product that remembers its factors where somebody will ask for them.
    func product(_ a: ExactNumber, _ b: ExactNumber) -> ExactNumber {
        if a.image == b.image {
            if let square = a.origin?.square { return square }
            return (a * b).with(ExactOrigin(logarithm: sumOfLogarithms(a, b), root: a))
        }
        guard let logarithm = sumOfLogarithms(a, b) else { return a * b }
        return (a * b).with(ExactOrigin(logarithm: logarithm))
    }

    private func sumOfLogarithms(_ a: ExactNumber, _ b: ExactNumber) -> ExactNumber? {
        tracksLogarithms ? knownLogarithm(of: a) + knownLogarithm(of: b) : nil
    }

    func reciprocal(_ a: ExactNumber) -> ExactNumber {
        guard let result = a.reciprocal else {
            fail("a division by zero")
            return .zero
        }
        return tracksLogarithms ? result.with(ExactOrigin(logarithm: -knownLogarithm(of: a))) : result
    }

    func root(_ a: ExactNumber) -> ExactNumber {
        if let known = a.origin?.root { return absolute(known) }
        // Roots of numbers whose image is no square are none.
        uninterpreted.insert("Sqrt")
        let half = tracksLogarithms ? constant(0.5) * knownLogarithm(of: a) : nil
        return a.root.with(ExactOrigin(logarithm: half, square: a))
    }

    /// The exponential: a power of a fixed number, so that sums of arguments become products.
    func exponential(_ a: ExactNumber) -> ExactNumber {
        let result = a.exponential ?? function("Exp", [a], real: a.real.mapped(exp))
        return tracksLogarithms ? result.with(ExactOrigin(logarithm: a)) : result
    }

    func logarithm(_ a: ExactNumber) -> ExactNumber {
        uninterpreted.insert("Log")
        return knownLogarithm(of: a).with(ExactOrigin(exponential: a))
    }

    /// The logarithm of a number by how it came about; of others only is known that equal numbers have equal ones.
    private func knownLogarithm(of a: ExactNumber) -> ExactNumber {
        if let known = a.origin?.logarithm { return known }
        return opaque("Log", [a], real: a.real.low > 0 ? a.real.mapped(log) : .everything)
    }

    func logistic(_ a: ExactNumber) -> ExactNumber {
        let result = reciprocal(.one + exponential(-a))
        // From the function itself the interval is narrower.
        return ExactNumber(image: result.image, exponent: nil, real: a.real.mapped(sigmoid))
    }

    func hyperbolicTangent(_ a: ExactNumber) -> ExactNumber {
        let square = exponential(a + a)
        let result = (square - .one) * reciprocal(square + .one)
        return ExactNumber(image: result.image, exponent: nil, real: a.real.mapped(tanh))
    }

    /// A power. Of exponents that are no multiple of one half only equality is known.
    func power(_ base: ExactNumber, _ exponent: ExactNumber) -> ExactNumber {
        if let integer = exponent.integer, abs(integer) <= 64 {
            if integer == 2 { return product(base, base) }
            guard let result = base.power(integer) else {
                fail("a division by zero")
                return .zero
            }
            let logarithm = tracksLogarithms ? ExactNumber(integer) * knownLogarithm(of: base) : nil
            return result.with(
                ExactOrigin(logarithm: logarithm, root: integer % 2 == 0 ? base.power(integer / 2) : nil))
        }
        if let doubled = (exponent + exponent).integer, abs(doubled) <= 64, let result = root(base).power(doubled) {
            return result
        }
        return function("Pow", [base, exponent], real: .everything)
    }

    /// A function of which nothing is known but that equal arguments give equal values.
    func function(_ name: String, _ arguments: [ExactNumber], real: Interval) -> ExactNumber {
        uninterpreted.insert(name)
        return opaque(name, arguments, real: real)
    }

    private func opaque(_ name: String, _ arguments: [ExactNumber], real: Interval) -> ExactNumber {
        let words = name.utf8.map(UInt64.init) + arguments.map(\.image)
        return ExactNumber(
            image: PrimeField.values.hash(words), exponent: PrimeField.exponents.hash(words), real: real)
    }

    /// A function that changes its sign with its argument, and never falls where it is given as monotone.
    func oddFunction(_ name: String, _ a: ExactNumber, _ monotone: ((Double) -> Double)?) -> ExactNumber {
        // The sign is known without regard to how near to zero the number is if the two images are put in order.
        let negated = -a
        let isNegated = negated.image < a.image
        let magnitude = isNegated ? negated : a
        if a.image == 0 { return .zero }
        let real = monotone.map { magnitude.real.mapped($0) } ?? .everything
        let value = function(name, [magnitude], real: real)
        return isNegated ? -value : value
    }

    /// The integer next to a number, in a direction.
    func rounded(_ a: ExactNumber, _ rule: FloatingPointRoundingRule) -> ExactNumber {
        if let integer = a.integer { return ExactNumber(integer) }
        usesOrder = true
        let (low, high) = (a.real.low.rounded(rule), a.real.high.rounded(rule))
        guard low == high, abs(low) < 0x1p53 else {
            fail("a number is too near to where it is rounded")
            return .zero
        }
        return ExactNumber(Int(low))
    }
}
