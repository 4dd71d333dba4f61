import IR
import Foundation

/// Logistic functions, and those along a row: `common/functions/approximations.py`.
extension CrypTen.FixedPoint {
    /// `1 / (1 + exp(-|x|))`, from 1 for negative x; or `tanh(x / 2) / 2 + 1/2` with a Chebyshev series.
    mutating func sigmoid(_ x: CrypTen.Secret) -> CrypTen.Secret {
        if settings.sigmoidMethod == .chebyshev {
            return quotient(chebyshevTanh(quotient(x, by: 2)), by: 2) + encode(0.5)
        }
        let isNegative = x.value < 0
        let magnitude = share(isNegative ? 0 &- x.value : x.value)
        let denominator = exp(-magnitude) + one
        let positive = denominatorReciprocal(denominator)
        // `where` adds the two branches, of which one is masked with 0.
        return masked(positive, by: !isNegative) + masked(-positive + one, by: isNegative)
    }

    /// The reciprocal under the settings that stand in `sigmoid`'s source and are not configurable.
    private mutating func denominatorReciprocal(_ denominator: CrypTen.Secret) -> CrypTen.Secret {
        let configured = settings
        settings.expIterations = 9
        settings.reciprocalIterations = 3
        settings.reciprocalInitial = 0.75
        defer { settings = configured }
        return positiveReciprocal(denominator)
    }

    /// `2 sigmoid(2x) - 1`, or a Chebyshev series.
    mutating func tanh(_ x: CrypTen.Secret) -> CrypTen.Secret {
        settings.sigmoidMethod == .chebyshev ? chebyshevTanh(x) : sigmoid(x * 2) * 2 - one
    }

    /// Chebyshev polynomials of odd degree, `P(n) = (4x² - 2) P(n - 2) - P(n - 4)`, times known coefficients, truncated once and then
    /// cut off outside [-1, 1].
    private mutating func chebyshevTanh(_ x: CrypTen.Secret) -> CrypTen.Secret {
        let y = square(x) * 4 - 2 &* one
        var polynomials = [x, product(y - one, x)]
        for k in 2..<settings.sigmoidTerms / 2 {
            polynomials.append(product(y, polynomials[k - 1]) - polynomials[k - 2])
        }
        var sum = CrypTen.Secret(value: 0, share: 0)
        for (polynomial, coefficient) in zip(polynomials, tanhCoefficients) { sum = sum + polynomial * coefficient }
        return hardtanh(quotient(sum, by: one))
    }

    /// Every second coefficient of the Chebyshev series of tanh on [-1, 1]: `chebyshev_series` of `common/util.py`, in 32 bits as there.
    static func tanhSeries(terms: Int) -> [Double] {
        let places = (0..<terms).map { (Float($0) + 0.5) * Float.pi / Float(terms) }
        return stride(from: 1, to: terms, by: 2).map { degree in
            let sum = (0..<terms).reduce(Float(0)) { sum, term in
                let angle = Float(degree) * (Float(term) + 0.5) * Float.pi / Float(terms)
                return sum + Foundation.tanh(Foundation.cos(places[term])) * Foundation.cos(angle)
            }
            return Double(2 / Float(terms) * sum)
        }
    }

    /// `relu(x + 1) - relu(x - 1) - 1`: `hardtanh` of `common/functions/logic.py`.
    private mutating func hardtanh(_ x: CrypTen.Secret) -> CrypTen.Secret {
        let (low, high) = (x + one, x - one)
        return masked(low, by: low.value >= 0) - masked(high, by: high.value >= 0) - one
    }

    /// Taylor series `2/√π Σ (-1)^n x^(2n + 1) / (n! (2n + 1))`, whose powers from the fifth on are wrong.
    mutating func erf(_ x: CrypTen.Secret) -> CrypTen.Secret {
        var (sum, factorial) = (x, 1.0)
        for n in 0..<settings.erfIterations {
            factorial *= Double(n + 1)
            let sign = n.isMultiple(of: 2) ? -1.0 : 1.0
            sum = sum + product(pow(x, 2 * n + 3), known: encode(sign / (factorial * Double(2 * n + 3))))
        }
        return product(sum, known: encode(2 / Double.pi.squareRoot()))
    }

    /// `exp(x - max) / sum` of a row.
    mutating func softmax(_ row: [CrypTen.Secret]) -> [CrypTen.Secret] {
        guard row.count > 1 else { return row.map { _ in share(one) } }
        let numerators = logits(row).map { exp($0) }
        let reciprocal = positiveReciprocal(sum(numerators))
        return numerators.map { product($0, reciprocal) }
    }

    /// `x - max - log(sum of exp(x - max))` of a row.
    mutating func logSoftmax(_ row: [CrypTen.Secret]) -> [CrypTen.Secret] {
        guard row.count > 1 else { return row.map { _ in share(0) } }
        let logits = logits(row)
        let normalizer = log(sum(logits.map { exp($0) }))
        return logits.map { $0 - normalizer }
    }

    /// A row less its maximum, which is exact unless differences wrap around.
    private mutating func logits(_ row: [CrypTen.Secret]) -> [CrypTen.Secret] {
        let maximum = share(row.map(\.value).max() ?? 0)
        return row.map { $0 - maximum }
    }

    /// A sum, which every party computes of its shares.
    func sum(_ numbers: [CrypTen.Secret]) -> CrypTen.Secret {
        numbers.reduce(CrypTen.Secret(value: 0, share: 0)) { $0 + $1 }
    }
}
