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
            insert(call.name)
            call.children.forEach(insert)
        }
    }

    private static let shapes: [[[Int]]] = [
        [[1, 4, 8, 8], [1, 4, 8, 8], [1, 4, 8, 8]], [[1, 4, 8, 8], [8, 4, 3, 3]], [[1, 4, 8], [8, 4, 3]],
        [[1, 4, 4, 4, 4], [8, 4, 3, 3, 3]], [[64, 64], [64, 64], [64]], [[1, 64], [64, 8]], [[3, 4, 5], [3, 5, 6]],
        [[100], [100]], [[2, 300]], [[20_000], [20_000]], [[1, 4, 8, 8], [4], [4], [4], [4]], [[3, 0], [3, 0]],
        [[], []],
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

    /// An operator on operands of many shapes, types and owners, and on public numbers.
    private static func sites(_ row: OperatorDefinition) -> [OperatorSite] {
        let known = Set(row.attributes.map(\.name))
        let nodes = attributes.filter { Set($0.keys).isSubset(of: known) }
            .map { Node(op: row.name, inputs: [], outputs: [], attributes: $0) }
        var result: [OperatorSite] = []
        for shapes in shapes {
            for visibility in visibilities {
                let numbers = visibility.dropFirst().contains(.public) ? [nil, 2, 0.3, 3, -1] : [nil as Double?]
                for (element, number) in numbers.map({ (ElementType.float32, $0) }) + [(.int64, nil), (.bool, nil)] {
                    let inputs = shapes.indices.map { index in
                        operand(row.name, index, shapes[index], visibility[index % visibility.count], element, number)
                    }
                    let square = shapes[0].count == 4 ? [[shapes[0][0], shapes[0][1], 4, 4]] : []
                    for lengths in square + [shapes[0].dropLast() + (shapes[1...].first ?? shapes[0]).suffix(1)] {
                        let output = OperatorSite.Operand(
                            type: TensorType(element, lengths: lengths), visibility: .private)
                        result += nodes.map { OperatorSite(node: $0, inputs: inputs, outputs: [output]) }
                    }
                }
            }
        }
        return result
    }

    private static func operand(
        _ op: OperatorName, _ index: Int, _ lengths: [Int], _ visibility: Visibility, _ element: ElementType,
        _ number: Double?
    ) -> OperatorSite.Operand {
        let type = op == "Where" && index == 0 ? ElementType.bool : element
        guard index > 0, visibility == .public, let number else {
            return OperatorSite.Operand(type: TensorType(type, lengths: lengths), visibility: visibility)
        }
        return OperatorSite.Operand(
            type: TensorType(type, lengths: []), visibility: visibility,
            tensor: Tensor(float32: [Float(number)], shape: []))
    }

    private static func collect(_ framework: any Framework, into names: Names) throws {
        let collector = Collector(base: framework, names: names)
        for row in OperatorTable.rows.values where row.name.domain.isEmpty {
            for site in sites(row) {
                _ = try? collector.price(site)
                switch framework.differentiation {
                case .caller: break
                case .jax(let jointly):
                    if let price = try? jointly(site) {
                        (price.forward.call.children + price.backward).forEach(names.insert)
                    }
                case .own(let autograd):
                    let needed = site.inputs.map { _ in true }
                    if let price = try? autograd.recorded(site, needed: needed) {
                        (price.forward.call.children + price.backward).forEach(names.insert)
                    }
                }
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

    @Test(
        "every name that is called is one that a file may price, and the other way round",
        arguments: FrameworkCatalog.names)
    func vocabulary(name: String) throws {
        var (called, stated): (Set<String>, Set<String>) = ([], [])
        let supported = try FrameworkCatalog.make(name).info.supportedParties
        let settings = [[:]] + (Self.configurations[name] ?? [])
        for parties in Set([supported.lowerBound, min(3, supported.upperBound)]) {
            for configuration in settings {
                let framework = try FrameworkCatalog.make(name, parties: parties, configuration: configuration)
                let names = Names()
                try Self.collect(framework, into: names)
                called.formUnion(names.all)
                stated.formUnion(framework.secureFunctions)
                let missing = names.all.subtracting(framework.secureFunctions)
                #expect(missing == [], "\(parties) \(configuration)")
            }
        }
        #expect(stated.subtracting(called) == [])
    }
}
