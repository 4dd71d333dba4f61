import IR

/// Pairs the nodes between those that are paired already, gap by gap: a global alignment of the two sequences (Needleman
/// and Wunsch, J. Mol. Biol. 48, 1970) without a penalty for gaps.
struct SequenceAlignment {
    /// Larger tables are not filled; such a gap is paired by signature in order.
    private static let largestTable = 4_000_000

    private let alignment: GraphAlignment
    private var first: AlignedGraph { alignment.first }
    private var second: AlignedGraph { alignment.second }
    /// Pairs of the last round, which count as neighbours in the next.
    private var guesses: [Int: Int] = [:]

    init(_ alignment: GraphAlignment) { self.alignment = alignment }

    /// The pairs found. The second round knows the neighbours that the first one gave every node.
    mutating func pairs() -> [(Int, Int)] {
        let between = gaps()
        var found: [(Int, Int)] = []
        for _ in 0..<2 {
            found = between.flatMap { align($0.0, $0.1) }
            guesses = Dictionary(found) { one, _ in one }
        }
        return found
    }

    /// Free nodes of both graphs between pairs that stand in the same order in both.
    private func gaps() -> [([Int], [Int])] {
        var position = [Int](repeating: 0, count: second.graph.nodes.count)
        for (index, node) in second.order.enumerated() { position[node] = index }
        let anchors = first.order.compactMap { one in alignment.partners[one].map { (one, position[$0]) } }
        let isAnchor = Set(longestIncreasing(anchors.map(\.1)).map { anchors[$0].0 })
        var result: [([Int], [Int])] = []
        var ones: [Int] = []
        var next = 0
        func close(at end: Int) {
            let twos = second.order[next..<end].filter { alignment.inverse[$0] == nil }
            if !ones.isEmpty && !twos.isEmpty { result.append((ones, twos)) }
            ones = []
        }
        for one in first.order {
            if isAnchor.contains(one), let two = alignment.partners[one] {
                close(at: position[two])
                next = position[two] + 1
            } else if alignment.partners[one] == nil {
                ones.append(one)
            }
        }
        close(at: second.order.count)
        return result
    }

    /// Positions of a longest increasing subsequence.
    private func longestIncreasing(_ numbers: [Int]) -> [Int] {
        var ends: [Int] = []
        var previous = [Int?](repeating: nil, count: numbers.count)
        for (index, number) in numbers.enumerated() {
            var (low, high) = (0, ends.count)
            while low < high {
                let middle = (low + high) / 2
                if numbers[ends[middle]] < number { low = middle + 1 } else { high = middle }
            }
            previous[index] = low > 0 ? ends[low - 1] : nil
            if low == ends.count { ends.append(index) } else { ends[low] = index }
        }
        var result: [Int] = []
        var current = ends.last
        while let index = current {
            result.append(index)
            current = previous[index]
        }
        return result.reversed()
    }

    private func align(_ ones: [Int], _ twos: [Int]) -> [(Int, Int)] {
        guard ones.count <= Self.largestTable / twos.count else { return inOrder(ones, twos) }
        let width = twos.count + 1
        var table = [Int32](repeating: 0, count: (ones.count + 1) * width)
        for i in ones.indices.reversed() {
            for j in twos.indices.reversed() {
                let skip = max(table[(i + 1) * width + j], table[i * width + j + 1])
                let gain = score(ones[i], twos[j])
                table[i * width + j] = gain > 0 ? max(skip, table[(i + 1) * width + j + 1] + gain) : skip
            }
        }
        var result: [(Int, Int)] = []
        var (i, j) = (0, 0)
        while i < ones.count && j < twos.count {
            let here = table[i * width + j]
            let gain = score(ones[i], twos[j])
            if gain > 0, here == table[(i + 1) * width + j + 1] + gain {
                result.append((ones[i], twos[j]))
                (i, j) = (i + 1, j + 1)
            } else if here == table[(i + 1) * width + j] {
                i += 1
            } else {
                j += 1
            }
        }
        return result
    }

    private func inOrder(_ ones: [Int], _ twos: [Int]) -> [(Int, Int)] {
        var waiting = Dictionary(grouping: twos.reversed()) { second.signatures[$0] }
        return ones.compactMap { one in waiting[first.signatures[one]]?.popLast().map { (one, $0) } }
    }

    /// How well two nodes go together; 0 if they are different operators.
    private func score(_ one: Int, _ two: Int) -> Int32 {
        let (left, right) = (first.graph.nodes[one], second.graph.nodes[two])
        guard left.op == right.op else { return 0 }
        var score: Int32 = 4
        if first.signatures[one] == second.signatures[two] {
            score += 8
        } else {
            let types = (left.output(0).map { first.graph[$0].type }, right.output(0).map { second.graph[$0].type })
            if types.0 == types.1 { score += 3 }
            if left.attributes == right.attributes { score += 3 }
        }
        if !left.name.isEmpty && left.name == right.name { score += 4 }
        return score + 2 * neighbours(one, two)
    }

    /// How many operands and readers of the two are partners.
    private func neighbours(_ one: Int, _ two: Int) -> Int32 {
        func partner(_ node: Int) -> Int? { alignment.partners[node] ?? guesses[node] }
        let below = first.dataOperands(of: one).compactMap { first.producers[$0.index] }.compactMap(partner)
        let above = first.consumers(of: one).compactMap(partner)
        if below.isEmpty && above.isEmpty { return 0 }
        let operands = Set(second.dataOperands(of: two).compactMap { second.producers[$0.index] })
        let readers = Set(second.consumers(of: two))
        return Int32(below.count { operands.contains($0) } + above.count { readers.contains($0) })
    }
}
