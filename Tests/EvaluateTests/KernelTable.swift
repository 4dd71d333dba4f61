import Evaluate
import IR
import Testing

/// One call of an operator and what it must give.
struct KernelCase: CustomTestStringConvertible, Sendable {
    let op: OperatorName
    let attributes: [String: Attribute]
    let inputs: [NumericArray?]
    let outputs: [NumericArray]
    let note: String

    init(
        _ op: OperatorName, _ inputs: [NumericArray?], _ attributes: [String: Attribute] = [:],
        gives outputs: NumericArray..., note: String = ""
    ) {
        self.op = op
        self.attributes = attributes
        self.inputs = inputs
        self.outputs = outputs
        self.note = note
    }

    var testDescription: String { "\(op) \(note)" }

    /// Runs the operator and compares with what it must give.
    func check(precision: Interpreter.Precision = .float64, tolerance: Double = 1e-12) throws {
        let results = try #require(try Interpreter(precision: precision).evaluate(node, inputs: inputs))
        #expect(results.count >= outputs.count)
        for (result, expected) in zip(results, outputs) {
            let result = try #require(result)
            #expect(result.shape == expected.shape)
            #expect(result.elementType == expected.elementType)
            if case .strings = expected.storage {
                #expect(result.storage == expected.storage)
                continue
            }
            for (found, wanted) in zip(try result.doubles(), try expected.doubles()) {
                #expect(agree(found, wanted, tolerance), "\(testDescription): \(found) instead of \(wanted)")
            }
        }
    }

    /// The node of this call.
    var node: Node {
        Node(
            op: op, inputs: inputs.indices.map { inputs[$0] == nil ? nil : ValueID($0) },
            outputs: outputs.indices.map { ValueID(inputs.count + $0) }, attributes: attributes)
    }
}

/// Whether two numbers are the same up to a tolerance relative to the second, or both NaN.
func agree(_ found: Double, _ wanted: Double, _ tolerance: Double) -> Bool {
    if found.isNaN || wanted.isNaN { return found.isNaN && wanted.isNaN }
    return found == wanted || abs(found - wanted) <= tolerance * max(1, abs(wanted))
}

/// A float tensor.
func f(_ values: [Double], _ shape: [Int]? = nil) -> NumericArray {
    try! NumericArray(values, shape: shape ?? [values.count], elementType: .float32)
}

/// An int64 tensor, or one of another integer type.
func i(_ values: [Int64], _ shape: [Int]? = nil, _ type: ElementType = .int64) -> NumericArray {
    try! NumericArray(type, shape: shape ?? [values.count], storage: .integers(values))
}

/// A bool tensor.
func b(_ values: [Int64], _ shape: [Int]? = nil) -> NumericArray { i(values, shape, .bool) }

/// A string tensor.
func s(_ values: [String]) -> NumericArray {
    try! NumericArray(.string, shape: [values.count], storage: .strings(values))
}

/// Whole numbers from 0 on.
func count(_ shape: Int...) -> NumericArray { f((0..<shape.reduce(1, *)).map(Double.init), shape) }
