import Evaluate
import IR

extension CrypTen {
    /// How CrypTen computes the operators that it approximates or computes by products of its own.
    struct Arithmetic: FrameworkArithmetic {
        /// Parties and configuration.
        let functions: Functions

        /// A method for an operator: the only output, or nil for forms that CrypTen has no method for.
        typealias Method = @Sendable (inout FixedPoint, FixedPointOperation) throws -> NumericArray?

        /// The methods by ONNX name. The rest is sums, comparisons, moves and plain products.
        static let methods: [String: Method] = elementwise.merging(layers) { $1 }

        func outputs(
            of operation: FixedPointOperation, random: inout NumberSource
        ) throws -> [NumericArray?]? {
            let node = operation.node
            guard node.op.domain.isEmpty, node.outputs.count == 1, let method = Self.methods[node.op.type] else {
                return nil
            }
            var numbers = FixedPoint(parties: functions.parties, settings: functions.settings, random: random)
            defer { random = numbers.random }
            return try method(&numbers, operation).map { [$0] }
        }
    }
}

extension CrypTen.FixedPoint {
    /// The elements of an operand, shared just now.
    mutating func shares(_ array: NumericArray) throws -> [CrypTen.Secret] {
        var secrets: [CrypTen.Secret] = []
        secrets.reserveCapacity(array.count)
        for number in try array.doubles() { secrets.append(share(element(number))) }
        return secrets
    }

    /// An operand in fixed point that secret numbers are multiplied by or added to: shared, or known.
    mutating func factor(_ operation: FixedPointOperation, _ index: Int) throws -> Factor? {
        guard let array = operation.input(index) else { return nil }
        if operation.isSecret(index) { return .secret(try shares(array)) }
        return .known(try array.doubles().map { encode(single: $0) })
    }

    /// An operand of a product or a sum.
    enum Factor {
        case secret([CrypTen.Secret])
        case known([Int64])

        /// The same operand repeated so as to have another shape.
        func broadcast(_ shape: [Int], to target: [Int]) -> Self {
            switch self {
            case .secret(let elements): .secret(Evaluate.broadcast(elements, shape, to: target))
            case .known(let elements): .known(Evaluate.broadcast(elements, shape, to: target))
            }
        }
    }

    /// The product with an operand, element by element.
    mutating func product(_ numbers: [CrypTen.Secret], _ factor: Factor) -> [CrypTen.Secret] {
        switch factor {
        case .secret(let others): zip(numbers, others).map { product($0, $1) }
        case .known(let others): zip(numbers, others).map { product($0, known: $1) }
        }
    }

    /// The sum with an operand, element by element.
    func sum(_ numbers: [CrypTen.Secret], _ summand: Factor) -> [CrypTen.Secret] {
        switch summand {
        case .secret(let others): zip(numbers, others).map { $0 + $1 }
        case .known(let others): zip(numbers, others).map { $0 + $1 }
        }
    }

    /// Results as an array of an operand's type.
    func array(_ numbers: [CrypTen.Secret], shape: [Int], like operand: NumericArray) throws -> NumericArray {
        try NumericArray(numbers.map(decode), shape: shape, elementType: operand.elementType)
    }
}

/// For each group of elements that a reduction along some axes brings together, their places, in row-major order.
func groups(_ shape: [Int], along axes: Set<Int>) -> [[Int]] {
    let kept = shape.enumerated().map { axes.contains($0.offset) ? 1 : $0.element }
    let count = kept.reduce(1, *)
    var groups = [[Int]](repeating: [], count: count)
    for (place, group) in broadcast(Array(0..<count), kept, to: shape).enumerated() { groups[group].append(place) }
    return groups
}
