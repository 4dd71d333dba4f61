extension Model {
    /// Multiplications and additions of a model that is simulated without being asked for.
    private static let usualWork = 5e8

    /// How exactly a framework computes the model: both it and the real numbers are run on random inputs. Weights that are missing from
    /// the file are drawn at random.
    ///
    /// - Parameters:
    ///   - visibility: as ``profile(under:visibility:)`` takes it.
    ///   - ranges: what inputs keep to.
    ///   - anySize: whether large models are run as well, which takes time.
    /// - Returns: nil if the framework's numbers are not known.
    /// - Throws: an error if a name is that of no input and no initializer.
    public func accuracy(
        under framework: any Framework, visibility: [String: Visibility] = [:],
        ranges: RangeAssumptions = RangeAssumptions(), anySize: Bool = false
    ) throws(HarrierError) -> FrameworkAccuracy? {
        try telling {
            let policy = policy(visibility, under: framework)
            guard let simulated = framework.simulated(policy) else { return nil }
            let faults = try framework.faults(in: graph, policy)
            let work = graph.work
            guard anySize || work <= Self.usualWork else {
                return FrameworkAccuracy(
                    framework, simulated.format, skipped: "the model is large ('--simulation' runs it all the same)",
                    faults: faults)
            }
            let settings = ComparisonSettings(budget: 4 * Self.usualWork, assumptions: ranges)
            let missing = graph.values.count { $0.constant.map { !$0.tensor.isAvailable } ?? false }
            do {
                let error = try FixedPointSimulation(of: graph, in: simulated, settings).error()
                return FrameworkAccuracy(
                    framework, simulated.format, error: error, randomParameters: missing, faults: faults)
            } catch {
                return FrameworkAccuracy(framework, simulated.format, skipped: "\(error)", faults: faults)
            }
        }
    }
}
