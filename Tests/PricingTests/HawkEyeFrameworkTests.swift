import IR
import Testing

@testable import Calibration
@testable import Frameworks
@testable import Pricing

/// HawkEye's lowering of operators, against what its compiler says for ABY3 (64-bit ring, `-C -K LTZ,TruncPr`): the forward
/// rows of small programs, bits and rounds.
@Suite struct HawkEyeFrameworkTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let op: String
        let inputs: [[Int]]
        let result: [Int]
        var attributes: [String: Attribute] = [:]
        let bits: Int
        let rounds: Int
        var offline = (bits: 0, rounds: 0)

        var testDescription: String { "\(op) \(inputs)" }
    }

    private static let window: [String: Attribute] = ["kernel_shape": .ints([2, 2]), "strides": .ints([2, 2])]
    private static let padded: [String: Attribute] = ["kernel_shape": .ints([3, 3]), "pads": .ints([1, 1, 1, 1])]

    private static let x = [[4, 24]]

    static let rows: [Row] = [
        Row(op: "Relu", inputs: x, result: [4, 24], bits: 73_728, rounds: 9),
        Row(op: "Clip", inputs: x + [[], []], result: [4, 24], bits: 147_456, rounds: 18),
        Row(
            op: "MaxPool", inputs: [[2, 3, 8, 8]], result: [2, 3, 4, 4], attributes: window, bits: 221_184, rounds: 18),
        Row(
            op: "MaxPool", inputs: [[2, 3, 9, 9]], result: [2, 3, 4, 4],
            attributes: ["kernel_shape": .ints([3, 3]), "strides": .ints([2, 2])], bits: 589_824, rounds: 36),
        Row(
            op: "AveragePool", inputs: [[2, 3, 8, 8]], result: [2, 3, 4, 4], attributes: window, bits: 6_144, rounds: 1),
        Row(
            op: "Conv", inputs: [[2, 3, 8, 8], [5, 3, 3, 3]], result: [2, 5, 8, 8], attributes: padded, bits: 163_840,
            rounds: 2),
        Row(
            op: "Conv", inputs: [[2, 3, 8, 8], [5, 3, 3, 3]], result: [2, 5, 4, 4],
            attributes: padded.merging(["strides": .ints([2, 2])]) { $1 }, bits: 40_960, rounds: 2),
        Row(
            op: "Conv", inputs: [[2, 4, 8, 8], [6, 2, 3, 3]], result: [2, 6, 8, 8],
            attributes: padded.merging(["group": .int(2)]) { $1 }, bits: 196_608, rounds: 3),
        Row(op: "MatMul", inputs: [[4, 24], [24, 10]], result: [4, 10], bits: 10_240, rounds: 2),
        Row(op: "MatMul", inputs: [[2, 4, 24], [24, 10]], result: [2, 4, 10], bits: 20_480, rounds: 2),
        Row(op: "MatMul", inputs: [[2, 4, 24], [2, 24, 10]], result: [2, 4, 10], bits: 20_480, rounds: 2),
        Row(op: "Exp", inputs: x, result: [4, 24], bits: 1_320_960, rounds: 27, offline: (1_714_176, 62)),
        Row(op: "Log", inputs: x, result: [4, 24], bits: 7_999_488, rounds: 102, offline: (8_570_880, 310)),
        Row(op: "Pow", inputs: x + [[]], result: [4, 24], bits: 9_308_160, rounds: 127, offline: (10_285_056, 372)),
        Row(op: "Sigmoid", inputs: x, result: [4, 24], bits: 2_285_568, rounds: 99, offline: (1_714_176, 62)),
        Row(op: "Tanh", inputs: x, result: [4, 24], bits: 362_496, rounds: 34),
        Row(op: "Gelu", inputs: x, result: [4, 24], bits: 454_656, rounds: 43),
        Row(op: "Mul", inputs: x + [[24]], result: [4, 24], bits: 24_576, rounds: 2),
        Row(op: "Div", inputs: x + x, result: [4, 24], bits: 841_728, rounds: 72),
        Row(op: "ReduceMean", inputs: x, result: [4], bits: 256, rounds: 1),
        Row(op: "LayerNormalization", inputs: x, result: [4, 24], bits: 234_496, rounds: 27, offline: (71_424, 62)),
        Row(op: "Softmax", inputs: x, result: [4, 24], bits: 1_047_040, rounds: 146, offline: (1_787_904, 126)),
        Row(op: "LogSoftmax", inputs: x, result: [4, 24], bits: 704_512, rounds: 230, offline: (430_848, 374)),
    ]

    @Test func operatorsCostWhatHawkEyeSays() throws {
        let framework = try HawkEyeFramework(.aby3)
        var exactBits = 0
        var exactRounds = 0
        for row in Self.rows {
            func operand(_ lengths: [Int], _ index: Int) -> OperatorSite.Operand {
                let isBound = lengths.isEmpty
                return OperatorSite.Operand(
                    type: TensorType(.float32, lengths: lengths), visibility: isBound ? .public : .private)
            }
            let node = Node(op: OperatorName(row.op), inputs: [], outputs: [], attributes: row.attributes)
            let inputs = row.inputs.enumerated().map { operand($1, $0) }
            let site = OperatorSite(node: node, inputs: inputs, outputs: [operand(row.result, 0)])
            let price = try #require(try framework.price(site)).cost
            let cost = price.online
            let isSame = (
                cost.bytes * 8 == row.bits && price.offline.bytes * 8 == row.offline.bits,
                cost.rounds == row.rounds && price.offline.rounds == row.offline.rounds
            )
            exactBits += isSame.0 ? 1 : 0
            exactRounds += isSame.1 ? 1 : 0
            if isSame != (true, true) {
                print("\(row.testDescription): \(row.bits) bits \(row.rounds), offline \(row.offline), not \(price)")
            }
        }
        print("HawkEye's operators: rows \(Self.rows.count), bits exact \(exactBits), rounds exact \(exactRounds)")
        #expect(exactBits == Self.rows.count && exactRounds == Self.rows.count)
    }
}
