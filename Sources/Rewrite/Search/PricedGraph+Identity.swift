import IR

extension PricedGraph {
    /// A hash of what the graph computes and how, for telling states of one search apart: the same whatever new values are called
    /// and in whichever order rewrites were done. Comparable among states that come from one graph within a run of
    /// the program.
    ///
    /// - Complexity: O(nodes + edges + values)
    var identity: UInt64 {
        var hashes = seeds
        var sum: UInt64 = 0
        for (node, price) in zip(graph.nodes, prices) {
            var hash = price.signature
            func operand(_ index: Int) -> UInt64 { node.inputs[index].map { hashes[$0.index] } ?? 1 }
            if price.isCommutative, node.inputs.count == 2 {
                let (left, right) = (operand(0), operand(1))
                hash = mixed(mixed(hash, min(left, right)), max(left, right))
            } else {
                for index in node.inputs.indices { hash = mixed(hash, operand(index)) }
            }
            for (position, output) in node.outputs.enumerated() {
                if let output { hashes[output.index] = mixed(hash, UInt64(position)) }
            }
            sum &+= mixed(hash, 3)
        }
        return graph.outputs.reduce(sum) { mixed($0, hashes[$1.index]) }
    }
}

extension Value {
    /// A hash of a value that no node computes: a constant by its content if that is public, any other by its type.
    func seed(visibility: Visibility) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(visibility)
        hasher.combine(type)
        hasher.combine(isPublicConstant)
        if isPublicConstant { hasher.combine(constant?.tensor) } else { hasher.combine(constant == nil) }
        hasher.combine(known)
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }

    /// A constant that counts by its content.
    var isPublicConstant: Bool { constant.map { !$0.isParameter } ?? false }
}

/// Two words as one; the order matters. The folded product is the step of wyhash.
func mixed(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = (left ^ 0xa076_1d64_78bd_642f).multipliedFullWidth(by: right ^ 0xe703_7ed1_a0b4_28db)
    return product.high ^ product.low &+ (left << 23 | left >> 41)
}
