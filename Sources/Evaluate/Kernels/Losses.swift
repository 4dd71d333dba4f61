import IR

/// Losses.
let lossKernels: [KernelRow] = [
    KernelRow("NegativeLogLikelihoodLoss") { try negativeLogLikelihood($0, of: try $0.input(0)) },
    KernelRow(outputs: "SoftmaxCrossEntropyLoss") { call in
        let scores = try call.input(0)
        guard scores.rank >= 2 else { throw HarrierError("scores of shape \(scores.shape) have no classes") }
        let logarithms = try Rows(scores, axes: [1]).map { _, source, target in
            let total = logSumExp(source)
            for i in source.indices { target[i] = source[i] - total }
        }
        return [try negativeLogLikelihood(call, of: logarithms), call.wants(1) ? logarithms : nil]
    },
]

/// Inputs: logarithms of probabilities [N, C, ...], classes [N, ...], and optionally weights [C].
private func negativeLogLikelihood(_ call: Call, of input: NumericArray) throws -> NumericArray {
    let target = try call.input(1)
    guard input.rank >= 2, [input.shape[0]] + input.shape.dropFirst(2) == target.shape else {
        throw HarrierError("classes of shape \(target.shape) for scores of shape \(input.shape)")
    }
    let classes = input.shape[1]
    let inner = input.shape.dropFirst(2).reduce(1, *)
    let weights = try call.optional(2).map { _ in try call.perChannel(2, classes) }
    let ignored = try call.node.optionalInt("ignore_index")
    let reduction = try call.node.choice("reduction", of: ["none", "mean", "sum"])
    let scores = try input.doubles()
    var (losses, total) = ([Double](), 0.0)
    for (position, label) in try target.integers().enumerated() {
        if let ignored, label == ignored {
            losses.append(0)
            continue
        }
        guard label >= 0 && label < classes else {
            throw HarrierError("class \(label) is out of range for \(classes) classes")
        }
        let weight = weights?[Int(label)] ?? 1
        let place = (position / inner * classes + Int(label)) * inner + position % inner
        losses.append(-weight * scores[place])
        total += weight
    }
    if reduction == "none" { return try call.result(losses, shape: target.shape, type: input.elementType) }
    let sum = losses.reduce(0, +)
    return try call.result([reduction == "sum" ? sum : sum / total], shape: [], type: input.elementType)
}
