import IR

/// What came of computing two graphs exactly on the same inputs: without any rounding, so that no tolerance hides an error.
public struct ExactCheck: Hashable, Sendable {
    /// The verdict.
    public enum Status: String, Hashable, Sendable {
        /// All outputs were equal, exactly.
        case equal
        /// Some output was not, and no rounding can be blamed.
        case different
        /// The graphs cannot be compared exactly.
        case undecided
    }

    /// The verdict.
    public var status: Status
    /// Why the graphs are different or undecided; nil if they are equal.
    public var why: String?
    /// Inputs on which the outputs were equal.
    public var samples = 0
    /// Whether it mattered which of two numbers is larger: the graphs are polynomials in pieces.
    public var usesOrder = false
    /// Functions of which only this was used: equal arguments give equal values.
    public var uninterpreted: [String] = []
    /// Numbers that were read as what their writer must have meant, such as `0.16666667 as 1/6`.
    public var readings: [String] = []

    init(status: Status, why: String? = nil) {
        self.status = status
        self.why = why
    }
}

extension ExactCheck {
    /// Graphs with tensors of more elements than this are not computed exactly: it would take seconds.
    private static let largestTensor = 1 << 16
    /// Samples that are tried for each that is wanted: some have divisions by zero in them.
    private static let triesForEach = 3

    /// Computes two graphs on the same random inputs, in a finite field.
    ///
    /// Rational functions of the inputs are equal if they are equal on random ones: polynomials of degree d that differ do so at
    /// all but d of a million points for each element. Exponentials are computed exactly, too; of other functions only
    /// is known that equal arguments give equal values, which cannot show that two graphs differ.
    ///
    /// - Parameter settings: seed, number of samples, their styles, and which inputs are positive.
    /// - Complexity: as running both graphs, at about 100 nanoseconds for each product.
    public static func compare(
        _ first: Graph, _ second: Graph, _ settings: ComparisonSettings = ComparisonSettings()
    ) -> ExactCheck {
        if let why = NumericCheck.signatureDifference(first, second) { return ExactCheck(status: .different, why: why) }
        guard
            (first.values + second.values).allSatisfy({ ($0.type?.lengths ?? []).saturatingProduct() <= largestTensor })
        else { return ExactCheck(status: .undecided, why: "the tensors are large") }
        let generator = SampleGenerator(for: first, settings)
        let tracksLogarithms = first.takesLogarithms || second.takesLogarithms
        var result = ExactCheck(status: .equal)
        var reason: String?
        for sample in 0..<settings.samples * triesForEach where result.samples < settings.samples {
            let trace = ExactTrace(tracksLogarithms: tracksLogarithms)
            do {
                let difference = try difference(first, second, generator, sample, trace)
                result.note(trace)
                if let difference { return result.judged(difference, trace) }
                result.samples += 1
            } catch { reason = reason ?? "\(error)" }
        }
        if result.samples == 0 {
            result.status = .undecided
            result.why = reason
        }
        return result
    }

    /// The output that differs on one sample; nil if none does.
    private static func difference(
        _ first: Graph, _ second: Graph, _ generator: SampleGenerator, _ sample: Int, _ trace: ExactTrace
    ) throws -> String? {
        let drawn = try generator.inputs(sample: sample)
        let interpreter = ExactInterpreter(trace: trace)
        func run(_ graph: Graph) throws -> [String: ExactValue] {
            let inputs = graph.inputs.map { id in
                drawn[graph[id].name].map { interpreter.value($0.shortened, isDrawn: true) }
            }
            let outputs = try interpreter.run(graph, inputs: inputs) { value in
                guard let tensor = value.constant?.tensor, !tensor.isAvailable else { return nil }
                return try generator.parameter(value.name, tensor.type).shortened
            }
            return Dictionary(zip(graph.outputs.map { graph[$0].name }, outputs)) { one, _ in one }
        }
        let (expected, found) = (try run(first), try run(second))
        for id in first.outputs {
            let name = first[id].name
            guard let one = expected[name], let other = found[name], one.equals(other) else {
                return "output '\(name)' differs"
            }
        }
        return nil
    }

    private mutating func note(_ trace: ExactTrace) {
        usesOrder = usesOrder || trace.usesOrder
        uninterpreted = Set(uninterpreted).union(trace.uninterpreted).sorted()
        readings = Set(readings).union(trace.readings.map { "\($0.written) as \($0.meant)" }).sorted()
    }

    /// The verdict on a difference: it stands if everything was computed exactly.
    private func judged(_ difference: String, _ trace: ExactTrace) -> ExactCheck {
        var result = self
        result.status = .undecided
        if !trace.roundedConstants.isEmpty {
            result.why = "\(trace.roundedConstants.sorted().joined(separator: ", ")) is rounded"
        } else if !trace.uninterpreted.isEmpty {
            result.why = "identities of \(trace.uninterpreted.sorted().joined(separator: ", ")) are not known"
        } else {
            result.status = .different
            result.why = difference
        }
        return result
    }
}

extension NumericArray {
    /// The same floating-point numbers with 20 binary places: numbers that exact arithmetic is quick with, and of which there are
    /// still a million between two integers.
    fileprivate var shortened: NumericArray {
        guard case .doubles(let values) = storage else { return self }
        return NumericArray(
            unchecked: elementType, shape, .doubles(values.map { ($0 * 0x1p20).rounded() * 0x1p-20 }))
    }
}

extension ExactValue {
    fileprivate func equals(_ other: ExactValue) -> Bool {
        switch (self, other) {
        case (.plain(let one), .plain(let two)): one == two
        case (.exact(let one), .exact(let two)):
            one.shape == two.shape && one.elementType == two.elementType
                && zip(one.elements, two.elements).allSatisfy { $0.image == $1.image }
        default: false
        }
    }
}

extension Graph {
    /// Whether there is a logarithm in it, or in the function body of a node.
    fileprivate var takesLogarithms: Bool {
        nodes.contains { node in
            if node.op == "Log" { return true }
            let body = try? FunctionBodies.body(
                of: node, inputTypes: node.inputs.map { $0.flatMap { self[$0].type } },
                inputTensors: node.inputs.map { $0.flatMap { self[$0].knownTensor } })
            return body?.takesLogarithms ?? false
        }
    }
}
