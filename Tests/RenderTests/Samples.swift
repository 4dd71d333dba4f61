import IR
import Pricing
import Render

/// Small graphs with made-up prices.
enum Samples {
    static let framework = FrameworkInfo(
        name: "sample", title: "Sample", version: "1.0", threatModel: "semi-honest", parties: 2,
        supportedParties: 2...2, configuration: ["provider": "TFP"], configurationKeys: [], offline: "")

    /// A price: what opening each operand costs, what is sent beyond, and rounds.
    struct Price {
        var opening: [Int] = []
        var beyond = 0
        var rounds = 0
    }

    static func type(_ lengths: Int...) -> TensorType { TensorType(.float32, lengths: lengths) }

    static func weight(_ lengths: Int...) -> Tensor {
        Tensor(float32: [Float](repeating: 0.5, count: lengths.reduce(1, *)), shape: lengths)
    }

    /// A profile with the given prices by node name; nodes that are not named cost nothing.
    static func profile(_ graph: Graph, _ prices: [String: Price], unpriced: [String: String] = [:]) -> Profile {
        var entries: [Profile.Entry] = []
        var missing: [Profile.UnpricedEntry] = []
        for (index, node) in graph.nodes.enumerated() {
            if let reason = unpriced[node.name] {
                missing.append(.init(index: index, name: node.name, op: node.op, reason: reason))
                continue
            }
            let price = prices[node.name] ?? Price()
            let online = Traffic(bytes: price.opening.reduce(price.beyond, +), rounds: price.rounds)
            let call = Call(node.op.type, cost: Cost(online: online, offline: Traffic(bytes: 3 * online.bytes)))
            entries.append(
                .init(
                    index: index, name: node.name, op: node.op, scope: node.scope,
                    price: OperatorPrice(call, operandBytes: price.opening)))
        }
        return Profile(
            model: "sample", framework: framework, entries: entries, unpriced: missing, inputOutput: .zero,
            criticalPathRounds: 0)
    }

    /// Appends a node with one output; the name is also the output's, and its TorchScript scope counts.
    @discardableResult
    static func append(
        _ graph: inout Graph, _ op: OperatorName, _ name: String, _ inputs: [ValueID], type: TensorType = type(1, 8),
        rule: String? = nil
    ) -> ValueID {
        let output = graph.add(Value(name: name + "_output_0", type: type))
        graph.append(
            Node(
                name: name, op: op, inputs: inputs, outputs: [output], scope: Scope(torchScriptNodeName: name),
                rule: rule))
        return output
    }

    /// x → Conv → Relu → (Conv → Add with the Relu) → y, in a module `block`.
    static func residual() -> Drawing.Model {
        var graph = Graph(name: "residual")
        let x = graph.addInput("x", type(1, 3, 8, 8))
        let w1 = graph.addConstant("conv1.weight", weight(4, 3, 3, 3))
        let w2 = graph.addConstant("block.conv2.weight", weight(4, 4, 3, 3))
        let a = append(&graph, "Conv", "/conv1/Conv", [x, w1], type: type(1, 4, 8, 8))
        let b = append(&graph, "Relu", "/relu/Relu", [a], type: type(1, 4, 8, 8))
        let c = append(&graph, "Conv", "/block/conv2/Conv", [b, w2], type: type(1, 4, 8, 8))
        let d = append(&graph, "Add", "/block/Add", [c, b], type: type(1, 4, 8, 8))
        graph.outputs = [d]
        return Drawing.Model(
            graph,
            profile(
                graph,
                [
                    "/conv1/Conv": Price(opening: [3072, 1728], beyond: 0, rounds: 1),
                    "/relu/Relu": Price(beyond: 59_392, rounds: 9),
                    "/block/conv2/Conv": Price(opening: [4096, 2304], rounds: 1),
                ]))
    }

    /// The same after rewriting: the Relu is gone, and a rule has made the Add anew.
    static func rewritten() -> Drawing.Model {
        let before = residual()
        var graph = before.graph
        let relu = graph.nodes.remove(at: 1)
        for index in graph.nodes.indices {
            graph.nodes[index].inputs = graph.nodes[index].inputs.map { $0 == relu.outputs[0] ? relu.inputs[0] : $0 }
        }
        graph.nodes[2].name = "/block/Add_new"
        graph.nodes[2].rule = "drop-relu"
        let prices = [
            "/conv1/Conv": Price(opening: [3072, 1728], beyond: 0, rounds: 1),
            "/block/conv2/Conv": Price(opening: [4096, 2304], rounds: 1),
        ]
        return Drawing.Model(graph, profile(graph, prices))
    }

    /// A chain of modules `layer.0`, `layer.1`, ..., each with other rounds, so that none are alike, with the given number of
    /// operators in each, every one opening its operand and sending something beyond; each module's first value is read again by its last operator.
    static func chain(modules: Int, length: Int, scoped: Bool = true) -> Drawing.Model {
        var graph = Graph(name: "chain")
        var prices: [String: Price] = [:]
        var last = graph.addInput("x", type(1, 8))
        let mask = graph.addInput("mask", type(1, 8))
        for module in 0..<modules {
            let first = last
            for step in 0..<length {
                let name = scoped ? "/layer.\(module)/part\(step / 4)/step\(step)/Mul" : "mul_\(module)_\(step)"
                let other = step == length - 1 ? first : mask
                prices[name] = Price(opening: [64, 32], beyond: 100 * (1 + step % 3), rounds: 2 + module)
                last = append(&graph, "Mul", name, [last, other])
            }
        }
        graph.outputs = [last]
        return Drawing.Model(graph, profile(graph, prices))
    }

    /// A graph whose operators read values from anywhere before them.
    static func tangle(nodes: Int) -> Drawing.Model {
        var graph = Graph(name: "tangle")
        var values = [graph.addInput("x", type(1, 8))]
        var prices: [String: Price] = [:]
        var random: UInt32 = 1
        for index in 0..<nodes {
            let operands = (0..<3).map { _ in
                random = random &* 1_664_525 &+ 1_013_904_223
                return values[Int(random >> 8) % values.count]
            }
            let name = "/part\(index / 100)/step\(index % 100 / 10)/node\(index)/Sum"
            prices[name] = Price(beyond: 100)
            values.append(append(&graph, "Sum", name, operands))
        }
        graph.outputs = [values[nodes]]
        return Drawing.Model(graph, profile(graph, prices))
    }
}
