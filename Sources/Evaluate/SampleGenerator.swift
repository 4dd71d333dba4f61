import IR

/// Draws random tensors for a graph's inputs and for the parameters that its file does not hold.
///
/// Parameters are drawn so that deep networks neither explode nor fade and a difference anywhere shows at the end:
/// weights of products by their fan-in (He et al., "Delving Deep into Rectifiers", 2015), scales near 1 and -1, variances
/// positive, biases small. Numbers depend on the seed and the tensor's name alone.
struct SampleGenerator {
    private let graph: Graph
    private let seed: UInt64
    private let positive: Set<String>
    private let assumptions: RangeAssumptions
    private let styles: [SampleStyle]
    private let uses: [[Int]]
    private let parameters: [String: ValueID]

    init(for graph: Graph, _ settings: ComparisonSettings) {
        self.graph = graph
        seed = settings.seed
        positive = settings.positive
        assumptions = settings.assumptions
        styles = settings.styles
        uses = graph.uses()
        var parameters: [String: ValueID] = [:]
        for (index, value) in graph.values.enumerated() where value.constant != nil {
            parameters[value.name] = ValueID(index)
        }
        self.parameters = parameters
    }

    /// Values for the graph's inputs, by name.
    ///
    /// - Throws: ``HarrierError`` if an input's shape is open, or its elements are no numbers.
    func inputs(sample: Int) throws -> [String: NumericArray] {
        var result: [String: NumericArray] = [:]
        for id in graph.inputs {
            let value = graph[id]
            do {
                guard let type = value.type else { throw HarrierError("is not a tensor of known type") }
                var source = NumberSource(name: value.name, seed: seed &+ UInt64(sample) &* 0x9e37_79b9)
                let spread =
                    type.elementType.isFloatingPoint
                    ? numbers(forInput: value.name) : integers(forInput: id, sample: sample)
                result[value.name] = try source.array(type, spread, style: styles[sample % styles.count])
            } catch let error as HarrierError { throw error.at("input '\(value.name)'") }
        }
        return result
    }

    /// How numbers of an input are spread: over its range, if it has one.
    private func numbers(forInput name: String) -> Spread {
        if let range = assumptions.named[name] ?? assumptions.inputs { return .within(range, usual: Self.usualNumbers) }
        return positive.contains(name) ? Self.positiveNumbers : Self.usualNumbers
    }

    /// How integers of an input are spread: over its range, if it has one; at the numbers that it is compared with, one after the other, in
    /// every second sample, so that either branch of an If is run.
    private func integers(forInput id: ValueID, sample: Int) -> Spread {
        if let range = assumptions.named[graph[id].name], range.isBounded {
            return .integers(from: Int(range.low.rounded(.up)), below: Int(range.high.rounded(.down)) + 1)
        }
        let compared = comparedIntegers(id)
        guard sample % 2 == 0, !compared.isEmpty else { return integers(for: id, countsFromEnd: sample % 2 == 1) }
        let number = compared[sample / 2 % compared.count]
        return .integers(from: number, below: number + 1)
    }

    /// The integers of the model that a value is compared with.
    private func comparedIntegers(_ id: ValueID) -> [Int] {
        readers(of: id).filter { $0.node.has(.comparison) && $0.node.inputs.count == 2 }.compactMap { reader in
            guard let other = reader.node.input(1 - reader.position), let tensor = graph[other].knownTensor,
                tensor.elementType.isInteger, tensor.elementCount == 1
            else { return nil }
            return try? tensor.integers().first
        }
    }

    /// A value for a parameter of that name.
    func parameter(_ name: String, _ type: TensorType) throws -> NumericArray {
        var source = NumberSource(name: name, seed: seed)
        guard let id = parameters[name], graph[id].type == type else {
            return try source.array(type, .around(0, deviation: 0.1))
        }
        return try source.array(type, type.elementType.isFloatingPoint ? numbers(for: id) : integers(for: id))
    }

    private static let usualNumbers = Spread.around(0, deviation: 1)
    private static let positiveNumbers = Spread.between(0.5, 2)

    /// How numbers of a parameter are spread, by what reads it.
    private func numbers(for id: ValueID) -> Spread {
        if positive.contains(graph[id].name) { return Self.positiveNumbers }
        let usual = usualNumbers(for: id)
        return assumptions.named[graph[id].name].map { .within($0, usual: usual) } ?? usual
    }

    private func usualNumbers(for id: ValueID) -> Spread {
        let spreads = readers(of: id).compactMap { spread(asOperand: $0.position, of: $0.node) }
        // One tensor of ones can serve as the scale and the variance of a normalization: positive comes first.
        let widest = spreads.max { $0.low < $1.low } ?? .around(0, deviation: 0.1)
        return isScale(id) ? .either(widest) : widest
    }

    /// Whether a parameter is nothing but factors, which may be negative.
    private func isScale(_ id: ValueID) -> Bool {
        readers(of: id).allSatisfy { reader in
            switch (reader.node.op.type, reader.position) {
            case ("BatchNormalization", 1), ("InstanceNormalization", 1), ("LayerNormalization", 1),
                ("GroupNormalization", 1), ("RMSNormalization", 1), ("PRelu", 1), ("Mul", _), ("Div", _):
                true
            default: false
            }
        }
    }

    /// How integers are spread: below the length of every axis that they index, or 0 and 1.
    ///
    /// - Parameter countsFromEnd: whether places may be negative, which count from the end of the axis.
    private func integers(for id: ValueID, countsFromEnd: Bool = false) -> Spread {
        let lengths = readers(of: id).compactMap { reader -> Int? in
            guard reader.position == 1, reader.node.has(.indexed), let axis = try? reader.node.int("axis"),
                let data = reader.node.input(0), let shape = graph[data].type?.lengths
            else { return nil }
            let position = axis < 0 ? axis + shape.count : axis
            return shape.indices.contains(position) ? shape[position] : nil
        }
        guard let length = lengths.min() else { return .integers(below: 2) }
        return .integers(from: countsFromEnd ? -length : 0, below: length)
    }

    /// The nodes that read a value, also behind nodes that only move its elements.
    private func readers(of id: ValueID) -> [(node: Node, position: Int)] {
        var result: [(node: Node, position: Int)] = []
        var pending = [id]
        var seen: Set<ValueID> = [id]
        while let value = pending.popLast() {
            for index in Set(uses[value.index]).sorted() {
                let node = graph.nodes[index]
                for (position, input) in node.inputs.enumerated() where input == value {
                    // Tables that are looked up have a spread of their own.
                    let isMoved = node.has(.dataMovement) && !node.has(.indexed) || node.op == "Cast"
                    guard isMoved, position == 0 else {
                        result.append((node, position))
                        continue
                    }
                    for case let output? in node.outputs where seen.insert(output).inserted {
                        pending.append(output)
                    }
                }
            }
        }
        return result
    }

    private func spread(asOperand position: Int, of node: Node) -> Spread? {
        switch (node.op.type, position) {
        case ("BatchNormalization", 4): return .between(0.5, 1.5)
        case ("BatchNormalization", 1), ("InstanceNormalization", 1), ("LayerNormalization", 1),
            ("GroupNormalization", 1), ("RMSNormalization", 1), ("Mul", _), ("Div", _), ("Pow", 0), ("Sqrt", 0):
            return .between(0.8, 1.2)
        case ("PRelu", 1): return .between(0.1, 0.4)
        case ("Gather", 0): return .around(0, deviation: 0.5)
        case ("Conv", 1): return weights(node.input(1), fanIn: { $0.dropFirst().saturatingProduct() }, gain: 2)
        case ("ConvTranspose", 1): return weights(node.input(1), fanIn: { $0.first ?? 1 }, gain: 2)
        case ("Gemm", 1):
            let transposed = (try? node.int("transB")) ?? 0
            return weights(node.input(1), fanIn: { (transposed != 0 ? $0.last : $0.first) ?? 1 }, gain: 2)
        case ("MatMul", 1): return weights(node.input(1), fanIn: { $0.dropLast().last ?? $0.last ?? 1 }, gain: 1)
        case ("MatMul", 0): return weights(node.input(0), fanIn: { $0.last ?? 1 }, gain: 1)
        default: return nil
        }
    }

    /// Weights whose products with that many numbers of variance 1 have the variance `gain`.
    private func weights(_ id: ValueID?, fanIn: ([Int]) -> Int, gain: Double) -> Spread? {
        guard let id, let shape = graph[id].type?.lengths else { return nil }
        return .around(0, deviation: (gain / Double(max(1, fanIn(shape)))).squareRoot())
    }
}

/// An interval that random numbers are drawn from, all alike.
struct Spread: Hashable {
    let low: Double
    let high: Double
    /// Whether half of the numbers are negated.
    var isOfBothSigns = false
    /// What no number may lie outside of; nil where other intervals serve as well.
    var limits: Interval?

    static func between(_ low: Double, _ high: Double) -> Spread { Spread(low: low, high: high) }

    static func around(_ mean: Double, deviation: Double) -> Spread {
        let half = deviation * 3.0.squareRoot()
        return Spread(low: mean - half, high: mean + half)
    }

    /// The same numbers, half of them negated.
    static func either(_ spread: Spread) -> Spread { Spread(low: spread.low, high: spread.high, isOfBothSigns: true) }

    /// The next number.
    @inline(__always)
    func number(_ source: inout NumberSource) -> Double {
        let number = low + source.unit() * (high - low)
        return isOfBothSigns && source.unit() < 0.5 ? -number : number
    }

    /// All of a range with two ends; where one is open, numbers from the other one on that are spread as usual.
    static func within(_ range: Interval, usual: Spread) -> Spread {
        var spread = inside(range, usual)
        spread.limits = range
        return spread
    }

    private static func inside(_ range: Interval, _ usual: Spread) -> Spread {
        let width = usual.high - usual.low
        switch (range.low.isFinite, range.high.isFinite) {
        case (true, true): return between(range.low, range.high)
        case (true, false): return between(max(range.low, usual.low), max(range.low, usual.low) + width)
        case (false, true): return between(min(range.high, usual.high) - width, min(range.high, usual.high))
        case (false, false): return usual
        }
    }

    static func integers(from low: Int = 0, below bound: Int) -> Spread {
        Spread(low: Double(low), high: Double(max(1, bound)))
    }
}

extension NumberSource {
    /// A tensor of numbers drawn from an interval; of integers, if the type says so.
    ///
    /// - Parameter style: how floating-point numbers are spread, given the interval.
    /// - Throws: ``HarrierError`` if the shape is open or too large, or the elements are no numbers.
    mutating func array(
        _ type: TensorType, _ spread: Spread, style: SampleStyle = .ordinary
    ) throws -> NumericArray {
        guard let shape = type.lengths else {
            throw HarrierError("has an open dimension: \(type)", hint: "set it with --dim NAME=VALUE")
        }
        let count = try checkedCount(shape)
        if type.elementType.isFloatingPoint {
            let numbers = [Double](unsafeUninitializedCapacity: count) { buffer, filled in
                fill(buffer, count, spread, style)
                filled = count
            }
            return try NumericArray(numbers, shape: shape, elementType: type.elementType)
        }
        guard type.elementType.isInteger || type.elementType == .bool else {
            throw HarrierError("no random numbers of type \(type.elementType.onnxName)")
        }
        let integers = (0..<count).map { _ in Int64(spread.number(&self).rounded(.down)) }
        return try NumericArray(type.elementType, shape: shape, storage: .integers(integers))
    }
    private mutating func fill(
        _ buffer: UnsafeMutableBufferPointer<Double>, _ count: Int, _ spread: Spread, _ style: SampleStyle
    ) {
        guard style == .ordinary, !spread.isOfBothSigns, spread.limits == nil else {
            for index in 0..<count { buffer.initializeElement(at: index, to: style.number(&self, spread)) }
            return
        }
        // The weights of a large model are drawn so.
        let (low, width) = (spread.low, spread.high - spread.low)
        for index in 0..<count { buffer.initializeElement(at: index, to: low + unit() * width) }
    }
}
