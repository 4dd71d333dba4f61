import Evaluate
import Foundation
@testable import Frameworks
import IR
import Pricing
import TestSupport
import Testing

/// The simulation of CrypTen's approximations beside what CrypTen itself computed (`Tests/Oracles/crypten_functions.py`).
@Suite("CrypTen's arithmetic")
struct CrypTenArithmeticTests {
    /// Every element comes out as CrypTen's own runs have it: the same quartiles, to what 24 runs tell of them.
    @Test("simulated functions give what CrypTen gives, where it is right and where it is wrong")
    func functions() throws {
        for recorded in try CrypTenRecording.load().cases {
            let differences = try recorded.differences()
            #expect(differences.isEmpty, "\(recorded.title): \(differences.prefix(5).joined(separator: "; "))")
        }
    }

    /// What a key changes is seen in the numbers.
    @Test(
        "the comparison notices another configuration",
        arguments: [
            ("Exp", "functions.exp_iterations", "7"), ("Log", "functions.exp_iterations", "7"),
            ("Log", "functions.log_iterations", "3"), ("Log", "functions.log_order", "7"),
            ("Log", "functions.log_exp_iterations", "9"), ("Reciprocal", "functions.reciprocal_nr_iters", "9"),
            ("Reciprocal", "functions.reciprocal_method", "log"),
            ("Reciprocal", "functions.reciprocal_all_pos", "true"),
            ("Reciprocal", "functions.reciprocal_initial", "0.01"), ("Sqrt", "functions.sqrt_nr_iters", "4"),
            ("Sigmoid", "functions.exp_iterations", "9"), ("Sigmoid", "functions.sigmoid_tanh_method", "chebyshev"),
            ("Tanh", "functions.exp_iterations", "9"), ("Erf", "functions.erf_iterations", "5"),
            ("Sin", "functions.trig_iterations", "9"), ("Cos", "functions.trig_iterations", "11"),
            ("Softmax", "functions.reciprocal_nr_iters", "5"), ("LogSoftmax", "functions.log_iterations", "1"),
            ("BatchNormalization", "functions.sqrt_nr_iters", "2"),
        ])
    func otherConfiguration(op: String, key: String, value: String) throws {
        let recording = try CrypTenRecording.load()
        let recorded = try #require(
            recording.cases.first { $0.op == op && $0.configuration.isEmpty && $0.parties == 2 })
        var changed = recorded
        changed.configuration[key] = value
        #expect(try !changed.differences().isEmpty)
    }

    /// Shares that are cut off one by one lose the multiple of the ring's size by which their sum wraps around; three and more parties
    /// count the wraps, but under a mask that can wrap around itself. Either happens with probability |x| / 2^64.
    @Test("a number is truncated wrongly as often as it is large", arguments: [2, 3, 5])
    func wrongTruncations(parties: Int) {
        let trials = 4000
        var numbers = CrypTen.FixedPoint(parties: parties, random: NumberSource(name: "wraps", seed: 1))
        var wrong = 0
        for _ in 0..<trials {
            let distance = abs(numbers.quotient(numbers.share(1 << 61), by: numbers.one).value - (1 << 45))
            if distance >= parties {
                wrong += 1
                // What is lost is 2^64 divided by the divisor.
                #expect(abs(distance - (1 << 48)) < parties)
            }
        }
        #expect(abs(Double(wrong) / Double(trials) - 0.125) < 0.02)
    }

    @Test("numbers beyond the ring wrap around, and known numbers are cut off towards zero")
    func encoding() {
        let numbers = CrypTen.FixedPoint(random: NumberSource(name: "encoding", seed: 1))
        #expect(numbers.element(1.5) == 98304)
        #expect(numbers.element(0x1p47) == .min)
        #expect(numbers.element(0x1p48 + 1) == 65536)
        #expect(numbers.element(-0x1p48 - 2) == -131_072)
        #expect((numbers.encode(0.003), numbers.encode(-0.003), numbers.encode(1e-5)) == (196, -196, 0))
        #expect(numbers.encode(single: 1.0 / 3) == 21845)
    }

    @Test("what CrypTen has no method for is left to others")
    func unknown() throws {
        let arithmetic = try #require(try CrypTen().facts.arithmetic)
        var random = NumberSource(name: "unknown", seed: 1)
        let operand = try NumericArray([0.5, 1.5], shape: [2])
        for (op, isPublic) in [("Relu", false), ("Gelu", false), ("Exp", true)] {
            let node = Node(op: OperatorName(op), inputs: [ValueID(0)], outputs: [ValueID(1)])
            let operation = FixedPointOperation(node: node, inputs: [operand], isPublic: [isPublic])
            #expect(try arithmetic.outputs(of: operation, random: &random) == nil)
        }
        let node = Node(op: "Div", inputs: [ValueID(0), ValueID(1)], outputs: [ValueID(2)])
        let zero = try NumericArray([0], shape: [])
        let division = FixedPointOperation(node: node, inputs: [operand, zero], isPublic: [false, true])
        #expect(throws: HarrierError.self) { try arithmetic.outputs(of: division, random: &random) }
    }
}
