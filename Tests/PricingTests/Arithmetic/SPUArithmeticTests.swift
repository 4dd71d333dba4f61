import Evaluate
import Foundation
import IR
import Pricing
import TestSupport
import Testing

@testable import Frameworks

/// What SPU 0.9.5 gave for the functions that it approximates, beside what ``SPU/Arithmetic`` gives.
@Suite("SPU's arithmetic")
struct SPUArithmeticTests {
    /// How often an operator is computed, as often as it was in SPU (`REPETITIONS` in `spu_functions.py`).
    private static let repetitions = 48

    @Test("a function gives what SPU gave, up to the truncations' randomness", arguments: SPUFunction.all)
    func recorded(function: SPUFunction) throws {
        let framework = try function.framework()
        let resolution = try #require(framework.facts.fixedPoint).resolution
        let found = try function.simulated(Self.repetitions, by: framework)
        for (index, pair) in zip(function.results, found).enumerated() {
            let (expected, result) = pair
            // The recorded numbers are 32-bit floats.
            let tolerance =
                max(expected.spread, result.spread) + 2 * resolution + 2e-7 * Swift.abs(expected.mean)
            let message = "element \(index): SPU \(expected), here \(result)"
            #expect(Swift.abs(expected.mean - result.mean) <= tolerance / 2, "\(message)")
            #expect(Swift.abs(expected.low - result.low) <= 1.05 * tolerance, "\(message)")
            #expect(Swift.abs(expected.high - result.high) <= 1.05 * tolerance, "\(message)")
            // Where a number leaves the ring, anything comes out, as large as the ring is.
            if expected.isArbitrary || result.isArbitrary {
                #expect(result.spread <= 4 * expected.spread && expected.spread <= 4 * result.spread, "\(message)")
            }
        }
    }

    @Test("public operands, and operators that nothing is approximated of, are left to the caller")
    func exact() throws {
        let arithmetic = try #require(try SPU.semi2k().facts.arithmetic)
        var random = NumberSource(name: "shares", seed: 1)
        let operand = try NumericArray([1, 2], shape: [2])
        for (type, isPublic) in [("Relu", false), ("MatMul", false), ("Exp", true), ("ReduceMax", false)] {
            let node = Node(op: OperatorName(type), inputs: [ValueID(0)], outputs: [ValueID(1)])
            let operation = FixedPointOperation(node: node, inputs: [operand], isPublic: [isPublic])
            #expect(try arithmetic.outputs(of: operation, random: &random) == nil, "\(type)")
        }
    }

    @Test(
        "where SPU throws, nothing is said",
        arguments: [
            ("Reciprocal", ["field": "FM32"]), ("Log", ["field": "FM32"]), ("Exp", ["fxp_exp_mode": "EXP_PRIME"]),
        ])
    func refused(type: String, configuration: [String: String]) throws {
        let arithmetic = try #require(try SPU.semi2k(configuration: configuration).facts.arithmetic)
        var random = NumberSource(name: "shares", seed: 1)
        let node = Node(op: OperatorName(type), inputs: [ValueID(0)], outputs: [ValueID(1)])
        let operation = FixedPointOperation(
            node: node, inputs: [try NumericArray([1, 2], shape: [2])], isPublic: [false])
        #expect(try arithmetic.outputs(of: operation, random: &random) == nil)
    }
}

/// A row of `spu.json`: an operator with its operands, and what SPU gave for them in many runs.
struct SPUFunction: Decodable, Sendable, CustomTestStringConvertible {
    /// An operand.
    struct Operand: Decodable, Sendable {
        let shape: [Int]
        let values: [Double]
        let `public`: Bool
    }

    /// What came of an element in all runs.
    struct Outcome: CustomStringConvertible {
        var low = Double.infinity
        var mean = 0.0
        var high = -Double.infinity
        /// How far apart the quartiles are.
        var middle = 0.0

        var spread: Double { high - low }
        /// Whether the runs have nothing in common.
        var isArbitrary: Bool { middle > 1e4 && middle > Swift.abs(mean) }
        var description: String { "\(low)...\(high), \(mean)" }
    }

    let `operator`: String
    let attributes: [String: Literal]
    let `protocol`: String
    let configuration: [String: String]
    let operands: [Operand]
    let low: [Double]
    let mean: [Double]
    let high: [Double]
    let middle: [Double]

    /// The rows of the fixture.
    static let all: [SPUFunction] = {
        let path = try! Fixtures.path("truth/arithmetic/spu.json")
        return try! JSONDecoder().decode([SPUFunction].self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    }()

    var testDescription: String { "\(`operator`) \(`protocol`) \(configuration.sorted { $0.key < $1.key })" }

    /// What SPU gave.
    var results: [Outcome] {
        low.indices.map { Outcome(low: low[$0], mean: mean[$0], high: high[$0], middle: middle[$0]) }
    }

    /// SPU as it ran.
    func framework() throws -> SPU {
        switch `protocol` {
        case "semi2k": try SPU.semi2k(configuration: configuration)
        case "semi2k-3": try SPU.semi2k(parties: 3, configuration: configuration)
        case "spu-aby3": try SPU.aby3(configuration: configuration)
        default: try SPU.cheetah(configuration: configuration)
        }
    }

    /// What the simulation gives in that many runs.
    func simulated(_ count: Int, by framework: SPU) throws -> [Outcome] {
        let arithmetic = try #require(framework.facts.arithmetic)
        let steps = 1 / (try #require(framework.facts.fixedPoint)).resolution
        // SPU encodes towards zero.
        var inputs = try operands.map { operand in
            let encoded = operand.values.map { operand.public ? $0 : ($0 * steps).rounded(.towardZero) / steps }
            return try NumericArray(encoded, shape: operand.shape, elementType: .float32)
        }
        var isPublic = operands.map(\.public)
        if case .numbers(let axes) = attributes["axes"] {
            inputs.append(try NumericArray(.int64, shape: [axes.count], storage: .integers(axes.map { Int64($0) })))
            isPublic.append(true)
        }
        let operation = FixedPointOperation(node: try node(inputs.count), inputs: inputs, isPublic: isPublic)
        var random = NumberSource(name: "shares", seed: 7)
        var runs = low.map { _ in [Double]() }
        for _ in 0..<count {
            let outputs = try #require(try arithmetic.outputs(of: operation, random: &random))
            let values = try #require(outputs.first ?? nil).doubles()
            try #require(values.count == runs.count)
            for (index, value) in values.enumerated() { runs[index].append(value) }
        }
        return runs.map { Outcome($0.sorted()) }
    }

    /// The operator. Axes are an operand.
    private func node(_ count: Int) throws -> Node {
        let op = OperatorName(`operator`)
        let definition = try #require(OperatorTable[op])
        var node = Node(op: op, inputs: (0..<count).map { ValueID($0) }, outputs: [ValueID(count)])
        for (name, value) in attributes where name != "axes" {
            let kind = try #require(definition.attribute(name)).kind
            node.attributes[name] = value.attribute(kind: kind)
        }
        return node
    }
}

extension SPUFunction.Outcome {
    /// Of runs in the order of their results.
    init(_ sorted: [Double]) {
        (low, high) = (sorted[0], sorted[sorted.count - 1])
        mean = sorted.reduce(0, +) / Double(sorted.count)
        middle = sorted[sorted.count * 3 / 4] - sorted[sorted.count / 4]
    }
}
