import Evaluate
import IR
import Pricing

/// How much a framework's arithmetic may be off after an optimization.
public enum ErrorLimit: Hashable, Sendable {
    /// Twice what it is off before, or four units in the last place.
    case usual
    /// That much, whatever it is before.
    case absolute(Double)
    /// As much as it likes.
    case none

    /// The largest error allowed.
    ///
    /// - Parameter before: what the framework makes of the original.
    func allowed(after before: FixedPointError, _ format: FixedPointFormat) -> Double {
        switch self {
        case .usual: max(2 * before.typicalError, 4 * format.resolution)
        case .absolute(let error): error
        case .none: .infinity
        }
    }
}

/// Simulates results where a framework runs them, and holds their error against that of the original.
///
/// Each graph is held against its own real numbers: what rules with a stated bound change in those is theirs, and not the framework's.
package struct FrameworkErrorCheck {
    private let framework: SimulatedFramework
    private let simulation: FixedPointSimulation
    private let before: Result<FixedPointError, any Error>
    private let limit: ErrorLimit

    /// Random inputs that a small model is run on.
    private static let samples = 5
    /// Multiplications and additions of all samples after which no further one is begun.
    private static let budget = 2e9
    /// Models that take more than this are not simulated.
    private static let mostWork = 6e9

    /// - Parameters:
    ///   - framework: nil where the framework's numbers are not known.
    ///   - ranges: what inputs keep to.
    package init(of original: Graph, in framework: SimulatedFramework, ranges: RangeAssumptions, limit: ErrorLimit) {
        self.framework = framework
        self.limit = limit
        let settings = ComparisonSettings(samples: Self.samples, budget: Self.budget, assumptions: ranges)
        let simulation = FixedPointSimulation(of: original, in: framework, settings)
        self.simulation = simulation
        before = Result {
            guard original.work <= Self.mostWork else { throw HarrierError("the model takes too long to run") }
            return try simulation.error()
        }
    }

    /// What comes of a result.
    ///
    /// - Parameter masked: the original with its masks raised to what the framework takes; nil if there were none. Its error bounds that of
    ///   the result then: the original's is that of garbage.
    package func outcome(of result: Graph, masked: Graph? = nil) -> FixedPointOutcome {
        do {
            let before = try before.get()
            let after = try simulation.error(of: result)
            let repaired = try masked.map { try simulation.error(of: $0) }
            let least = [before, repaired].compactMap { $0 }.min { $0.typicalError < $1.typicalError } ?? before
            return .compared(
                FixedPointComparison(framework, before: before, after: after),
                allowed: limit.allowed(after: least, framework.format))
        } catch { return .skipped(framework.format, why: "\(error)") }
    }
}

extension Framework {
    /// What has to be known to simulate the framework; nil where its numbers are not known.
    ///
    /// - Parameter policy: who knows inputs and parameters; nil: as the framework has it.
    package func simulated(_ policy: VisibilityPolicy? = nil) -> SimulatedFramework? {
        facts.fixedPoint.map {
            SimulatedFramework($0, arithmetic: facts.arithmetic, policy: policy ?? facts.defaultVisibility)
        }
    }
}
