import IR

extension Graph {
    /// About how many multiplications and additions one run takes. Bodies count once, and nodes of unknown shape as nothing.
    ///
    /// It decides how much is run, so that this does not depend on the machine.
    package var work: Double {
        nodes.reduce(0) { sum, node in
            let bodies = node.attributes.isEmpty ? 0 : node.subgraphs.reduce(0) { $0 + $1.work }
            return sum + work(of: node) + bodies
        }
    }

    /// As many as elements go in and come out; of matrix products and convolutions as many as they have products. An element of the
    /// result of an m×k by k×n product is a sum of k, which is √(mk · kn / mn); for a convolution that is a little too few, and for a
    /// batch of products too many.
    private func work(of node: Node) -> Double {
        func count(_ id: ValueID?) -> Double {
            guard let lengths = id.flatMap({ self[$0].type?.lengths }) else { return 0 }
            return lengths.reduce(1) { $0 * Double($1) }
        }
        let elements = (node.inputs + node.outputs).reduce(0) { $0 + count($1) }
        guard node.has(.product), !node.has(.elementwise) else { return elements }
        let (first, second, result) = (count(node.input(0)), count(node.input(1)), count(node.output(0)))
        return max(elements, (first * second * result).squareRoot())
    }
}
