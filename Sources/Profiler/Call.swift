/// One secure function in a price: what it calls, how often, and what a call costs. The tree below an operator is
/// *operator → secure function → primitive*; a loop is a call with a count.
public struct Call: Hashable, Sendable {
    /// The function's name in the framework or the literature: `ltz`, `a2b`, `and`.
    public let name: String
    /// How often it is called, one after another.
    public let count: Int
    /// What it does, in order; empty for primitives.
    public let children: [Call]
    /// The cost of one call, children included.
    public let cost: Cost

    /// The cost of all calls.
    public var total: Cost { count == 1 ? cost : count * cost }

    /// A primitive, which sends by itself.
    public init(_ name: String, cost: Cost, count: Int = 1) {
        self.name = name
        self.cost = cost
        self.count = count
        children = []
    }

    /// A function that costs what it calls. Children that send nothing are kept out of the tree.
    public init(_ name: String, count: Int = 1, _ children: [Call]) {
        self.name = name
        self.count = count
        self.children = children.filter { $0.count > 0 && $0.cost != .zero }
        cost = self.children.reduce(.zero) { $0 + $1.total }
    }

    private init(_ name: String, count: Int, children: [Call], cost: Cost) {
        self.name = name
        self.count = count
        self.children = children
        self.cost = cost
    }

    /// The same call, made that many times as often.
    public func repeated(_ times: Int) -> Call {
        Call(name, count: saturatingProduct(count, max(0, times)), children: children, cost: cost)
    }

    /// The same call under another name.
    public func renamed(_ name: String) -> Call {
        Call(name, count: count, children: children, cost: cost)
    }
}
