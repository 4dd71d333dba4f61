import Evaluate
import Foundation
import IR
import TestSupport

/// What PyTorch computed, as `Tests/Oracles/torch_training.py` wrote it down.
struct TrainingFixture<Case: Decodable>: Decodable {
    let torch: String
    let cases: [Case]

    init(_ name: String) throws {
        let data = try Data(contentsOf: URL(fileURLWithPath: Fixtures.path("training/\(name).json")))
        self = try JSONDecoder().decode(Self.self, from: data)
    }
}

/// The numbers of the script's generator, from -1 to 1.
struct Draws {
    private var state: UInt32

    init(_ seed: UInt32) { state = seed }

    mutating func number() -> Double {
        state = state &* 1_664_525 &+ 1_013_904_223
        return Double(state) / 0x1p31 - 1
    }

    mutating func numbers(_ shape: [Int], over divisor: Double = 1) -> [Double] {
        (0..<shape.reduce(1, *)).map { _ in number() / divisor }
    }
}

/// The largest difference, relative to numbers above 1.
func error(_ found: [Double], _ wanted: [Double]) -> Double {
    guard found.count == wanted.count else { return .infinity }
    return zip(found, wanted).reduce(0) { max($0, abs($1.0 - $1.1) / max(1, abs($1.1))) }
}

extension Interpreter {
    /// Runs a graph of 64-bit numbers.
    func run(_ graph: Graph, doubles: [String: [Double]], integers: [String: [Int]] = [:]) throws -> [String: [Double]]
    {
        var inputs: [String: NumericArray] = [:]
        for id in graph.inputs {
            let value = graph[id]
            let shape = value.type?.lengths ?? []
            if let numbers = doubles[value.name] {
                inputs[value.name] = try NumericArray(numbers, shape: shape)
            } else if let numbers = integers[value.name] {
                inputs[value.name] = try NumericArray(
                    .int64, shape: shape, storage: .integers(numbers.map { Int64($0) }))
            }
        }
        return try run(graph, inputs: inputs).mapValues { try $0.doubles() }
    }
}
