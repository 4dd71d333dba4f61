import Evaluate
import IR
@testable import Frameworks
import Pricing

/// One measured MP-SPDZ program: the ONNX expression that stands for it, and the configuration it was compiled with.
struct MPSPDZProgram {
    let inputs: String
    let expression: String
    var configuration: [String: String] = [:]

    /// A program of the given parts.
    init(inputs: String, expression: String, configuration: [String: String] = [:]) {
        self.inputs = inputs
        self.expression = expression
        self.configuration = configuration
    }

    /// The program of a row; nil if nothing stands for it.
    init?(_ row: Measurement) {
        let shape = (row.fields["shapes"] as? [[Int]])?.first ?? []
        guard let operands = Self.operands(row.string("op").replacing("k", with: ""), shape) else { return nil }
        (inputs, expression) = operands
        configuration["split"] = row.part("attrs").string("mode").contains("-Z 3") ? "3" : "off"
        // Programs whose names end in k use the instruction; those of comparisons set the bits.
        let isInstruction = ["fixmulk", "fixmulg", "matmulk", "divk"].contains(row.string("op"))
        configuration["program.use_trunc_pr"] = isInstruction ? "true" : "false"
        if ["ltzk", "relukk"].contains(row.string("op")), shape.count > 1 { configuration["sfix.k"] = "\(shape[1])" }
        // The second argument of fixmulk is the bits of the product.
        if row.string("op") == "fixmulk", shape.count > 1 { configuration["sfix.k"] = "\(shape[1] - 16)" }
    }

    private static func operands(_ op: String, _ shape: [Int]) -> (String, String)? {
        guard let count = shape.first else { return nil }
        let elements = "float[\(count)] x, float[\(count)] y"
        let integers = "int64[\(count)] x, int64[\(count)] y"
        switch (op, shape.count) {
        case ("mul", _): return (integers, "Mul(x, y)")
        case ("eqz", _): return (integers, "Equal(x, y)")
        case ("fixmul", _), ("fixmulg", _): return (elements, "Mul(x, y)")
        case ("ltz", _): return (elements, "Less(x, y)")
        case ("relu", _): return (elements, "Relu(x)")
        case ("exp", _): return (elements, "Exp(x)")
        case ("div", _): return (elements, "Div(x, y)")
        case ("max", 2...): return ("float[\(count),\(shape[1])] x", "ReduceMax<keepdims = 0>(x, last)")
        case ("matmul", 3...):
            return ("float[\(count),\(shape[1])] x, float[\(shape[1]),\(shape[2])] y", "MatMul(x, y)")
        default: return nil
        }
    }

    /// The program as a graph.
    func graph() throws -> Graph {
        try model("g (\(inputs)) => (u) <int64[1] last = {-1}> { u = \(expression) }")
    }

    /// What the program costs.
    func profile() throws -> Profile {
        try Profiler(MPSPDZ(configuration: configuration), evaluator: Interpreter()).profile(try graph())
    }
}
