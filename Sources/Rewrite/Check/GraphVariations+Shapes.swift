import Evaluate
import IR

/// Other shapes and types.
extension GraphVariations {
    private static let types: [ElementType] = [.float64, .int64, .int32]
    /// What ONNX has for integers, too.
    // Exception to .elementwise: the rows do not say which types an operator takes.
    private static let forIntegers: Set<OperatorName> = [
        "Abs", "Add", "ArgMax", "ArgMin", "Clip", "Concat", "Div", "Equal", "Expand", "Gather", "Gemm", "Greater",
        "Identity", "Less",
        "MatMul", "Max", "Min", "Mul", "Neg", "Pow", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceSum", "Relu",
        "Reshape", "Sign",
        "Slice", "Split", "Sub", "Sum", "Tile", "Transpose", "Unsqueeze", "Where",
    ]

    /// A length is 0 wherever it is.
    func emptyAxes() -> [Variation] {
        Set(numericInputs.flatMap { graph[$0].type?.lengths ?? [] }).subtracting([0]).sorted().map { length in
            withShapes("\(length) = 0") { $0.map { $0 == length ? 0 : $0 } }
        }
    }

    /// An axis more in front, of all inputs or of one.
    func ranks() -> [Variation] {
        [withShapes("an axis more") { [2] + $0 }]
            + numericInputs.map { id in
                varied("\(graph[id].name) with an axis more") { copy in
                    guard let type = copy[id].type, let shape = type.lengths else { return }
                    copy[id].type = TensorType(type.elementType, lengths: [2] + shape)
                }
            }
    }

    /// All lengths are the same, so that shapes fit by accident; an operand has an axis more.
    func equalLengths() -> [Variation] {
        let same = 3
        return numericInputs.map { longer in
            varied("all lengths \(same), \(graph[longer].name) with an axis more") { copy in
                for id in numericInputs {
                    guard let type = copy[id].type, let shape = type.lengths else { continue }
                    let more = id == longer ? [same] : []
                    copy[id].type = TensorType(type.elementType, lengths: more + shape.map { _ in same })
                }
            }
        } + behind()
    }

    /// Images are volumes, of which a convolution takes the last axis in one stride.
    private func behind() -> [Variation] {
        let length = 3
        let convolutions = graph.nodes.indices.filter { graph.nodes[$0].op == "Conv" }
        guard !convolutions.isEmpty else { return [] }
        return [
            varied("an axis more behind") { copy in
                for id in numericInputs + parameters {
                    guard let type = copy[id].type, let shape = type.lengths, shape.count > 3 else { continue }
                    let longer = shape + [numericInputs.contains(id) ? length : 1]
                    copy[id].type = TensorType(type.elementType, lengths: longer)
                    copy[id].constant?.tensor.shape = longer
                }
                for index in convolutions { copy.nodes[index].attributes["strides"] = .ints([1, 1, length]) }
            }
        ]
    }

    private func withShapes(_ name: String, _ change: ([Int]) -> [Int]) -> Variation {
        varied(name) { copy in
            for id in numericInputs + parameters {
                guard let type = copy[id].type, let shape = type.lengths else { continue }
                copy[id].type = TensorType(type.elementType, lengths: change(shape))
                copy[id].constant?.tensor.shape = change(shape)
            }
        }
    }

    private var parameters: [ValueID] {
        graph.values.indices.map(ValueID.init).filter { graph[$0].constant.map { !$0.tensor.isAvailable } ?? false }
    }

    /// All floating-point numbers have another type.
    func elementTypes() -> [Variation] {
        let allowsIntegers = graph.nodes.allSatisfy { Self.forIntegers.contains($0.op) }
        return Self.types.filter { $0.isFloatingPoint || allowsIntegers }.map { kind in
            varied("\(kind)") { copy in
                for id in numericInputs + parameters {
                    guard let type = copy[id].type, type.elementType.isFloatingPoint else { continue }
                    copy[id].type = TensorType(kind, type.shape)
                    copy[id].constant?.tensor.elementType = kind
                }
                for (id, tensor) in literals where tensor.elementType.isFloatingPoint {
                    guard let changed = try? tensor.converted(to: kind) else { continue }
                    copy[id].constant?.tensor = changed
                    copy[id].type = changed.type
                }
            }
        }
    }
}

extension Tensor {
    /// The numbers in another type; integers are what is left of them towards 0.
    fileprivate func converted(to kind: ElementType) throws -> Tensor {
        let numbers = try doubles()
        if kind.isFloatingPoint { return try NumericArray(numbers, shape: shape, elementType: kind).tensor() }
        let whole = numbers.map { Int64(max(-1e6, min(1e6, $0.isNaN ? 0 : $0))) }
        return try NumericArray(kind, shape: shape, storage: .integers(whole)).tensor()
    }
}
