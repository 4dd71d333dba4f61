import Evaluate
import IR
import ONNXFormat
import Pricing
import Rewrite
import Suggest
import TestSupport

/// What the tests suggest variants of.
enum SuggestionModels {
    /// A network of matrix products with activations between them, small enough for a debug build to run hundreds of times. Its
    /// weights are numbers between -1 and 1.
    ///
    /// - Parameter activations: the operators between the products; their outputs are called `a0`, `a1`, ...
    static func perceptron(_ activations: [String]) throws -> Graph {
        let width = 4
        var weights: [String] = []
        var lines: [String] = []
        for (index, activation) in activations.enumerated() {
            var source = NumberSource(name: "w\(index)", seed: 7)
            let numbers = (0..<(width * width)).map { _ in "\(Float(source.unit() * 2 - 1))" }.joined(separator: ", ")
            weights.append("float[\(width),\(width)] w\(index) = {\(numbers)}")
            lines.append("p\(index) = MatMul (\(index == 0 ? "x" : "a\(index - 1)"), w\(index))")
            lines.append("a\(index) = \(activation) (p\(index))")
        }
        return try graph(
            """
            <ir_version: 8, opset_import: ["" : 17]>
            perceptron (float[1,\(width)] x) => (float[1,\(width)] logits)
            <\(weights.joined(separator: ", "))> {
              \(lines.joined(separator: "\n  "))
              logits = Neg (a\(activations.count - 1))
            }
            """)
    }

    /// The model of a text, with the types of its values.
    static func graph(_ text: String) throws -> Graph {
        var graph = try ONNXText.parseModel(text)
        try graph.inferTypes(evaluator: Interpreter())
        return graph
    }

    /// A model of the fixtures.
    static func fixture(_ name: String) throws -> Graph {
        try loadModel(at: Fixtures.path("models/\(name).onnx"), evaluator: Interpreter()).graph
    }

    /// A suggester for the time on a wide-area network whose exact search takes improving rewrites only, which is quick.
    static func suggester(
        _ framework: any Framework, objective: Objective = .time(.wan), rules: [String]? = nil,
        _ change: (inout Suggester.Options) -> Void = { _ in }
    ) throws -> Suggester {
        let catalog = try RuleCatalog.builtIn()
        var options = Suggester.Options(search: Optimizer.Options(objective: objective))
        options.search.strategy = .greedy
        change(&options)
        let approximate = try catalog.selecting(only: rules ?? []).rules.filter { $0.exactness == .approximate }
        return Suggester(
            rules: catalog.rules.filter { $0.exactness != .approximate }, substitutions: approximate,
            framework: framework, policy: framework.defaultVisibility, options: options)
    }
}
