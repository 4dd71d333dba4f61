import Evaluate
import IR

/// Operators that work element by element, as `nn/module.py` hands them to `common/functions`.
extension CrypTen.Arithmetic {
    static let elementwise: [String: Method] = [
        "Exp": unary { $0.exp($1) },
        "Log": unary { $0.log($1) },
        "Sqrt": unary { $0.sqrt($1) },
        "Reciprocal": unary { $0.reciprocal($1) },
        "Sigmoid": unary { $0.sigmoid($1) },
        "Tanh": unary { $0.tanh($1) },
        "Erf": unary { $0.erf($1) },
        "Sin": unary { $0.cossin($1).sin },
        "Cos": unary { $0.cossin($1).cos },
        "Pow": power,
        "Div": quotient,
    ]

    /// A function of one secret operand.
    private static func unary(
        _ function: @escaping @Sendable (inout CrypTen.FixedPoint, CrypTen.Secret) -> CrypTen.Secret
    ) -> Method {
        { numbers, operation in
            guard operation.isSecret(0), let operand = operation.input(0), operand.elementType.isFloatingPoint else {
                return nil
            }
            var results = try numbers.shares(operand)
            for index in results.indices { results[index] = function(&numbers, results[index]) }
            return try numbers.array(results, shape: operand.shape, like: operand)
        }
    }

    /// One known exponent for all elements; what is no integer goes through the logarithm (`pos_pow`).
    private static let power: Method = { numbers, operation in
        guard operation.isSecret(0), !operation.isSecret(1), let exponents = operation.input(1), exponents.count == 1,
            let base = operation.input(0), base.elementType.isFloatingPoint
        else { return nil }
        let exponent = try exponents.doubles()[0]
        guard exponent.isFinite, let shape = try? broadcast([base.shape, exponents.shape]) else { return nil }
        var results = try numbers.shares(base)
        for index in results.indices {
            results[index] =
                Int(exactly: exponent).map { numbers.pow(results[index], $0) }
                ?? numbers.positivePow(results[index], exponent)
        }
        return try numbers.array(results, shape: shape, like: base)
    }

    /// `div`: by the reciprocal of a secret divisor, taken before it is expanded; by a known divisor share by share if all of its
    /// elements are integers, else by its reciprocal in 32 bits.
    private static let quotient: Method = { numbers, operation in
        guard let dividend = operation.input(0), let divisor = operation.input(1),
            dividend.elementType.isFloatingPoint, operation.isSecret(0) || operation.isSecret(1),
            let shape = try? broadcast([dividend.shape, divisor.shape])
        else { return nil }
        guard operation.isSecret(1) else {
            let dividends = broadcast(try numbers.shares(dividend), dividend.shape, to: shape)
            let divisors = broadcast(try divisor.doubles(), divisor.shape, to: shape)
            let results = try divided(dividends, by: divisors, &numbers)
            return try numbers.array(results, shape: shape, like: dividend)
        }
        guard let factor = try numbers.factor(operation, 0)?.broadcast(dividend.shape, to: shape) else { return nil }
        var reciprocals = try numbers.shares(divisor)
        for index in reciprocals.indices { reciprocals[index] = numbers.reciprocal(reciprocals[index]) }
        let results = numbers.product(broadcast(reciprocals, divisor.shape, to: shape), factor)
        return try numbers.array(results, shape: shape, like: dividend)
    }

    /// Secret numbers by known ones.
    private static func divided(
        _ dividends: [CrypTen.Secret], by divisors: [Double], _ numbers: inout CrypTen.FixedPoint
    ) throws -> [CrypTen.Secret] {
        let integers = divisors.compactMap { Int64(exactly: $0) }
        guard integers.count == divisors.count else {
            return zip(dividends, divisors).map { dividend, divisor in
                numbers.product(dividend, known: numbers.encode(Double(1 / Float(divisor))))
            }
        }
        guard !integers.contains(0) else { throw HarrierError("CrypTen does not divide by a known 0") }
        return zip(dividends, integers).map { numbers.quotient($0, by: $1) }
    }
}
