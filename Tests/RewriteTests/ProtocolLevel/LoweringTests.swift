import Evaluate
import Foundation
import IR
import ONNXFormat
import Frameworks
import Pricing
import Testing
import TestSupport

@testable import Rewrite

/// Protocol-level graphs cost what the graphs cost that they are made of.
@Suite struct LoweringTests {
    /// Frameworks with their numbers of parties and configuration.
    static let settings: [(name: String, parties: Int?, configuration: [String: String])] = [
        ("crypten", 2, [:]), ("crypten", 3, [:]), ("semi2k", 2, [:]), ("semi2k", 3, [:]), ("spu-aby3", nil, [:]),
        ("spu-cheetah", nil, [:]), ("cryptflow2", nil, [:]), ("cryptflow2", nil, ["scaling": "product"]),
        ("cheetah", nil, [:]), ("cheetah", nil, ["scaling": "product"]), ("aby3", nil, [:]), ("falcon", nil, [:]),
        ("mp-spdz-ring", nil, [:]),
    ]

    /// Truth models of every kind; all of them would take minutes in a debug build.
    private static let models = [
        "crypten_models/lenet", "crypten_models/minionn", "crypten_models/resnet18_64.folded", "crypten_models/mlp",
        "crypten_models/bert_l1_s128_quad_2quad", "spu_models/bert_layer_32_128", "spu_models/lenet_b1",
    ]

    @Test(arguments: settings.indices)
    func loweringKeepsThePrice(index: Int) throws {
        let (name, parties, configuration) = Self.settings[index]
        let framework = try FrameworkCatalog.make(name, parties: parties, configuration: configuration)
        let profiler = Profiler(framework, evaluator: Interpreter())
        let policy = framework.defaultVisibility
        var table = "\(name), \(framework.info.parties) parties \(configuration)\n"
        var lowered = 0
        for model in Self.models {
            let path = try Fixtures.path("truth/\(model).onnx")
            var graph = try loadModel(at: path, evaluator: Interpreter()).graph
            try graph.setDimensions(["batch": 1, "N": 1])
            try graph.inferTypes(evaluator: Interpreter())
            let before = try profiler.profile(graph, policy: policy)
            do {
                let result = try Lowering.lower(graph, policy: policy, profiler: profiler)
                let after = try profiler.profile(result.graph, policy: policy)
                lowered += result.lowered
                table +=
                    "  \(model): \(result.lowered) truncations of \(graph.nodes.count) nodes, \(after.total.online)\n"
                #expect(after.total == before.total, "\(name) \(model)")
                #expect(after.unpriced.count == before.unpriced.count, "\(name) \(model)")
            } catch let error as HarrierError {
                table += "  \(model): none, \(error)\n"
            }
        }
        print(table)
        #expect(lowered > 0, "\(name) has truncations")
    }

    @Test func frameworksThatDoNotTellTruncationsApartHaveNoProtocolLevel() throws {
        let framework = try FrameworkCatalog.make("delphi")
        #expect(throws: HarrierError.self) {
            try Lowering.lower(
                Graph(), policy: framework.defaultVisibility, profiler: Profiler(framework, evaluator: Interpreter()))
        }
    }
}
