import IR

/// One secure function in a price: what it calls, how often, and what a call costs. The tree below an operator is
/// *operator → secure function → primitive*; a loop is a call with a count.
public struct Call: Hashable, Sendable {
    /// The function's name in the framework or the literature: `ltz`, `a2b`, `and`.
    public let name: String
    /// How often it is called, one after another.
    public let count: Int
    /// Whether the calls do not depend on each other, so that only the framework's program order keeps them apart.
    public let isIndependent: Bool
    /// What it does, in order; empty for primitives.
    public let children: [Call]
    /// The cost of one call, children included.
    public let cost: Cost
    /// How much a primitive works on, so that a user's prices can take the place of the framework's.
    public let sizes: Sizes
    /// Online rounds of one call if everything independent in it were batched.
    package let criticalRounds: Int

    /// The cost of all calls.
    public var total: Cost { count == 1 ? cost : count * cost }

    /// Online rounds of all calls if everything independent were batched.
    package var totalCriticalRounds: Int {
        count == 1 || (isIndependent && count > 0) ? criticalRounds : count *| criticalRounds
    }

    /// A primitive, which sends by itself.
    public init(_ name: String, cost: Cost, count: Int = 1, sizes: Sizes = Sizes()) {
        self.name = name
        self.cost = cost
        self.count = count
        self.sizes = sizes
        isIndependent = false
        children = []
        criticalRounds = cost.online.rounds
    }

    /// A function that costs what it calls. Children that send nothing are kept out of the tree.
    ///
    /// - Parameter sizes: what the function works on, if its price may be replaced as a whole.
    public init(_ name: String, count: Int = 1, sizes: Sizes = Sizes(), _ children: [Call]) {
        self.name = name
        self.count = count
        self.sizes = sizes
        isIndependent = false
        self.children = children.filter { $0.count > 0 && $0.cost != .zero }
        cost = self.children.reduce(.zero) { $0 + $1.total }
        criticalRounds = self.children.reduce(0) { $0 +| $1.totalCriticalRounds }
    }

    private init(_ call: Call, name: String? = nil, count: Int? = nil, isIndependent: Bool? = nil) {
        self.name = name ?? call.name
        self.count = count ?? call.count
        self.isIndependent = isIndependent ?? call.isIndependent
        children = call.children
        cost = call.cost
        sizes = call.sizes
        criticalRounds = call.criticalRounds
    }

    /// The same call, made that many times as often.
    ///
    /// - Parameter independent: the calls do not depend on each other, though the framework makes them one after
    ///   another. Its rounds count them all, the critical path counts them once.
    public func repeated(_ times: Int, independent: Bool = false) -> Call {
        let total = count *| max(0, times)
        // Dependent repetitions of independent calls have no common count; they become a loop around them.
        if independent != isIndependent, count > 1, times > 1 {
            return Call(Call(name, [self]), count: times, isIndependent: independent)
        }
        return Call(self, count: total, isIndependent: times > 1 ? independent : isIndependent)
    }

    /// This call and an equal one after it, as one call with a count; nil if they differ, or are independent of each other
    /// in a way that one count cannot say.
    package func followed(by next: Call) -> Call? {
        guard !isIndependent, !next.isIndependent, name == next.name, cost == next.cost, sizes == next.sizes,
            children == next.children
        else { return nil }
        return Call(self, count: count +| next.count)
    }

    /// The same call under another name.
    public func renamed(_ name: String) -> Call { Call(self, name: name) }
}

/// How much a primitive works on. What does not apply is zero.
public struct Sizes: Hashable, Sendable {
    /// Elements: of the result, or of what is opened.
    public var n: Int
    /// Rows of the left matrix.
    public var p: Int
    /// Columns of the left matrix, rows of the right one.
    public var q: Int
    /// Columns of the right matrix.
    public var r: Int
    /// Bits of each element, or bits cut off by a truncation.
    public var bits: Int
    /// 1 if a single party knows the left operand of a product in plaintext.
    public var leftOwned = 0
    /// 1 if a single party knows the right operand of a product in plaintext.
    public var rightOwned = 0

    /// The given sizes.
    public init(n: Int = 0, p: Int = 0, q: Int = 0, r: Int = 0, bits: Int = 0) {
        self.n = n
        self.p = p
        self.q = q
        self.r = r
        self.bits = bits
    }

    /// The same sizes of a product whose operands these parties know.
    package func known(to sides: Sides) -> Sizes {
        var sizes = self
        if case .owned = sides.left { sizes.leftOwned = 1 }
        if case .owned = sides.right { sizes.rightOwned = 1 }
        return sizes
    }
}
