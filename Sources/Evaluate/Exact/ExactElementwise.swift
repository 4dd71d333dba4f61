import Foundation
import IR

/// Functions of elements, one by one or two by two.
let exactElementwise: [OperatorName: ExactKernel] = [
    "Add": pairs { _, a, b in a + b },
    "Sub": pairs { _, a, b in a - b },
    "Mul": pairs { $0.product($1, $2) },
    "Div": pairs { trace, a, b in trace.product(a, trace.reciprocal(b)) },
    "Pow": { call in
        // The exponent may be of integers.
        guard let integers = try? call.plain(1) else { return try pairs { $0.power($1, $2) }(call) }
        let exponents = try integers.integers().map { ExactNumber(Int($0)) }
        let array = ExactArray(elementType: .float32, shape: integers.shape, elements: exponents)
        return try pairs { $0.power($1, $2) }(
            ExactCall(node: call.node, inputs: [call.inputs[0], .exact(array)], trace: call.trace))
    },
    "Max": pairs { $0.larger($1, $2) },
    "Min": pairs { $0.smaller($1, $2) },
    "Less": comparison { $0.isLess($1, $2) },
    "LessOrEqual": comparison { !$0.isLess($2, $1) },
    "Greater": comparison { $0.isLess($2, $1) },
    "GreaterOrEqual": comparison { !$0.isLess($1, $2) },
    "Equal": comparison { $1.image == $2.image },
    "Neg": elements { -$1 },
    "Abs": elements { $0.absolute($1) },
    "Reciprocal": elements { $0.reciprocal($1) },
    "Relu": elements { $0.larger($1, .zero) },
    "Sign": elements { trace, a in
        a.image == 0 ? .zero : trace.isLess(a, .zero) ? ExactNumber(-1) : .one
    },
    "Sqrt": elements { $0.root($1) },
    "Exp": elements { $0.exponential($1) },
    "Sigmoid": elements { $0.logistic($1) },
    "Tanh": elements { $0.hyperbolicTangent($1) },
    "Log": elements { $0.logarithm($1) },
    "Cos": elements { trace, a in
        // Even: of the two numbers that differ in their sign the one with the smaller image.
        trace.function("Cos", [(-a).image < a.image ? -a : a], real: Interval(-1, 1))
    },
    "Erf": odd("Erf", erf), "Asinh": odd("Asinh", asinh), "Atan": odd("Atan", atan), "Sinh": odd("Sinh", sinh),
    "Sin": odd("Sin"), "Tan": odd("Tan"), "Asin": odd("Asin"), "Atanh": odd("Atanh"),
    "Ceil": elements { $0.rounded($1, .up) },
    "Floor": elements { $0.rounded($1, .down) },
    "Round": elements { $0.rounded($1, .toNearestOrEven) },
    "Where": { try ExactInterpreter(trace: $0.trace).move($0) },
    "Cast": { try cast($0, to: $0.node.int("to")) },
    "CastLike": { call in
        guard let type = call.inputs.count > 1 ? call.inputs[1]?.type.elementType : nil else {
            throw HarrierError("CastLike lacks its type")
        }
        return try cast(call, to: type.rawValue)
    },
]

private func elements(_ function: @escaping @Sendable (ExactTrace, ExactNumber) -> ExactNumber) -> ExactKernel {
    { call in
        let input = try call.exact(0)
        return call.result(input.elements.map { function(call.trace, $0) }, shape: input.shape, like: input)
    }
}

private func odd(_ name: String, _ monotone: (@Sendable (Double) -> Double)? = nil) -> ExactKernel {
    elements { $0.oddFunction(name, $1, monotone) }
}

/// A function of two operands under broadcasting; of more as a chain.
private func pairs(
    _ function: @escaping @Sendable (ExactTrace, ExactNumber, ExactNumber) -> ExactNumber
) -> ExactKernel {
    { call in
        var result = try call.exact(0)
        for index in call.inputs.indices.dropFirst() {
            let other = try call.exact(index)
            let loop = try PairLoop(result.shape, other.shape)
            result = ExactArray(
                elementType: result.elementType, shape: loop.shape,
                elements: loop.map(result.elements, other.elements) { function(call.trace, $0, $1) })
        }
        return [.exact(result)]
    }
}

private func comparison(
    _ holds: @escaping @Sendable (ExactTrace, ExactNumber, ExactNumber) -> Bool
) -> ExactKernel {
    { call in
        let (one, other) = (try call.exact(0), try call.exact(1))
        let loop = try PairLoop(one.shape, other.shape)
        let found = loop.map(one.elements, other.elements) { holds(call.trace, $0, $1) ? Int64(1) : 0 }
        return [.plain(NumericArray(unchecked: .bool, loop.shape, .integers(found)))]
    }
}

/// Conversions between floating-point types keep the number; integers are numbers, too.
private func cast(_ call: ExactCall, to number: Int) throws -> [ExactValue?] {
    guard let type = ElementType(rawValue: number) else { throw HarrierError("Cast names no element type") }
    switch call.inputs.first ?? nil {
    case .exact(let array)? where type.isFloatingPoint:
        return [.exact(ExactArray(elementType: type, shape: array.shape, elements: array.elements))]
    case .exact(let array)? where type == .bool:
        let found = array.elements.map { $0.image == 0 ? Int64(0) : 1 }
        return [.plain(NumericArray(unchecked: .bool, array.shape, .integers(found)))]
    case .exact(let array)? where type.isInteger:
        let integers = array.elements.map { element in
            let toward: FloatingPointRoundingRule = element.real.high < 0 ? .up : .down
            return Int64(call.trace.rounded(element, toward).integer ?? 0)
        }
        return [.plain(try NumericArray(type, shape: array.shape, storage: .integers(integers)))]
    case .plain(let array)? where type.isFloatingPoint:
        let elements = try array.integers().map { ExactNumber(Int($0)) }
        return [.exact(ExactArray(elementType: type, shape: array.shape, elements: elements))]
    case .plain(let array)?:
        guard let outputs = try Interpreter().evaluate(call.node, inputs: [array]) else { return [] }
        return outputs.map { $0.map { .plain($0) } }
    default: throw HarrierError("Cast to \(type.onnxName) is not computed exactly")
    }
}
