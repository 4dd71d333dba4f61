import IR

/// Operators with graphs in their attributes.
let controlKernels: [KernelRow] = [
    KernelRow(outputs: "If") { call in
        try call.checkBoolean(0)
        guard let condition = try call.integer(0) else { throw HarrierError("If lacks its condition") }
        return try call.body(condition != 0 ? "then_branch" : "else_branch").run([])
    },
    KernelRow(outputs: "Loop", loop),
    KernelRow(outputs: "Scan", scan),
    KernelRow(outputs: "SequenceMap") { call in
        let body = try call.body("body")
        var results = [[NumericArray]](repeating: [], count: body.outputCount)
        for (index, element) in try call.input(0).elements().enumerated() {
            let others = try call.inputs.dropFirst().map { operand -> NumericArray? in
                guard case .sequence(let elements)? = operand?.storage else { return operand }
                guard index < elements.count else {
                    throw HarrierError("the sequences of SequenceMap differ in length")
                }
                return elements[index]
            }
            for (output, result) in try body.run([element] + others).enumerated() { results[output].append(result) }
        }
        return results.map(NumericArray.sequence)
    },
]

extension Call {
    /// The graph in that attribute.
    ///
    /// - Throws: ``HarrierError`` if there is none.
    func body(_ name: String) throws -> Body {
        guard let body = bodies[name] else { throw HarrierError("\(node.op) lacks its graph '\(name)'") }
        return body
    }
}

/// Arrays of one shape one after another along a new axis.
func stack(_ arrays: [NumericArray], axis: Int, isReversed: Bool = false) throws -> NumericArray {
    let ordered = isReversed ? arrays.reversed() : arrays
    guard let first = ordered.first else { return NumericArray(unchecked: .float32, [0], .doubles([])) }
    let axis = try normalizedAxis(axis, rank: first.rank + 1)
    return try concatenate(
        ordered.map { array in
            var shape = array.shape
            guard shape.count >= axis else { throw HarrierError("results of rank \(shape.count) cannot be stacked") }
            shape.insert(1, at: axis)
            return try array.reshaped(shape)
        }, axis: axis)
}

/// Steps of a Loop at most: a model that counts to 2^62 must not keep a check from ending.
private let longestLoop = 10_000

/// The body takes the iteration's number, the condition and the carried values, and gives the condition, the carried values
/// and one element for each output that is stacked.
private func loop(_ call: Call) throws -> [NumericArray?] {
    let body = try call.body("body")
    let limit = try call.integer(0) ?? .max
    var goesOn = try call.integer(1) ?? 1
    var carried = Array(call.inputs.dropFirst(2))
    let stacked = body.outputCount - 1 - carried.count
    guard stacked >= 0, body.inputCount == carried.count + 2 else {
        throw HarrierError("the body of Loop does not fit its \(carried.count) carried values")
    }
    var scans = [[NumericArray]](repeating: [], count: stacked)
    var iteration = 0
    while iteration < limit && goesOn != 0 {
        guard iteration < longestLoop else { throw HarrierError("a Loop of more than \(longestLoop) steps is not run") }
        let number = NumericArray(unchecked: .int64, [], .integers([Int64(iteration)]))
        let condition = NumericArray(unchecked: .bool, [], .integers([1]))
        let results = try body.run([number, condition] + carried)
        guard let next = try results[0].integers().first else { throw HarrierError("the condition of Loop is empty") }
        goesOn = Int(next)
        carried = Array(results[1...carried.count])
        for position in 0..<stacked { scans[position].append(results[1 + carried.count + position]) }
        iteration += 1
    }
    return try carried + scans.map { try stack($0, axis: 0) }
}

/// The body takes the state and one slice of each scanned input, and gives the state and one slice of each scanned output.
private func scan(_ call: Call) throws -> [NumericArray?] {
    let body = try call.body("body")
    let scanned = try call.node.int("num_scan_inputs")
    guard scanned > 0, scanned <= call.inputs.count else {
        throw HarrierError("Scan needs a sensible attribute 'num_scan_inputs'")
    }
    let inputs = try call.allInputs()
    var state: [NumericArray?] = Array(inputs.dropLast(scanned))
    let sequences = Array(inputs.suffix(scanned))
    let stacked = body.outputCount - state.count
    guard stacked >= 0 else { throw HarrierError("the body of Scan does not fit its \(state.count) state variables") }
    let axes = try zip(try call.node.ints("scan_input_axes", count: scanned), sequences).map {
        try normalizedAxis($0, rank: $1.rank)
    }
    let directions = try call.node.ints("scan_input_directions", count: scanned)
    let outputAxes = try call.node.ints("scan_output_axes", count: stacked)
    let outputDirections = try call.node.ints("scan_output_directions", count: stacked)
    let lengths = Set(zip(sequences, axes).map { $0.shape[$1] })
    guard let length = lengths.first, lengths.count == 1 else {
        throw HarrierError("the scanned inputs of Scan differ in length")
    }
    var results = [[NumericArray]](repeating: [], count: stacked)
    for step in 0..<length {
        let slices = try sequences.indices.map { index in
            let position = directions[index] == 0 ? step : length - 1 - step
            return try pick(sequences[index], axis: axes[index], [position], shape: [])
        }
        let outputs = try body.run(state + slices)
        state = Array(outputs.prefix(state.count))
        for position in 0..<stacked { results[position].append(outputs[state.count + position]) }
    }
    return try state
        + results.indices.map {
            try stack(results[$0], axis: outputAxes[$0], isReversed: outputDirections[$0] != 0)
        }
}
