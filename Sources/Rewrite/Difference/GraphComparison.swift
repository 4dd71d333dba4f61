import Evaluate
import IR

/// Two graphs compared by structure and by numbers: whether they compute the same, and if not, where they part.
public struct GraphComparison: Sendable {
    /// What came of it.
    public enum Verdict: String, Sendable {
        /// The same nodes, wired in the same way.
        case equalStructure = "equal structure"
        /// Other nodes, but the same outputs on random inputs.
        case equalNumerically = "equal numerically"
        /// Other outputs.
        case differsNumerically = "differs numerically"
        /// The graphs could not be run.
        case notCompared = "not compared"
    }

    /// A place where the graphs part: all that it reads agrees, and it does not.
    public struct Place: Hashable, Sendable {
        /// The node of the first graph whose value is another one in the second; nil for an output of the graph that no node of
        /// both graphs computes.
        public let node: String
        /// The operator.
        public let op: String
        /// The largest difference over the largest magnitude; infinite if the shapes differ.
        public let maxRelativeError: Double
        /// Positions in ``GraphDifference/changes`` of what lies between the place and the values before it that agree.
        public let causes: [Int]
    }

    /// The structural difference.
    public let difference: GraphDifference
    /// The comparison of the outputs.
    public let check: NumericCheck
    /// Where the values part, in the order of the first graph. Each place is found with what went wrong before it put right, so
    /// that one mistake does not hide the next.
    public let places: [Place]
    /// Whether there may be more places: the search for them has limits.
    public let isCutShort: Bool

    /// What came of it.
    public var verdict: Verdict {
        switch check.status {
        case .failed: return .differsNumerically
        case .skipped: return .notCompared
        case .passed:
            // Constants that differ show as changes; where their data is missing only the numbers could tell.
            return difference.isEqualStructure ? .equalStructure : .equalNumerically
        }
    }

    /// The changes that make the graphs compute something else, as far as they were found.
    public var culprits: [GraphChange] {
        Set(places.flatMap(\.causes)).sorted().map { difference.changes[$0] }
    }

    /// Compares two graphs. Inputs, outputs and parameters of the second graph that have other names are taken for those of
    /// the first graph that they are aligned with.
    ///
    /// - Complexity: running both graphs for each sample, and the second one once more for each place.
    package init(_ first: Graph, _ second: Graph, _ settings: ComparisonSettings = ComparisonSettings()) {
        difference = GraphDifference(first, second)
        let renamed = difference.alignment.secondNamedAsFirst()
        check = NumericCheck.compare(first, renamed, settings)
        guard check.status == .failed, !check.differences.isEmpty,
            var locator = try? DifferenceLocator(difference, renamed, settings)
        else {
            places = []
            isCutShort = false
            return
        }
        places = locator.places()
        isCutShort = locator.isCutShort
    }
}

extension GraphAlignment {
    /// The second graph with its inputs, outputs and parameters called as those of the first graph that they belong to.
    func secondNamedAsFirst() -> Graph {
        var names: [ValueID: String] = [:]
        for (one, two) in inputs + outputs { names[two] = first.graph[one].name }
        let known = Set(first.graph.values.filter { $0.constant != nil }.map(\.name))
        for (one, partner) in partners.enumerated() {
            guard let partner else { continue }
            for (mine, other) in zip(first.graph.nodes[one].inputs, second.graph.nodes[partner].inputs) {
                guard let mine, let other, let constant = first.graph[mine].constant,
                    second.graph[other].constant?.tensor.type == constant.tensor.type, names[other] == nil,
                    !known.contains(second.graph[other].name)
                else { continue }
                names[other] = first.graph[mine].name
            }
        }
        var result = second.graph
        let wanted = Set(names.values)
        for (index, value) in result.values.enumerated()
        where names[ValueID(index)] == nil && wanted.contains(value.name) {
            names[ValueID(index)] = result.freeName(like: value.name + "/second")
        }
        result.rename(names.filter { result[$0.key].name != $0.value })
        return result
    }
}
