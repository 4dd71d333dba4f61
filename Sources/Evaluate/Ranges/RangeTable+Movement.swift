import IR

/// Operators that move elements about: elements of the first operand, unless a row says more. Those that place others among them.
let movementRanges: [RangeRow] =
    OperatorTable.operators(with: .dataMovement).map { RangeRow($0, reads: .only([0]), integers: true) { $0.input(0) } }
    + [
        RangeRow("Unique", reads: .only([0]), integers: true) { $0.input(0) },
        RangeRow(results: "Split", reads: .only([0]), integers: true) { call in
            Array(repeating: call.input(0), count: call.node.outputs.count)
        },
        RangeRow("Concat", integers: true) { call in
            call.inputs.dropFirst().reduce(call.input(0)) { $0.joined(with: $1) }
        },
        RangeRow("Pad", reads: .only([0, 2]), integers: true) { call in
            let mode = try? call.node.string("mode")
            if mode != "constant" { return call.input(0) }
            return call.input(0).joined(with: call.has(2) ? call.input(2) : Interval(0))
        },
        RangeRow("Trilu", reads: .only([0]), integers: true) { $0.input(0).withZero },
        RangeRow("CenterCropPad", reads: .only([0]), integers: true) { $0.input(0).withZero },
        RangeRow("MaxUnpool", reads: .only([0])) { $0.input(0).withZero },
        RangeRow("Scatter", reads: .only([0, 2]), integers: true) { $0.scattered },
        RangeRow("ScatterElements", reads: .only([0, 2]), integers: true) { $0.scattered },
        RangeRow("ScatterND", reads: .only([0, 2]), integers: true) { $0.scattered },
        RangeRow("TensorScatter", reads: .only([0, 1]), integers: true) { $0.input(0).joined(with: $0.input(1)) },
        RangeRow(results: "TopK", reads: .only([0]), integers: true) { call in
            [call.input(0), .positions]
        },
        RangeRow("OneHot", reads: .only([2]), integers: true) { $0.input(2) },
        RangeRow("Resize", reads: .only([0])) { $0.resized },
        RangeRow("Upsample", reads: .only([0])) { $0.resized },
        RangeRow("GridSample", reads: .only([0])) { call in
            // Between elements, and beyond the edge also between them and zeros; cubic splines overshoot.
            let mode = (try? call.node.string("mode")) ?? ""
            return ["linear", "bilinear", "nearest"].contains(mode) ? call.input(0).withZero : .everything
        },
    ]

extension RangeCall {
    /// Elements of the first operand and updates in their place.
    fileprivate var scattered: Interval {
        let reduction = try? node.string("reduction")
        guard let reduction, ["none", "max", "min"].contains(reduction) else { return .everything }
        return input(0).joined(with: input(2))
    }

    /// Weighted means of neighbours; cubic splines overshoot.
    fileprivate var resized: Interval {
        let mode = (try? node.string("mode")) ?? ""
        guard mode == "nearest" || mode == "linear" else { return .everything }
        let crops = (try? node.string("coordinate_transformation_mode")) == "tf_crop_and_resize"
        return crops ? input(0).joined(with: Interval(float("extrapolation_value"))) : input(0)
    }
}
