import Foundation

/// Finds the number that somebody meant who wrote a floating-point number: 1/6 for 0.16666667, √2 for 1.4142135.
struct ExactConstants {
    /// A number that was read as another one.
    struct Reading: Hashable, Sendable {
        /// The floating-point number.
        let written: String
        /// What it was taken for.
        let meant: String
    }

    /// The image of π: a square, so that roots of it have one.
    private static let pi = ExactNumber(
        image: PrimeField.values.power(PrimeField.values.hash([314]), 2),
        exponent: PrimeField.exponents.power(PrimeField.exponents.hash([314]), 2),
        real: Interval(Double.pi.nextDown, Double.pi.nextUp))
    /// Of fractions whose numerators and denominators have products up to here one in three thousand random numbers of 24 bits
    /// has one near it.
    private static let largestProduct = 1 << 12

    /// The number meant, and how it was read if it is not the binary number itself; a nil reading and `isCertain` false if
    /// nothing simple is near.
    static func number(_ value: Double, isDouble: Bool) -> (number: ExactNumber, meant: String?, isCertain: Bool) {
        if value == value.rounded(), abs(value) < 0x1p53 { return (ExactNumber(Int(value)), nil, true) }
        guard value.isFinite else { return (ExactNumber(binary: value), nil, false) }
        // A number of 24 bits was written as one, whatever the type of the tensor that it ended up in.
        let isDouble = isDouble && Double(Float(value)) != value
        let precision = isDouble ? 0x1p-51 : 0x1p-23
        if let (numerator, denominator) = fraction(abs(value), precision),
            let inverse = ExactNumber(denominator).reciprocal
        {
            let number = ExactNumber(value < 0 ? -numerator : numerator) * inverse
            let isBinary = denominator & (denominator - 1) == 0
            return (number, isBinary ? nil : "\(value < 0 ? "-" : "")\(text(numerator, denominator))", true)
        }
        if let decimal = decimal(value, isDouble: isDouble) { return (decimal.number, decimal.text, true) }
        let (square, looser) = (value * value, 2 * precision)
        let candidates: [(Double, String, (ExactNumber) -> ExactNumber?)] = [
            (square, "√(#)", { $0.root }), (value / .pi, "π·#", { $0 * pi }),
            (square * .pi, "√(#/π)", { number in pi.reciprocal.map { (number * $0).root } }),
            (square / .pi, "√(#·π)", { ($0 * pi).root }),
        ]
        for (reduced, form, restore) in candidates {
            guard let (numerator, denominator) = fraction(abs(reduced), looser),
                let inverse = ExactNumber(denominator).reciprocal,
                let number = restore(ExactNumber(numerator) * inverse)
            else { continue }
            let text = form.replacingOccurrences(of: "#", with: text(numerator, denominator))
            return (value < 0 ? -number : number, (value < 0 ? "-" : "") + text, true)
        }
        return (ExactNumber(binary: value), nil, false)
    }

    private static func text(_ numerator: Int, _ denominator: Int) -> String {
        denominator == 1 ? "\(numerator)" : "\(numerator)/\(denominator)"
    }

    /// The simplest fraction within a relative distance of a positive number, by its continued fraction.
    private static func fraction(_ value: Double, _ precision: Double) -> (Int, Int)? {
        guard value > 0, value < 0x1p30, value > 0x1p-30 else { return nil }
        var (rest, previous, current) = (value, (1, 0), (Int(value), 1))
        for _ in 0..<24 {
            if current.0 * current.1 > largestProduct { return nil }
            if current.0 > 0, abs(Double(current.0) / Double(current.1) - value) <= precision * value { return current }
            let fractional = rest - rest.rounded(.down)
            guard fractional > 1e-9 else { return nil }
            rest = 1 / fractional
            guard rest < 0x1p30 else { return nil }
            let digit = Int(rest)
            (previous, current) = (current, (digit * current.0 + previous.0, digit * current.1 + previous.1))
        }
        return nil
    }

    /// The decimal number that a file gave, if it has so few digits that it must have been one.
    private static func decimal(_ value: Double, isDouble: Bool) -> (number: ExactNumber, text: String)? {
        let text = isDouble ? "\(value)" : "\(Float(value))"
        let parts = text.lowercased().split(separator: "e", maxSplits: 1)
        guard let mantissa = parts.first, let scale = parts.count == 2 ? Int(parts[1]) : 0 else { return nil }
        let pieces = mantissa.split(separator: ".")
        var digits = pieces.joined().drop { $0 == "0" || $0 == "-" }
        var decimals = pieces.count == 2 ? pieces[1].count : 0
        while digits.last == "0" {
            digits.removeLast()
            decimals -= 1
        }
        guard digits.count <= (isDouble ? 14 : 5), let integer = Int(digits) else { return nil }
        guard let scaled = ExactNumber(10).power(scale - decimals) else { return nil }
        return (ExactNumber(value < 0 ? -integer : integer) * scaled, text)
    }
}
