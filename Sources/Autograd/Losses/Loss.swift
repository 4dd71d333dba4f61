import IR

/// A loss: the number that a training step makes small, as PyTorch's function of the same name defines it.
public struct Loss: Sendable {
    /// How the losses of single elements become one.
    public enum Reduction: String, Sendable, CaseIterable {
        /// Their mean: over samples where there is one loss a sample, else over elements.
        case mean
        /// Their sum.
        case sum
        /// They stay as they are; what is differentiated is their sum.
        case none
    }

    /// What a target holds.
    public enum TargetForm: String, Sendable, CaseIterable {
        /// Numbers of the prediction's shape and type: values, or for classes one-hot rows and probabilities that add up to
        /// one.
        case values
        /// The index of a class for each sample, without the axis of classes.
        case indices
    }

    /// The name in `torch.nn.functional`.
    public let name: String
    /// Other names that people use.
    public let aliases: [String]
    /// What it measures, in a phrase.
    public let summary: String
    /// What its targets can hold, the usual form first.
    public let targetForms: [TargetForm]
    let write: @Sendable (Operands) throws -> Elements

    /// What a loss compares.
    struct Operands {
        let prediction: GraphBuilder.Term
        /// The target, in the prediction's shape and type whatever its form.
        let target: GraphBuilder.Term
        /// How the gradient will be made.
        let style: GradientStyle
        /// The axis of classes: the second one, or the only one of a single sample.
        var classAxis: Int { get throws { try prediction.rank > 1 ? 1 : 0 } }
    }

    /// A loss before its reduction.
    struct Elements {
        /// The losses of elements or samples.
        let values: GraphBuilder.Term
        /// Writes the gradient of the sum of the values times a number.
        let gradient: (_ scale: Double) throws -> GraphBuilder.Term
    }
}

/// A loss in a graph.
public struct WrittenLoss {
    /// The loss: a scalar, or of many elements if it is not reduced.
    public let value: GraphBuilder.Term
    /// Writes the gradient of the loss (of its sum, if it is not reduced) towards the prediction.
    public let gradient: () throws -> GraphBuilder.Term
}

extension Loss {
    /// The type of target that goes with a prediction.
    ///
    /// - Throws: ``HarrierError`` if the loss has no targets of that form, or none for that prediction.
    public func targetType(for prediction: GraphBuilder.Term, form: TargetForm) throws -> TensorType {
        let (type, shape) = try checked(prediction)
        guard targetForms.contains(form) else {
            let known = targetForms.map(\.rawValue).joined(separator: " or ")
            throw HarrierError("\(name) takes no targets of \(form.rawValue)", hint: "its targets are \(known)")
        }
        guard form == .indices else { return type }
        var rest = shape
        rest.remove(at: shape.count > 1 ? 1 : 0)
        return TensorType(.int64, rest)
    }

    /// Writes the loss of a prediction.
    ///
    /// - Parameters:
    ///   - target: of a type that ``targetType(for:form:)`` gives.
    ///   - style: how the gradient is made.
    /// - Throws: ``HarrierError`` naming prediction and target with their shapes if they do not fit.
    public func written(
        prediction: GraphBuilder.Term, target: GraphBuilder.Term, reduction: Reduction = .mean,
        style: GradientStyle = .harrier
    ) throws -> WrittenLoss {
        try checkFit(prediction, target)
        let builder = prediction.builder
        let elements = try write(
            Operands(prediction: prediction, target: try values(of: target, like: prediction), style: style))
        var scale = 1.0
        if reduction == .mean { scale /= Double(max(1, try elements.values.lengths.reduce(1, *))) }
        let value: GraphBuilder.Term =
            switch reduction {
            case .mean: try builder.apply("ReduceMean", [elements.values], ["keepdims": .int(0)])
            case .sum: try builder.apply("ReduceSum", [elements.values], ["keepdims": .int(0)])
            case .none: elements.values
            }
        return WrittenLoss(value: value) { try elements.gradient(scale) }
    }

    /// The prediction's type and shape, if a loss can be taken of it.
    private func checked(_ prediction: GraphBuilder.Term) throws -> (TensorType, [Dimension]) {
        let place = "'\(prediction.value.name)'"
        guard let type = prediction.type, let shape = type.shape else {
            throw HarrierError("\(name) needs a prediction whose shape is known", place: place)
        }
        guard type.elementType.isFloatingPoint else {
            throw HarrierError("\(name) needs a prediction of real numbers, not \(type)", place: place)
        }
        guard !targetForms.contains(.indices) || !shape.isEmpty else {
            throw HarrierError("\(name) needs a prediction with an axis of classes, not \(type)", place: place)
        }
        return (type, shape)
    }

    private func checkFit(_ prediction: GraphBuilder.Term, _ target: GraphBuilder.Term) throws {
        let (type, _) = try checked(prediction)
        let known = try targetForms.map { try targetType(for: prediction, form: $0) }
        guard let found = target.type, known.contains(found) else {
            let wanted = known.map(\.description).joined(separator: " or ")
            let given = target.type?.description ?? "of a shape that is not known"
            throw HarrierError(
                "\(name) of the prediction '\(prediction.value.name)', which is \(type), needs a target that is \(wanted); "
                    + "'\(target.value.name)' is \(given)")
        }
    }

    /// Class indices as one-hot rows; anything else as it is.
    private func values(
        of target: GraphBuilder.Term, like prediction: GraphBuilder.Term
    ) throws -> GraphBuilder.Term {
        guard !target.elementType.isFloatingPoint else { return target }
        let builder = prediction.builder
        let axis = try prediction.rank > 1 ? 1 : 0
        let offAndOn = try builder.apply(
            "Concat",
            [0, 1].map { try prediction.scalar($0).reshaped([1]) }, ["axis": .int(0)])
        return try builder.apply(
            "OneHot", [target, builder.integers([try prediction.lengths[axis]]), offAndOn], ["axis": .int(axis)])
    }
}
