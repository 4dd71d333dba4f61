import IR
import Pricing

/// Which functions a framework calls, found by pricing a few operators: what a user's file can put prices on.
enum CalledNames {
    private static let unary = [
        "Relu", "Sigmoid", "Tanh", "Exp", "Log", "Sqrt", "Reciprocal", "Abs", "Sign", "Softmax", "LogSoftmax", "Erf",
        "Gelu",
        "GlobalAveragePool", "GlobalMaxPool", "ArgMax", "ReduceMax", "ReduceMean",
    ]
    private static let binary = ["Mul", "Div", "MatMul", "Equal", "Less", "Max", "And"]

    /// The names of all calls in the trees of those operators.
    static func of(_ framework: any Framework) -> Set<String> {
        let image = operand([1, 4, 8, 8])
        var sites = unary.map { site($0, [image]) } + binary.map { site($0, [image, image]) }
        sites.append(site("Conv", [image, operand([4, 4, 1, 1])]))
        sites.append(site("Where", [operand([1, 4, 8, 8], .bool), image, image]))
        var names: Set<String> = []
        for site in sites {
            guard let price = try? framework.price(site) else { continue }
            for child in price.call.children { collect(child, &names) }
        }
        return names
    }

    private static func collect(_ call: Call, _ names: inout Set<String>) {
        if call.sizes != Sizes() { names.insert(call.name) }
        for child in call.children { collect(child, &names) }
    }

    private static func operand(_ lengths: [Int], _ element: ElementType = .float32) -> OperatorSite.Operand {
        OperatorSite.Operand(type: TensorType(element, lengths: lengths), visibility: .private)
    }

    private static func site(_ name: String, _ inputs: [OperatorSite.Operand]) -> OperatorSite {
        let node = Node(op: OperatorName(name), inputs: [], outputs: [])
        return OperatorSite(node: node, inputs: inputs, outputs: inputs.prefix(1).map { $0 })
    }
}
