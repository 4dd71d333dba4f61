import IR

extension TrainingStep {
    /// The step without the value of its loss, which no update needs, and without what only that needs.
    public var withoutLoss: TrainingStep {
        var rest = graph
        rest.outputs = graph.outputs.filter { graph[$0].name != loss }
        return TrainingStep(
            graph: rest.removingDeadCode(), data: data, target: target, loss: loss, parameters: parameters,
            state: state, gradients: gradients, publicInputs: publicInputs)
    }
}
