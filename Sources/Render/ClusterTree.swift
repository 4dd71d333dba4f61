import IR
import Pricing

/// The frames of a panel: which module frames are worth drawing, and what stands in which.
struct ClusterTree {
    /// A frame under construction.
    private struct Frame {
        var scope: Scope
        var items: [Int] = []
        var frames: [Frame] = []
    }

    /// For each box, the frame it stands in.
    private(set) var enclosing: [Scope]
    private let top: Frame
    /// What was added beside the boxes, by frame.
    private var extras: [Scope: [Int]] = [:]

    /// Frames for boxes with the given modules. A module with one thing inside gets no frame: what it holds stands in
    /// the next frame outwards.
    init(_ scopes: [Scope]) {
        var trie = Trie()
        for (item, scope) in scopes.enumerated() { trie.insert(item, scope) }
        let (items, frames) = ClusterTree.frames(trie, 0)
        top = Frame(scope: Scope(), items: items, frames: frames)
        enclosing = [Scope](repeating: Scope(), count: scopes.count)
        ClusterTree.record(top, in: &enclosing)
    }

    /// Puts a further node into the frame of a box, or outside of all frames.
    mutating func add(_ node: Int, near box: Int?) {
        extras[box.map { enclosing[$0] } ?? Scope(), default: []].append(node)
    }

    /// The outermost frame, with sums.
    ///
    /// - Parameter isDifference: whether lost nodes are summed up apart.
    func root(_ nodes: [Drawing.Node], _ repetition: Repetition, isDifference: Bool) -> Drawing.Cluster {
        cluster(top, nodes, repetition, isDifference)
    }

    private func cluster(
        _ frame: Frame, _ nodes: [Drawing.Node], _ repetition: Repetition, _ isDifference: Bool
    ) -> Drawing.Cluster {
        let children = frame.frames.map { cluster($0, nodes, repetition, isDifference) }
        func isApart(_ item: Int) -> Bool { isDifference && nodes[item].change.isLost }
        let costs = frame.items.filter { !isApart($0) }.compactMap { nodes[$0].cost } + children.compactMap(\.cost)
        let lost = frame.items.filter(isApart).compactMap { nodes[$0].cost } + children.compactMap(\.lost)
        let run = repetition.run(beginningWith: frame.scope)
        return Drawing.Cluster(
            scope: frame.scope, repetition: run.map { Drawing.Repeats(last: $0.last.path.last ?? "", count: $0.count) },
            cost: costs.isEmpty ? nil : costs.reduce(.zero) { $0 + $1 },
            lost: lost.isEmpty ? nil : lost.reduce(.zero) { $0 + $1 },
            nodes: frame.items + (extras[frame.scope] ?? []), children: children)
    }

    /// Modules by path, in order of appearance.
    private struct Trie {
        struct Level {
            var scope: Scope
            var items: [Int] = []
            var children: [Int] = []
            var childPositions: [String: Int] = [:]
        }

        var levels = [Level(scope: Scope())]

        mutating func insert(_ item: Int, _ scope: Scope) {
            var position = 0
            for (depth, name) in scope.path.enumerated() {
                if let next = levels[position].childPositions[name] {
                    position = next
                } else {
                    levels.append(Level(scope: scope.prefix(depth + 1)))
                    levels[position].childPositions[name] = levels.count - 1
                    levels[position].children.append(levels.count - 1)
                    position = levels.count - 1
                }
            }
            levels[position].items.append(item)
        }
    }

    private static func frames(_ trie: Trie, _ position: Int) -> (items: [Int], frames: [Frame]) {
        let level = trie.levels[position]
        var items = level.items
        var inner: [Frame] = []
        for child in level.children {
            let (lifted, frames) = frames(trie, child)
            items += lifted
            inner += frames
        }
        items.sort()
        if position == 0 || items.count + inner.count < 2 { return (items, inner) }
        return ([], [Frame(scope: level.scope, items: items, frames: inner)])
    }

    private static func record(_ frame: Frame, in enclosing: inout [Scope]) {
        for item in frame.items { enclosing[item] = frame.scope }
        for inner in frame.frames { record(inner, in: &enclosing) }
    }
}
