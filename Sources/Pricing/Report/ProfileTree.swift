import IR

/// Costs by module, operator, secure function and primitive: each node is the sum of its children.
package struct ProfileTree: Sendable, Hashable {
    /// What a node of the tree stands for.
    package enum Kind: String, Sendable, Hashable {
        case model
        case scope
        case `operator`
        case function
        case primitive
    }

    /// The module's, operator's or function's name.
    package var name: String
    /// What it stands for.
    package var kind: Kind
    /// How many operators are in a module or called by this name; how often a function is called in all.
    package var count: Int
    /// The cost of all of it.
    package var cost: Cost
    /// Its parts, in execution order, one of each name.
    package var children: [ProfileTree]

    /// The tree with everything below that many levels left out.
    package func cut(depth: Int) -> ProfileTree {
        var result = self
        result.children = depth > 0 ? children.map { $0.cut(depth: depth - 1) } : []
        return result
    }

    /// The path and the tree of every node, parents first. The root's path is empty.
    package func walk(_ visit: ([String], ProfileTree) -> Void) {
        func descend(_ tree: ProfileTree, _ path: [String]) {
            visit(path, tree)
            for child in tree.children { descend(child, path + [child.name]) }
        }
        descend(self, [])
    }
}

extension Profile {
    /// The profile as a tree: modules (as many levels as the model has), operators, secure functions, primitives.
    /// Equal names below one parent are added up.
    ///
    /// - Complexity: O(calls in all entries)
    package var tree: ProfileTree {
        ProfileTree(
            name: model, kind: .model, count: entries.count, cost: total,
            children: Self.modules(entries.map { ($0.scope.path[...], $0) }))
    }

    /// The modules and operators at one level of the scopes.
    private static func modules(_ entries: [(path: ArraySlice<String>, entry: Entry)]) -> [ProfileTree] {
        grouped(entries) { path, entry in
            path.first.map { Key(name: $0, kind: .scope) } ?? Key(name: entry.op.description, kind: .operator)
        }.map { key, members in
            let children =
                key.kind == .scope
                ? modules(members.map { ($0.path.dropFirst(), $0.entry) })
                : functions(members.flatMap { member in member.entry.price.call.children.map { ($0, 1) } })
            return ProfileTree(
                name: key.name, kind: key.kind, count: members.count,
                cost: members.reduce(.zero) { $0 + $1.entry.cost }, children: children)
        }
    }

    /// The secure functions of one level, with how often their caller runs.
    private static func functions(_ calls: [(call: Call, times: Int)]) -> [ProfileTree] {
        grouped(calls) { call, _ in Key(name: call.name, kind: call.children.isEmpty ? .primitive : .function) }
            .map { key, members in
                let runs = members.map { $0.call.count *| $0.times }
                let children = zip(members, runs).flatMap { member, times in
                    member.call.children.map { ($0, times) }
                }
                return ProfileTree(
                    name: key.name, kind: key.kind, count: runs.reduce(0, +|),
                    cost: zip(members, runs).reduce(.zero) { $0 + $1.1 * $1.0.call.cost },
                    children: functions(children))
            }
    }

    private struct Key: Hashable {
        var name: String
        var kind: ProfileTree.Kind
    }

    /// Elements by key, keys in order of first appearance.
    private static func grouped<Element>(_ elements: [Element], by key: (Element) -> Key) -> [(Key, [Element])] {
        var places: [Key: Int] = [:]
        var groups: [(Key, [Element])] = []
        for element in elements {
            let key = key(element)
            if let place = places[key] {
                groups[place].1.append(element)
            } else {
                places[key] = groups.count
                groups.append((key, [element]))
            }
        }
        return groups
    }
}
