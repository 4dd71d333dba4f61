import IR
import Pricing
import Render
import Testing

@Suite struct DrawingTests {
    /// `title name` of each box, `from -> to: bytes` of each line.
    private func boxes(_ panel: Drawing.Panel) -> [String] { panel.nodes.map { "\($0.title) \($0.name)" } }

    private func lines(_ panel: Drawing.Panel) -> Set<String> {
        Set(
            panel.edges.map { edge in
                let ends = [edge.from, edge.to].map { position in
                    let node = panel.nodes[position]
                    return node.kind == .junction ? "*" : node.title
                }
                return "\(ends[0]) -> \(ends[1]): \(edge.bytes.map(String.init) ?? "-")"
            })
    }

    private func draw(_ model: Drawing.Model, depth: Int? = nil, limit: Int = 400) -> Drawing {
        Drawing(graph: model.graph, profile: model.profile, options: .init(depth: depth, nodeLimit: limit))
    }

    /// All bytes of lines and of operands named in boxes.
    private func drawnBytes(_ panel: Drawing.Panel) -> Int {
        panel.edges.reduce(0) { $0 + ($1.bytes ?? 0) }
            + panel.nodes.flatMap(\.operands).reduce(0) { $0 + ($1.bytes ?? 0) }
    }

    @Test func operatorsBecomeBoxesWithNameShapeAndCost() {
        let panel = draw(Samples.residual()).panels[0]
        #expect(
            boxes(panel) == [
                "Conv conv1", "Relu relu", "Conv conv2", "Add ", "input x", "output /block/Add_output_0", " ",
            ])
        #expect(panel.nodes.map(\.shape).prefix(5) == ["1×4×8×8", "1×4×8×8", "1×4×8×8", "1×4×8×8", "1×3×8×8"])
        #expect(
            panel.nodes.prefix(4).map { $0.cost?.online } == [
                Traffic(bytes: 4800, rounds: 1), Traffic(bytes: 59_392, rounds: 9), Traffic(bytes: 6400, rounds: 1),
                .zero,
            ])
        #expect(Set(panel.nodes.map(\.id)).count == panel.nodes.count)
    }

    @Test func linesCarryOpeningsAndTheStemCarriesTheRest() {
        #expect(
            lines(draw(Samples.residual()).panels[0]) == [
                "input -> Conv: 3072", "Conv -> Relu: 0", "Relu -> *: 59392", "* -> Conv: 4096", "* -> Add: 0",
                "Conv -> Add: 0", "Add -> output: 0",
            ])
    }

    @Test func constantsAreNamedWhereTheirOpeningCosts() {
        let panel = draw(Samples.residual()).panels[0]
        #expect(panel.nodes[0].operands == [Drawing.Operand(title: "weight", shape: "4×3×3×3", bytes: 1728)])
        #expect(panel.nodes[2].operands == [Drawing.Operand(title: "weight", shape: "4×4×3×3", bytes: 2304)])
        #expect(panel.nodes[1].operands.isEmpty)
    }

    @Test func withoutAProfileThereIsNoHeat() {
        let drawing = Drawing(graph: Samples.residual().graph)
        #expect(drawing.framework == nil)
        #expect(drawing.scale == HeatScale(maximum: 0, whole: 0))
        #expect(drawing.panels[0].total == nil)
        #expect(drawing.panels[0].nodes.allSatisfy { $0.cost == nil && $0.operands.isEmpty })
        #expect(drawing.panels[0].edges.allSatisfy { $0.bytes == nil })
        #expect(drawing.title == "residual")
    }

    @Test func readingAValueTwiceIsOneLine() {
        var graph = Graph()
        let x = graph.addInput("x", Samples.type(4))
        graph.outputs = [Samples.append(&graph, "Mul", "square", [x, x], type: Samples.type(4))]
        let profile = Samples.profile(graph, ["square": .init(opening: [32, 32], beyond: 5, rounds: 1)])
        let panel = Drawing(graph: graph, profile: profile).panels[0]
        #expect(lines(panel) == ["input -> Mul: 64", "Mul -> output: 5"])
    }

    @Test func framesFollowModulesWithMoreThanOneThingInside() {
        let root = draw(Samples.residual()).panels[0].root
        #expect(root.scope == Scope())
        #expect(root.children.map(\.scope.description) == ["block"])
        // Both conv1 and relu are modules with one operator, and stand outside of frames of their own.
        #expect(root.nodes == [0, 1, 4, 5, 6])
        #expect(root.children[0].nodes == [2, 3])
        #expect(root.children[0].cost?.online == Traffic(bytes: 6400, rounds: 1))
        #expect(root.cost?.online == Traffic(bytes: 70_592, rounds: 11))
    }

    @Test(arguments: 0...4)
    func foldingKeepsSums(depth: Int) {
        let model = Samples.chain(modules: 3, length: 8)
        let panel = draw(model, depth: depth).panels[0]
        let total = model.profile?.total
        #expect(panel.nodes.compactMap(\.cost).reduce(.zero) { $0 + $1 } == total)
        #expect(panel.root.cost == total)
        #expect(panel.nodes.count { $0.cost != nil } == [1, 1, 3, 6, 24][depth])
        let operators = panel.nodes.reduce(0) { sum, node in
            switch node.kind {
            case .operator: sum + 1
            case .module(let operators): sum + operators.values.reduce(0, +)
            default: sum
            }
        }
        #expect(operators == 24)
    }

    @Test func linesAndOperandsOfAnUnfoldedDrawingAddUpToTheTotal() {
        for model in [Samples.residual(), Samples.chain(modules: 4, length: 9)] {
            let panel = draw(model).panels[0]
            #expect(drawnBytes(panel) == model.profile?.total.online.bytes)
        }
    }

    @Test func foldedLinesAreSums() {
        let panel = draw(Samples.chain(modules: 2, length: 3), depth: 2).panels[0]
        #expect(panel.nodes.prefix(2).map(\.title) == ["layer.0", "layer.1"])
        #expect(panel.nodes[0].kind == .module(operators: ["Mul": 3]))
        // x is opened by the first operator (64) and the last (32), mask by two (32 each).
        #expect(
            panel.edges.map { "\(panel.nodes[$0.from].name)>\(panel.nodes[$0.to].name): \($0.bytes ?? -1)" } == [
                "x>: 96", "mask>: 64", "mask>: 64", ">: 396", ">/layer.1/part0/step2/Mul_output_0: 300",
            ])
    }

    @Test func largeGraphsFoldByThemselves() {
        let model = Samples.chain(modules: 10, length: 8)
        #expect(draw(model, limit: 80).panels[0].nodes.count { $0.cost != nil } == 80)
        let folded = draw(model, limit: 79)
        #expect(folded.panels[0].nodes.count { $0.cost != nil } == 20)
        #expect(folded.notes == ["The graph has 80 operators, more than 79: modules are folded at depth 3."])
        #expect(draw(model, limit: 19).panels[0].nodes.count { $0.cost != nil } == 10)
    }

    @Test func whatIsNotDrawnNeedsNoFolding() {
        var model = Samples.residual()
        for index in 0..<10 {
            let copy = model.graph.add(Value(name: "copy\(index)"))
            let weight = model.graph.nodes[index].inputs[1]
            model.graph.nodes.insert(
                Node(name: "\(index)", op: "Identity", inputs: [weight], outputs: [copy]), at: index)
            model.graph.nodes[index + 1].inputs[1] = copy
        }
        let drawing = Drawing(graph: model.graph, options: .init(nodeLimit: 6))
        #expect(drawing.panels[0].nodes.count { $0.kind == .operator } == 4)
        #expect(drawing.notes == ["10 operators compute with constants only and are not drawn."])
    }

    @Test func graphsWithoutModulesFoldInRuns() {
        let drawing = draw(Samples.chain(modules: 10, length: 8, scoped: false), limit: 30)
        let panel = drawing.panels[0]
        #expect(panel.nodes.count { $0.cost != nil } == 27)
        #expect(panel.nodes[0].title == "3 operators")
        #expect(panel.root.cost == panel.total)
        #expect(drawing.notes == ["The graph has 80 operators, more than 30: neighbouring operators are folded."])
    }

    @Test func manyReadersAreNamedInsteadOfCrossingTheDrawing() {
        let panel = draw(Samples.chain(modules: 4, length: 4)).panels[0]
        let mask = panel.nodes.firstIndex { $0.name == "mask" }
        #expect(panel.edges.count { $0.from == mask } == 4)
        #expect(
            panel.nodes.count { $0.operands == [Drawing.Operand(title: "from mask", shape: "1×8", bytes: 32)] } == 8)
    }

    @Test func computationsWithConstantsAreNotDrawn() {
        var model = Samples.residual()
        let copy = model.graph.add(Value(name: "copy", type: Samples.type(4, 3, 3, 3)))
        let weight = model.graph.nodes[0].inputs[1]
        model.graph.nodes[0].inputs[1] = copy
        model.graph.nodes.insert(Node(name: "copying", op: "Identity", inputs: [weight], outputs: [copy]), at: 0)
        let prices = ["/conv1/Conv": Samples.Price(opening: [10, 20])]
        model.profile = Samples.profile(model.graph, prices)
        let drawing = draw(model)
        #expect(drawing.panels[0].nodes[0].title == "Conv")
        #expect(drawing.panels[0].nodes[0].operands.map(\.title) == ["copy"])
        #expect(drawing.panels[0].operatorCount == 5)
        #expect(drawing.notes == ["1 operator computes with constants only and is not drawn."])
        // One that communicates is drawn.
        model.profile = Samples.profile(model.graph, ["copying": Samples.Price(beyond: 8)])
        #expect(draw(model).panels[0].nodes[0].title == "Identity")
    }

    @Test func operatorsWithoutAPriceAreSaid() {
        let graph = Samples.residual().graph
        let profile = Samples.profile(graph, [:], unpriced: ["/relu/Relu": "not supported"])
        let drawing = Drawing(graph: graph, profile: profile)
        #expect(drawing.panels[0].unpricedCount == 1)
        #expect(drawing.panels[0].nodes[1].cost == nil)
        #expect(drawing.panels[0].nodes[1].tooltip.contains("no price: not supported"))
        #expect(drawing.notes == ["1 operator has no price and counts as nothing in the sums."])
    }

    @Test func surplusInputsAreCountedInsteadOfDrawn() {
        var graph = Graph()
        let inputs = (0..<45).map { graph.addInput("x\($0)", Samples.type(2)) }
        graph.outputs = [Samples.append(&graph, "Sum", "sum", inputs, type: Samples.type(2))]
        let drawing = Drawing(
            graph: graph, profile: Samples.profile(graph, ["sum": .init(opening: .init(repeating: 7, count: 45))]))
        #expect(drawing.panels[0].nodes.count { $0.kind == .input } == 40)
        #expect(drawing.panels[0].nodes[0].operands == [Drawing.Operand(title: "5 constants", shape: "", bytes: 35)])
        #expect(drawing.notes == ["5 more inputs are not drawn."])
    }

    @Test func anEmptyGraphIsDrawn() {
        let drawing = Drawing(graph: Graph())
        #expect(drawing.panels[0].nodes.isEmpty)
        #expect(drawing.dot().hasPrefix("digraph"))
    }

    @Test func valuesThatBodiesReadAreConnected() {
        var body = Graph(name: "body")
        let captured = body.add(Value(name: "x"))
        body.captures = [captured]
        body.outputs = [body.append("Neg", [captured], output: "negated")]
        var graph = Graph()
        let x = graph.addInput("x", Samples.type(2))
        let condition = graph.addInput("condition", TensorType(.bool, lengths: []))
        graph.outputs = [
            graph.append(
                "If", [condition], attributes: ["then_branch": .graph(body), "else_branch": .graph(body)], output: "y")
        ]
        #expect(x.index == 0)
        #expect(lines(Drawing(graph: graph).panels[0]) == ["input -> If: -", "If -> output: -"])
        #expect(Drawing(graph: graph).panels[0].edges.count == 3)
    }
}
