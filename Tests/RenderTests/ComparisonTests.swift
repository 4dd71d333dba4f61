import IR
import Pricing
import Render
import Testing

@Suite struct ComparisonTests {
    private let drawing = Drawing.comparison(before: Samples.residual(), after: Samples.rewritten())

    @Test func marksWhatIsNewAndWhatIsGone() {
        #expect(drawing.panels.map(\.heading) == ["before", "after"])
        let changes = drawing.panels.map { $0.nodes.filter { $0.cost != nil }.map(\.change) }
        #expect(
            changes == [
                [.none, .removed, .none, .removed], [.none, .none, .added(rule: "drop-relu")],
            ])
    }

    @Test func bothSidesShareOneScale() {
        #expect(drawing.scale == HeatScale(maximum: 59_392, whole: 70_592))
        #expect(drawing.separated.map(\.scale) == [drawing.scale, drawing.scale])
        #expect(drawing.separated.map { $0.panels } == drawing.panels.map { [$0] })
    }

    @Test func identifiersDifferBetweenTheSides() {
        let all = drawing.panels.flatMap { $0.nodes.map(\.id) }
        #expect(Set(all).count == all.count)
    }

    @Test func nodesWithoutNamesMatchByWhatTheyCompute() {
        var before = Samples.residual().graph
        for index in before.nodes.indices { before.nodes[index].name = "" }
        var after = before
        after.nodes[1].op = "Tanh"
        let panels = Drawing.comparison(before: .init(before), after: .init(after)).panels
        #expect(panels[0].nodes.prefix(4).map(\.change) == [.none, .removed, .none, .none])
        #expect(panels[1].nodes.prefix(4).map(\.change) == [.none, .added(rule: nil), .none, .none])
    }

    @Test func aNodeWithOtherAttributesOrShapesIsChanged() {
        let before = Samples.residual().graph
        var after = before
        after.nodes[1].rule = "wider"
        after.nodes[1].attributes["alpha"] = .float(2)
        let panels = Drawing.comparison(before: .init(before), after: .init(after)).panels
        #expect(panels[0].nodes.prefix(4).map(\.change) == [.none, .changed(rule: nil), .none, .none])
        #expect(panels[1].nodes.prefix(4).map(\.change) == [.none, .changed(rule: "wider"), .none, .none])
        #expect(Drawing.comparison(before: .init(before), after: .init(after)).dot().contains("changed: wider"))
    }

    @Test func ofEqualNamesOnlyTheSurplusIsNew() {
        var before = Graph()
        let x = before.addInput("x", Samples.type(2))
        let first = Samples.append(&before, "Relu", "same", [x])
        var after = before
        before.outputs = [first]
        after.outputs = [Samples.append(&after, "Relu", "same", [first])]
        let panels = Drawing.comparison(before: .init(before), after: .init(after)).panels
        #expect(panels[0].nodes[0].change == .none)
        #expect(panels[1].nodes.prefix(2).map(\.change) == [.none, .added(rule: nil)])
    }

    @Test func foldedModulesCountTheirChanges() {
        let folded = Drawing.comparison(
            before: Samples.residual(), after: Samples.rewritten(), options: .init(depth: 0))
        #expect(
            folded.panels.map { $0.nodes[0].change } == [
                .inside(added: 0, changed: 0, removed: 2), .inside(added: 1, changed: 0, removed: 0),
            ])
    }

    @Test func bothSidesFoldAlike() {
        let large = Samples.chain(modules: 10, length: 8)
        let small = Samples.chain(modules: 10, length: 4)
        let panels = Drawing.comparison(before: large, after: small, options: .init(nodeLimit: 100)).panels
        #expect(panels.map { $0.nodes.count { $0.cost != nil } } == [20, 10])
    }
}
