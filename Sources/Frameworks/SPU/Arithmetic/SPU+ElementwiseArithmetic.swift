import Evaluate
import IR

/// Functions and activations, element by element.
extension SPU.ArithmeticCall {
    /// Functions that HAL has.
    static var elementwiseRows: [String: Row] {
        [
            "Exp": { try $0.unary { hal, x in hal.exp(x) } },
            "Log": { try $0.unary { hal, x in hal.log(x) } },
            "Sqrt": { try $0.unary { hal, x in hal.sqrt(x) } },
            "Reciprocal": { try $0.unary { hal, x in hal.reciprocal(x) } },
            "Sin": { try $0.unary { hal, x in hal.sine(x) } },
            "Cos": { try $0.unary { hal, x in hal.cosine(x) } },
            "Tan": { try $0.unary { hal, x in hal.divide(hal.sine(x), by: hal.cosine(x)) } },
            "Acos": { try $0.unary { hal, x in hal.arcCosine(x) } },
            "Asin": { try $0.unary { hal, x in hal.arcSine(x) } },
            "Atan": { try $0.unary { hal, x in hal.atan2(x, hal.one) } },
            "Erf": { try $0.unary { hal, x in hal.erf(x) } },
            "Div": { try $0.div() },
            "Pow": { try $0.pow() },
            "Mod": { call in
                let truncates = try call.node.flag("fmod")
                return try call.binary { hal, x, y in truncates ? hal.remainder(x, y) : hal.flooredRemainder(x, y) }
            },
            "Mean": { try $0.mean() },
        ]
    }

    /// Activations, as `jax.nn` writes them.
    static var activationRows: [String: Row] {
        [
            "Sigmoid": { try $0.unary { hal, x in hal.sigmoid(x) } },
            "Tanh": { try $0.unary { hal, x in hal.tanh(x) } },
            "Softplus": { try $0.unary { hal, x in hal.softplus(x) } },
            "Softsign": { try $0.unary { hal, x in hal.softsign(x) } },
            "Mish": { try $0.unary { hal, x in hal.mish(x) } },
            "Swish": { try $0.unary("alpha") { hal, x, alpha in hal.swish(x, alpha: alpha) } },
            "Elu": { try $0.unary("alpha") { hal, x, alpha in hal.elu(x, alpha: alpha) } },
            "Celu": { try $0.unary("alpha") { hal, x, alpha in hal.celu(x, alpha: alpha) } },
            "Selu": { call in
                let gamma = try call.node.float("gamma")
                return try call.unary("alpha") { hal, x, alpha in hal.selu(x, alpha: alpha, gamma: gamma) }
            },
            "Gelu": { call in
                let isTanh = try call.node.string("approximate") == "tanh"
                return try call.unary { hal, x in isTanh ? hal.tanhGelu(x) : hal.erfGelu(x) }
            },
            "LeakyRelu": {
                try $0.unary("alpha") { hal, x, alpha in
                    let scaled = hal.fmul(x, by: alpha)
                    return hal.less(x, 0) ? scaled : x
                }
            },
            "PRelu": { try $0.parametricRelu() },
            "HardSigmoid": { call in
                let beta = try call.node.float("beta")
                return try call.unary("alpha") { hal, x, alpha in hal.hardSigmoid(x, alpha: alpha, beta: beta) }
            },
            "HardSwish": { try $0.unary { hal, x in hal.fmul(x, hal.hardSigmoid(x, alpha: 1 / 6, beta: 0.5)) } },
        ]
    }

    /// A function of one secret operand with a public parameter.
    private mutating func unary(
        _ attribute: String, _ body: (inout HAL, Ring, Float) -> Ring
    ) throws -> [Tensor]? {
        let parameter = try node.float(attribute)
        return try unary { hal, x in body(&hal, x, parameter) }
    }

    /// Division by a constant is a product with its reciprocal, which the compiler computes in 32 bits. By a broadcast secret it
    /// divides every element, unless the compiler is told to take reciprocals first.
    private mutating func div() throws -> [Tensor]? {
        guard operation.isSecret(1) else {
            return try binary { hal, x, y in y == hal.one ? x : hal.fmul(x, by: 1 / Float(hal.decode(y))) }
        }
        let shape = try commonShape(2)
        if try number(0) == 1 { return try reciprocals(of: 1, in: shape) }
        let isPublic = !operation.isSecret(0)
        guard hal.settings.optimizesDenominators, let divisor = operation.input(1), divisor.shape != shape else {
            return try binary { hal, x, y in hal.divide(x, isPublic: isPublic, by: y) }
        }
        let inverses = try reciprocals(of: 1, in: divisor.shape)[0].elements.map(hal.decode)
        let factors = try NumericArray(inverses, shape: divisor.shape).broadcast(to: shape).doubles()
        var result = try tensor(0, broadcastTo: shape)
        for (index, factor) in factors.enumerated() {
            result.elements[index] = multiply(
                result.elements[index], hal.ringElement(factor), isPublic: (isPublic, false))
        }
        return [result]
    }

    /// The reciprocals of an operand.
    private mutating func reciprocals(of index: Int, in shape: [Int]) throws -> [Tensor] {
        var result = try tensor(index, broadcastTo: shape)
        for index in result.elements.indices { result.elements[index] = hal.reciprocal(result.elements[index]) }
        return [result]
    }

    /// Whole powers by squares, other powers through the logarithm: the compiler leaves ½ to `power`, too, for a base of which it does
    /// not know the sign.
    private mutating func pow() throws -> [Tensor]? {
        guard operation.isSecret(0) || operation.isSecret(1) else { return nil }
        if let exponent = try number(1), let whole = Int(exactly: exponent), whole.magnitude <= 1 << 20 {
            let shape = try commonShape(2)
            var result = try tensor(0, broadcastTo: shape)
            for index in result.elements.indices {
                result.elements[index] = hal.integerPower(result.elements[index], whole)
            }
            return [result]
        }
        let isPublic = !operation.isSecret(1)
        return try binary { hal, x, y in hal.power(x, y, isPublic: isPublic) }
    }

    /// The mean of several tensors: a sum, and a product with a constant.
    private mutating func mean() throws -> [Tensor]? {
        let count = operation.inputs.count
        guard count > 1, (0..<count).contains(where: operation.isSecret) else { return nil }
        let shape = try commonShape(count)
        var result = try tensor(0, broadcastTo: shape)
        for index in 1..<count {
            let other = try tensor(index, broadcastTo: shape).elements
            for (place, element) in other.enumerated() { result.elements[place] &+= element }
        }
        for index in result.elements.indices { result.elements[index] = hal.mean(of: result.elements[index], count) }
        return [result]
    }

    /// `x` where it is not negative, the product with a slope of its own elsewhere.
    private mutating func parametricRelu() throws -> [Tensor]? {
        guard operation.isSecret(0) else { return nil }
        let isPublic = !operation.isSecret(1)
        return try binary { hal, x, slope in
            let scaled = isPublic ? hal.fmul(x, by: slope) : hal.fmul(slope, x)
            return hal.less(x, 0) ? scaled : x
        }
    }
}

extension SPU.FixedPoint {
    /// A sum divided by a number of terms: a product with the reciprocal, which the compiler computes in 32 bits.
    mutating func mean(of sum: Ring, _ count: Int) -> Ring { count == 1 ? sum : fmul(sum, by: 1 / Float(count)) }
}
