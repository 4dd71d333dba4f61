/// Who knows a value when the model runs under MPC.
public enum Visibility: Hashable, Sendable, CustomStringConvertible {
    /// Everybody.
    case `public`
    /// Nobody: it is secret-shared.
    case `private`
    /// One party, in plaintext (a server's weights, a client's input).
    case owned(party: Int)

    /// Who knows something computed from both.
    public func joined(with other: Visibility) -> Visibility {
        switch (self, other) {
        case (.public, let known), (let known, .public): known
        case (.owned(let one), .owned(let two)) where one == two: self
        default: .private
        }
    }

    /// `public`, `private` or `owned(PARTY)`.
    public var description: String {
        switch self {
        case .public: "public"
        case .private: "private"
        case .owned(let party): "owned(\(party))"
        }
    }
}

/// Who knows the inputs and parameters of a model.
public struct VisibilityPolicy: Hashable, Sendable {
    /// Who knows an input.
    public var inputs: Visibility
    /// Who knows a parameter, as ``Constant/isParameter`` tells them from literals.
    public var parameters: Visibility
    /// Who knows single inputs and parameters, by name.
    public var exceptions: [String: Visibility]
    /// Whether a test for infinities and for what is no number is a comparison of secrets. Else everybody knows how it comes out: shares
    /// are of fixed-point numbers, which are finite.
    public var testsFiniteness = false

    /// By default everything is secret-shared.
    public init(
        inputs: Visibility = .private, parameters: Visibility = .private, exceptions: [String: Visibility] = [:]
    ) {
        self.inputs = inputs
        self.parameters = parameters
        self.exceptions = exceptions
    }

    /// The policy without exceptions for values that a graph does not have: they can have been folded away.
    package func keepingNames(of graph: Graph) -> VisibilityPolicy {
        let names = graph.valuesByName()
        var result = self
        result.exceptions = exceptions.filter { names[$0.key] != nil }
        return result
    }
}

extension ModelMetadata {
    /// The key in ``properties`` under which a file names inputs that everybody knows, separated by commas.
    public static let publicInputsKey = "ai.harrier.public"

    /// Inputs that everybody knows whatever else inputs are, such as the number of a training step. A policy can make an
    /// exception of them.
    public var publicInputs: Set<String> {
        get { Set((properties[Self.publicInputsKey] ?? "").split(separator: ",").map(String.init)) }
        set {
            properties[Self.publicInputsKey] = newValue.isEmpty ? nil : newValue.sorted().joined(separator: ",")
        }
    }
}

extension Graph {
    /// Who knows each value, indexed by ``ValueID/index``. What a node computes is known to whoever knows all of
    /// its operands; shapes are public, and so is that fixed-point numbers are finite.
    ///
    /// - Throws: ``HarrierError`` if the policy names a value that is neither an input nor a constant.
    public func visibility(under policy: VisibilityPolicy) throws -> [Visibility] {
        var result = [Visibility](repeating: .public, count: values.count)
        for (index, value) in values.enumerated() {
            if let constant = value.constant, constant.isParameter { result[index] = policy.parameters }
        }
        let known = metadata.publicInputs
        for input in inputs { result[input.index] = known.contains(self[input].name) ? .public : policy.inputs }
        for capture in captures { result[capture.index] = .private }
        if !policy.exceptions.isEmpty {
            let names = valuesByName()
            let producers = producers()
            for (name, visibility) in policy.exceptions.sorted(by: { $0.key < $1.key }) {
                guard let id = names[name], producers[id.index] == nil else {
                    throw HarrierError(
                        "there is no input or initializer of this name", place: "'\(name)'",
                        hint: "visibility is set on inputs and initializers; what nodes compute follows from them")
                }
                result[id.index] = visibility
            }
        }
        return propagating(visibility: result, testsFiniteness: policy.testsFiniteness)
    }

    /// Who knows what the nodes compute, given who knows inputs, constants and captures: for every value, indexed by
    /// ``ValueID/index``.
    ///
    /// - Parameter testsFiniteness: as ``VisibilityPolicy/testsFiniteness``.
    public func propagating(visibility initial: [Visibility], testsFiniteness: Bool) -> [Visibility] {
        var result = initial
        let captures = Dictionary(grouping: capturesByNode(), by: \.node)
        for (index, node) in nodes.enumerated() {
            var known = Visibility.public
            if !node.hasPublicResult(testsFiniteness: testsFiniteness) {
                for case let input? in node.inputs where self[input].known == nil {
                    known = known.joined(with: result[input.index])
                }
                for capture in captures[index] ?? [] { known = known.joined(with: result[capture.value.index]) }
            }
            for case let output? in node.outputs { result[output.index] = known }
        }
        return result
    }
}

extension Node {
    /// Whether everybody knows what it computes, whoever knows its operands.
    ///
    /// - Parameter testsFiniteness: as ``VisibilityPolicy/testsFiniteness``.
    package func hasPublicResult(testsFiniteness: Bool) -> Bool {
        has(.shapeQuery) || !testsFiniteness && has(.nonFiniteTest)
    }
}
