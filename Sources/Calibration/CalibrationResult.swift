import IR
import Pricing

/// A measured run beside its prediction: where they part, worst first.
public struct CalibrationResult: Sendable {
    /// One line: a layer, an operator, a kernel, or the whole.
    public struct Row: Hashable, Sendable {
        /// The layer's, operator's or kernel's name.
        public var name: String
        /// The operators, if the line is a layer.
        public var op: String
        /// How many nodes the prediction adds up; of a kernel, how many calls of it.
        public var nodes: Int
        /// The prediction; nil if there is none.
        public var predicted: Traffic?
        /// What was measured.
        public var measured: MeasuredRun.Counters
        /// Why there is no prediction.
        public var reason: String?

        /// Measured bytes over predicted ones; nil if one of them is not known or the prediction is nothing while something
        /// was measured.
        public var ratio: Double? {
            guard let bytes = measured.bytes, let predicted else { return nil }
            if predicted.bytes == 0 { return bytes == 0 ? 1 : nil }
            return Double(bytes) / Double(predicted.bytes)
        }

        /// Measured bytes less predicted ones; all of them if nothing is predicted.
        public var excessBytes: Int { (measured.bytes ?? predicted?.bytes ?? 0) - (predicted?.bytes ?? 0) }

        /// Measured rounds less predicted ones.
        public var excessRounds: Int { (measured.rounds ?? predicted?.rounds ?? 0) - (predicted?.rounds ?? 0) }

        /// Whether measurement and prediction say the same, as far as both say something.
        public var agrees: Bool { excessBytes == 0 && excessRounds == 0 && predicted != nil }
    }

    /// The model's name.
    public let model: String
    /// The framework and its configuration.
    public let framework: FrameworkInfo
    /// Each measured layer that is in the model, worst first.
    public let nodes: [Row]
    /// The same by operator, worst first.
    public let operators: [Row]
    /// Each measured kind of secure function, worst first.
    public let kernels: [Row]
    /// The whole run against the whole model; its counters are those of all layers if the run tells no total.
    public let total: Row
    /// Measured layers that the model has not.
    public let unknown: [Row]
    /// Nodes that cost something and were not measured.
    public let unmeasured: [Row]

    /// Compares a run with the profile of the model that ran.
    ///
    /// - Throws: ``HarrierError`` if the run has layers and none of them is in the model, or one is there twice.
    /// - Complexity: O(nodes · log nodes + size of all call trees)
    public init(of run: MeasuredRun, with profile: Profile, in graph: Graph) throws {
        model = profile.model
        framework = profile.framework
        let matching = try LayerMatching(run.layers, profile, graph)
        nodes = Self.worstFirst(matching.rows)
        unknown = matching.unknown
        unmeasured = matching.unmeasured
        operators = Self.worstFirst(Self.byOperator(matching.rows))
        kernels = Self.worstFirst(KernelMatching(profile).rows(of: run.kernels))
        let measured = run.total.isEmpty ? Self.sum((matching.rows + matching.unknown).map(\.measured)) : run.total
        total = Row(
            name: "total", op: "", nodes: profile.entries.count, predicted: profile.total.online, measured: measured)
    }

    /// The largest difference in bytes first, then in rounds; what agrees keeps its order.
    private static func worstFirst(_ rows: [Row]) -> [Row] {
        rows.enumerated().sorted { left, right in
            let (one, other) = (left.element, right.element)
            if one.excessBytes.magnitude != other.excessBytes.magnitude {
                return one.excessBytes.magnitude > other.excessBytes.magnitude
            }
            if one.excessRounds.magnitude != other.excessRounds.magnitude {
                return one.excessRounds.magnitude > other.excessRounds.magnitude
            }
            return left.offset < right.offset
        }.map(\.element)
    }

    private static func byOperator(_ rows: [Row]) -> [Row] {
        var order: [String] = []
        var groups: [String: [Row]] = [:]
        for row in rows where row.predicted != nil {
            if groups[row.op] == nil { order.append(row.op) }
            groups[row.op, default: []].append(row)
        }
        return order.map { op in
            let group = groups[op] ?? []
            return Row(
                name: op, op: op, nodes: group.reduce(0) { $0 + $1.nodes },
                predicted: group.compactMap(\.predicted).reduce(.zero, +), measured: sum(group.map(\.measured)))
        }
    }

    /// Counters together; one that is missing in all of them is not known.
    private static func sum(_ counters: [MeasuredRun.Counters]) -> MeasuredRun.Counters {
        func sum(_ values: [Int?]) -> Int? {
            let known = values.compactMap { $0 }
            return known.isEmpty ? nil : known.reduce(0, +|)
        }
        return MeasuredRun.Counters(bytes: sum(counters.map(\.bytes)), rounds: sum(counters.map(\.rounds)))
    }
}
