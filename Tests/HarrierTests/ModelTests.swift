import Foundation
import Harrier
import Synchronization
import TestSupport
import Testing

@Suite("The façade")
struct ModelTests {
    /// A classifier of digits with its weights.
    private func lenet() throws -> Model { try Model(contentsOf: Fixtures.path("models/lenet.onnx")) }

    private func crypten() throws -> any Framework { try FrameworkCatalog.make("crypten") }

    /// Two layers of which the second costs nothing: quick to search and to run.
    private func small(_ activation: String = "Relu") throws -> Model {
        let text = """
            <ir_version: 8, opset_import: ["" : 17]>
            small (float[1,2,4,4] x) => (float[1,2,2,2] y) {
              a = \(activation) (x)
              y = MaxPool <kernel_shape = [2, 2], strides = [2, 2]> (a)
            }
            """
        return try withFolder { folder in
            let path = folder.appendingPathComponent("small.onnxtxt").path
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            return try Model(contentsOf: path)
        }
    }

    private func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(folder)
    }

    @Test("a model is read with its name; a file that is none is an error that names it")
    func read() throws {
        #expect(try lenet().name == "lenet")
        let error = #expect(throws: HarrierError.self) { _ = try Model(contentsOf: "no/such.onnx") }
        #expect(error?.file == "no/such.onnx")
    }

    @Test("open dimensions get the lengths that are given, and the batch is 1 and said to be")
    func dimensions() throws {
        try withFolder { folder in
            let path = folder.appendingPathComponent("open.onnxtxt").path
            try """
            <ir_version: 8, opset_import: ["" : 17]>
            open (float[N,T] x) => (float[N,T] y) { y = Relu (x) }
            """.write(toFile: path, atomically: true, encoding: .utf8)
            let model = try Model(contentsOf: path, dimensions: ["T": 7])
            #expect(model.graph[model.graph.inputs[0]].type?.lengths == [1, 7])
            #expect(!model.notes.isEmpty)
        }
    }

    @Test("a profile depends on who knows what, and a name that the model has not is an error")
    func profile() throws {
        let (model, crypten) = (try small(), try crypten())
        let shared = try model.profile(under: crypten)
        #expect(shared.model == "small" && shared.total.online.bytes > 0)
        #expect(try model.profile(under: crypten, visibility: ["inputs": .public]).total == .zero)
        #expect(try model.profile(under: crypten, visibility: ["x": .public]).total == .zero)
        let error = #expect(throws: HarrierError.self) {
            _ = try model.profile(under: crypten, visibility: ["nothing": .public])
        }
        #expect(error?.description.contains("nothing") == true)
    }

    @Test("a comparison has a profile a framework, the fastest first, and tells its progress")
    func compare() throws {
        let told = Mutex<[WorkProgress]>([])
        let frameworks = try ["crypten", "semi2k", "spu-aby3"].map { try FrameworkCatalog.make($0) }
        let comparison = try small().compare(under: frameworks, on: .lan) { step in told.withLock { $0.append(step) } }
        let seconds = comparison.profiles.map { Network.lan.seconds($0.total.online) }
        #expect(seconds.count == 3 && seconds == seconds.sorted())
        #expect(told.withLock { $0.map(\.done) } == [0, 1, 2])
        #expect(try small().compare().profiles.count == FrameworkCatalog.names.count)
    }

    @Test("an optimized model is cheaper, computes the same, and costs what is said when it is read again")
    func optimize() throws {
        let (model, crypten) = (try small(), try crypten())
        let found = try model.optimize(under: crypten)
        #expect(found.after.online.bytes < found.before.online.bytes)
        #expect(found.check.status == .passed && !found.rewrites.isEmpty)
        try withFolder { folder in
            let path = folder.appendingPathComponent("cheaper.onnx").path
            try found.write(to: path)
            let written = try Model(contentsOf: path)
            #expect(try written.profile(under: crypten).total == found.after)
            #expect(model.verify(written).status == .passed)
            #expect(model.difference(from: written).comparison.verdict == .equalNumerically)
        }
    }

    @Test("the search on a thread of its own finds the same and tells its progress")
    func optimizeAsynchronously() async throws {
        let told = Mutex<Set<String>>([])
        let (model, crypten) = (try small(), try crypten())
        let found = try await model.optimize(under: crypten) { step in
            told.withLock { _ = $0.insert(String(step.text.prefix(9))) }
        }
        let again = try Optimization.synchronously(model, crypten)
        #expect(found.after == again.after && found.after.online.bytes < found.before.online.bytes)
        #expect(told.withLock { $0.isSuperset(of: ["searching", "comparing"]) })
    }

    @Test("a log does the same steps again; of another model it is an error")
    func replay() throws {
        let (model, crypten) = (try small(), try crypten())
        let found = try model.optimize(under: crypten)
        let log = try found.proof(framework: "crypten")
        let replay = try model.replay(log)
        #expect(replay.after == found.after && replay.steps == found.rewrites.count)
        let other = try small("LeakyRelu")
        let error = #expect(throws: HarrierError.self) { _ = try other.replay(log) }
        #expect(error?.message.contains("another model") == true)
    }

    @Test("a variant computes something else; the model of one without rules is the model")
    func suggest() throws {
        var options = SuggestionOptions()
        options.hasAlternatives = false
        options.suggester.draws = 2
        options.suggester.measurements = 4
        options.suggester.exhaustive = 2
        let report = try small().suggest(under: crypten(), options: options)
        let cheapest = try #require(report.suggestions.variants.first)
        #expect(cheapest.effect != .exact && cheapest.totals.online.bytes < report.suggestions.original.online.bytes)
        // There is no command line that would make it again.
        let json = String(decoding: try report.json(folder: nil), as: UTF8.self)
        #expect(!json.contains("\"command\""))
    }

    @Test("a training step is priced by phase; as a model it has the loss as its first output")
    func train() throws {
        let settings = TrainingSettings(loss: "ce", optimizer: "sgd", batch: 2)
        let training = try lenet().train(settings, under: [crypten(), FrameworkCatalog.make("semi2k")])
        #expect(training.results.count == 2 && training.subject.batch == 2)
        for result in training.results {
            #expect(result.profile.cost(of: .backward).online.bytes > 0)
        }
        let step = try lenet().trainingStep(settings)
        #expect(step.graph[step.graph.outputs[0]].type?.lengths == [])
        let error = #expect(throws: HarrierError.self) {
            _ = try lenet().train(TrainingSettings(loss: "ce", optimizer: "none"), under: [crypten()])
        }
        #expect(error?.hint?.contains("adam") == true)
    }

    @Test("drawings are what their names say; another extension is an error", arguments: ["svg", "dot", "bmp"])
    func draw(extension suffix: String) throws {
        try withFolder { folder in
            let path = folder.appendingPathComponent("model.\(suffix)").path
            guard suffix != "bmp" else {
                let error = #expect(throws: HarrierError.self) { try small().draw(to: path) }
                #expect(error?.file == path && error?.message.contains(".svg") == true)
                return
            }
            try small().draw(to: path, under: crypten(), beside: small("LeakyRelu"), view: .difference)
            let text = try String(contentsOfFile: path, encoding: .utf8)
            #expect(text.contains(suffix == "svg" ? "<svg" : "digraph"))
        }
    }

    @Test("a page for a browser has both models of an optimization")
    func page() throws {
        let html = try small().optimize(under: crypten()).page().html()
        #expect(html.hasPrefix("<!DOCTYPE html>") && html.contains("before") && html.contains("after"))
    }

    @Test("a measured run is put beside the prediction; one of other parties is an error")
    func calibrate() throws {
        let (model, crypten) = (try small(), try crypten())
        let total = try model.profile(under: crypten).total.online
        func run(parties: Int) -> MeasuredRun {
            MeasuredRun(parties: parties, total: .init(bytes: total.bytes + 1, rounds: total.rounds))
        }
        let found = try model.calibrate(run(parties: 2), under: crypten).total
        #expect(found.excessBytes == 1 && found.excessRounds == 0)
        let error = #expect(throws: HarrierError.self) { _ = try model.calibrate(run(parties: 3), under: crypten) }
        #expect(error?.message.contains("3 parties") == true)
    }
}

extension Optimization {
    /// The search that a caller waits for; in an asynchronous context the name of the method means the other one.
    fileprivate static func synchronously(_ model: Model, _ framework: any Framework) throws -> Optimization {
        try model.optimize(under: framework)
    }
}
