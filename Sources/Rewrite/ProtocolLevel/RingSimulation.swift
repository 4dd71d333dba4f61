import Evaluate
import Foundation
import IR
import Pricing

/// Runs a protocol-level graph on ring elements: whole numbers at the scales that ``ScaleAnalysis`` finds, with truncations that
/// round at random as probabilistic ones do.
///
/// Whole numbers are held in 64-bit floating point, in which those below 2^53 are exact. As no value may leave the ring either,
/// results are those of arithmetic modulo the ring's size.
struct RingSimulation {
    private let graph: Graph
    private let analysis: ScaleAnalysis
    private let interpreter = Interpreter()
    private var values: [NumericArray?]
    private var source: NumberSource

    /// A run of a graph.
    ///
    /// - Throws: ``HarrierError`` if the scales do not work out.
    init(_ graph: Graph, visibility: [Visibility], format: FixedPointFormat, seed: UInt64) throws {
        self.graph = graph
        analysis = try ScaleAnalysis.whole(
            graph, visibility: visibility, settings: ScaleSettings(format: format))
        values = Array(repeating: nil, count: graph.values.count)
        source = NumberSource(name: "truncation", seed: seed)
    }

    private var format: FixedPointFormat { analysis.format }

    /// The outputs as real numbers.
    ///
    /// - Parameter real: inputs and constants as real numbers.
    /// - Throws: ``HarrierError`` if a node cannot run, or a value leaves the ring or becomes too large to be exact.
    mutating func run(_ real: (ValueID) throws -> NumericArray) throws -> [NumericArray] {
        for id in graph.inputs { values[id.index] = try encoded(real(id), analysis.scale(id)) }
        for (index, node) in graph.nodes.enumerated() {
            do {
                let results = try evaluate(node, real)
                for case (let output?, let result?) in zip(node.outputs, results) {
                    values[output.index] = try checked(result, analysis.scale(output), graph[output].name)
                }
            } catch let error as HarrierError { throw error.at(graph.label(ofNode: index)) }
        }
        return try graph.outputs.map { id in
            guard let value = values[id.index] else { throw HarrierError("an output has no value") }
            return try decoded(value, analysis.scale(id))
        }
    }

    // MARK: Nodes

    private mutating func evaluate(_ node: Node, _ real: (ValueID) throws -> NumericArray) throws -> [NumericArray?] {
        guard let output = node.output(0) else { return [] }
        let scale = analysis.scale(output)
        if ProtocolLevel.contains(node.op) { return [try protocolLevel(node, scale ?? .ordinary, real)] }
        guard let aligned = ScaleAnalysis.alignedOperands(node), !node.has([.comparison, .stepwise, .increasing])
        else {
            let operands = try node.inputs.map {
                try $0.map { try decoded(operand($0, .ordinary, real), analysis.scale($0)) }
            }
            let results = try interpreter.evaluate(node, inputs: operands) ?? []
            return try zip(node.outputs, results).map { output, result in
                try result.map { try encoded($0, output.flatMap { analysis.scale($0) }) }
            }
        }
        // Comparisons have no scale themselves; their operands share one.
        let shared = aligned.compactMap { node.input($0) }.filter { graph[$0].constant == nil }
            .compactMap { analysis.scale($0) }.first
        let operands = try node.inputs.map { try $0.map { try operand($0, shared ?? .ordinary, real) } }
        return try interpreter.evaluate(node, inputs: operands) ?? []
    }

    private mutating func protocolLevel(
        _ node: Node, _ scale: Scale, _ real: (ValueID) throws -> NumericArray
    ) throws -> NumericArray {
        guard let first = node.input(0) else { throw HarrierError("its operand is missing") }
        let own = try operand(first, .ordinary, real)
        switch node.op {
        case ProtocolLevel.truncate:
            let divisor = Double(
                sign: .plus, exponent: (analysis.scale(first) ?? scale).width(format) - scale.width(format),
                significand: 1)
            // Rounded down or up, by chance and so that the expected value is exact.
            return try own.mapped { ($0 / divisor + source.unit()).rounded(.down) }
        case ProtocolLevel.scaleUp:
            let factor = scale.width(format) - (analysis.scale(first) ?? scale).width(format)
            return try own.mapped { $0 * Double(sign: .plus, exponent: factor, significand: 1) }
        case ProtocolLevel.shift, ProtocolLevel.open, ProtocolLevel.openOnce: return own
        default: break
        }
        var ordinary = node
        ordinary.op = OperatorName(node.op.type)
        let isAverage = ProtocolLevel.averages.contains(node.op.type)
        let operands = try node.inputs.enumerated().map { index, id in
            try id.map { id in
                // A bias is scaled up to the products that it is added to.
                let isBias = index == 2
                let raised = try operand(id, isBias || node.op == "Clip" ? scale : .ordinary, real)
                guard isBias, graph[id].constant == nil, let from = analysis.scale(id) else { return raised }
                let factor = scale.width(format) - from.width(format)
                return try raised.mapped { $0 * Double(sign: .plus, exponent: factor, significand: 1) }
            }
        }
        guard let result = try interpreter.evaluate(ordinary, inputs: operands)?.first ?? nil else {
            throw HarrierError("the interpreter cannot run \(ordinary.op)")
        }
        return isAverage ? try average(node, of: own, result) : result
    }

    /// Sums of windows, times the fixed-point number nearest to the inverse of their size.
    private func average(_ node: Node, of operand: NumericArray, _ means: NumericArray) throws -> NumericArray {
        var count = operand.count / max(1, means.count)
        if let kernel = try node.optionalInts("kernel_shape") {
            count = kernel.reduce(1, *)
            guard try (node.optionalInts("pads") ?? []).allSatisfy({ $0 == 0 }) else {
                throw HarrierError("averages over padding are not simulated")
            }
        }
        // An ordinary average has no shift.
        let shift = try node.optionalInt(ProtocolLevel.shiftAttribute) ?? 0
        guard shift == 0 || 1 << shift == count else {
            throw HarrierError("an average over \(count) elements is no shift by \(shift) bits")
        }
        let one = Double(sign: .plus, exponent: format.fractionBits, significand: 1)
        let inverse = shift == 0 ? (one / Double(count)).rounded() : 1
        return try means.mapped { ($0 * Double(count)).rounded() * inverse }
    }

    // MARK: Values

    /// An operand as ring elements; constants are encoded at the scale that is wanted.
    private func operand(_ id: ValueID, _ scale: Scale, _ real: (ValueID) throws -> NumericArray) throws -> NumericArray
    {
        if let value = values[id.index] { return value }
        return try encoded(real(id), analysis.scale(id) == nil ? nil : scale)
    }

    private func encoded(_ array: NumericArray, _ scale: Scale?) throws -> NumericArray {
        guard let scale else { return array }
        let one = Double(sign: .plus, exponent: scale.width(format), significand: 1)
        return try array.mapped { ($0 * one).rounded() }
    }

    private func decoded(_ array: NumericArray, _ scale: Scale?) throws -> NumericArray {
        guard let scale else { return array }
        let one = Double(sign: .plus, exponent: scale.width(format), significand: 1)
        return try array.mapped { $0 / one }
    }

    private func checked(_ array: NumericArray, _ scale: Scale?, _ name: String) throws -> NumericArray {
        guard scale != nil else { return array }
        let largest = try array.doubles().reduce(0) { max($0, abs($1)) }
        let limit = Double(sign: .plus, exponent: min(53, format.ringBits - 1), significand: 1)
        guard largest < limit else {
            throw HarrierError("'\(name)' leaves the ring, or is too large to be simulated exactly")
        }
        return array
    }
}

extension NumericArray {
    /// The array with a function applied to every element, in the element type.
    fileprivate func mapped(_ transform: (Double) throws -> Double) throws -> NumericArray {
        try NumericArray(doubles().map(transform), shape: shape, elementType: elementType)
    }
}
