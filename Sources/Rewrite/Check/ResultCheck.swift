import Evaluate
import IR

/// How the result of an optimization is run against the original: on which inputs, which difference is one, and when it is
/// left.
package struct ResultCheck {
    /// The graph before.
    private let original: Graph
    /// The graph after.
    private let result: Graph
    /// The rules that were used.
    private let rules: [Rule]
    /// What is known of the ranges of values.
    private let ranges: RangeAssumptions

    /// Relative difference of the outputs up to which rounding rules count as such.
    private static let roundingTolerance = 1e-2

    /// After this time a large model is not run on further samples.
    private static let seconds = 0.5

    /// The check of a graph that rules were used on.
    ///
    /// - Parameter rules: those that could be used; some of them were.
    package init(of result: LevelOptimizer.Result, from original: Graph, rules: [Rule], ranges: RangeAssumptions) {
        let names = Set(result.portable.rewrites.map(\.rule))
        self.original = original
        self.result = result.graph
        self.rules = rules.filter { names.contains($0.name) }
        self.ranges = ranges
    }

    /// The numeric check. Where approximate rules were used a difference is theirs and no failure, and where rules were used whose
    /// sides differ by a bound, only a difference beyond that is one.
    ///
    /// - Parameter progress: called before each sample with its number, and how many there are at most.
    package func compare(progress: (Int, Int) -> Void = { _, _ in }) -> NumericCheck {
        var settings = ComparisonSettings(
            tolerance: tolerance, seconds: Self.seconds, assumptions: ranges,
            styles: [.ordinary, .halves, .magnitudes])
        settings.inOwnTypes = true
        settings.typedTolerance = hasRounding ? Self.roundingTolerance : 0
        var check = NumericCheck.compare(original, result, settings) { progress($0, settings.samples) }
        let approximate = rules.filter { $0.exactness == .approximate }
        if check.status == .failed && !check.differences.isEmpty && !approximate.isEmpty {
            check.status = .skipped
            check.why =
                "approximate rules changed what the model computes: \(approximate.map(\.name).joined(separator: ", "))"
        }
        return check
    }

    private var hasRounding: Bool { rules.contains { $0.exactness == .rounding } }

    /// Exact rules leave the rounding of 64-bit arithmetic and of the numbers that they write in 32 bits; weights that were computed
    /// beforehand are rounded to 32 bits, each of them.
    private var tolerance: Double {
        if hasRounding { return Self.roundingTolerance }
        let names = Set(original.values.map(\.name))
        let hasNewWeights = result.values.contains { value in
            guard let tensor = value.constant?.tensor, tensor.elementType.isFloatingPoint else { return false }
            return tensor.elementCount > 1 && !names.contains(value.name)
        }
        return hasNewWeights ? 1e-4 : 1e-6
    }

    /// Both graphs at a framework's precision, unless the check has shown that this takes too long; nil if the graphs cannot run.
    ///
    /// - Parameters:
    ///   - check: what the numeric check came to.
    ///   - elapsed: how long it took.
    package func simulate(
        _ format: FixedPointFormat, after check: NumericCheck, that elapsed: Duration
    ) -> FixedPointOutcome? {
        guard check.samples > 0, check.status != .failed else { return nil }
        // A sample of the simulation runs each graph twice, a sample of the check once.
        guard elapsed / check.samples * 2 < .seconds(Self.seconds) else {
            return .skipped(format, why: "the model takes too long to run")
        }
        let settings = ComparisonSettings(seconds: Self.seconds / 2, assumptions: ranges)
        do {
            return .compared(try FixedPointComparison.compare(original, result, format: format, settings))
        } catch {
            return .skipped(format, why: "\(error)")
        }
    }
}
