/// Ensembles of decision trees as comparisons and two matrix products (Hummingbird's GEMM strategy, Nakandala and others, OSDI 2020): all inner nodes
/// are decided at once, and a leaf is reached if as many of its decisions come out as it needs. Thresholds and weights are parameters; the shape of the
/// trees, which features they ask for included, is public.
extension NodeContext {
    func treeRegressor() throws -> [GraphBuilder.Term]? {
        let (aggregate, targets) = (try node.string("aggregate_function"), try node.optionalInt("n_targets") ?? 1)
        guard let forest = try Forest(node, leaves: "target"), aggregate == "SUM" || aggregate == "AVERAGE" else {
            return nil
        }
        var sums = try sums(of: forest, columns: targets, ids: forest.ids)
        if aggregate == "AVERAGE" { sums = try sums / Double(forest.trees) }
        return try transformed(withBase(sums)).map { [$0] }
    }

    /// - Returns: nil for what no exporter writes: several kinds of comparisons, or weights for some of the labels only.
    func treeClassifier() throws -> [GraphBuilder.Term]? {
        let labels = try ClassLabels(node, integers: "classlabels_int64s")
        guard let forest = try Forest(node, leaves: "class") else { return nil }
        let given = Set(forest.ids).sorted()
        guard labels.count == 2, given.count == 1 else {
            guard given == Array(0..<labels.count) else { return nil }
            let scores = try withBase(sums(of: forest, columns: labels.count, ids: forest.ids))
            return try transformed(scores).map { [try label(of: scores, labels), $0] }
        }
        // The weights of one label of two; the other one has what is left.
        let score = try withBase(sums(of: forest, columns: 1, ids: forest.ids.map { _ in 0 }))
        let second: GraphBuilder.Term
        let threshold: Double
        switch try node.string("post_transform") {
        case "LOGISTIC": (second, threshold) = (try score.apply("Sigmoid"), 0)
        case "NONE" where forest.weights.allSatisfy { $0 >= 0 }: (second, threshold) = (score, 0.5)
        default: return nil
        }
        let both = try builder.apply("Concat", [1 - second, second], ["axis": .int(1)])
        let place = try score.isGreater(than: threshold).reshaped([-1]).cast(to: .int64)
        return [try labels.table.map { try builder.literal($0).apply("Gather", place) } ?? place, both]
    }

    private func withBase(_ sums: GraphBuilder.Term) throws -> GraphBuilder.Term {
        guard let base = try node.numbers("base_values"), !base.isEmpty else { return sums }
        return try sums + parameter("base_values", base, [base.count])
    }

    /// For each row and column the sum of the weights of the leaves that are reached.
    private func sums(of forest: Forest, columns: Int, ids: [Int]) throws -> GraphBuilder.Term {
        let (x, leaves) = (try rows(), forest.leaves)
        var table = [Float](repeating: 0, count: leaves.count * columns)
        for (leaf, id, weight) in zip3(forest.weighted, ids, forest.weights) { table[leaf * columns + id] += weight }
        let weights = try parameter("weights", table, [leaves.count, columns])
        guard !forest.inner.isEmpty else {
            // Trees that are one leaf each.
            let ones = try x.reduced("ReduceSum", axes: [1]) * 0 + 1
            return try ones.matrixProduct(weights.reduced("ReduceSum", axes: [0]))
        }
        let features = try x.apply(
            "Gather", builder.integers(forest.inner.map { forest.features[$0] }), attributes: ["axis": .int(1)])
        let thresholds = try parameter("thresholds", forest.inner.map { forest.values[$0] }, [forest.inner.count])
        let decided = try features.apply(forest.comparison, thresholds).cast(to: .float32)
        let reached = try held(decided, forest).apply("Equal", builder.literal(forest.needed))
        return try reached.cast(to: .float32).matrixProduct(weights)
    }

    /// For each row and leaf how many decisions on the way come out as it needs, less those that must not: a matrix product for each tree. Trees of
    /// several sizes are filled up with decisions that count for nothing.
    private func held(_ decided: GraphBuilder.Term, _ forest: Forest) throws -> GraphBuilder.Term {
        let (trees, depth, width) = (forest.trees, forest.mostInner, forest.mostLeaves)
        let filled = try decided.apply("Gather", builder.integers(forest.innerByTree), attributes: ["axis": .int(1)])
            .reshaped([-1, trees, depth]).transposed([1, 0, 2])
        let paths = Tensor(float32: forest.paths, shape: [trees, depth, width])
        return try filled.matrixProduct(builder.literal(paths)).transposed([1, 0, 2]).reshaped([-1, trees * width])
            .apply("Gather", builder.integers(forest.leafPlaces), attributes: ["axis": .int(1)])
    }
}

private func zip3<A, B, C>(_ a: [A], _ b: [B], _ c: [C]) -> [(A, B, C)] { zip(a, zip(b, c)).map { ($0, $1.0, $1.1) } }

/// Decision trees by their inner nodes and leaves.
private struct Forest {
    /// Columns of weights, and numbers that say where the leaves are, at most.
    static let mostColumns = 1 << 16
    private static let mostPaths = 1 << 26

    struct Leaf {
        /// The tree, by place.
        let tree: Int
        /// The inner nodes on the way to it, by place, and whether each has to hold.
        let path: [(inner: Int, holds: Bool)]
        /// How many of them have to hold.
        var needed: Int { path.count(where: \.holds) }
    }

    /// Positions of inner nodes in the node lists.
    let inner: [Int]
    let leaves: [Leaf]
    let features: [Int]
    let values: [Float]
    let comparison: OperatorName
    let trees: Int
    /// The inner nodes of each tree, by place.
    private let innerOfTree: [[Int]]
    /// Inner nodes, and leaves, of the tree that has most.
    let mostInner: Int
    let mostLeaves: Int
    /// Weights: the leaf that each belongs to, its column, and the number.
    let weighted: [Int]
    let ids: [Int]
    let weights: [Float]

    private struct Place: Hashable {
        let tree: Int
        let node: Int
    }

    /// The trees of a node; nil if they are not well formed, or compare in several ways.
    init?(_ node: Node, leaves kind: String) throws {
        func ints(_ name: String) throws -> [Int] { try node.optionalInts(name) ?? [] }
        let (treeIDs, nodeIDs) = (try ints("nodes_treeids"), try ints("nodes_nodeids"))
        let (onTrue, onFalse) = (try ints("nodes_truenodeids"), try ints("nodes_falsenodeids"))
        let modes = node.strings("nodes_modes")
        features = try ints("nodes_featureids")
        values = try node.numbers("nodes_values") ?? []
        let count = treeIDs.count
        guard count > 0,
            [nodeIDs.count, onTrue.count, onFalse.count, modes.count, features.count, values.count].allSatisfy({
                $0 == count
            })
        else { return nil }
        let comparisons: [String: OperatorName] = [
            "BRANCH_EQ": "Equal", "BRANCH_GT": "Greater", "BRANCH_GTE": "GreaterOrEqual", "BRANCH_LEQ": "LessOrEqual",
            "BRANCH_LT": "Less",
        ]
        let kinds = Set(modes).subtracting(["LEAF"])
        guard kinds.count <= 1, let comparison = kinds.first.map({ comparisons[$0] }) ?? "LessOrEqual" else {
            return nil
        }
        self.comparison = comparison
        inner = modes.indices.filter { modes[$0] != "LEAF" }
        let number = Dictionary(uniqueKeysWithValues: inner.enumerated().map { ($1, $0) })
        let places = Dictionary(
            treeIDs.indices.map { (Place(tree: treeIDs[$0], node: nodeIDs[$0]), $0) },
            uniquingKeysWith: { first, _ in first })

        // From each root down; a node that is no child is one.
        var children: Set<Int> = []
        for index in inner {
            for child in [onTrue[index], onFalse[index]] {
                guard let place = places[Place(tree: treeIDs[index], node: child)], children.insert(place).inserted
                else { return nil }
            }
        }
        let roots = treeIDs.indices.filter { !children.contains($0) }
        trees = roots.count
        var leaves: [Leaf] = []
        var leafOf: [Int: Int] = [:]
        var pending: [(tree: Int, index: Int, path: [(inner: Int, holds: Bool)])] = roots.enumerated().reversed().map {
            ($0.offset, $0.element, [])
        }
        var treeOfInner = [Int](repeating: 0, count: inner.count)
        while let (tree, index, path) = pending.popLast() {
            guard let own = number[index] else {
                leafOf[index] = leaves.count
                leaves.append(Leaf(tree: tree, path: path))
                continue
            }
            treeOfInner[own] = tree
            for (child, holds) in [(onFalse[index], false), (onTrue[index], true)] {
                guard let place = places[Place(tree: treeIDs[index], node: child)] else { return nil }
                pending.append((tree, place, path + [(own, holds)]))
            }
        }
        self.leaves = leaves
        let members = Dictionary(grouping: inner.indices) { treeOfInner[$0] }
        innerOfTree = (0..<roots.count).map { members[$0] ?? [] }
        mostInner = max(1, innerOfTree.map(\.count).max() ?? 0)
        mostLeaves = Dictionary(grouping: leaves, by: \.tree).values.map(\.count).max() ?? 0
        guard [roots.count, mostInner, mostLeaves].saturatingProduct() <= Self.mostPaths else { return nil }
        ids = try ints("\(kind)_ids")
        weights = try node.numbers("\(kind)_weights") ?? []
        let found = try zip(ints("\(kind)_treeids"), ints("\(kind)_nodeids")).map { tree, node in
            places[Place(tree: tree, node: node)].flatMap { leafOf[$0] }
        }
        weighted = found.compactMap { $0 }
        guard weighted.count == ids.count, ids.count == weights.count, found.count == weighted.count else { return nil }
    }

    /// The inner nodes tree by tree, as many for each.
    var innerByTree: [Int] {
        innerOfTree.flatMap { $0 + Array(repeating: $0.first ?? 0, count: mostInner - $0.count) }
    }

    /// Where each leaf is in a list of as many leaves for each tree.
    var leafPlaces: [Int] {
        var next = [Int](repeating: 0, count: trees)
        return leaves.map { leaf in
            defer { next[leaf.tree] += 1 }
            return leaf.tree * mostLeaves + next[leaf.tree]
        }
    }

    /// How many decisions each leaf needs.
    var needed: Tensor { Tensor(float32: leaves.map { Float($0.needed) }, shape: [leaves.count]) }

    /// For each tree, inner node and leaf 1 if the node has to hold on the way there, -1 if it must not, 0 if it is not on the way.
    var paths: [Float] {
        var result = [Float](repeating: 0, count: trees * mostInner * mostLeaves)
        var position = [Int](repeating: 0, count: inner.count)
        for members in innerOfTree { for (place, node) in members.enumerated() { position[node] = place } }
        for (leaf, place) in zip(leaves, leafPlaces) {
            for (node, holds) in leaf.path {
                result[(leaf.tree * mostInner + position[node]) * mostLeaves + place - leaf.tree * mostLeaves] =
                    holds ? 1 : -1
            }
        }
        return result
    }
}

extension Node {
    /// A list of numbers that can also be given as a tensor of 64 bits.
    fileprivate func numbers(_ name: String) throws -> [Float]? {
        if case .tensor(let tensor)? = attributes["\(name)_as_tensor"] { return try tensor.doubles().map(Float.init) }
        return try optionalFloats(name)
    }
}
