import Evaluate
import Foundation
import IR
import Modules
import ONNXFormat
import Frameworks
import Pricing
import TestSupport
import Testing

/// Networks made of modules against PyTorch's exports of the same networks.
@Suite struct ExportTests {
    private static func bert(layers: Int, width: Int, heads: Int, intermediate: Int) -> BERT {
        var configuration = BERT.Configuration()
        configuration.hiddenLayers = layers
        configuration.hiddenSize = width
        configuration.attentionHeads = heads
        configuration.intermediateSize = intermediate
        return BERT(configuration)
    }

    static let models: [ExportedModel] = [
        ExportedModel(file: "alexnet") { AlexNet() },
        ExportedModel(file: "bert_1layer") { bert(layers: 1, width: 768, heads: 12, intermediate: 3072) },
        ExportedModel(file: "bert_base") { BERT() },
        ExportedModel(
            file: "bert_base.dynamo", module: { BERT() }, lostConstants: ["expand": .zeros, "expand_2": .ones]),
        ExportedModel(file: "bert_tiny") { bert(layers: 2, width: 64, heads: 2, intermediate: 128) },
        ExportedModel(file: "densenet121") { DenseNet.densenet121() },
        // All biases of GPT-2's Conv1D start as zero, and the exporter drops additions of zero.
        ExportedModel(
            file: "gpt2.dynamo", module: { GPT2() }, droppedSuffixes: ["c_attn.bias", "c_proj.bias", "c_fc.bias"],
            lostConstants: ["where": .causalMask]),
        ExportedModel(file: "lenet") { LeNet() },
        ExportedModel(file: "minionn") { MiniONN() },
        ExportedModel(file: "mobilenet_v3_small") { MobileNetV3.small() },
        ExportedModel(file: "mobilenet_v3_small.dynamo", module: { MobileNetV3.small() }, isFolded: true),
        ExportedModel(file: "resnet18") { ResNet.resnet18() },
        ExportedModel(file: "resnet20_w4_cifar") { CIFARResNet(blocksPerStage: 3, width: 4) },
        ExportedModel(file: "resnet32_cifar") { CIFARResNet.resnet32() },
        ExportedModel(file: "resnet50") { ResNet.resnet50() },
        ExportedModel(file: "resnet50.dynamo", module: { ResNet.resnet50() }, isFolded: true),
        ExportedModel(file: "resnet50_folded", module: { ResNet.resnet50() }, isFolded: true),
        ExportedModel(file: "shufflenet_v2_x1_0") { ShuffleNetV2.x1() },
        ExportedModel(file: "vgg16") { VGG.vgg16() },
    ]

    /// What a model's nodes of one operator cost together.
    private struct Sum: Hashable {
        var nodes = 0
        var cost = Cost.zero
    }

    /// Operators that communicate, with their costs.
    private func costs(_ graph: Graph, where counts: (Profile.Entry) -> Bool = { _ in true }) throws -> [String: Sum] {
        let profile = try Profiler(CrypTen(), evaluator: Interpreter()).profile(graph)
        #expect(profile.unpriced.isEmpty, "\(profile.unpriced)")
        var sums: [String: Sum] = [:]
        for entry in profile.entries where entry.cost != .zero && counts(entry) {
            sums[entry.op.type, default: Sum()].nodes += 1
            sums[entry.op.type, default: Sum()].cost = sums[entry.op.type, default: Sum()].cost + entry.cost
        }
        return sums
    }

    @Test func networksCostWhatTheirExportsCost() throws {
        print("model, priced operators, online bytes and rounds under CrypTen: module / export")
        for model in Self.models {
            let (own, export) = (try costs(model.graph()), try costs(model.export()))
            // The exporter's folded convolutions have the price of those without a bias.
            let expected = own.filter { !model.isFolded || $0.key != "BatchNormalization" }
            #expect(expected == export, "\(model.file)")
            let totals = [expected, export].map { $0.values.reduce(Cost.zero) { $0 + $1.cost }.online }
            print(
                model.file, expected.values.map(\.nodes).reduce(0, +), export.values.map(\.nodes).reduce(0, +),
                totals[0].bytes, totals[1].bytes, totals[0].rounds, totals[1].rounds)
        }
    }

    /// The operators that exports have beside those of the modules only move elements about: what costs costs the same.
    @Test func networksCostTheSameUnderEveryFramework() throws {
        var compared = 0
        for model in Self.models where !model.isFolded {
            let (graph, export) = (try model.graph(), try model.export())
            for name in FrameworkCatalog.names {
                let profiler = Profiler(try FrameworkCatalog.make(name), evaluator: Interpreter())
                let profiles = try [graph, export].map { try profiler.profile($0) }
                #expect(profiles[0].total == profiles[1].total, "\(model.file) under \(name)")
                compared += 1
            }
        }
        print("\(compared) prices of whole networks, each equal to its export's")
        #expect(compared >= 16 * 9)
    }

    /// The parameters of a network in an export, after checking that there is none else.
    private func pairs(_ model: ExportedModel, _ graph: Graph, _ export: Graph) throws -> [ParameterPair] {
        let (own, exported) = (graph.initializersByRole(), export.initializersByRole())
        let parameters = Set(graph.values.filter { $0.constant?.isParameter == true }.map(\.name))
        // A module's own roles are its names.
        for (role, found) in own { #expect(role == found.initializer, "\(model.file)") }
        #expect(Set(own.keys) == parameters, "\(model.file)")
        let missing = parameters.subtracting(exported.keys)
        #expect(missing.allSatisfy { name in model.droppedSuffixes.contains { name.hasSuffix($0) } }, "\(missing)")
        #expect(Set(exported.keys).subtracting(parameters).isEmpty, "\(model.file)")
        return exported.map { role, found in
            ParameterPair(
                parameter: role, initializer: found.initializer,
                isTransposed: found.isTransposed != own[role]?.isTransposed)
        }
    }

    @Test(arguments: models.filter { !$0.isFolded })
    func networksHaveTheParametersOfTheirExports(model: ExportedModel) throws {
        let (graph, export) = (try model.graph(), try model.export())
        func types(_ graph: Graph) -> [String: [Int]] {
            Dictionary(
                graph.values.compactMap { value in value.constant.map { (value.name, $0.tensor.shape) } }
            ) { one, _ in one }
        }
        let (own, exported) = (types(graph), types(export))
        var kept = 0
        let pairs = try pairs(model, graph, export)
        for pair in pairs {
            let shape = try #require(own[pair.parameter])
            #expect(exported[pair.initializer] == (pair.isTransposed ? shape.reversed() : shape), "\(pair)")
            if pair.parameter == pair.initializer { kept += 1 }
            // Another name is one that the exporter made up, or that of an equal parameter.
            #expect(
                pair.parameter == pair.initializer || pair.initializer.hasPrefix("onnx::")
                    || own[pair.initializer] == shape || exported[pair.parameter] == nil, "\(pair)")
        }
        print("\(model.file): \(pairs.count) parameters, \(kept) of them under their own names")
    }

    @Test(arguments: models.filter { !$0.isFolded })
    func networksComputeWhatTheirExportsCompute(model: ExportedModel) throws {
        let (graph, export) = (try model.graph(), try model.export())
        let twin = try graph.parameters(renamedTo: pairs(model, graph, export), of: export)
        let check = NumericCheck.compare(export, twin, ComparisonSettings(samples: 1, tolerance: 1e-6))
        #expect(check.status == .passed, "\(check)")
        print("\(model.file): relative error \(check.maxRelativeError)")
    }

    /// In onnxruntime, with weights that are there.
    @Test(arguments: ["lenet", "minionn", "bert_tiny", "resnet20_w4_cifar", "mobilenet_v3_small", "shufflenet_v2_x1_0"])
    func onnxruntimeAgrees(file: String) throws {
        let model = try #require(Self.models.first { $0.file == file })
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let filled = folder.appendingPathComponent("export.onnx").path
        _ = try Oracle.run(script: "fill_weights.py", arguments: [try Fixtures.path("models/\(file).onnx"), filled])
        let export = try loadModel(at: filled, evaluator: Interpreter()).graph
        let graph = try model.graph()
        let twin = try graph.parameters(renamedTo: pairs(model, graph, export), of: export)
        let path = folder.appendingPathComponent("modules.onnx").path
        _ = try ONNXWriter().write(twin, to: path)
        let text = try Oracle.run(script: "compare_models.py", arguments: [filled, path])
        let result = try JSONDecoder().decode([String: Double].self, from: Data(text.utf8))
        let (error, scale) = (try #require(result["max_abs_error"]), try #require(result["max_abs_output"]))
        #expect(error <= 1e-5 * max(1, scale), "\(file): off by \(error) of \(scale)")
        print("\(file) in onnxruntime: off by \(error) of \(scale)")
    }

    /// MPCFormer's layer as CrypTen's measurements have it, whose layer normalization is written out.
    @Test func mpcFormerCostsWhatWasMeasuredBesideNormalization() throws {
        var configuration = BERT.Configuration()
        configuration.hiddenLayers = 1
        configuration.activation = { QuadGELU() }
        configuration.attentionWeights = { QuadSoftmax() }
        let own = try costs(BERT(configuration).graph(name: "layer", input: [1, 128, 768]))
        let path = try Fixtures.path("truth/crypten_models/bert_l1_s128_quad_2quad.onnx")
        let measured = try costs(loadModel(at: path, evaluator: Interpreter()).graph) { !$0.name.contains("/ln") }
        for op in ["MatMul", "Div", "Pow"] { #expect(own[op] == measured[op]) }
    }
}
