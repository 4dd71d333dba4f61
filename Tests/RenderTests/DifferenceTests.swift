import IR
import Pricing
import Render
import Testing

/// Two graphs in one drawing.
@Suite struct DifferenceTests {
    private let drawing = Drawing.difference(before: Samples.residual(), after: Samples.rewritten())

    private var panel: Drawing.Panel { drawing.panels[0] }

    /// The lines between operators, by name, with what happened to them.
    private func lines(_ panel: Drawing.Panel) -> [String: Drawing.Edge.Change] {
        func name(_ position: Int) -> String {
            let node = panel.nodes[position]
            return node.kind == .junction ? "junction" : "\(node.title) \(node.name)"
        }
        return Dictionary(panel.edges.map { ("\(name($0.from)) to \(name($0.to))", $0.change) }) { first, _ in first }
    }

    @Test func whatIsLostStandsBesideWhatIsNew() {
        #expect(drawing.panels.count == 1)
        let operators = panel.nodes.filter { $0.kind == .operator }
        #expect(operators.map(\.title) == ["Conv", "Relu", "Conv", "Add", "Add"])
        #expect(operators.map(\.change) == [.none, .removed, .none, .added(rule: "drop-relu"), .removed])
        #expect(operators[1].cost?.online.bytes == 59_392)
    }

    @Test func linesOfOneGraphOnlyAreMarked() {
        let lines = lines(panel)
        #expect(lines["Conv conv1 to Relu relu"] == .lost)
        #expect(lines["Conv conv2 to Add "] == .lost)
        #expect(lines["Conv conv2 to Add Add_new"] == .added)
        // The second convolution read the Relu before, and reads the first convolution now.
        #expect(lines["junction to Conv conv2"] == .lost)
        #expect(lines["Conv conv1 to Conv conv2"] == .added)
        #expect(lines["input x to Conv conv1"] == Drawing.Edge.Change.none)
        let dot = drawing.dot()
        #expect(dot.contains("<S>Relu</S>"))
        #expect(dot.split(separator: "\n").contains { $0.contains("->") && $0.contains("style=dashed") })
    }

    @Test func bothTotalsAreTold() {
        #expect(drawing.summaries.map(\.heading) == ["before", "after"])
        #expect(drawing.summaries.map { $0.total?.online.bytes } == [70_592, 11_200])
        #expect(drawing.summaries.map(\.operatorCount) == [4, 3])
        // The frame around everything tells what is left and what is lost.
        #expect(panel.root.cost?.online.bytes == 11_200)
        #expect(panel.root.lost?.online.bytes == 59_392)
        #expect(drawing.dot().contains("saved"))
    }

    @Test func equalGraphsHaveNoDifference() {
        let model = Samples.residual()
        let panel = Drawing.difference(before: model, after: model).panels[0]
        #expect(panel.nodes.allSatisfy { $0.change == .none })
        #expect(panel.edges.allSatisfy { $0.change == .none })
        #expect(Drawing.difference(before: model, after: model).notes == ["Both graphs have the same operators."])
        // A module in which nothing changed is one box.
        #expect(panel.nodes.contains { $0.kind == .module(operators: ["Conv": 1, "Add": 1]) })
    }

    @Test func unchangedModulesAreFoldedUnlessExpanded() {
        let before = Samples.chain(modules: 4, length: 8)
        var after = before
        after.graph.nodes[9].rule = "other"
        after.graph.nodes[9].attributes["alpha"] = .float(2)
        let folded = Drawing.difference(before: before, after: after).panels[0]
        #expect(folded.nodes.filter { $0.cost != nil }.map(\.title).prefix(2) == ["layer.0", "Mul"])
        #expect(folded.nodes.count { $0.change == .changed(rule: "other") } == 1)
        let whole = Drawing.difference(before: before, after: after, options: .init(expanded: [Scope()])).panels[0]
        #expect(whole.nodes.count { $0.cost != nil } == 32)
    }

    @Test func partnersNeedNoNames() {
        let before = Samples.residual()
        var after = before
        for index in after.graph.nodes.indices { after.graph.nodes[index].name = "renamed\(index)" }
        let named = Drawing.difference(before: before, after: after).panels[0]
        #expect(named.nodes.count { $0.change.isLost } == 4)
        let partnered = Drawing.difference(before: before, after: after, partners: [0, 1, 2, 3]).panels[0]
        #expect(partnered.nodes.allSatisfy { $0.change == .none })
    }

    @Test func constantsOfOtherNamesAndTheSameContentAreNoChange() {
        let before = Samples.residual()
        var after = before
        let weight = after.graph.nodes[2].inputs[1]
        if let weight { after.graph.values[weight.index].name = "other" }
        func changes() -> [Drawing.Change] {
            Drawing.difference(before: before, after: after).panels[0].nodes.map(\.change)
        }
        #expect(changes().allSatisfy { $0 == .none })
        if let weight {
            after.graph.values[weight.index].constant = Constant(
                Tensor(float32: [Float](repeating: 1, count: 144), shape: [4, 4, 3, 3]), form: .initializer)
        }
        #expect(changes().contains(.changed(rule: nil)))
    }
}
