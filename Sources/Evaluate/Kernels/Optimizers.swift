import IR

/// The optimizers of the domain `ai.onnx.preview.training`. Inputs: rate, number of the step, then all parameters, all their
/// gradients and all of each kind of state; outputs: the new parameters and states.
let optimizerKernels: [KernelRow] = [
    KernelRow(outputs: OperatorName("Adagrad", domain: "ai.onnx.preview.training")) { call in
        let step = try OptimizerStep(call, states: 1)
        let decay = try call.double("decay_factor")
        let epsilon = try call.double("epsilon")
        let rate = step.rate / (1 + step.count * decay)
        return try step.update { x, gradient, states in
            let square = states[0] + gradient * gradient
            return [x - rate * gradient / (square.squareRoot() + epsilon), square]
        }
    },
    KernelRow(outputs: OperatorName("Momentum", domain: "ai.onnx.preview.training")) { call in
        let step = try OptimizerStep(call, states: 1)
        let (alpha, beta) = (try call.double("alpha"), try call.double("beta"))
        let isNesterov = try call.node.choice("mode", of: ["standard", "nesterov"]) == "nesterov"
        let factor = step.count > 0 ? beta : 1
        return try step.update { x, gradient, states in
            let velocity = alpha * states[0] + factor * gradient
            return [x - step.rate * (isNesterov ? gradient + alpha * velocity : velocity), velocity]
        }
    },
    KernelRow(outputs: OperatorName("Adam", domain: "ai.onnx.preview.training")) { call in
        let step = try OptimizerStep(call, states: 2)
        let alpha = try call.double("alpha")
        let beta = try call.double("beta")
        let epsilon = try call.double("epsilon")
        let after = try call.double("norm_coefficient_post")
        let correction = (1 - power(beta, step.count)).squareRoot() / (1 - power(alpha, step.count))
        let rate = step.count > 0 ? step.rate * correction : step.rate
        return try step.update { x, gradient, states in
            let mean = alpha * states[0] + (1 - alpha) * gradient
            let square = beta * states[1] + (1 - beta) * gradient * gradient
            return [(1 - after) * (x - rate * mean / (square.squareRoot() + epsilon)), mean, square]
        }
    },
]

/// The operands of an optimizer.
private struct OptimizerStep {
    let rate: Double
    let count: Double
    private let call: Call
    private let parameters: Int
    private let states: Int
    private let penalty: Double

    init(_ call: Call, states: Int) throws {
        guard let rate = try call.number(0), let count = try call.number(1), call.inputs.count > 2,
            (call.inputs.count - 2) % (2 + states) == 0
        else {
            throw HarrierError("\(call.node.op) needs a rate, a step and \(2 + states) operands for each parameter")
        }
        (self.rate, self.count, self.call, self.states) = (rate, count, call, states)
        parameters = (call.inputs.count - 2) / (2 + states)
        penalty = try call.double("norm_coefficient")
    }

    /// New parameters and states, from those of each element and its gradient with the penalty's.
    func update(_ body: (_ x: Double, _ gradient: Double, _ states: [Double]) -> [Double]) throws -> [NumericArray?] {
        var results = [[NumericArray]](repeating: [], count: 1 + states)
        for parameter in 0..<parameters {
            let operands = try (0..<2 + states).map { try call.input(2 + $0 * parameters + parameter) }
            guard operands.allSatisfy({ $0.shape == operands[0].shape }) else {
                throw HarrierError("a parameter, its gradient and its state differ in shape")
            }
            let values = try operands.map { try $0.doubles() }
            var columns = [[Double]](repeating: [], count: 1 + states)
            for index in values[0].indices {
                let x = values[0][index]
                let new = body(x, values[1][index] + penalty * x, values.dropFirst(2).map { $0[index] })
                for (column, value) in new.enumerated() { columns[column].append(value) }
            }
            for (kind, column) in columns.enumerated() {
                results[kind].append(try call.result(column, shape: operands[0].shape, type: operands[0].elementType))
            }
        }
        return results.flatMap { $0 }
    }
}
