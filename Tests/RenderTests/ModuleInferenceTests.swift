import IR
import Testing

@testable import Render

@Suite struct ModuleInferenceTests {
    /// A chain with these modules; no name stands for no module.
    private func scopes(_ modules: [String]) -> [String] {
        var graph = Graph()
        var last = graph.addInput("x", Samples.type(2))
        for (index, module) in modules.enumerated() {
            last = Samples.append(&graph, "Relu", "node\(index)", [last])
            graph.nodes[index].scope = Scope(dotted: module)
        }
        graph.outputs = [last]
        return ModuleInference.scopes(of: graph, isDrawn: modules.map { _ in true }).map(\.description)
    }

    @Test(arguments: [
        (["h.0.attn.in", "", "h.0.attn"], ["h.0.attn.in", "h.0.attn", "h.0.attn"]),
        (["h.0.a", "", "", "h.0.b"], ["h.0.a", "h.0", "h.0", "h.0.b"]),
        (["a", "", "b"], ["a", "", "b"]),
        // Only one side tells nothing.
        (["", "a", ""], ["", "a", ""]), (["", ""], ["", ""]), (["a", "b"], ["a", "b"]),
    ])
    func operatorsStandWithTheirNeighbours(modules: [String], expected: [String]) {
        #expect(scopes(modules) == expected)
    }

    @Test func layersWithSuchOperatorsAreStillAlike() {
        var graph = Graph()
        var last = graph.addInput("x", Samples.type(2))
        for layer in 0..<4 {
            for (step, module) in ["in", "", "out"].enumerated() {
                last = Samples.append(&graph, "Relu", "node\(layer)_\(step)", [last])
                let path = module.isEmpty ? "" : "layer.\(layer).\(module)"
                graph.nodes[graph.nodes.count - 1].scope = Scope(dotted: path)
            }
        }
        graph.outputs = [last]
        let boxes = Drawing(graph: graph).panels[0].nodes.filter { $0.kind == .operator }
        #expect(boxes.map(\.copies) == [4, 4, 4])
    }
}
