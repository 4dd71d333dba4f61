import Evaluate
import IR

/// How the result of an optimization is run against the original: on which inputs, which difference is one, and when it is
/// left.
package struct ResultCheck {
    /// The graph before.
    private let original: Graph
    /// The graph after.
    private var result: Graph
    /// The graph before with masks raised to what the framework's exponential takes; nil if there were none.
    private let masked: Graph?
    /// Whether there were some, at whatever lengths.
    private let hasMasks: Bool
    /// The rules that were used.
    private let rules: [Rule]
    /// What is known of the ranges of values.
    private let ranges: RangeAssumptions

    /// Relative difference of outputs, and of what single steps compute, up to which exact rules count as such: numbers that they write in
    /// 32 bits are rounded.
    static let exactTolerance = 1e-6
    /// Relative difference of the outputs up to which rounding rules count as such.
    private static let roundingTolerance = 1e-2

    /// Multiplications and additions after which a large model is not run on further samples.
    private static let budget = 4e9

    /// The check of a graph that rules were used on.
    ///
    /// - Parameters:
    ///   - rules: those that could be used; some of them were.
    ///   - isSearched: whether the original is what the search began with, and not the model at other lengths.
    package init(
        of result: LevelOptimizer.Result, from original: Graph, rules: [Rule], ranges: RangeAssumptions,
        isSearched: Bool = true
    ) {
        let names = Set(result.portable.rewrites.map(\.rule))
        self.original = original
        self.result = result.graph
        hasMasks = result.portable.masked != nil
        masked = isSearched ? result.portable.masked : nil
        self.rules = rules.filter { names.contains($0.name) }
        self.ranges = ranges
    }

    /// The check of another graph on the way to the result.
    package func compare(stage: Graph) -> NumericCheck {
        var check = self
        check.result = stage
        return check.compare()
    }

    /// The numeric check. Where approximate rules were used a difference is theirs and no failure, and where rules were used whose
    /// sides differ by a bound, only a difference beyond that is one.
    ///
    /// - Parameter progress: called before each sample with its number, and how many there are at most.
    package func compare(progress: (Int, Int) -> Void = { _, _ in }) -> NumericCheck {
        var settings = ComparisonSettings(
            tolerance: tolerance, budget: Self.budget, assumptions: ranges,
            styles: [.ordinary, .halves, .magnitudes])
        settings.inOwnTypes = true
        settings.typedTolerance = hasRounding ? Self.roundingTolerance : 0
        let samples = settings.samples(of: original)
        if hasMasks {
            guard let agreement = agreement(with: masked ?? result, settings) else {
                return NumericCheck.compare(original, result, settings)
            }
            if masked == nil { return agreement }
        }
        var check = NumericCheck.compare(masked ?? original, result, settings) { progress($0, samples) }
        let approximate = rules.filter { $0.exactness == .approximate }
        if check.status == .failed && !check.differences.isEmpty && !approximate.isEmpty {
            check.status = .skipped
            check.why =
                "approximate rules changed what the model computes: \(approximate.map(\.name).joined(separator: ", "))"
        }
        return check
    }

    /// The first of a few inputs on which the original and a graph with raised masks agree; nil if there is none. They agree wherever an
    /// element of each row is not masked. Where a whole row is, sums with a mask of -10³⁸ are equal only because rounding takes what was added.
    private func agreement(with masked: Graph, _ settings: ComparisonSettings) -> NumericCheck? {
        var settings = settings
        settings.samples = 1
        for round in 0..<Self.tries {
            // Integers and truths that masks are made of: 1 masks nothing.
            if round == Self.tries / 2 { settings.assumptions.named.merge(ones) { given, _ in given } }
            let check = NumericCheck.compare(original, masked, settings)
            if check.status != .failed { return check }
            settings.seed += 1
        }
        return nil
    }

    private static let tries = 6

    /// The range 1 to 1 for every input of the original that is no real number.
    private var ones: [String: Interval] {
        let inputs = original.inputs.filter { original[$0].type?.elementType.isFloatingPoint == false }
        return Dictionary(inputs.map { (original[$0].name, Interval(1, 1)) }) { first, _ in first }
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
        return hasNewWeights ? 1e-4 : Self.exactTolerance
    }
}
