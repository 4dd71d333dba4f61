import IR

extension NumericCheck {
    /// Runs two graphs on the same random inputs and compares their outputs, computed in 64 bits.
    ///
    /// Parameters whose data is missing from the file get random values that depend on their name alone, so that
    /// both graphs see the same ones; a parameter that has its data in only one of the graphs has it in both.
    /// An output agrees if its largest difference is at most the tolerance times its largest magnitude: a small
    /// output is held to as many digits as a large one.
    ///
    /// - Parameter progress: called before each sample with the number of samples done.
    /// - Complexity: running both graphs, `settings.samples` times.
    public static func compare(
        _ first: Graph, _ second: Graph, _ settings: ComparisonSettings = ComparisonSettings(),
        progress: (Int) -> Void = { _ in }
    ) -> NumericCheck {
        if let why = signatureDifference(first, second) { return NumericCheck(status: .failed, why: why) }
        let generator = SampleGenerator(for: first, settings)
        let parameters = SharedParameters(first, second, generator)
        var comparison = Comparison(outputs: first.outputs.map { first[$0].name })
        let isBrief = settings.inOwnTypes && first.work > Self.mostWork
        for sample in 0..<settings.samples(of: first) {
            progress(sample)
            let inputs: [String: NumericArray]
            do { inputs = try generator.inputs(sample: sample) } catch {
                return .skipped("the original cannot run: \(error)")
            }
            // At the same time: the runs share nothing that changes.
            let ways = ways(first, second, isBrief: isBrief, settings)
            let runs = ways.parallelMap { graph, precision in
                Result {
                    try Interpreter(precision: precision).run(graph, inputs: inputs, constants: parameters.value)
                }
            }
            let expected: [String: NumericArray]
            do { expected = try runs[0].get() } catch { return .skipped("the original cannot run: \(error)") }
            do { try comparison.add(isBrief ? runs[2].get() : expected, try runs[1].get(), settings) } catch {
                return NumericCheck(status: .failed, why: "\(error)", samples: sample + 1)
            }
            if settings.inOwnTypes, case .success(let own) = runs[2] {
                do { try comparison.add(expected, own: own, found: try runs[isBrief ? 1 : 3].get(), settings) } catch {
                    return NumericCheck(status: .failed, why: "\(error)", samples: sample + 1)
                }
            }
        }
        // Where numbers are narrow, both models are far from what they would be in 64 bits.
        let isNarrow = isBrief || settings.inOwnTypes && [first, second].contains(where: \.hasNarrowNumbers)
        return comparison.verdict(settings, isNarrow: isNarrow, randomParameters: parameters.randomCount)
    }

    /// Models that take more than this are compared in their own types alone: what they are in 64 bits only the first one tells, beside
    /// which rounding is judged.
    private static let mostWork = 2e9

    /// What is run for a sample: the first graph in 64 bits, then the second one, then both in their own types. A brief check runs the
    /// second one in its own types only.
    private static func ways(
        _ first: Graph, _ second: Graph, isBrief: Bool, _ settings: ComparisonSettings
    ) -> [(Graph, Interpreter.Precision)] {
        if isBrief { return [(first, .float64), (second, .float32), (first, .float32)] }
        let plain: [(Graph, Interpreter.Precision)] = [(first, .float64), (second, .float64)]
        return plain + (settings.inOwnTypes ? [(first, .float32), (second, .float32)] : [])
    }

    /// Why two graphs do not take and give the same tensors; nil if they do.
    static func signatureDifference(_ first: Graph, _ second: Graph) -> String? {
        for (ids, others, kind) in [(first.inputs, second.inputs, "input"), (first.outputs, second.outputs, "output")] {
            let types = Dictionary(ids.map { (first[$0].name, first[$0].type) }) { one, _ in one }
            let otherTypes = Dictionary(others.map { (second[$0].name, second[$0].type) }) { one, _ in one }
            for id in ids where otherTypes[first[id].name] == nil {
                return "only the first model has an \(kind) '\(first[id].name)'"
            }
            for id in others {
                let name = second[id].name
                guard let type = types[name] else { return "only the second model has an \(kind) '\(name)'" }
                guard let type, let other = second[id].type else { continue }
                if (try? type.refined(by: other)) == nil {
                    return "the \(kind) '\(name)' is \(type) in the first model and \(other) in the second"
                }
            }
        }
        return nil
    }
}

extension Graph {
    /// Whether it has floating-point numbers of less than 32 bits.
    fileprivate var hasNarrowNumbers: Bool {
        values.contains { value in
            guard let type = value.type?.elementType, type.isFloatingPoint, let width = type.bitWidth else {
                return false
            }
            return width < 32
        }
    }
}

/// The parameters that both graphs run with.
struct SharedParameters {
    private let generator: SampleGenerator
    /// Data that only one of the graphs has, by name.
    private let borrowed: [String: Tensor]
    let randomCount: Int

    init(_ first: Graph, _ second: Graph, _ generator: SampleGenerator) {
        let tensors = [first, second].map { graph in
            Dictionary(graph.values.compactMap { value in value.constant.map { (value.name, $0.tensor) } }) { one, _ in
                one
            }
        }
        var borrowed: [String: Tensor] = [:]
        for (own, other) in [(tensors[0], tensors[1]), (tensors[1], tensors[0])] {
            for (name, tensor) in own where !tensor.isAvailable {
                if let found = other[name], found.isAvailable, found.type == tensor.type { borrowed[name] = found }
            }
        }
        self.borrowed = borrowed
        self.generator = generator
        randomCount = tensors[0].count { !$0.value.isAvailable && borrowed[$0.key] == nil }
    }

    /// What stands for a constant whose data is missing; nil for those that have it.
    func value(of constant: Value) throws -> NumericArray? {
        guard let tensor = constant.constant?.tensor, !tensor.isAvailable else { return nil }
        if let found = borrowed[constant.name] { return try NumericArray(found) }
        return try generator.parameter(constant.name, tensor.type)
    }
}

/// The differences seen so far, by output.
private struct Comparison {
    let outputs: [String]
    private var errors: [Double]
    private var magnitudes: [Double]
    /// Outputs of which some element was a number, or which have no elements.
    private var compared: Set<Int> = []
    private var samples = 0
    /// What differs in the outputs' own types.
    private var mismatch: String?

    init(outputs: [String]) {
        self.outputs = outputs
        errors = Array(repeating: 0, count: outputs.count)
        magnitudes = errors
    }

    mutating func add(
        _ expected: [String: NumericArray], _ found: [String: NumericArray], _ settings: ComparisonSettings
    ) throws {
        samples += 1
        for (index, name) in outputs.enumerated() {
            guard let one = expected[name], let other = found[name] else { continue }
            guard one.shape == other.shape, one.elementType == other.elementType else {
                throw HarrierError(
                    "is \(one.elementType.onnxName)\(one.shape) in the first model and "
                        + "\(other.elementType.onnxName)\(other.shape) in the second", place: "output '\(name)'")
            }
            var isCompared = one.count == 0
            for (a, b) in zip(try one.doubles(), try other.doubles()) {
                if a.isFinite { (magnitudes[index], isCompared) = (max(magnitudes[index], abs(a)), true) }
                // Infinities of one sign, or two NaNs, agree; one beside a number is as far off as can be.
                if a == b || (a.isNaN && b.isNaN) || settings.ignoresInfinite && !a.isFinite { continue }
                let error = abs(a - b)
                errors[index] = max(errors[index], error.isNaN ? .infinity : error)
            }
            if isCompared { compared.insert(index) }
        }
    }

    /// Compares outputs that were computed in their own types.
    mutating func add(
        _ exact: [String: NumericArray], own: [String: NumericArray], found: [String: NumericArray],
        _ settings: ComparisonSettings
    ) throws {
        for name in outputs where mismatch == nil {
            guard let reference = exact[name], let one = own[name], let other = found[name] else { continue }
            mismatch = try TypedComparison.difference(
                name, exact: reference, own: one, found: other, tolerance: settings.typedTolerance)
        }
    }

    /// Below this an output is nothing but the noise of 64-bit arithmetic on numbers of ordinary size.
    private static let noise = 1e-12

    func verdict(_ settings: ComparisonSettings, isNarrow: Bool, randomParameters: Int) -> NumericCheck {
        let differences = outputs.indices.map { index in
            NumericCheck.Difference(
                output: outputs[index], maxAbsError: errors[index],
                maxRelativeError: errors[index] == 0 ? 0 : errors[index] / max(magnitudes[index], .leastNormalMagnitude)
            )
        }
        var check = NumericCheck(
            status: .passed, samples: samples, differences: differences, randomParameters: randomParameters)
        if let mismatch {
            check.status = .failed
            check.why = mismatch
        } else if !isNarrow,
            let worst = differences.first(where: {
                $0.maxAbsError > Self.noise && !($0.maxRelativeError <= settings.tolerance)
            })
        {
            check.status = .failed
            check.why =
                "output '\(worst.output)' differs by \(worst.maxAbsError), "
                + "\(worst.maxRelativeError) of its largest magnitude"
        } else if let silent = outputs.indices.first(where: { !compared.contains($0) }) {
            check.status = .skipped
            check.why = "no element of output '\(outputs[silent])' is finite, so that nothing can be compared"
        }
        return check
    }
}
