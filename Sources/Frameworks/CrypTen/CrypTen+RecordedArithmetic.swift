import IR
import Pricing

/// Gradients of arithmetic and elementwise functions: `gradients.py`.
extension CrypTen {
    static let recordedArithmetic: [String: RecordedRow] = [
        "Mul": { operation, _ in
            Recorded(backward: [try operation.gradientTimes(1), try operation.gradientTimes(0)])
        },
        "Div": recordedDivision,
        "Pow": recordedPower,
        "Sqrt": elementwise { f, x in [f.truncate(x), f.mul(x, x)] },
        "Exp": elementwise { f, x in [f.mul(x, x)] },
        "Log": elementwise { f, x in [f.div(x, x)] },
        "Reciprocal": elementwise { f, x in [f.square(x), f.mul(x, x)] },
        "Sin": elementwise { f, x in [f.mul(x, x)] },
        "Cos": elementwise { f, x in [f.mul(x, x)] },
        "Erf": elementwise { f, x in [f.square(x), f.exp(x), f.publicProduct(x), f.mul(x, x)] },
        "Abs": elementwise { f, x in [f.mul(x, x, isScaled: false)] },
        "Relu": elementwise { f, x in [f.mul(x, x, isScaled: false)] },
        "Sigmoid": elementwise { f, x in [f.mul(x, x).repeated(2)] },
        "Tanh": elementwise { f, x in [f.square(x), f.mul(x, x)] },
        "ReduceSum": elementwise { f, x in [f.publicProduct(x)] },
        "Clip": { operation, _ in
            guard operation.site.input(1) != nil, operation.site.input(2) != nil else {
                throw Unpriced("CrypTen's Clip takes two bounds")
            }
            let x = try operation.extent(0)
            // With autograd both comparisons share one product.
            return Recorded(
                forward: [operation.functions.relu6(x)], backward: [operation.functions.mul(x, x, isScaled: false)])
        },
        "Where": { operation, needed in
            let f = operation.functions
            let result = try operation.result()
            let backward = try [1, 2].filter { needed[0] || $0 < needed.count && needed[$0] }.flatMap { branch in
                let towardsBranch = try operation.gradientTimes(0)
                // The gradient towards the condition is computed, too.
                return [towardsBranch, f.mul(result, try operation.extent(branch))]
            }
            return Recorded(backward: backward)
        },
    ]

    private static func elementwise(
        _ backward: @escaping @Sendable (Functions, Extent) -> [Call]
    ) -> RecordedRow {
        { operation, _ in Recorded(backward: backward(operation.functions, try operation.extent(0))) }
    }

    /// With autograd the reciprocal of a secret divisor is kept, and the numerator is not expanded.
    private static let recordedDivision: RecordedRow = { operation, _ in
        let f = operation.functions
        let result = try operation.result()
        guard operation.isSecret(1) else { return Recorded(backward: [f.truncate(result)]) }
        let divisor = try operation.extent(1)
        guard operation.isSecret(0) else {
            return Recorded(backward: [
                f.square(divisor), f.publicProduct(result), f.mul(result, result), f.mul(divisor, result),
            ])
        }
        let dividend = try operation.extent(0)
        return Recorded(
            forward: [f.reciprocal(divisor), f.mul(dividend, divisor)],
            backward: [
                f.mul(divisor, result), f.square(divisor), f.mul(divisor, dividend), f.mul(result, result),
            ])
    }

    /// With autograd a power is the power below it times the base, so that the lower one can be used again.
    private static let recordedPower: RecordedRow = { operation, _ in
        guard let exponent = operation.number(1).flatMap({ Int(exactly: $0) }) else {
            throw Unpriced("CrypTen differentiates powers with one public integer exponent")
        }
        let f = operation.functions
        let x = try operation.extent(0)
        let lower = exponent > Int.min ? exponent - 1 : exponent
        return Recorded(forward: [f.pow(x, lower), f.mul(x, x)], backward: [f.mul(x, x)])
    }
}

extension Operation<CrypTen.Functions> {
    /// The gradient of the result times an operand: what a product's gradient towards the other operand is.
    func gradientTimes(_ index: Int) throws -> Call {
        let gradient = try result()
        guard isSecret(index) else { return functions.publicProduct(gradient) }
        return functions.mul(gradient, try extent(index), isScaled: isScaled(index))
    }
}
