import Evaluate
import IR
@testable import Frameworks
import Pricing

/// Small graphs for tests, written as ONNX text.
func model(_ text: String) throws -> Graph {
    var graph = try ONNXText.parseModel("<ir_version: 10, opset_import: [\"\": 21]>\n" + text)
    try graph.inferTypes(evaluator: Interpreter())
    return graph
}

/// The profile of a graph under CrypTen with two parties.
func profile(_ text: String, policy: VisibilityPolicy? = nil, parties: Int = 2) throws -> Profile {
    try Profiler(CrypTen(parties: parties), evaluator: Interpreter()).profile(try model(text), policy: policy)
}
