import IR

extension Graph {
    /// The oldest version of ONNX's operator set that a graph can be written in.
    package static let oldestWrittenOpset = 7
    /// The newest version of ONNX's operator set whose operators Harrier knows; newer ones are taken for it.
    package static let newestKnownOpset = 28

    /// The same graph in another version of ONNX's operator set, functions and bodies of nodes too. Operators whose meaning
    /// did not change stay as they are.
    ///
    /// - Parameters:
    ///   - target: the version.
    ///   - evaluator: computes shape chains, for conversions that depend on shapes.
    /// - Throws: ``HarrierError`` naming the first node that cannot be said in that version.
    /// - Complexity: O(nodes + values).
    package func converted(toOpset target: Int, evaluator: (any ConstantEvaluator)? = nil) throws -> Graph {
        guard target >= Self.oldestWrittenOpset else {
            throw HarrierError(
                "version \(target) of ONNX's operator set cannot be written",
                hint: "\(Self.oldestWrittenOpset) to \(Self.newestKnownOpset) can")
        }
        return try converted(to: target, isLenient: false, evaluator: evaluator)
    }

    /// The version of ONNX's operator set that first has all operators of the graph.
    var newestOperator: Int { nodes.map(\.firstVersion).max() ?? 0 }

    /// The graph as it was read, in the version that Harrier works on. Operators that are newer than that pass through.
    func normalized(evaluator: (any ConstantEvaluator)?) throws -> Graph {
        try converted(to: Self.opsetVersion, isLenient: true, evaluator: evaluator)
    }

    private func converted(to target: Int, isLenient: Bool, evaluator: (any ConstantEvaluator)?) throws -> Graph {
        guard let source = opsets[""] else {
            if let index = nodes.firstIndex(where: { $0.op.domain.isEmpty }) {
                throw HarrierError(
                    "the model does not say which version of ONNX's operator set it uses", place: label(ofNode: index))
            }
            return self
        }
        var result = self
        if source != target {
            result = try OpsetConversion.convert(
                self, from: min(source, Self.newestKnownOpset), to: min(target, Self.newestKnownOpset),
                isLenient: isLenient, evaluator: evaluator)
            result.opsets[""] = target
        }
        for index in result.functions.indices {
            result.functions[index].body = try functions[index].body.converted(
                to: target, isLenient: isLenient, evaluator: evaluator)
        }
        return result
    }
}

extension Node {
    /// The version of ONNX's operator set that first has the operator; 0 for operators that every version has, or that Harrier does not
    /// know.
    var firstVersion: Int {
        guard op.domain.isEmpty, let first = OperatorTable[op]?.firstVersion else { return 0 }
        return first > OperatorDefinition.oldestVersion ? first : 0
    }
}
