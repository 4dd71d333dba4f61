import Evaluate
import Foundation
import IR
import Modules
import ONNXFormat
import Frameworks
import Pricing
import TestSupport
import Testing

/// The model zoo and the files it is kept in.
@Suite struct ZooTests {
    private func file(_ name: String) -> URL {
        Fixtures.packageRoot.appendingPathComponent("Graphs/\(name).onnxtxt")
    }

    @Test func filesAreWhatTheCommandWrites() throws {
        for entry in ModelZoo.entries {
            let text = try String(contentsOf: file(entry.name), encoding: .utf8)
            #expect(text == (try entry.text()), "Graphs/\(entry.name).onnxtxt is old: run 'make zoo'")
        }
        let files = try FileManager.default.contentsOfDirectory(atPath: file("").deletingLastPathComponent().path)
        let names = files.filter { $0.hasSuffix(".onnxtxt") }.map { String($0.dropLast(".onnxtxt".count)) }
        #expect(names.sorted() == ModelZoo.entries.map(\.name))
    }

    @Test func filesAreTheGraphsOfTheModules() throws {
        for entry in ModelZoo.entries {
            let graph = try entry.graph()
            let read = try loadModel(at: file(entry.name).path, evaluator: Interpreter()).graph
            #expect(read.nodes.map(\.name) == graph.nodes.map(\.name), "\(entry.name)")
            #expect(read.nodes.map(\.scope) == graph.nodes.map(\.scope), "\(entry.name)")
            let types = Dictionary(uniqueKeysWithValues: read.values.map { ($0.name, $0.type) })
            for value in graph.values where value.constant == nil {
                #expect(types[value.name] == value.type, "\(entry.name): \(value.name)")
            }
        }
    }

    @Test func onnxReadsTheFiles() throws {
        for entry in ModelZoo.entries {
            let again = try Oracle.run(script: "onnx_text.py", arguments: ["parse", file(entry.name).path])
            let nodes = try ONNXText.parseModel(again).nodes
            #expect(nodes.map(\.op) == (try entry.graph().nodes.map(\.op)), "\(entry.name)")
        }
    }

    /// The sizes that torchvision's documentation gives (https://docs.pytorch.org/vision/stable/models.html).
    @Test(arguments: [
        ("alexnet", 61_100_840), ("densenet121", 7_978_856), ("mobilenet_v3_small", 2_542_856),
        ("resnet18", 11_689_512), ("resnet50", 25_557_032), ("shufflenet_v2_x1_0", 2_278_604), ("vgg16", 138_357_544),
    ])
    func networksAreAsLargeAsTorchvisions(name: String, count: Int) throws {
        let entry = try #require(ModelZoo.entries.first { $0.name == name })
        #expect(entry.module().parameterCount == count)
    }

    @Test func everyNetworkHasAPrice() throws {
        for entry in ModelZoo.entries {
            let profile = try Profiler(CrypTen(), evaluator: Interpreter()).profile(entry.graph())
            #expect(profile.unpriced.isEmpty, "\(entry.name): \(profile.unpriced)")
            #expect(profile.total.online.bytes > 0)
        }
    }

    /// A step costs a product with the recurrence weights and the activations; the input's product is paid once.
    @Test func recurrentLayersCostWhatTheirStepsCost() throws {
        func cost(steps: Int) throws -> Cost {
            let graph = try Sequential(LSTM(8, 16)).graph(name: "g", input: [steps, 1, 8])
            return try Profiler(CrypTen(), evaluator: Interpreter()).profile(graph).total
        }
        let costs = try [4, 5, 6].map(cost)
        #expect(costs[2].online.rounds - costs[1].online.rounds == costs[1].online.rounds - costs[0].online.rounds)
        #expect(costs[1].online.rounds > costs[0].online.rounds)
    }
}
