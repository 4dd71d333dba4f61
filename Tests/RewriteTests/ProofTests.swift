import Evaluate
import Foundation
import IR
import ONNXFormat
import Frameworks
import Pricing
import Rewrite
import Testing
import TestSupport

@Suite struct ProofTests {
    private func optimizer(_ framework: any Framework, rules: [Rule], _ objective: Objective = .bytes) -> Optimizer {
        Optimizer(
            rules: rules, framework: framework, evaluator: Interpreter(),
            options: Optimizer.Options(objective: objective))
    }

    private func optimized(_ model: String, _ framework: String) throws
        -> (graph: Graph, result: Optimizer.Result, log: ProofLog, optimizer: Optimizer)
    {
        let graph = try loadModel(at: Fixtures.path("models/\(model).onnx"), evaluator: Interpreter()).graph
        let optimizer = optimizer(try FrameworkCatalog.make(framework), rules: try RuleCatalog.builtIn().rules)
        let result = try optimizer.optimize(graph)
        let log = optimizer.proof(of: result, on: graph, Optimizer.ProofContext(model: model, framework: framework))
        return (graph, result, log, optimizer)
    }

    /// The log, written and read again, leads to the very graph that the search found.
    @Test(arguments: [
        ("lenet", "crypten"), ("minionn", "crypten"), ("resnet18", "crypten"), ("bert_1layer", "crypten"),
        ("resnet20_w4_cifar", "semi2k"), ("bert_1layer", "semi2k"), ("mobilenet_v3_small", "cheetah"),
    ])
    func aReplayEndsWithTheSameGraph(model: String, framework: String) throws {
        let (graph, result, log, optimizer) = try optimized(model, framework)
        let read = try ProofLog(json: log.json(), file: "proof.json")
        #expect(read == log)
        let replay = try optimizer.replay(read, on: graph)
        print(model, framework, "\(replay.steps) steps in \(replay.batches) batches,", log.before, "->", log.after)
        #expect(ONNXText.print(replay.graph) == ONNXText.print(result.graph))
        #expect(replay.before == result.before && replay.after == result.after)
        #expect(replay.steps == log.steps.count && replay.notes.isEmpty)
    }

    /// Each step goes on where the one before it ended, and saves what it says.
    @Test func stepsAreAChain() throws {
        let (_, result, log, _) = try optimized("resnet20_w4_cifar", "semi2k")
        #expect(log.changed && log.steps.count > 1)
        for (step, next) in zip(log.steps, log.steps.dropFirst()) {
            #expect(step.after == next.before)
            #expect(next.batch == step.batch || next.batch == step.batch + 1)
        }
        for step in log.steps {
            #expect(step.before.online.bytes - step.after.online.bytes == step.saved.online.bytes)
            #expect(step.before.online.rounds - step.after.online.rounds == step.saved.online.rounds)
        }
        #expect(log.steps.first?.before == ProofLog.CostFigures(result.nodeTotal))
    }

    @Test func bothSidesOfEveryStepAreRun() throws {
        for model in ["bert_1layer", "resnet20_w4_cifar"] {
            let (graph, _, log, optimizer) = try optimized(model, "semi2k")
            let replay = try optimizer.replay(log, on: graph, checksSteps: true)
            let worst = replay.checks.map(\.maxRelativeError).max() ?? 0
            print(model, "\(replay.checks.count) steps checked, largest relative error", worst)
            #expect(!replay.checks.isEmpty && worst < 1e-9)
            let rules = log.steps.filter { $0.batch > 0 && !$0.nodes.isEmpty }.map(\.rule)
            #expect(replay.checks.map(\.rule) == rules)
        }
    }

    /// A rule that is wrong passes every test of structure and price; running both sides tells.
    @Test func aStepThatComputesSomethingElseIsFound() throws {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        try """
        summary: Wrong.
        exactness: exact
        level: portable
        saves: Everything.
        source: A mistake.
        before: |
          before (x) => (y) { y = Relu (x) }
        after: |
          after (x) => (x) { }
        examples:
          - graph: |
              g (float[2] x) => (float[2] y) { y = Relu (x) }
        counterexamples:
          - graph: |
              g (float[2] x) => (float[2] y) { y = Neg (x) }
        """.write(to: folder.appendingPathComponent("wrong.yaml"), atomically: true, encoding: .utf8)
        var catalog = RuleCatalog()
        try catalog.load(folder: folder.path)
        let graph = try loadModel(at: Fixtures.path("models/minionn.onnx"), evaluator: Interpreter()).graph
        let optimizer = optimizer(try CrypTen(), rules: catalog.rules)
        let result = try optimizer.optimize(graph)
        let log = optimizer.proof(of: result, on: graph, Optimizer.ProofContext(model: "minionn", framework: "crypten"))
        #expect(throws: Never.self) { try optimizer.replay(log, on: graph) }
        let error = #expect(throws: HarrierError.self) { try optimizer.replay(log, on: graph, checksSteps: true) }
        #expect(
            error?.description.contains("step 1 (wrong): both sides differ") == true, "\(String(describing: error))")
    }

    @Test func aLogThatIsNotTrueIsToldByItsFirstWrongStep() throws {
        let (graph, _, log, optimizer) = try optimized("resnet20_w4_cifar", "semi2k")
        let index = try #require(log.steps.firstIndex { $0.batch > 0 && !$0.nodes.isEmpty })
        func complaint(_ change: (inout ProofLog) -> Void) throws -> String {
            var copy = log
            change(&copy)
            let error = #expect(throws: HarrierError.self) { try optimizer.replay(copy, on: graph) }
            return try #require(error).description
        }
        let place = "step \(index + 1) of \(log.steps.count)"
        #expect(try complaint { $0.steps[index].nodes = ["/nowhere"] }.contains("\(place) (\(log.steps[index].rule)"))
        #expect(try complaint { $0.steps[index].rule = "no-such-rule" }.contains("there is no such rule"))
        #expect(try complaint { $0.steps[index].saved.online.bytes += 8 }.contains("what it saves is"))
        #expect(try complaint { $0.steps[index].after.online.rounds -= 1 }.contains("the total after is"))
        #expect(try complaint { $0.steps.removeLast() }.contains("log"))
        #expect(try complaint { $0.result.hash = "0" }.contains("end with another graph"))
        #expect(try complaint { $0.before.online.bytes += 1 }.contains("the price of the whole model"))
        #expect(try complaint { $0.model.hash = "0" }.contains("made for another model"))
        #expect(throws: HarrierError.self) { try ProofLog(json: Data("{}".utf8), file: "p") }
        #expect(throws: HarrierError.self) { try ProofLog(json: Data("not JSON".utf8), file: "p") }
        var later = log
        later.version = 99
        #expect(throws: HarrierError.self) { try ProofLog(json: later.json(), file: "p") }
    }

    /// The hash is of the computation: other numbers in the parameters leave it, another operator does not.
    @Test func theHashIsThatOfTheComputation() throws {
        func graph(_ text: String) throws -> Graph {
            try ONNXText.parseModel("<ir_version: 10, opset_import: [\"\" : 21]>\n" + text)
        }
        let base = try graph("m (float[2] x) => (float[2] y) <float[2] w = {1, 2}> { y = Mul (x, w) }")
        let trained = try graph("m (float[2] x) => (float[2] y) <float[2] w = {3, 4}> { y = Mul (x, w) }")
        let other = try graph("m (float[2] x) => (float[2] y) <float[2] w = {1, 2}> { y = Add (x, w) }")
        let scalar = try graph("m (float[2] x) => (float[2] y) <float w = {1}> { y = Mul (x, w) }")
        let scalar2 = try graph("m (float[2] x) => (float[2] y) <float w = {2}> { y = Mul (x, w) }")
        #expect(base.contentHash == trained.contentHash)
        #expect(base.contentHash != other.contentHash)
        #expect(scalar.contentHash != scalar2.contentHash)
    }
}
