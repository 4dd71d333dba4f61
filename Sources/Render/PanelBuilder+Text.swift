import IR
import Pricing

extension PanelBuilder {
    /// The shape of a value as boxes show it: `1×64×56×56`; empty if it is not known or the value is a scalar.
    func shape(_ id: ValueID?) -> String {
        guard let id, let shape = graph[id].type?.shape else { return "" }
        return shape.map(\.description).joined(separator: "×")
    }

    /// A value with its type, in ONNX's notation.
    func description(of id: ValueID) -> String {
        let value = graph[id]
        return value.type.map { "\(value.name): \($0)" } ?? value.name
    }

    /// Everything about a node, one fact a line.
    func tooltip(ofNode index: Int) -> String {
        let node = graph.nodes[index]
        var lines = [node.name.isEmpty ? node.op.description : "\(node.name) (\(node.op))"]
        lines += node.outputs.compactMap { $0 }.prefix(4).map { description(of: $0) }
        if let entry = entries[index] {
            lines += costLines(entry.cost)
            if entry.price.basis == .functionBody { lines.append("priced as its ONNX function body") }
            if entry.price.basis == .composed { lines.append("priced as protocols put together") }
        } else if let reason = reasons[index] {
            lines.append("no price: \(reason)")
        }
        if let rule = node.originatingRule { lines.append("made by rule \(rule)") }
        return lines.joined(separator: "\n")
    }

    /// Exact figures, online and offline.
    func costLines(_ cost: Cost) -> [String] {
        [("online", cost.online), ("offline", cost.offline)].map { phase, traffic in
            "\(phase) \(ByteFormat.count(traffic.bytes)) bytes, \(ByteFormat.rounds(traffic.rounds))"
        }
    }
}

/// What boxes call their operators.
enum DisplayName {
    /// What is left of a module's path inside the frame of a module around it. A number alone says nothing, and keeps
    /// the name before it: `layer1.0`.
    static func path(_ module: Scope, inside frame: Scope) -> String {
        let rest = module.path.dropFirst(frame.path.count)
        guard let first = rest.first, let last = frame.path.last, first.allSatisfy(\.isNumber) else {
            return rest.joined(separator: ".")
        }
        return ([last] + rest).joined(separator: ".")
    }

    /// The name of a node that stands in the frame of a module: what the frame does not say already.
    ///
    /// Names as TorchScript exports write them (`/layer1/layer1.0/conv1/Conv`) consist of the module path and the
    /// operator, so that the path inside the frame is left (`conv1`), with the last part where that is no mere
    /// operator (`relu.Mul_1`). Others are shown whole, after the path inside the frame.
    static func inside(_ frame: Scope, _ node: Node) -> String {
        let path = path(node.scope, inside: frame)
        if node.name.hasPrefix("/"), !node.scope.path.isEmpty {
            let last = node.name.split(separator: "/").last.map(String.init) ?? ""
            if last == node.op.type { return path }
            return path.isEmpty ? last : "\(path).\(last)"
        }
        let name = node.name == "/" + node.op.type ? "" : node.name
        return path.isEmpty || name.isEmpty ? path + name : "\(path) · \(name)"
    }
}
