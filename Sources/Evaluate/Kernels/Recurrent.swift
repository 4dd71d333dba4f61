import Foundation
import IR

/// Recurrent layers.
let recurrentKernels: [KernelRow] = [
    KernelRow(outputs: "RNN") { call in
        try Recurrence(call, gates: 1).run { layer, x, h, _ in
            let f = layer.activations[0]
            let sums = layer.preactivations(x, h)
            return (sums.map { f($0) }, [])
        }
    },
    KernelRow(outputs: "GRU") { call in
        let isLinearFirst = try call.node.flag("linear_before_reset")
        return try Recurrence(call, gates: 3).run { layer, x, h, _ in
            layer.gatedStep(x, h, isLinearFirst: isLinearFirst)
        }
    },
    KernelRow(outputs: "LSTM") { call in
        let couplesForget = try call.node.flag("input_forget")
        return try Recurrence(call, gates: 4).run { layer, x, h, c in
            layer.memoryStep(x, h, c, couplesForget: couplesForget)
        }
    },
]

/// The weights of one direction.
private struct RecurrentLayer {
    let hidden: Int
    /// Recurrence weights [gates × hidden, hidden].
    let recurrence: [Double]
    /// Biases of the input and of the recurrence, [gates × hidden] each.
    let inputBias: [Double]
    let recurrenceBias: [Double]
    /// Weights from an LSTM's memory to its input, output and forget gates, [3 × hidden]; empty if there are none.
    let peepholes: [Double]
    let activations: [(Double) -> Double]
    let clip: Double

    private func clipped(_ x: Double) -> Double { clamp(x, -clip, clip) }

    /// Row `row` of the recurrence weights times a state.
    func product(_ row: Int, _ h: [Double]) -> Double {
        var sum = 0.0
        for i in 0..<hidden { sum += recurrence[row * hidden + i] * h[i] }
        return sum
    }

    /// What input, state and biases add up to for all gates.
    func preactivations(_ x: ArraySlice<Double>, _ h: [Double]) -> [Double] {
        x.enumerated().map { clipped($1 + product($0, h) + inputBias[$0] + recurrenceBias[$0]) }
    }

    /// Gates update, reset, hidden.
    func gatedStep(_ x: ArraySlice<Double>, _ h: [Double], isLinearFirst: Bool) -> ([Double], [Double]) {
        let (f, g) = (activations[0], activations[1])
        let input = Array(x)
        func gate(_ number: Int, _ i: Int) -> Double {
            let row = number * hidden + i
            return f(clipped(input[row] + product(row, h) + inputBias[row] + recurrenceBias[row]))
        }
        let reset = (0..<hidden).map { gate(1, $0) }
        let gated = zip(reset, h).map { $0 * $1 }
        let state = (0..<hidden).map { i in
            let row = 2 * hidden + i
            let recurrent =
                isLinearFirst
                ? reset[i] * (product(row, h) + recurrenceBias[row]) : product(row, gated) + recurrenceBias[row]
            let update = gate(0, i)
            return (1 - update) * g(clipped(input[row] + recurrent + inputBias[row])) + update * h[i]
        }
        return (state, [])
    }

    /// Gates input, output, forget, cell.
    func memoryStep(
        _ x: ArraySlice<Double>, _ h: [Double], _ c: [Double], couplesForget: Bool
    ) -> ([Double], [Double]) {
        let (f, g, last) = (activations[0], activations[1], activations[2])
        let input = Array(x)
        func sum(_ number: Int, _ i: Int) -> Double {
            let row = number * hidden + i
            return input[row] + product(row, h) + inputBias[row] + recurrenceBias[row]
        }
        func peep(_ number: Int, _ i: Int, _ c: Double) -> Double {
            peepholes.isEmpty ? 0 : peepholes[number * hidden + i] * c
        }
        var (state, memory) = ([Double](), [Double]())
        for i in 0..<hidden {
            let opening = f(clipped(sum(0, i) + peep(0, i, c[i])))
            let forgetting = couplesForget ? 1 - opening : f(clipped(sum(2, i) + peep(2, i, c[i])))
            let cell = forgetting * c[i] + opening * g(clipped(sum(3, i)))
            memory.append(cell)
            state.append(f(clipped(sum(1, i) + peep(1, i, cell))) * last(cell))
        }
        return (state, memory)
    }
}

/// A recurrent operator: inputs X, W, R, B, sequence lengths, initial state, and for LSTM initial memory and peepholes.
private struct Recurrence {
    private let call: Call
    private let gates: Int
    private let input: NumericArray
    private let layers: [RecurrentLayer]
    private let weights: NumericArray
    private let isBatchFirst: Bool
    private let direction: String
    private let lengths: [Int]
    private let hidden: Int

    init(_ call: Call, gates: Int) throws {
        let defaults = OperatorTable.recurrentActivations(gates: gates)
        (self.call, self.gates) = (call, gates)
        isBatchFirst = try call.node.flag("layout")
        let x = try call.input(0)
        weights = try call.input(1)
        let recurrence = try call.input(2)
        guard x.rank == 3, weights.rank == 3, recurrence.rank == 3 else {
            throw HarrierError(
                "\(call.node.op) of operands of shapes \(x.shape), \(weights.shape) and \(recurrence.shape)")
        }
        input = isBatchFirst ? try x.transposed([1, 0, 2]) : x
        direction = try call.node.choice("direction", of: ["forward", "reverse", "bidirectional"])
        let directions = direction == "bidirectional" ? 2 : 1
        hidden = recurrence.shape[2]
        let rows = gates * hidden
        guard weights.shape == [directions, rows, input.shape[2]], recurrence.shape == [directions, rows, hidden] else {
            throw HarrierError(
                "weights of shapes \(weights.shape) and \(recurrence.shape) for an input of shape \(x.shape)")
        }
        let steps = input.shape[0]
        let lengths = try call.integers(4) ?? Array(repeating: steps, count: input.shape[1])
        guard lengths.count == input.shape[1], lengths.allSatisfy({ $0 >= 0 && $0 <= steps }) else {
            throw HarrierError("sequence lengths \(lengths) for an input of shape \(x.shape)")
        }
        self.lengths = lengths
        func part(_ index: Int, _ width: Int, _ direction: Int) throws -> [Double]? {
            guard let array = call.optional(index) else { return nil }
            guard array.shape == [directions, width] else {
                throw HarrierError("input \(index) of \(call.node.op) has shape \(array.shape)")
            }
            return Array(try array.doubles()[direction * width..<(direction + 1) * width])
        }
        let functions = try Self.activations(call, defaults, directions)
        let limit = try call.node.optionalFloat("clip").map { Double($0) } ?? .infinity
        let matrix = try recurrence.doubles()
        let hidden = hidden
        layers = try (0..<directions).map { index in
            let bias = try part(3, 2 * rows, index) ?? Array(repeating: 0, count: 2 * rows)
            return RecurrentLayer(
                hidden: hidden, recurrence: Array(matrix[index * rows * hidden..<(index + 1) * rows * hidden]),
                inputBias: Array(bias.prefix(rows)), recurrenceBias: Array(bias.suffix(rows)),
                peepholes: gates == 4 ? try part(7, 3 * hidden, index) ?? [] : [],
                activations: Array(functions[index * defaults.count..<(index + 1) * defaults.count]),
                clip: limit > 0 ? limit : .infinity)
        }
    }

    /// Runs all directions with a step from the input's part of the gates, the state and the memory to state and memory.
    func run(
        _ step: (RecurrentLayer, ArraySlice<Double>, [Double], [Double]) -> ([Double], [Double])
    ) throws -> [NumericArray?] {
        let (steps, batch) = (input.shape[0], input.shape[1])
        let rows = gates * hidden
        var outputs = [Double](repeating: 0, count: try checkedCount([steps, layers.count, batch, hidden]))
        var (states, memories) = (try initial(5), gates == 4 ? try initial(6) : [])
        for (index, layer) in layers.enumerated() {
            let own = try pick(weights, axis: 0, [index], shape: []).transposed([1, 0])
            let projected = try matrixProduct(input.asFloat64(), own.asFloat64()).doubles()
            let isReversed = direction == "reverse" || index == 1
            for entry in 0..<batch {
                let slot = (index * batch + entry) * hidden
                var h = Array(states[slot..<slot + hidden])
                var c = gates == 4 ? Array(memories[slot..<slot + hidden]) : []
                for time in 0..<lengths[entry] {
                    let place = isReversed ? lengths[entry] - 1 - time : time
                    let start = (place * batch + entry) * rows
                    (h, c) = step(layer, projected[start..<start + rows], h, c)
                    let target = ((place * layers.count + index) * batch + entry) * hidden
                    outputs.replaceSubrange(target..<target + hidden, with: h)
                }
                states.replaceSubrange(slot..<slot + hidden, with: h)
                if gates == 4 { memories.replaceSubrange(slot..<slot + hidden, with: c) }
            }
        }
        let type = try call.input(0).elementType
        func final(_ values: [Double]) throws -> NumericArray {
            let array = try call.result(values, shape: [layers.count, batch, hidden], type: type)
            return isBatchFirst ? try array.transposed([1, 0, 2]) : array
        }
        let all = try call.result(outputs, shape: [steps, layers.count, batch, hidden], type: type)
        return [
            isBatchFirst ? try all.transposed([2, 0, 1, 3]) : all, try final(states),
            gates == 4 ? try final(memories) : nil,
        ]
    }

    private func initial(_ index: Int) throws -> [Double] {
        let shape = [layers.count, input.shape[1], hidden]
        guard let array = call.optional(index) else { return Array(repeating: 0, count: try checkedCount(shape)) }
        let ordered = isBatchFirst && array.rank == 3 ? try array.transposed([1, 0, 2]) : array
        guard ordered.shape == shape else {
            throw HarrierError("input \(index) of \(call.node.op) has shape \(array.shape)")
        }
        return try ordered.doubles()
    }

    /// The activation functions of all directions; parameters belong to those that have them, in order.
    private static func activations(
        _ call: Call, _ defaults: [String], _ directions: Int
    ) throws -> [(Double) -> Double] {
        var names = Array(repeating: defaults, count: directions).flatMap { $0 }
        switch call.node.attributes["activations"] {
        case nil: break
        case .strings(let given)? where given.count == names.count: names = given
        default: throw HarrierError("\(call.node.op) needs \(names.count) activations")
        }
        var alphas = (try call.node.optionalFloats("activation_alpha") ?? [])[...]
        var betas = (try call.node.optionalFloats("activation_beta") ?? [])[...]
        return try names.map { name in
            func alpha(_ value: Double) -> Double { alphas.popFirst().map { Double($0) } ?? value }
            func beta(_ value: Double) -> Double { betas.popFirst().map { Double($0) } ?? value }
            switch name.lowercased() {
            case "tanh": return { tanh($0) }
            case "relu": return { max(0, $0) }
            case "sigmoid": return sigmoid
            case "softsign": return { $0 / (1 + abs($0)) }
            case "softplus": return softplus
            case "affine":
                let (a, b) = (alpha(1), beta(0))
                return { a * $0 + b }
            case "leakyrelu":
                let a = alpha(0.01)
                return { $0 < 0 ? a * $0 : $0 }
            case "thresholdedrelu":
                let a = alpha(1)
                return { $0 > a ? $0 : 0 }
            case "scaledtanh":
                let (a, b) = (alpha(1), beta(1))
                return { a * tanh(b * $0) }
            case "hardsigmoid":
                let (a, b) = (alpha(0.2), beta(0.5))
                return { clamp(a * $0 + b, 0, 1) }
            case "elu":
                let a = alpha(1)
                return { $0 < 0 ? a * expm1($0) : $0 }
            default: throw HarrierError("there is no activation '\(name)'")
            }
        }
    }
}
