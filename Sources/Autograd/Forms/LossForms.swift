import IR

extension DifferentiableForms {
    /// ONNX's own losses.
    static let losses: [OperatorName: Writer] = [
        "NegativeLogLikelihoodLoss": form { node in
            let (x, target) = (try node.input(0), try node.input(1))
            guard node.optionalInput(2) == nil, node.node.attributes["ignore_index"] == nil else {
                throw HarrierError("NegativeLogLikelihoodLoss has a gradient only without weights and ignore_index")
            }
            let classes = try x.lengths[1]
            let offAndOn = try x.literal([0, 1], shape: [2])
            let rows = try node.builder.apply(
                "OneHot", [target, node.builder.integers([classes]), offAndOn], ["axis": .int(1)])
            let values = try -(x * rows).reduced("ReduceSum", axes: [1], keepsAxes: false)
            switch try node.node.string("reduction") {
            case "none": return values
            case "sum": return try node.builder.apply("ReduceSum", [values], ["keepdims": .int(0)])
            default: return try node.builder.apply("ReduceMean", [values], ["keepdims": .int(0)])
            }
        }
    ]
}
