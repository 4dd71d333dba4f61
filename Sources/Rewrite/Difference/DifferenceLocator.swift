import Evaluate
import IR

/// Finds where two graphs part: runs both on one random input and compares the values of nodes that both have.
///
/// A value that differs is no mistake if what is computed from it agrees again (a convolution before and after a normalization
/// was folded into it), so only values are looked at that lead to a wrong output without passing one that agrees. The
/// first of those is a place; then the second graph is run again with the right value put there, which shows the next.
struct DifferenceLocator {
    /// The most places that are looked for.
    private static let largestNumberOfPlaces = 64
    /// No further place is looked for after that many seconds.
    private static let patience = 20.0
    /// The most numbers of the first graph that are kept (1 GiB); values beyond are not compared.
    private static let largestMemory = 1 << 27

    private let difference: GraphDifference
    private let second: Graph
    private let run: ProbedRun
    private let inputs: [String: NumericArray]
    private let tolerance: Double
    /// What the first graph computes, of the values that the second one has, too.
    private var expected: [ValueID: NumericArray] = [:]
    /// Whether the search for places ended before all outputs were right.
    private(set) var isCutShort = false

    private var alignment: GraphAlignment { difference.alignment }
    private var first: AlignedGraph { alignment.first }

    /// - Parameter second: the second graph, with inputs and parameters called as in the first.
    /// - Throws: ``HarrierError`` if the first graph cannot run.
    init(_ difference: GraphDifference, _ second: Graph, _ settings: ComparisonSettings) throws {
        self.difference = difference
        self.second = second
        run = ProbedRun(difference.alignment.first.graph, second, settings)
        inputs = try run.inputs()
        tolerance = max(settings.tolerance, 1e-9)
        let wanted = Set(Self.valuePairs(difference.alignment).map(\.first))
        var kept: [ValueID: NumericArray] = [:]
        var size = 0
        _ = try run.run(difference.alignment.first.graph, inputs: inputs) { id, value in
            if wanted.contains(id), size + value.count <= Self.largestMemory {
                kept[id] = value
                size += value.count
            }
            return nil
        }
        expected = kept
    }

    /// Values that nodes of both graphs, and outputs of both, compute.
    private static func valuePairs(_ alignment: GraphAlignment) -> [(first: ValueID, second: ValueID)] {
        var inside: [(first: ValueID, second: ValueID)] = []
        for (one, partner) in alignment.partners.enumerated() {
            guard let partner else { continue }
            let outputs = (alignment.first.graph.nodes[one].outputs, alignment.second.graph.nodes[partner].outputs)
            for case let (mine?, other?) in zip(outputs.0, outputs.1) { inside.append((mine, other)) }
        }
        let seen = Set(inside.map(\.second))
        return inside + alignment.outputs.filter { !seen.contains($0.second) }
    }

    /// The places in the order in which they were found.
    mutating func places() -> [GraphComparison.Place] {
        let start = ContinuousClock.now
        let pairs = Dictionary(Self.valuePairs(alignment).map { ($0.second, $0.first) }) { one, _ in one }
        var corrected: Set<ValueID> = []
        var result: [GraphComparison.Place] = []
        while true {
            guard let errors = try? errors(pairs, corrected) else { break }
            guard let (value, error) = firstSuspect(errors) else { return result }
            let causes = self.causes(of: value)
            let isNew = corrected.insert(value).inserted
            result.append(place(value, error, causes))
            let isOver =
                result.count >= Self.largestNumberOfPlaces || ContinuousClock.now - start > .seconds(Self.patience)
            if !isNew || error == .infinity || isOver { break }
        }
        isCutShort = true
        return result
    }

    /// The relative error of each value of the first graph in the second one, where corrected values have been put right.
    private func errors(_ pairs: [ValueID: ValueID], _ corrected: Set<ValueID>) throws -> [ValueID: Double] {
        var errors: [ValueID: Double] = [:]
        _ = try run.run(second, inputs: inputs) { id, value in
            guard let mine = pairs[id], let wanted = expected[mine] else { return nil }
            if corrected.contains(mine) {
                errors[mine] = 0
                return wanted
            }
            guard let (error, magnitude) = try wanted.difference(from: value) else {
                errors[mine] = .infinity
                return nil
            }
            // Below this a value is nothing but the noise of 64-bit arithmetic.
            let relative = error / max(magnitude, .leastNormalMagnitude)
            errors[mine] = error <= 1e-12 ? 0 : min(relative, .greatestFiniteMagnitude)
            return nil
        }
        return errors
    }

    /// The first value, in the order of the first graph, that differs and leads to a wrong output past no value that agrees.
    private func firstSuspect(_ errors: [ValueID: Double]) -> (ValueID, Double)? {
        var seen: Set<ValueID> = []
        var pending = alignment.outputs.map(\.first).filter { isWrong(errors[$0]) }
        var suspects: [ValueID] = []
        while let value = pending.popLast() {
            guard seen.insert(value).inserted, !first.isConstant[value.index] else { continue }
            if let error = errors[value] {
                guard isWrong(error) else { continue }
                suspects.append(value)
            }
            guard let producer = first.producers[value.index] else { continue }
            pending += first.graph.nodes[producer].inputs.compactMap { $0 }
        }
        let earliest = suspects.min { (first.producers[$0.index] ?? 0) < (first.producers[$1.index] ?? 0) }
        return earliest.map { ($0, errors[$0] ?? 0) }
    }

    private func isWrong(_ error: Double?) -> Bool { error.map { !($0 <= tolerance) } ?? false }

    private func place(_ value: ValueID, _ error: Double, _ causes: [Int]) -> GraphComparison.Place {
        guard let node = first.producers[value.index] else {
            return GraphComparison.Place(
                node: first.graph[value].name, op: "output", maxRelativeError: error, causes: causes)
        }
        return GraphComparison.Place(
            node: first.graph.displayName(ofNode: node), op: first.graph.nodes[node].op.description,
            maxRelativeError: error, causes: causes)
    }

    /// The changes at the node that computes a value, and at nodes between it and those before it that both graphs have.
    private func causes(of value: ValueID) -> [Int] {
        guard let node = first.producers[value.index] else { return [] }
        let mine = between(node, first, alignment.partners)
        let other = alignment.outputs.first { $0.first == value }?.second
        let partner = alignment.partners[node] ?? other.flatMap { alignment.second.producers[$0.index] }
        let theirs = partner.map { between($0, alignment.second, alignment.inverse) } ?? []
        return difference.changes.indices.filter { index in
            let change = difference.changes[index]
            if change.isOnConstants { return false }
            switch change.kind {
            case .attribute, .constant, .rewired: return change.first == node
            case .lost, .added, .replaced, .moved:
                return change.first.map(mine.contains) ?? false || change.second.map(theirs.contains) ?? false
            }
        }
    }

    /// A node, if it has no partner, and those that are reached from it going down without passing one that has.
    private func between(_ node: Int, _ side: AlignedGraph, _ partners: [Int?]) -> Set<Int> {
        var result: Set<Int> = partners[node] == nil ? [node] : []
        var pending = [node]
        while let next = pending.popLast() {
            for value in side.dataOperands(of: next) {
                guard let producer = side.producers[value.index], partners[producer] == nil,
                    result.insert(producer).inserted
                else { continue }
                pending.append(producer)
            }
        }
        return result
    }
}
