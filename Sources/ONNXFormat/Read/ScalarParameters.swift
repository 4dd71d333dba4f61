import IR

/// Tells the floating-point scalars among a file's initializers that somebody trained from the numbers that an exporter wrote so.
///
/// PyTorch says of values of its newer exporter whether they are parameters. Its older one writes numbers of the program as Constant nodes, or
/// under names that it makes up (`onnx::Mul_12`); what has another name is a parameter. In files of others scalars are numbers: nobody but PyTorch
/// trains parameters without axes.
struct ScalarParameters {
    private static let kindKey = "pkg.torch.export.graph_signature.InputSpec.kind"
    private static let kinds: Set<String> = ["PARAMETER", "BUFFER"]
    /// How names begin that PyTorch's exporters make up for numbers: those of operators that make tensors of them.
    private static let madeUp = [
        "val", "zeros", "ones", "full", "scalar_tensor", "lift_fresh", "clone", "const", "_tensor_constant", "_to_copy",
    ]

    private let isOfPyTorch: Bool
    /// The kinds of values of which the file says it.
    private let stated: [String: String]

    init(_ proto: ModelProto) {
        isOfPyTorch = proto.producerName.lowercased().hasPrefix("pytorch")
        let values = proto.graph.valueInfo + proto.graph.input
        stated = Dictionary(
            values.compactMap { value in
                value.metadataProps.first { $0.key == Self.kindKey }.map { (value.name, $0.value) }
            }
        ) { first, _ in first }
    }

    /// Marks the scalars of a graph that are parameters.
    func mark(_ graph: inout Graph) {
        guard isOfPyTorch else { return }
        for index in graph.values.indices {
            guard let constant = graph.values[index].constant, constant.form == .initializer,
                constant.tensor.shape.isEmpty, constant.tensor.elementType.isFloatingPoint
            else { continue }
            let isTrained = isParameter(graph.values[index].name)
            graph.values[index].constant?.isTrainedScalar = isTrained
        }
    }

    private func isParameter(_ name: String) -> Bool {
        guard stated.isEmpty else { return stated[name].map(Self.kinds.contains) ?? false }
        return !name.contains("/") && !name.contains("::") && !Self.madeUp.contains { isMadeUp(name, from: $0) }
    }

    /// Whether a name is a word, alone or with a number or more words behind it.
    private func isMadeUp(_ name: String, from word: String) -> Bool {
        guard name.hasPrefix(word) else { return false }
        let rest = name.dropFirst(word.count)
        return rest.first.map { $0 == "_" || $0.isNumber } ?? true
    }
}
