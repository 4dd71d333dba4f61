extension OperatorTable {
    /// Operators that summarise a tensor along axes.
    static let reductionOperators: [OperatorDefinition] = [
        argument("ArgMax"),
        argument("ArgMin"),
        reduction("ReduceL1", body: function { b, x in try summed(x.apply("Abs"), b) }),
        reduction("ReduceL2", body: function { b, x in try summed(x * x, b).apply("Sqrt") }),
        reduction("ReduceLogSum", body: function { b, x in try summed(x, b).apply("Log") }),
        reduction("ReduceLogSumExp", body: function { b, x in try summed(x.apply("Exp"), b).apply("Log") }),
        reduction("ReduceMax", .comparison),
        reduction("ReduceMean", .average),
        reduction("ReduceMin", .comparison),
        reduction("ReduceProd", .scaled),
        reduction("ReduceSum", .linear),
        reduction("ReduceSumSquare", .scaled, body: function { b, x in try summed(x * x, b) }),
        OperatorDefinition(
            "CumSum", inputs: 2...2, attributes: [.optional("exclusive", .int(0)), .optional("reverse", .int(0))],
            traits: .linear
        ) { inference in
            if let rank = inference.shape(0)?.count, let axis = try inference.integers(1)?.first {
                _ = try inference.normalized(axis: axis, rank: rank)
            }
            inference.setOutput(0, inference.type(0))
        },
    ]

    private static func reduction(
        _ name: OperatorName, _ traits: OperatorDefinition.Traits = [],
        body: OperatorDefinition.BodyWriter? = nil
    ) -> OperatorDefinition {
        OperatorDefinition(
            name, inputs: 1...2,
            attributes: [.optional("keepdims", .int(1)), .optional("noop_with_empty_axes", .int(0))],
            traits: traits.union(.reduction), body: body
        ) { inference in
            inference.setOutput(0, inference.elementType(0), try inference.reducedShape())
        }
    }

    /// ReduceSum along the axes of the node.
    private static func summed(_ x: GraphBuilder.Term, _ b: NodeContext) throws -> GraphBuilder.Term {
        try x.apply("ReduceSum", b.optionalInput(1), attributes: b.node.attributes)
    }

    private static func argument(_ name: OperatorName) -> OperatorDefinition {
        OperatorDefinition(
            name, inputs: 1...1,
            attributes: [
                .optional("axis", .int(0)), .optional("keepdims", .int(1)), .optional("select_last_index", .int(0)),
            ], traits: [.stepwise, .comparison]
        ) { inference in
            let shape = try inference.shape(0).map { shape in
                inference.reduce(
                    shape, axes: [try inference.axis(rank: shape.count)],
                    keepsAxes: try inference.node.flag("keepdims"))
            }
            inference.setOutput(0, .int64, shape)
        }
    }
}

extension TypeInference {
    /// The shape of input 0 reduced along the axes in input 1.
    fileprivate func reducedShape() throws -> [Dimension]? {
        let keepsAxes = try node.flag("keepdims")
        guard let shape = shape(0) else { return nil }
        var axes = has(1) ? try integers(1) : []
        if axes?.isEmpty == true {
            if try node.flag("noop_with_empty_axes") { return shape }
            axes = Array(shape.indices)
        }
        if let axes { return reduce(shape, axes: try normalized(axes: axes, rank: shape.count), keepsAxes: keepsAxes) }
        if keepsAxes { return Array(repeating: .unknown, count: shape.count) }
        guard let count = try listLength(1), count >= 1, count <= shape.count else {
            return nil
        }
        return Array(repeating: .unknown, count: shape.count - count)
    }

    fileprivate func reduce(_ shape: [Dimension], axes: [Int], keepsAxes: Bool) -> [Dimension] {
        let reduced = Set(axes)
        return shape.enumerated().compactMap { axis, length in
            reduced.contains(axis) ? (keepsAxes ? .known(1) : nil) : length
        }
    }
}
