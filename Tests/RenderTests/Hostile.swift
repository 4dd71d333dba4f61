import IR
import Render
import TestSupport

/// Names that try to break out of labels, DOT, or XML.
enum Hostile {
    static let names = HostileNames.all

    /// A chain of nodes with those names for nodes, values, rules and modules.
    static func model(names: [String]) -> Drawing.Model {
        var graph = Graph(name: names.joined(separator: " "))
        var last = graph.addInput(names.first ?? "", TensorType(.float32, [.symbol(names.first ?? ""), .unknown]))
        var prices: [String: Samples.Price] = [:]
        for (index, name) in names.enumerated() {
            let constant = graph.addConstant(name, Samples.weight(2))
            let output = graph.add(Value(name: name, type: TensorType(.float32, [.symbol(name)])))
            graph.append(
                Node(
                    name: name, op: OperatorName(name, domain: name), inputs: [last, constant], outputs: [output],
                    scope: Scope([names[index / 4 * 4], name]), rule: name))
            prices[name] = Samples.Price(opening: [10, 20 * index], beyond: 30, rounds: 1)
            last = output
        }
        graph.outputs = [last]
        return Drawing.Model(graph, Samples.profile(graph, prices, unpriced: ["same": names.joined()]))
    }
}
