import Pricing

/// Call trees, each different one once: thousands of operators share a few hundred trees.
struct CallTable: Encodable {
    /// By tree: its name, as a position among the page's strings.
    private(set) var name: [Int] = []
    /// By tree: how often it is called.
    private(set) var count: [Int] = []
    /// By tree: what one call costs, as [online bytes, online rounds, offline bytes, offline rounds].
    private(set) var cost: [[Int]] = []
    /// By tree: what it calls.
    private(set) var children: [[Int]] = []
    private var positions: [Call: Int] = [:]

    private enum CodingKeys: CodingKey {
        case name, count, cost, children
    }

    /// The position of a tree, which is added with all below it if it is new.
    ///
    /// - Complexity: O(calls in the tree) times its depth, which frameworks keep under ten
    mutating func position(of call: Call, strings: inout Interned<String>) -> Int {
        if let position = positions[call] { return position }
        let below = call.children.map { position(of: $0, strings: &strings) }
        positions[call] = name.count
        name.append(strings.position(of: call.name))
        count.append(call.count)
        cost.append(call.cost.figures)
        children.append(below)
        return name.count - 1
    }
}

extension Cost {
    /// Online bytes, online rounds, offline bytes, offline rounds.
    var figures: [Int] { [online.bytes, online.rounds, offline.bytes, offline.rounds] }
}
