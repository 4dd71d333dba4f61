import Evaluate
import Foundation
import IR
import ONNXFormat
import Synchronization
import TestSupport
import Testing

@testable import Frameworks
@testable import Pricing

/// What a framework says that it calls is what it calls: by operators of all kinds and sizes, models, losses, gradients and updates.
@Suite struct VocabularyTests {
    /// Configurations under which functions are called that the default ones do without.
    private static let configurations: [String: [[String: String]]] = [
        "crypten": [
            ["functions.sigmoid_tanh_method": "chebyshev"], ["functions.reciprocal_method": "log"],
            ["functions.max_method": "double_log_reduction"], ["functions.max_method": "pairwise"],
            ["mpc.active_security": "true"],
        ],
        "semi2k": [
            ["fxp_exp_mode": "EXP_PADE"], ["fxp_log_mode": "LOG_NEWTON"], ["fxp_log_mode": "LOG_PADE"],
            ["field": "FM128", "experimental_enable_exp_prime": "true", "fxp_exp_mode": "EXP_PRIME"],
            ["jax.relu": "maximum"], ["trunc_allow_msb_error": "true"],
        ],
        "spu-aby3": [["fxp_exp_mode": "EXP_PADE"], ["jax.relu": "maximum"]],
        "spu-cheetah": [["fxp_exp_mode": "EXP_PADE"], ["jax.relu": "maximum"]],
        "cryptflow2": [["truncation": "uniform"], ["WAN_EXEC": "false"], ["scaling": "product"]],
        "cryptflow2-he": [["scaling": "product"]],
        "cheetah": [["batchnorm": "channelwise"], ["approximate_relu": "false"], ["scaling": "product"]],
        "delphi": [["activation": "quadratic"]],
        "mp-spdz-ring": [["split": "off"], ["program.use_trunc_pr": "false"]],
    ]

    /// The names in a framework's call trees.
    private struct Collector: Framework {
        let base: any Framework
        let names: Names
        var facts: FrameworkFacts { base.facts }

        func price(_ site: OperatorSite) throws -> OperatorPrice? {
            guard let price = try base.price(site) else { return nil }
            if let function = price.function { names.insert(function) }
            for child in price.call.children { names.insert(child) }
            return price
        }
    }

    private final class Names: Sendable {
        private let names = Mutex<Set<String>>([])
        var all: Set<String> { names.withLock { $0 } }

        func insert(_ name: String) { names.withLock { _ = $0.insert(name) } }

        func insert(_ call: Call) {
            guard call.cost != .zero else { return }
            insert(call.name)
            call.children.forEach(insert)
        }
    }

    private static let shapes: [[[Int]]] = [
        [[1, 4, 8, 8], [1, 4, 8, 8], [1, 4, 8, 8]], [[1, 4, 8, 8], [8, 4, 3, 3]], [[1, 4, 8], [8, 4, 3]],
        [[1, 4, 4, 4, 4], [8, 4, 3, 3, 3]], [[1, 4, 8, 8], [4, 8, 3, 3]], [[64, 64], [64, 64], [64]],
        [[1, 64], [64, 8]], [[3, 4, 5], [3, 5, 6]], [[1, 4, 8], [4, 8, 3]], [[1, 4, 4, 4, 4], [4, 8, 3, 3, 3]],
        [[100], [100]], [[2, 300]], [[20_000], [20_000]], [[1, 4, 8, 8], [4], [4], [4], [4]], [[5, 3], [2]],
        [[1, 3, 8, 8]], [[4, 4, 8, 8]],
    ]

    private static let attributes: [[String: Attribute]] = [
        [:], ["kernel_shape": .ints([2, 2]), "strides": .ints([2, 2])],
        ["kernel_shape": .ints([3, 3]), "strides": .ints([1, 1])], ["axis": .int(1)], ["training_mode": .int(1)],
        ["kernel_shape": .ints([3, 3]), "strides": .ints([1, 1]), "dilations": .ints([2, 2])],
        ["axes": .ints([1])], ["alpha": .float(0.5), "beta": .float(0.5)], ["to": .int(1)],
    ]

    private static let visibilities: [[Visibility]] = [
        [.private, .private, .private, .private, .private], [.private, .public, .public, .public, .public],
        [.public, .private, .private],
        [.private, .owned(party: 0), .owned(party: 0), .owned(party: 0), .owned(party: 0)],
        [.owned(party: 1), .owned(party: 0)],
    ]

    /// All operators on operands of many shapes and types, and with numbers for all but the first, as far as ONNX knows their types;
    /// everything being secret.
    private static let nodes: [OperatorSite] = OperatorTable.rows.values.filter(\.name.domain.isEmpty).flatMap { row in
        let known = Set(row.attributes.map(\.name))
        let attributes = attributes.filter { Set($0.keys).isSubset(of: known) }
        let numbers: [Float?] = [nil, 2, 0.3, 3, -1]
        let elements = numbers.map { (ElementType.float32, $0) } + [(.int64, nil), (.int64, 1), (.bool, nil)]
        return shapes.flatMap { shapes in
            elements.flatMap { element, number in
                attributes.compactMap { site(row, shapes, element, number, $0) }
            }
        }
    }

    private static func site(
        _ row: OperatorDefinition, _ shapes: [[Int]], _ element: ElementType, _ number: Float?,
        _ attributes: [String: Attribute]
    ) -> OperatorSite? {
        var graph = Graph()
        let inputs = shapes.prefix(row.inputs.upperBound).enumerated().map { index, lengths in
            guard index > 0, let number else {
                let isTruth = row.name == "Where" && index == 0
                return graph.addInput("x\(index)", TensorType(isTruth ? .bool : element, lengths: lengths))
            }
            let tensor =
                element == .int64
                ? Tensor(int64: [Int(number)], shape: [1]) : Tensor(float32: [number], shape: [])
            return graph.addConstant("x\(index)", tensor, isLiteral: true)
        }
        let outputs = (0..<max(1, row.outputs.lowerBound)).map { graph.add(Value(name: "y\($0)")) }
        graph.nodes = [Node(op: row.name, inputs: inputs, outputs: outputs, attributes: attributes)]
        graph.outputs = outputs
        guard (try? graph.inferTypes(evaluator: Interpreter())) != nil, graph[outputs[0]].type?.lengths != nil else {
            return nil
        }
        let visibility = [Visibility](repeating: .private, count: graph.values.count)
        var site = OperatorSite(graph.nodes[0], in: graph, visibility: visibility)
        for (index, id) in inputs.enumerated() { site.inputs[index]?.tensor = graph[id].constant?.tensor }
        return site
    }

    /// The nodes with operands that different parties know.
    private static func sites() -> [OperatorSite] {
        nodes.flatMap { node in
            visibilities.map { visibility in
                var site = node
                for index in site.inputs.indices {
                    let known = visibility[index % visibility.count]
                    site.inputs[index]?.visibility = known
                    if known != .public { site.inputs[index]?.tensor = nil }
                }
                return site
            }
        }
    }

    private static func collect(_ framework: any Framework, into names: Names) throws {
        let collector = Collector(base: framework, names: names)
        for site in sites() {
            _ = try? collector.price(site)
            switch framework.differentiation {
            case .caller: break
            case .jax(let jointly):
                guard let price = try? jointly(site) else { break }
                (price.forward.call.children + price.backward).forEach(names.insert)
            case .own(let autograd):
                guard let price = try? autograd.recorded(site, needed: site.inputs.map { _ in true }) else { break }
                (price.forward.call.children + price.backward).forEach(names.insert)
            }
        }
        if case .own(let autograd) = framework.differentiation {
            for loss in [
                "cross_entropy", "mse_loss", "l1_loss", "binary_cross_entropy", "binary_cross_entropy_with_logits",
            ] {
                let price = try autograd.loss(
                    loss, reduction: "mean", prediction: TensorType(.float32, lengths: [8, 10]))
                (price.forward.call.children + price.backward).forEach(names.insert)
            }
            if let update = try autograd.update(
                optimizer: "sgd", options: ["momentum": "0.9"], parameter: TensorType(.float32, lengths: [8, 10])),
                update.cost != .zero
            {
                names.insert(update)
            }
        }
        for model in ["bert_1layer", "mobilenet_v3_small", "lenet"] {
            let graph = try loadModel(at: Fixtures.path("models/\(model).onnx"), evaluator: Interpreter()).graph
            _ = try Profiler(collector, evaluator: Interpreter()).profile(graph)
        }
    }

    /// What a framework calls and what it says that it calls, with fewest and with more parties and under all configurations.
    ///
    /// - Returns: what it states and never calls.
    private static func uncalled(_ name: String) throws -> Set<String> {
        var (called, stated): (Set<String>, Set<String>) = ([], [])
        let supported = try FrameworkCatalog.make(name).info.supportedParties
        for parties in Set([supported.lowerBound, min(3, supported.upperBound)]) {
            for configuration in [[:]] + (configurations[name] ?? []) {
                let framework = try FrameworkCatalog.make(name, parties: parties, configuration: configuration)
                let names = Names()
                try collect(framework, into: names)
                called.formUnion(names.all)
                stated.formUnion(framework.secureFunctions)
                let missing = names.all.subtracting(framework.secureFunctions)
                #expect(missing == [], "\(parties) \(configuration)")
            }
        }
        return stated.subtracting(called)
    }

    @Test(
        "every name that is called is one that a file may price, and the other way round",
        arguments: FrameworkCatalog.programNames)
    func program(name: String) throws { #expect(try Self.uncalled(name) == []) }

    /// Of the files one in which nothing is free, because what is free is not in the trees.
    @Test("every name that the shared recipes call is one that a file may price, and the other way round")
    func files() throws {
        #expect(try Self.uncalled("aby3") == [])
    }
}
