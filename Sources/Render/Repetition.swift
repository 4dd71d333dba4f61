import IR
import Pricing

/// Modules that follow each other and are alike, such as the layers of a transformer: `encoder.layer.0` to `encoder.layer.11`.
/// They are drawn once.
struct Repetition {
    /// Modules alike, in order.
    struct Run {
        /// The first, which is drawn.
        let first: Scope
        /// The last.
        let last: Scope
        /// How many they are.
        let count: Int

        /// The modules as text: `encoder.layer.0–11`.
        var description: String { "\(first)–\(last.path.last ?? "")" }
    }

    /// The runs by their first modules, in order of appearance.
    let runs: [Run]
    /// For each node of the graph, the node of a run's first module that it is like; itself if it is in no other module of one.
    let representative: [Int]

    /// Fewer modules alike are drawn one by one.
    static let least = 3

    /// The runs among modules whose names are numbers.
    ///
    /// - Parameters:
    ///   - isDrawn: nodes that count; what is not drawn may differ.
    ///   - expanded: runs with a module inside of one of these paths, or around it, are drawn one by one.
    ///   - entries: prices by node; modules of different prices are not alike.
    ///   - changes: what happened to each node, or nothing; modules that changed otherwise are not alike.
    init(
        _ graph: Graph, isDrawn: [Bool], expanded: [Scope], entries: [Int: Profile.Entry], changes: [Drawing.Change]
    ) {
        // What is not drawn is drawn as the constant that it makes.
        var isConstant = graph.values.map { $0.constant != nil }
        for (node, isDrawn) in zip(graph.nodes, isDrawn) where !isDrawn {
            for case let output? in node.outputs { isConstant[output.index] = true }
        }
        var runs: [Run] = []
        var representative = Array(graph.nodes.indices)
        var covered: [Scope] = []
        for parent in Repetition.parents(graph, isDrawn) {
            guard !covered.contains(where: parent.isInside) else { continue }
            let signatures = parent.children.map { Repetition.signature($0, graph, isConstant, entries, changes) }
            var start = 0
            while start < parent.children.count {
                var end = start + 1
                while end < parent.children.count, signatures[end] == signatures[start] { end += 1 }
                let modules = parent.children[start..<end]
                start = end
                guard modules.count >= Repetition.least, let first = modules.first, let last = modules.last,
                    !expanded.contains(where: { path in modules.contains { path.meets($0.scope) } })
                else { continue }
                runs.append(Run(first: first.scope, last: last.scope, count: modules.count))
                covered += modules.map(\.scope)
                for module in modules {
                    for (member, like) in zip(module.members, first.members) { representative[member] = like }
                }
            }
        }
        self.runs = runs
        self.representative = representative
    }

    /// The run whose first module a scope is.
    func run(beginningWith scope: Scope) -> Run? { runs.first { $0.first == scope } }

    /// The run in whose first module a scope lies.
    func run(around scope: Scope) -> Run? { runs.first { scope.prefix($0.first.path.count) == $0.first } }

    /// A module and the drawn nodes in it.
    private struct Block {
        let scope: Scope
        var members: [Int] = []
    }

    /// A module with its modules whose names are numbers, in order of appearance.
    private struct Parent {
        let scope: Scope
        var children: [Block] = []

        func isInside(_ other: Scope) -> Bool { scope.prefix(other.path.count) == other }
    }

    /// The modules with numbered modules in them, outer ones first.
    private static func parents(_ graph: Graph, _ isDrawn: [Bool]) -> [Parent] {
        var parents: [Parent] = []
        var positions: [Scope: Int] = [:]
        var places: [Scope: Int] = [:]
        for (index, node) in graph.nodes.enumerated() where isDrawn[index] {
            for depth in node.scope.path.indices where node.scope.path[depth].allSatisfy(\.isNumber) {
                let (outer, inner) = (node.scope.prefix(depth), node.scope.prefix(depth + 1))
                let parent = positions[outer] ?? parents.count
                if parent == parents.count {
                    positions[outer] = parent
                    parents.append(Parent(scope: outer))
                }
                let place = places[inner] ?? parents[parent].children.count
                if place == parents[parent].children.count {
                    places[inner] = place
                    parents[parent].children.append(Block(scope: inner))
                }
                parents[parent].children[place].members.append(index)
            }
        }
        return parents.enumerated().sorted {
            ($0.element.scope.path.count, $0.offset) < ($1.element.scope.path.count, $1.offset)
        }.map(\.element)
    }

    /// What two modules have in common if they are alike: operators, attributes, types and prices in order, and which of them
    /// read which.
    private static func signature(
        _ block: Block, _ graph: Graph, _ isConstant: [Bool], _ entries: [Int: Profile.Entry],
        _ changes: [Drawing.Change]
    ) -> [Signature] {
        var producers: [ValueID: Int] = [:]
        for (position, member) in block.members.enumerated() {
            for case let output? in graph.nodes[member].outputs { producers[output] = position }
        }
        return block.members.map { member in
            let node = graph.nodes[member]
            return Signature(
                op: node.op, scope: Array(node.scope.path.dropFirst(block.scope.path.count)),
                attributes: node.attributes, types: node.outputs.map { $0.flatMap { graph[$0].type } },
                inputs: node.inputs.map { input in
                    guard let input else { return .none }
                    if let position = producers[input] { return .inside(position) }
                    return isConstant[input.index] ? .constant(graph[input].type) : .outside
                },
                cost: entries[member]?.cost, change: changes.isEmpty ? .none : changes[member])
        }
    }

    private struct Signature: Equatable {
        enum Input: Equatable {
            case none
            case inside(Int)
            case outside
            case constant(TensorType?)
        }

        let op: OperatorName
        let scope: [String]
        let attributes: [String: Attribute]
        let types: [TensorType?]
        let inputs: [Input]
        let cost: Cost?
        let change: Drawing.Change
    }
}

extension Scope {
    /// Whether one of two scopes lies in the other.
    func meets(_ other: Scope) -> Bool {
        let depth = min(path.count, other.path.count)
        return prefix(depth) == other.prefix(depth)
    }
}
