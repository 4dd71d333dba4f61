import IR
import Pricing
import Render
import Testing

/// Modules alike that are drawn once.
@Suite struct RepetitionTests {
    /// Layers of two operators and a residual sum, one after the other; the one at `odd` costs something else.
    private func model(layers: Int, odd: Int? = nil) -> Drawing.Model {
        var graph = Graph(name: "layers")
        var value = graph.addInput("x", Samples.type(1, 8))
        var prices: [String: Samples.Price] = [:]
        for layer in 0..<layers {
            let weight = graph.addConstant("w\(layer)", Samples.weight(8, 8))
            let path = "/layers/layers.\(layer)"
            let product = Samples.append(&graph, "MatMul", path + "/fc/MatMul", [value, weight])
            let bent = Samples.append(&graph, "Relu", path + "/act/Relu", [product])
            prices[path + "/fc/MatMul"] = .init(opening: [100, 1000], rounds: 1)
            prices[path + "/act/Relu"] = .init(opening: [layer == odd ? 50 : 40], rounds: 8)
            value = Samples.append(&graph, "Add", path + "/Add", [value, bent])
        }
        graph.outputs = [value]
        return Drawing.Model(graph, Samples.profile(graph, prices))
    }

    @Test func layersAlikeAreDrawnOnceWithTheirSum() throws {
        let model = model(layers: 5)
        let panel = Drawing(graph: model.graph, profile: model.profile).panels[0]
        let operators = panel.nodes.filter { $0.kind == .operator }
        #expect(operators.map(\.title) == ["MatMul", "Relu", "Add"])
        #expect(operators.allSatisfy { $0.copies == 5 })
        #expect(operators[0].cost?.online == Traffic(bytes: 5500, rounds: 5))
        #expect(panel.total == model.profile?.total)
        // No line leads back: what a layer reads from the one before it, it reads from before the first.
        #expect(panel.edges.allSatisfy { panel.nodes[$0.from].kind != .output && $0.from != $0.to })
        let intoProduct = panel.edges.filter { panel.nodes[$0.to].title == "MatMul" }
        #expect(intoProduct.count == 1 && intoProduct.first?.bytes == 500)
        #expect(panel.edges.contains { panel.nodes[$0.from].title == "Add" && panel.nodes[$0.to].kind == .output })
        let drawing = Drawing(graph: model.graph, profile: model.profile)
        #expect(drawing.notes.contains { $0.contains("layers.0–4 (× 5)") })
        #expect(drawing.dot().contains("layers.0–4 × 5"))
    }

    @Test func aLayerThatDiffersIsDrawnForItself() {
        let model = model(layers: 7, odd: 3)
        let copies = Drawing(graph: model.graph, profile: model.profile).panels[0].nodes
            .filter { $0.title == "Relu" }.map(\.copies)
        #expect(copies == [3, 1, 3])
    }

    @Test(arguments: [[""], ["layers"], ["layers.2"], ["layers.2.act"]])
    func expandedLayersAreDrawnOneByOne(paths: [String]) {
        let model = model(layers: 4)
        let options = Drawing.Options(expanded: paths.map { Scope(dotted: $0) })
        let nodes = Drawing(graph: model.graph, profile: model.profile, options: options).panels[0].nodes
        #expect(nodes.filter { $0.title == "Relu" }.count == 4)
    }

    @Test func twoLayersAreDrawnBoth() {
        let model = model(layers: 2)
        #expect(Drawing(graph: model.graph).panels[0].nodes.filter { $0.title == "Relu" }.count == 2)
    }

    @Test func foldedModulesSayHowOftenTheyOccur() throws {
        let model = model(layers: 6)
        let drawing = Drawing(graph: model.graph, profile: model.profile, options: .init(depth: 2))
        let box = try #require(drawing.panels[0].nodes.first { if case .module = $0.kind { true } else { false } })
        #expect(box.copies == 6 && box.cost?.online.bytes == 6 * 1140)
    }
}
