import IR
import Pricing

/// Which nodes each measured layer stands for.
///
/// A layer is, by the first of these that fits: the nodes of its name and those whose names go on with a slash after it; the
/// node whose output has its name; the nodes of the module of its name. A layer without a name is the next node of its
/// operator.
struct LayerMatching {
    /// A row for each layer that is in the model.
    private(set) var rows: [CalibrationResult.Row] = []
    /// Layers that are not.
    private(set) var unknown: [CalibrationResult.Row] = []
    /// Nodes that cost something and that no layer stands for.
    private(set) var unmeasured: [CalibrationResult.Row] = []

    /// A node of the profile: its cost, or why it has none.
    private struct Entry {
        let name: String
        let op: String
        let cost: Traffic?
        let reason: String?
    }

    init(_ layers: [MeasuredRun.Layer], _ profile: Profile, _ graph: Graph) throws {
        guard !layers.isEmpty else { return }
        var entries = [Entry?](repeating: nil, count: graph.nodes.count)
        for entry in profile.entries {
            entries[entry.index] = Entry(
                name: entry.name, op: "\(entry.op)", cost: entry.cost.online, reason: nil)
        }
        for entry in profile.unpriced {
            entries[entry.index] = Entry(name: entry.name, op: "\(entry.op)", cost: nil, reason: entry.reason)
        }
        let names = Names(graph)
        var isTaken = [Bool](repeating: false, count: entries.count)
        for layer in layers {
            let places = names.nodes(of: layer, in: graph, taken: isTaken)
            guard !places.isEmpty else {
                unknown.append(
                    CalibrationResult.Row(
                        name: layer.label, op: layer.op, nodes: 0, predicted: nil, measured: layer.counters,
                        reason: "the model has no such node"))
                continue
            }
            guard !places.contains(where: { isTaken[$0] }) else {
                throw HarrierError("two measured layers are the same node", place: "'\(layer.label)'")
            }
            for place in places { isTaken[place] = true }
            rows.append(Self.row(layer, places.compactMap { entries[$0] }))
        }
        guard !rows.isEmpty else {
            throw HarrierError(
                "none of the \(layers.count) measured layers is in the model, the first being '\(layers[0].label)'",
                hint: "layers are found by the names of nodes, of their outputs, or of modules")
        }
        unmeasured = entries.indices.compactMap { place in
            guard !isTaken[place], let entry = entries[place], entry.cost != .zero else { return nil }
            let name = entry.name.isEmpty ? graph.label(ofNode: place) : entry.name
            return CalibrationResult.Row(
                name: name, op: entry.op, nodes: 1, predicted: entry.cost, measured: MeasuredRun.Counters(),
                reason: entry.reason)
        }
    }

    private static func row(_ layer: MeasuredRun.Layer, _ entries: [Entry]) -> CalibrationResult.Row {
        var operators: [String] = []
        for entry in entries where entry.cost != .zero && !operators.contains(entry.op) { operators.append(entry.op) }
        if operators.isEmpty { operators = entries.prefix(1).map(\.op) }
        let reason = entries.compactMap(\.reason).first
        let cost = entries.compactMap(\.cost).reduce(Traffic.zero, +)
        return CalibrationResult.Row(
            name: layer.label, op: operators.joined(separator: "+"), nodes: entries.count,
            predicted: reason == nil ? cost : nil, measured: layer.counters, reason: reason)
    }

    /// Nodes by what layers may be called.
    private struct Names {
        private var byNode: [String: [Int]] = [:]
        private var byOutput: [String: [Int]] = [:]
        private var byPrefix: [String: [Int]] = [:]
        private var byScope: [String: [Int]] = [:]

        init(_ graph: Graph) {
            for (index, node) in graph.nodes.enumerated() {
                byNode[node.name, default: []].append(index)
                for case let output? in node.outputs { byOutput[graph[output].name, default: []].append(index) }
                if let slash = node.name.dropFirst().firstIndex(of: "/") {
                    byPrefix[String(node.name[..<slash]), default: []].append(index)
                }
                if !node.scope.path.isEmpty { byScope[node.scope.description, default: []].append(index) }
            }
        }

        func nodes(of layer: MeasuredRun.Layer, in graph: Graph, taken: [Bool]) -> [Int] {
            guard !layer.name.isEmpty else {
                return graph.nodes.indices.first { !taken[$0] && "\(graph.nodes[$0].op)" == layer.op }.map { [$0] }
                    ?? []
            }
            let named = (byNode[layer.name] ?? []) + (byPrefix[layer.name] ?? [])
            return named.isEmpty ? byOutput[layer.name] ?? byScope[layer.name] ?? [] : named
        }
    }
}
