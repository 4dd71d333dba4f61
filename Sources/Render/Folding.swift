import IR

/// Which operators share a box.
struct Folding {
    /// The operators of one box, as positions in the graph.
    struct Group {
        /// The module they fill, if it was folded.
        var module: Scope?
        /// The operators, in execution order.
        var members: [Int]
        /// The module the box stands in.
        var scope: Scope
    }

    /// Deeper module paths than any program has are cut here: each level is a frame that Graphviz nests.
    static let deepest = 16

    /// Modules this deep are folded; nil folds none.
    let depth: Int?
    /// Whether modules in which nothing changed are folded, unless they meet one of the paths.
    let foldsUnchanged: Bool
    let expanded: [Scope]
    /// Boxes are merged with their neighbours until there are no more than this; nil merges none.
    let limit: Int?
    /// What the reader should know of it.
    let notes: [String]

    /// The folding that the options ask for, the same for all graphs of a drawing.
    init(_ selections: [Selection], _ options: Drawing.Options, foldsUnchanged: Bool = false) {
        self.foldsUnchanged = foldsUnchanged
        expanded = options.expanded
        let scopes = selections.map(\.scopes)
        let repeated = Folding.notes(onRepetition: selections)
        let operators = selections.reduce(0) { $0 + $1.isDrawn.count - $1.leftOutByRepetition }
        if let depth = options.depth {
            self.depth = min(max(0, depth), Folding.deepest)
            limit = nil
            notes = (depth < Folding.deepest ? ["Modules are folded at depth \(max(0, depth))."] : []) + repeated
            return
        }
        guard operators > options.nodeLimit else {
            depth = nil
            limit = nil
            notes = repeated
            return
        }
        let deepest = min(Folding.deepest, scopes.joined().map(\.path.count).max() ?? 0)
        let fitting = stride(from: deepest, through: 1, by: -1).first { depth in
            scopes.reduce(0) { $0 + Folding.count($1, depth) } <= options.nodeLimit
        }
        let drawn = scopes.reduce(0) { $0 + $1.count }
        if let fitting, scopes.reduce(0, { $0 + Folding.count($1, fitting) }) == drawn {
            // Without what is not drawn anyway there is nothing to fold.
            depth = nil
            limit = nil
            notes = repeated
            return
        }
        depth = fitting ?? 1
        let reason = "The graph has \(operators) operators, more than \(options.nodeLimit)"
        if let fitting {
            limit = nil
            notes = ["\(reason): modules are folded at depth \(fitting)."] + repeated
        } else {
            limit = max(1, options.nodeLimit / max(1, selections.count))
            notes = ["\(reason): neighbouring operators are folded."] + repeated
        }
    }

    /// What stands for several modules in the drawing.
    private static func notes(onRepetition selections: [Selection]) -> [String] {
        var seen: Set<String> = []
        let runs = selections.flatMap(\.repetition.runs).filter { seen.insert($0.description).inserted }
        guard !runs.isEmpty else { return [] }
        let named = runs.prefix(4).map { "\($0.description) (× \($0.count))" }.joined(separator: ", ")
        let more = runs.count > 4 ? " and \(runs.count - 4) more" : ""
        return ["Modules alike are drawn once, with the sums of all: \(named)\(more)."]
    }

    /// The boxes of a graph, in the order of their first operators.
    func groups(of selection: Selection) -> [Group] {
        let graph = selection.model.graph
        var groups: [Group] = []
        var positions: [Scope: Int] = [:]
        var places: [Int: Int] = [:]
        let unchanged = foldsUnchanged ? UnchangedModules(selection, expanded: expanded) : nil
        for (index, node) in graph.nodes.enumerated() where selection.isDrawn[index] {
            let like = selection.repetition.representative[index]
            if like != index, let place = places[like] {
                groups[place].members.append(index)
                continue
            }
            let whole = depth.flatMap { node.scope.path.count >= $0 ? node.scope.prefix($0) : nil }
            guard let module = whole ?? unchanged?.module(around: node.scope) else {
                places[index] = groups.count
                groups.append(Group(module: nil, members: [index], scope: node.scope))
                continue
            }
            if let position = positions[module] {
                places[index] = position
                groups[position].members.append(index)
            } else {
                places[index] = groups.count
                positions[module] = groups.count
                groups.append(Group(module: module, members: [index], scope: Scope(Array(module.path.dropLast()))))
            }
        }
        for index in groups.indices where groups[index].module != nil && isSingle(groups[index], selection) {
            // A box with one operator says more as that operator.
            groups[index].module = nil
            groups[index].scope = graph.nodes[groups[index].members[0]].scope
        }
        guard let limit, groups.count > limit else { return groups.map(cut) }
        return merged(groups, to: limit).map(cut)
    }

    /// Whether a box stands for one operator, or for one that repeats.
    private func isSingle(_ group: Group, _ selection: Selection) -> Bool {
        let first = group.members[0]
        return group.members.allSatisfy { selection.repetition.representative[$0] == first }
    }

    private func cut(_ group: Group) -> Group {
        var group = group
        group.scope = group.scope.prefix(Folding.deepest)
        return group
    }

    private func merged(_ groups: [Group], to limit: Int) -> [Group] {
        let length = (groups.count + limit - 1) / limit
        return stride(from: 0, to: groups.count, by: length).map { start in
            let run = groups[start..<min(groups.count, start + length)]
            if run.count == 1, let only = run.first { return only }
            return Group(module: Scope(), members: run.flatMap(\.members).sorted(), scope: Scope())
        }
    }

    private static func count(_ scopes: [Scope], _ depth: Int) -> Int {
        var modules = Set<Scope>()
        var single = 0
        for scope in scopes {
            if scope.path.count >= depth { modules.insert(scope.prefix(depth)) } else { single += 1 }
        }
        return modules.count + single
    }
}
