import Harrier

extension FrameworkAccuracy {
    /// Nodes that are named at most.
    private static let shown = 3

    /// What a person should know of it, a sentence each: what is computed badly, what overflows, and known faults.
    var warnings: [String] {
        let known = faults.map { "\(framework.title) computes \($0)" }
        guard let error else { return known }
        let (bad, overflows) = (badNodes, error.overflows)
        guard !bad.isEmpty || !overflows.isEmpty else { return known }
        let weights = randomParameters == 0 ? "" : ", \(randomParameters) missing weights drawn at random"
        let inputs = "\(error.errors.count) random \(error.errors.count == 1 ? "input" : "inputs")\(weights)"
        let whole =
            "\(framework.title) would be off by \(shortScientific(error.typicalError)) in results of up to "
            + "\(shortScientific(error.magnitude)), simulated on \(inputs)"
        let nodes =
            bad.prefix(Self.shown).map(\.sentence)
            + (bad.count > Self.shown
                ? ["\(bad.count - Self.shown) more nodes are computed badly ('--format json' names them)"] : [])
        let misfits = overflows.prefix(Self.shown).map {
            "'\($0.node)' has numbers of \(shortScientific($0.magnitude)), which do not fit (\(shortScientific($0.limit)))"
        }
        return known + [whole] + nodes + misfits
    }
}

extension NodeError {
    /// What is wrong with the node, and where.
    fileprivate var sentence: String {
        let place = worstOperand.map { " at \(shortScientific($0))" } ?? ""
        return
            "  \(op) '\(node)' is off by \(shortScientific(maxError))\(place), of results up to \(shortScientific(magnitude)); its operands are "
            + "from \(shortScientific(operands.lowerBound)) to \(shortScientific(operands.upperBound))"
    }
}
