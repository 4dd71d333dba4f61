import Autograd
import Evaluate
import Foundation
import IR
import ONNXFormat
import Frameworks
import Pricing
import Render
import Report
import TestSupport
import Testing

@Suite("the figures of a page")
struct FiguresTests {
    private func load(_ name: String) throws -> Graph {
        try loadModel(at: try Fixtures.path("models/\(name).onnx"), evaluator: Interpreter()).graph
    }

    private func figures(_ cost: Cost) -> [Int] {
        [cost.online.bytes, cost.online.rounds, cost.offline.bytes, cost.offline.rounds]
    }

    /// What the call trees of the page's operators add up to.
    private func total(_ page: PageData, _ call: Int) -> [Int] {
        page.calls.cost[call].map { $0 * page.calls.count[call] }
    }

    @Test("every cost in the data is the profile's", arguments: ["crypten", "semi2k", "cheetah"])
    func profile(framework: String) throws {
        let graph = try load("bert_tiny")
        let profile = try Profiler(try FrameworkCatalog.make(framework), evaluator: Interpreter()).profile(graph)
        var page = ReportPage(
            model: "bert_tiny", subject: .profile, network: .lan, runs: [PricedRun(profile, title: "bert_tiny")])
        page.pictures = [Picture(Drawing.Model(graph, profile), title: "bert_tiny", run: 0)]
        let data = try PageData(html: try page.html())

        let run = try #require(data.runs.first)
        #expect(run.total == figures(profile.total))
        #expect(run.inputOutput == figures(profile.inputOutput))
        #expect(run.setup == figures(profile.setup))
        #expect(run.criticalPathRounds == profile.criticalPathRounds)
        #expect(
            data.network.bytesPerSecond == Network.lan.bytesPerSecond && data.network.latency == Network.lan.latency)
        #expect(data.names(0) == profile.entries.map(\.name))
        #expect(run.items.index == profile.entries.map(\.index))
        #expect(run.items.op.map { data.strings[$0] } == profile.entries.map { "\($0.op)" })
        #expect(run.items.scope.map { data.scopes[$0] } == profile.entries.map(\.scope.path))
        #expect(run.items.basis == profile.entries.map(\.price.basis.rawValue))
        #expect(run.items.cost == profile.entries.map { figures($0.cost) })
        #expect(run.missing.map(\.name) == profile.unpriced.map(\.name))
        #expect(run.items.call.map { total(data, $0) } == run.items.cost)
    }

    @Test("a call costs what it calls, so that every level of a flame graph adds up")
    func calls() throws {
        let profile = try Profiler(try FrameworkCatalog.make("crypten"), evaluator: Interpreter()).profile(
            try load("bert_tiny"))
        let page = ReportPage(
            model: "m", subject: .profile, network: .wan, runs: [PricedRun(profile, title: "m")])
        let data = try PageData(html: try page.html())
        #expect(data.calls.name.count > 20)
        for (call, children) in data.calls.children.enumerated() where !children.isEmpty {
            let sum = children.reduce([0, 0, 0, 0]) { zip($0, total(data, $1)).map(+) }
            #expect(sum == data.calls.cost[call], "\(data.strings[data.calls.name[call]])")
        }
    }

    @Test("the boxes of each level of a drawing hold every priced operator that costs something once")
    func boxes() throws {
        let graph = try load("resnet20_w4_cifar")
        let profile = try Profiler(try FrameworkCatalog.make("semi2k"), evaluator: Interpreter()).profile(graph)
        var page = ReportPage(model: "m", subject: .profile, network: .wan, runs: [PricedRun(profile, title: "m")])
        page.pictures = [Picture(Drawing.Model(graph, profile), title: "m", run: 0)]
        let html = try page.html()
        let data = try PageData(html: html)
        let levels = try #require(data.pictures.first).levels
        #expect(levels.count >= 2)
        for level in levels {
            let members = level.boxes.flatMap(\.members)
            #expect(Set(members).count == members.count)
            let costly = profile.entries.filter { $0.cost != .zero }.map(\.index)
            #expect(Set(members).isSuperset(of: costly), "\(level.element)")
            #expect(level.boxes.compactMap(\.cost).reduce(0) { $0 + $1[0] } == profile.total.online.bytes)
            for box in level.boxes { #expect(html.contains(" id=\"\(box.id)\""), "\(box.id)") }
        }
    }

    @Test("the boxes of a difference hold the operators of the graph after, and those that were lost")
    func difference() throws {
        let graph = try load("lenet")
        let profiler = Profiler(try FrameworkCatalog.make("crypten"), evaluator: Interpreter())
        let lost = try #require(graph.nodes.firstIndex { $0.op == "Relu" })
        var changed = graph
        let (input, output) = (graph.nodes[lost].inputs[0], graph.nodes[lost].outputs[0])
        changed.nodes.remove(at: lost)
        for index in changed.nodes.indices {
            changed.nodes[index].inputs = changed.nodes[index].inputs.map { $0 == output ? input : $0 }
        }
        let profiles = (try profiler.profile(graph), try profiler.profile(changed))
        var page = ReportPage(
            model: "m", subject: .optimization(objective: "time"), network: .wan,
            runs: [PricedRun(profiles.0, title: "before"), PricedRun(profiles.1, title: "after")])
        page.pictures = Picture.comparison(
            before: Drawing.Model(graph, profiles.0), after: Drawing.Model(changed, profiles.1))
        let pictures = try PageData(html: try page.html()).pictures
        #expect(pictures.map(\.title) == ["before", "after", "difference"])
        #expect(pictures.map(\.run) == [0, 1, 1] && pictures.map(\.lostRun) == [nil, nil, 0])
        for level in pictures[2].levels {
            #expect(level.boxes.flatMap(\.lost) == [lost])
            let costly = profiles.1.entries.filter { $0.cost != .zero }.map(\.index)
            #expect(Set(level.boxes.flatMap(\.members)).isSuperset(of: costly))
        }
    }

    @Test("a training step's costs are the profile's, by phase")
    func training() throws {
        let graph = try load("lenet")
        let step = try TrainingStep(
            of: graph, loss: try Losses.named("cross_entropy"), optimizer: try Optimizers.make("sgd"),
            options: TrainingStep.Options(), evaluator: Interpreter())
        let whole = try Profiler(try FrameworkCatalog.make("crypten"), evaluator: Interpreter()).profile(step.graph)
        let profile = TrainingProfile(whole) { index in
            let node = step.graph.nodes[index]
            return .init(phase: node.phase ?? .forward, layer: node.name, op: node.op)
        }
        let page = ReportPage(
            model: "lenet", subject: .training(loss: "cross_entropy", optimizer: "sgd", batch: 1), network: .wan,
            runs: [PricedRun(profile, title: "CrypTen")])
        let run = try #require(try PageData(html: try page.html()).runs.first)
        #expect(run.total == figures(profile.total))
        for phase in Phase.allCases {
            let costs = zip(run.items.phase, run.items.cost).filter { $0.0 == phase.rawValue }.map(\.1)
            #expect(costs.reduce([0, 0, 0, 0]) { zip($0, $1).map(+) } == figures(profile.cost(of: phase)), "\(phase)")
        }
    }

    @Test("the page of ResNet-50, before and after, is under 3 MB, and the same every time")
    func size() throws {
        let graph = try load("resnet50")
        let profile = try Profiler(try FrameworkCatalog.make("crypten"), evaluator: Interpreter()).profile(graph)
        var page = ReportPage(
            model: "resnet50", subject: .optimization(objective: "time"), network: .wan,
            runs: [PricedRun(profile, title: "before"), PricedRun(profile, title: "after")])
        page.pictures = Picture.comparison(before: Drawing.Model(graph, profile), after: Drawing.Model(graph, profile))
        let html = try page.html()
        print("resnet50, two graphs: \(html.utf8.count) bytes, \(page.pictures.map(\.levels.count)) levels")
        #expect(html.utf8.count < 3_000_000)
        #expect(try page.html() == html)
    }
}
