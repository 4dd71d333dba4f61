import Evaluate
import Foundation
import Frameworks
import IR
import Pricing
import TestSupport

/// What CrypTen computed on a few numbers, many times with fresh shares.
struct CrypTenRecording: Decodable {
    /// How many times.
    let runs: Int
    /// One operator each.
    let cases: [Case]

    static func load() throws -> Self {
        let file = URL(fileURLWithPath: try Fixtures.path("truth/arithmetic/crypten.json"))
        return try JSONDecoder().decode(Self.self, from: Data(contentsOf: file))
    }

    /// An operator on operands under a configuration, with the ring elements that were revealed.
    struct Case: Decodable {
        let op: String
        let inputs: [Operand]
        let attributes: [String: AttributeValue]
        let parties: Int
        var configuration: [String: String]
        let shape: [Int]
        /// Between which the middle half of the runs lies.
        let quartiles: [[Int64]]
        /// The middle one of the magnitudes.
        let size: [Int64]

        /// Operator, parties, configuration and attributes.
        var title: String { "\(op) of \(parties) parties, \(configuration), \(attributes.keys.sorted())" }
    }

    /// An operand.
    struct Operand: Decodable {
        let shape: [Int]
        let values: [Double]
        let `public`: Bool
    }

    /// The value of an attribute.
    struct AttributeValue: Decodable {
        let value: Attribute

        /// Attributes that are floating-point numbers even where JSON writes an integer.
        private static let floats = ["alpha", "beta", "epsilon"]

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if Self.floats.contains(decoder.codingPath.last?.stringValue ?? "") {
                value = .float(try container.decode(Float.self))
            } else if let int = try? container.decode(Int.self) {
                value = .int(int)
            } else {
                value = .ints(try container.decode([Int].self))
            }
        }
    }
}

extension CrypTenRecording.Case {
    /// Runs of the simulation.
    private static let simulations = 288
    /// Elements that vary more than this, about 2^10 in numbers, are noise: of those only the size counts.
    private static let noise: Int64 = 1 << 26

    /// In what the simulation does not give what CrypTen gave.
    func differences() throws -> [String] {
        let framework = try FrameworkCatalog.make("crypten", parties: parties, configuration: configuration)
        let found = try (0..<Self.simulations).map { try simulated(framework.facts, seed: UInt64($0)) }
        guard found[0].count == size.count else { return ["\(found[0].count) elements instead of \(size.count)"] }
        return size.indices.compactMap { index in difference(index, found.map { $0[index] }.sorted()) }
    }

    /// The ring elements of a run of the simulation.
    private func simulated(_ facts: FrameworkFacts, seed: UInt64) throws -> [Double] {
        guard let arithmetic = facts.arithmetic, let format = facts.fixedPoint else { return [] }
        let node = Node(
            op: OperatorName(op), inputs: inputs.indices.map { ValueID($0) }, outputs: [ValueID(inputs.count)],
            attributes: attributes.mapValues(\.value))
        let operation = FixedPointOperation(
            node: node, inputs: try inputs.map { try NumericArray($0.values, shape: $0.shape) },
            isPublic: inputs.map(\.public))
        var random = NumberSource(name: "shares", seed: seed)
        guard let result = try arithmetic.outputs(of: operation, random: &random)?.first ?? nil, result.shape == shape
        else { return [] }
        return try result.doubles().map { $0 / format.resolution }
    }

    /// How one element differs; nil if it does not.
    ///
    /// Which of the simulation's runs a quartile of CrypTen's 24 falls among follows a beta distribution, of which everything but some
    /// ten millionths lies within the bounds given here.
    ///
    /// - Parameter runs: what the simulation gives, in order.
    private func difference(_ index: Int, _ runs: [Double]) -> String? {
        let (low, high) = (quartiles[index][0], quartiles[index][1])
        let sizes = runs.map(\.magnitude).sorted()
        let spread = high.subtractingReportingOverflow(low)
        if spread.overflow || spread.partialValue > Self.noise {
            // Some of it settles in some runs and not in others, so that the middle run varies, too.
            let range = (sizes[sizes.count / 10] / 8)...((sizes[sizes.count * 9 / 10] + 1) * 8)
            return range.contains(Double(size[index])) ? nil : "element \(index) is in \(range), not \(size[index])"
        }
        let expected = [
            (Double(low), within(runs, 0.01, 0.75)), (Double(high), within(runs, 0.25, 0.99)),
            (Double(size[index]), within(sizes, 0.1, 0.9)),
        ]
        return expected.first { !$0.1.contains($0.0) }.map { "element \(index) is in \($0.1), not \($0.0)" }
    }

    /// Numbers in order without the first and the last of them.
    private func within(_ numbers: [Double], _ from: Double, _ to: Double) -> ClosedRange<Double> {
        let last = Double(numbers.count - 1)
        return numbers[Int(from * last)]...numbers[Int((to * last).rounded(.up))]
    }
}
