import Evaluate
import IR

/// Holds the intervals that an analysis gives to what the interpreter computes.
enum RangeCheck {
    /// Rounding of 64-bit arithmetic that an element may lie outside by, relative to its magnitude and to 1.
    private static let tolerance = 1e-12

    /// What lies outside of its interval, of all floating-point outputs of a graph; nil if nothing does. Elements that are no
    /// finite numbers come of operators where they are not defined, of which intervals say nothing.
    static func escape(
        of graph: Graph, inputs: [String: NumericArray], assumptions: RangeAssumptions
    ) throws -> String? {
        let found = try Interpreter().run(graph, inputs: inputs)
        let analysis = RangeAnalysis(graph, knowledge: RangeKnowledge(assumptions))
        for id in graph.outputs {
            guard let array = found[graph[id].name], array.elementType.isFloatingPoint else { continue }
            let interval = analysis.interval(of: id)
            for element in try array.elements() where element.isFinite {
                let slack = tolerance * max(1, abs(element))
                if element < interval.low - slack || element > interval.high + slack {
                    return "'\(graph[id].name)' is \(element), outside of \(interval)"
                }
            }
        }
        return nil
    }

    /// The least and the greatest element of an array; nil if it has none, or some are no numbers.
    static func bounds(of array: NumericArray) throws -> Interval? {
        let elements = try array.elements()
        guard let low = elements.min(), let high = elements.max(), elements.allSatisfy(\.isFinite) else { return nil }
        return Interval(low, high)
    }
}

extension NumericArray {
    /// The numbers, also those of the arrays of a sequence.
    func elements() throws -> [Double] {
        if case .sequence(let arrays) = storage { return try arrays.flatMap { try $0.elements() } }
        return try doubles()
    }
}
