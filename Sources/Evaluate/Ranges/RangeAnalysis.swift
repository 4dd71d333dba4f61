import IR
import Synchronization

/// In which intervals the values of a graph lie.
///
/// Intervals are computed forward from what is known: ranges that somebody gives, the data of constants, and what operators do
/// (``RangeTable``). They hold over the real numbers: for every input within the given ranges, every element of the value is in
/// its interval wherever the operators are defined. What an implementation's own rounding adds is outside of them. Values of
/// which nothing is known, and integers that may wrap around, have the interval of their type.
///
/// Nothing is computed until somebody asks; then what the answer needs is, once.
package final class RangeAnalysis: Sendable {
    private let graph: Graph
    private let producers: [Int?]
    /// What is known beside the graph.
    package let knowledge: RangeKnowledge
    private let known = Mutex(RangeMemo())

    /// The ranges of a graph's values.
    ///
    /// - Parameters:
    ///   - producers: the nodes that compute values, as ``Graph/producers()`` gives them.
    ///   - knowledge: what is known beside the graph.
    /// - Complexity: constant; the first question costs as much as what it depends on.
    package init(
        _ graph: Graph, producers: [Int?]? = nil, knowledge: RangeKnowledge = RangeKnowledge()
    ) {
        self.graph = graph
        self.producers = producers ?? graph.producers()
        self.knowledge = knowledge
    }

    /// The interval of a value.
    ///
    /// - Complexity: linear in the nodes that it depends on and that nobody has asked about before, and in the data of the
    ///   constants that they read.
    package func interval(of id: ValueID) -> Interval {
        known.withLock { memo in
            if memo.intervals.isEmpty {
                memo.intervals = Array(repeating: nil, count: graph.values.count)
                memo.assumed = knowledge.intervals(in: graph)
            }
            resolve(id, memo)
            return memo.intervals[id.index] ?? .everything
        }
    }

    /// Fills in the interval of a value and of all that it depends on, without recursion: graphs can be deep.
    private func resolve(_ id: ValueID, _ memo: RangeMemo) {
        var stack = [id]
        while let value = stack.last {
            guard memo.intervals[value.index] == nil else {
                stack.removeLast()
                continue
            }
            guard graph[value].constant == nil, graph[value].known == nil, let producer = producers[value.index],
                let row = RangeTable.row(of: graph.nodes[producer].op)
            else {
                memo.intervals[value.index] = restricted(value, to: dataBounds(value), memo)
                continue
            }
            let node = graph.nodes[producer]
            let pending = row.operands(of: node, in: graph).filter { memo.intervals[$0.index] == nil }
            if pending.isEmpty { compute(node, row, memo) } else { stack += pending }
        }
    }

    private func compute(_ node: Node, _ row: RangeRow, _ memo: RangeMemo) {
        let results = row.transfer(
            RangeCall(node: node, graph: graph, producers: producers, memo: memo, constants: knowledge.constants))
        for (position, output) in node.outputs.enumerated() {
            guard let output else { continue }
            let type = graph[output].type?.elementType
            let holds = type.map { $0.isFloatingPoint || row.holdsForIntegers } ?? false
            let result = holds && position < results.count ? results[position] : .everything
            memo.intervals[output.index] = restricted(output, to: result, memo)
        }
    }

    /// What is known of a value that no operator computes.
    private func dataBounds(_ id: ValueID) -> Interval {
        guard let tensor = graph[id].knownTensor else { return .everything }
        return knowledge.constants.bounds(of: tensor)
    }

    /// An interval with what the value's type and the assumptions say.
    private func restricted(_ id: ValueID, to interval: Interval, _ memo: RangeMemo) -> Interval {
        var result = interval
        if let type = graph[id].type?.elementType, let range = type.integerRange {
            // Beyond the type's range integers wrap around.
            result = range.contains(interval) ? interval : range
        }
        if let assumed = memo.assumed[id] { result = result.intersection(assumed) }
        return result
    }
}

/// What the ranges of a graph's values follow from, beside the graph. Graphs that are made of one another share it.
package struct RangeKnowledge: Sendable {
    /// What somebody says of the model's data.
    package private(set) var assumptions: RangeAssumptions
    /// What has been read of constants.
    let constants: ConstantBounds
    /// Intervals of inputs of a part of a graph, as they are in the whole.
    private var inputs: [ValueID: Interval] = [:]
    /// The largest magnitudes of numbers that go into inputs of a part of a graph.
    private var largestConstants: [ValueID: Double] = [:]
    private var farNumbers: [ValueID: Double] = [:]

    /// Knowledge of what is said; constants are read when need be.
    package init(_ assumptions: RangeAssumptions = RangeAssumptions()) {
        self.assumptions = assumptions
        constants = ConstantBounds()
    }

    /// What is known in a part of the graph.
    ///
    /// - Parameters:
    ///   - inputs: the intervals of its inputs.
    ///   - largestConstants: the largest magnitudes of numbers of the model that go into its inputs.
    ///   - farNumbers: those of constants right before its inputs, whatever becomes of them.
    package func ofPart(
        inputs: [ValueID: Interval], largestConstants: [ValueID: Double] = [:], farNumbers: [ValueID: Double] = [:]
    ) -> RangeKnowledge {
        var result = self
        result.assumptions.inputs = nil
        result.inputs = inputs
        result.largestConstants = largestConstants
        result.farNumbers = farNumbers
        return result
    }

    /// The largest magnitude of a number of the model that goes into an input of a part; nil for other values.
    package func largestConstant(outside id: ValueID) -> Double? { largestConstants[id] }

    /// The largest magnitude of a constant right before an input of a part; 0 for other values.
    package func farNumber(outside id: ValueID) -> Double { farNumbers[id] ?? 0 }

    /// What is said of values of a graph.
    fileprivate func intervals(in graph: Graph) -> [ValueID: Interval] {
        assumptions.intervals(in: graph).merging(inputs) { $0.intersection($1) }
    }
}

/// What has been found so far. An object, so that a row can read it while the analysis holds it.
final class RangeMemo {
    /// The interval of each value that has been asked for, by ``ValueID/index``.
    var intervals: [Interval?] = []
    /// What the assumptions say.
    var assumed: [ValueID: Interval] = [:]
}

extension ElementType {
    /// The numbers that an integer type, or bool, can hold; nil for other types.
    var integerRange: Interval? {
        switch self {
        case .bool: .unit
        case .int64: Interval(-0x1p63, 0x1p63)
        case .uint64: Interval(0, 0x1p64)
        case _ where isInteger:
            switch self {
            case .uint2, .uint4, .uint8, .uint16, .uint32:
                Interval(0, Double(1 << (bitWidth ?? 32)) - 1)
            default: Interval(-Double(1 << ((bitWidth ?? 32) - 1)), Double(1 << ((bitWidth ?? 32) - 1)) - 1)
            }
        default: nil
        }
    }
}
