import IR

/// How the floating-point inputs of a sample are spread.
public enum SampleStyle: Hashable, Sendable {
    /// Evenly around 0 with variance 1; positive ones from 0.5 to 2.
    case ordinary
    /// As ordinary, rounded to multiples of one half, so that zeros and ties occur.
    case halves
    /// Of all magnitudes from 2^-20 to 2^6 and of both signs, one in eight 0; positive ones the magnitudes alone.
    case magnitudes
    /// Evenly from minus to plus a bound; positive ones from 0 to the bound.
    case wide(Double)

    /// The next number in this style, within the limits of the spread.
    ///
    /// - Parameter spread: the interval of an ordinary sample.
    func number(_ source: inout NumberSource, _ spread: Spread) -> Double {
        let number = free(&source, spread)
        return spread.limits.map { clamp(number, $0.low, $0.high) } ?? number
    }

    private func free(_ source: inout NumberSource, _ spread: Spread) -> Double {
        let isPositive = spread.low > 0
        switch self {
        case .ordinary: return spread.number(&source)
        case .halves: return (spread.number(&source) * 2).rounded() / 2
        case .magnitudes:
            let choice = source.unit() * 16
            let exponent = Int(source.unit() * 26) - 20
            let magnitude = (1 + source.unit()) * Double(sign: .plus, exponent: exponent, significand: 1)
            if isPositive { return magnitude }
            return choice < 2 ? 0 : choice < 9 ? magnitude : -magnitude
        case .wide(let bound): return (source.unit() * (isPositive ? 1 : 2) - (isPositive ? 0 : 1)) * bound
        }
    }
}
