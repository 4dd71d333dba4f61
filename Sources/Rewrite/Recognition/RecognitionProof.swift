import Evaluate
import IR

/// Whether a cone and a node compute the same: by the checks that rules pass, an exact computation in a finite field and, where that
/// does not decide, 64-bit arithmetic in which numbers are what their writer meant.
struct RecognitionProof {
    private let cone: ConeFunction
    private let node: RecognizedNode

    /// Samples of one comparison, in turn of all styles.
    private static let samples = 6
    /// The largest difference of the sides, as rules are held to.
    private static let tolerance = 1e-9

    init(_ cone: ConeFunction, is node: RecognizedNode) {
        self.cone = cone
        self.node = node
    }

    /// Whether both are the same function.
    var holds: Bool {
        guard let sides = try? sides() else { return false }
        let exact = ExactCheck.compare(
            sides.cone, sides.node, ComparisonSettings(samples: 2, styles: [.ordinary, .halves]))
        switch exact.status {
        case .different: return false
        // The two random points say nothing of kinks elsewhere.
        case .equal: return agreesAfar && (cone.isElementwise || agrees(sides))
        case .undecided: return agreesAfar && agrees(sides)
        }
    }

    /// Both as graphs of 64-bit numbers on operands of a moderate size.
    private func sides() throws -> (cone: Graph, node: Graph) {
        var first = cone.graph
        if cone.isElementwise, let type = cone.operandType {
            let lengths = Array(repeating: 1, count: max(0, (type.rank ?? 1) - 1)) + [Self.elements]
            first[first.inputs[0]].type = TensorType(type.elementType, lengths: lengths)
        }
        first = try first.inDoublePrecision()
        return (first, try node.graph(like: first).inDoublePrecision())
    }

    private static let elements = 64

    /// Whether both agree at many numbers, near and far from 0, where the cone may have kinks.
    private var agreesAfar: Bool {
        guard cone.isElementwise else { return agreesAtKinks }
        guard let type = cone.operandType else { return true }
        let points = ConeSamples.points + ConeSamples.points(around: cone.numbers)
        guard let vector = try? ConeSamples.vector(points, like: type), let samples = ConeSamples(cone, [vector]) else {
            return false
        }
        return samples.agree(with: node)
    }

    /// Whether both agree around the numbers of a cone that moves or sums up elements, too: random operands need not be so large that a
    /// bound of 19 shows.
    private var agreesAtKinks: Bool {
        let types = cone.graph.inputs.compactMap { cone.graph[$0].type }
        let points = ConeSamples.points(around: cone.numbers).filter { abs($0) <= Self.farthestKink }
        guard cone.graph.nodes.contains(where: { $0.has(.comparison) }), let shape = types.first?.lengths,
            types.count == cone.graph.inputs.count, !points.isEmpty
        else { return true }
        let count = shape.reduce(1, *)
        guard count > 0 else { return true }
        return stride(from: 0, to: points.count, by: count).prefix(Self.mostKinks).allSatisfy { start in
            let numbers = (0..<count).map { points[(start + $0) % points.count] }
            guard var inputs = try? ConeSamples.random(types, seed: UInt64(start)),
                let operand = try? NumericArray(numbers, shape: shape, elementType: types[0].elementType)
            else { return false }
            inputs[0] = operand
            return ConeSamples(cone, inputs)?.agree(with: node) ?? true
        }
    }

    /// Operands that are tried around the numbers of a cone, at most, and the largest number in them.
    private static let mostKinks = 64
    private static let farthestKink = 1e12

    /// Whether both agree in 64 bits, with numbers read as they were meant.
    private func agrees(_ sides: (cone: Graph, node: Graph)) -> Bool {
        guard let one = try? sides.cone.writingFunctionBodies(where: { _ in true }),
            let other = try? sides.node.writingFunctionBodies(where: { _ in true })
        else { return false }
        let known = other.numbersMeant(knowing: [])
        let meant = one.numbersMeant(knowing: known.map(\.value))
        let settings = ComparisonSettings(
            samples: cone.isElementwise ? Self.samples : 4 * Self.samples, tolerance: Self.tolerance,
            styles: [.ordinary, .halves, .magnitudes, .wide(8)])
        return NumericCheck.compare(one.replacing(meant), other.replacing(known), settings).status == .passed
    }
}

extension Graph {
    /// The graph with all floating-point numbers in 64 bits.
    fileprivate func inDoublePrecision() throws -> Graph {
        var result = self
        for index in values.indices {
            let value = values[index]
            if let tensor = value.constant?.tensor, tensor.elementType.isFloatingPoint {
                result.values[index].constant?.tensor = try NumericArray(
                    tensor.doubles(), shape: tensor.shape, elementType: .float64
                ).tensor()
                result.values[index].type = result.values[index].constant?.tensor.type
            } else if inputs.contains(ValueID(index)) {
                if value.type?.elementType.isFloatingPoint == true { result.values[index].type?.elementType = .float64 }
            } else if value.constant == nil {
                result.values[index].type = nil
                result.values[index].known = nil
            }
        }
        for index in nodes.indices {
            // Narrower numbers in between are no part of the function that was meant.
            guard case .int(let number)? = nodes[index].attributes["to"],
                ElementType(rawValue: number)?.isFloatingPoint == true
            else { continue }
            result.nodes[index].attributes["to"] = .int(ElementType.float64.rawValue)
        }
        try result.inferTypes(evaluator: Interpreter())
        return result
    }

    /// The floating-point numbers of the graph as they were meant, by value. A number to which nothing simple is near can be the rounded
    /// product or quotient of known ones.
    fileprivate func numbersMeant(knowing known: [Double]) -> [(id: ValueID, value: Double)] {
        var found: [(id: ValueID, value: Double)] = []
        var unclear: [(id: ValueID, value: Double)] = []
        for (index, value) in values.enumerated() {
            guard let tensor = value.constant?.tensor, tensor.elementType.isFloatingPoint, tensor.elementCount == 1,
                let number = try? tensor.doubles().first
            else { continue }
            if let meant = MeantNumber.reading(of: number, isDouble: true) {
                found.append((ValueID(index), meant))
            } else {
                unclear.append((ValueID(index), number))
            }
        }
        let factors = FactorNumbers(known + found.map(\.value))
        return found + unclear.map { ($0.id, factors.nearest(to: $0.value) ?? $0.value) }
    }

    /// The graph with other numbers.
    fileprivate func replacing(_ numbers: [(id: ValueID, value: Double)]) -> Graph {
        var result = self
        for (id, value) in numbers {
            guard let old = self[id].constant?.tensor, let new = try? NumericArray([value], shape: old.shape).tensor()
            else { continue }
            result[id].constant?.tensor = new
        }
        return result
    }
}

/// Products and quotients of a few numbers, by which a file's folded constants are read.
private struct FactorNumbers {
    private let products: [Double]

    init(_ numbers: [Double]) {
        var unique: [Double] = []
        for number in (numbers + [2, 3]).map({ abs($0) })
        where number > 0 && number.isFinite && !unique.contains(number) {
            unique.append(number)
        }
        let factors = unique + unique.map { 1 / $0 }
        let pairs = factors.flatMap { one in factors.map { one * $0 } }
        products = pairs + pairs.flatMap { pair in factors.map { pair * $0 } }
    }

    /// The product that a number of 24 bits is the rounded form of.
    func nearest(to value: Double) -> Double? {
        let nearest = products.min { abs($0 - abs(value)) < abs($1 - abs(value)) }
        guard let nearest, abs(nearest - abs(value)) <= 0x1p-23 * abs(value) else { return nil }
        return value < 0 ? -nearest : nearest
    }
}
