import Evaluate
import Foundation
import IR
import Modules
import TestSupport
import Testing

/// Modules against PyTorch's, on numbers that `Tests/Oracles/torch_modules.py` made once.
@Suite struct TorchModuleTests {
    /// What PyTorch made of a module.
    struct Expected: Decodable {
        var name: String
        var inputs: [[Int]]
        var parameters: [String: [Int]]
        var output: [Double]
    }

    /// The twins of the script's modules, by the script's names.
    static let modules: [String: @Sendable () -> any ModuleContainer] = [
        "Linear": { Linear(6, 5) },
        "Linear of sequences": { Linear(6, 5) },
        "Linear without bias": { Linear(6, 5, bias: false) },
        "Conv1d": { Conv1d(4, 6, kernelSize: 3, stride: 2, padding: 1) },
        "Conv2d": {
            Conv2d(4, 6, kernelSize: [3, 2], stride: [2, 1], padding: [1, 0], dilation: [1, 2], groups: 2)
        },
        "Conv3d": { Conv3d(2, 3, kernelSize: 2, bias: false) },
        "ConvTranspose2d": {
            ConvTranspose2d(4, 6, kernelSize: 3, stride: 2, padding: 1, outputPadding: 1, groups: 2)
        },
        "BatchNorm1d": { BatchNorm1d(6) },
        "BatchNorm2d": { BatchNorm2d(4, eps: 1e-3) },
        "BatchNorm3d": { BatchNorm3d(3) },
        "BatchNorm2d without affine": { BatchNorm2d(4, affine: false) },
        "LayerNorm": { LayerNorm(3, 6) },
        "LayerNorm without affine": { LayerNorm(6, elementwiseAffine: false) },
        "GroupNorm": { GroupNorm(2, 4) },
        "ReLU": { ReLU() },
        "ReLU6": { ReLU6() },
        "LeakyReLU": { LeakyReLU() },
        "ELU": { ELU() },
        "Softplus": { Softplus() },
        "Mish": { Mish() },
        "PReLU": { PReLU() },
        "PReLU of channels": { PReLU(4) },
        "GELU": { GELU() },
        "GELU with tanh": { GELU(approximate: .tanh) },
        "SiLU": { SiLU() },
        "Hardswish": { Hardswish() },
        "Hardsigmoid": { Hardsigmoid() },
        "Sigmoid": { Sigmoid() },
        "Tanh": { Tanh() },
        "Softmax": { Softmax(dim: 1) },
        "LogSoftmax": { LogSoftmax(dim: -1) },
        "MaxPool2d": { MaxPool2d(3, stride: 2, padding: 1) },
        "MaxPool2d rounding up": { MaxPool2d(3, ceilMode: true) },
        "AvgPool2d": { AvgPool2d([3, 2], padding: 1) },
        "AvgPool2d of images alone": { AvgPool2d(3, stride: 2, padding: 1, countIncludePad: false) },
        "AdaptiveAvgPool2d": { AdaptiveAvgPool2d([3, 2]) },
        "AdaptiveAvgPool2d of one": { AdaptiveAvgPool2d(1) },
        "Flatten": { Flatten() },
        "Sequential": { Sequential(Linear(6, 4), ReLU(), Dropout(), Linear(4, 2)) },
        "MultiheadAttention": { Attention(MultiheadAttention(8, 2)) },
        "MultiheadAttention, batch first": { Attention(MultiheadAttention(8, 2, bias: false, batchFirst: true)) },
        "MultiheadAttention to memory": { Attention(MultiheadAttention(8, 2, batchFirst: true)) },
        "TransformerEncoderLayer": { TransformerEncoderLayer(8, 2, dimFeedforward: 16, batchFirst: true) },
        "TransformerEncoderLayer, norm first": {
            TransformerEncoderLayer(8, 2, dimFeedforward: 16, activation: .gelu, normFirst: true)
        },
        "TransformerEncoder": {
            let layers = (0..<2).map { _ in TransformerEncoderLayer(8, 2, dimFeedforward: 16) }
            return TransformerEncoder(layers, norm: LayerNorm(8))
        },
        "RNN": { States(RNN(3, 4)) },
        "RNN with ReLU": { States(RNN(3, 4, nonlinearity: .relu, bias: false)) },
        "LSTM": { States(LSTM(3, 4, numLayers: 2, batchFirst: true, bidirectional: true)) },
        "GRU": { States(GRU(3, 4, numLayers: 2)) },
    ]

    private static let cases: [Expected] = {
        guard let path = try? Fixtures.path("torch_modules.json"),
            let data = FileManager.default.contents(atPath: path)
        else { return [] }
        return (try? JSONDecoder().decode([Expected].self, from: data)) ?? []
    }()

    @Test func everyModuleHasATwin() {
        #expect(Set(Self.cases.map(\.name)) == Set(Self.modules.keys))
    }

    @Test func modulesHaveTheParametersOfTheirTwins() throws {
        for expected in Self.cases {
            let make = try #require(Self.modules[expected.name])
            let module = make()
            let found = Dictionary(uniqueKeysWithValues: module.namedParameters.map { ($0.name, $0.parameter.shape) })
            #expect(found == expected.parameters, "\(expected.name)")
        }
    }

    @Test func modulesComputeWhatTheirTwinsCompute() throws {
        for expected in Self.cases {
            let make = try #require(Self.modules[expected.name])
            let graph = try graph(make(), inputs: expected.inputs)
            let inputs = try Dictionary(
                uniqueKeysWithValues: graph.inputs.map { id in
                    let name = graph[id].name
                    let shape = try #require(graph[id].type?.lengths)
                    let values = numbers(name, shape).map { $0 * 5 }
                    return (name, try NumericArray(values, shape: shape, elementType: .float32))
                })
            let outputs = try Interpreter().run(graph, inputs: inputs) { value in
                guard let tensor = value.constant?.tensor, !tensor.isAvailable else { return nil }
                return try NumericArray(numbers(value.name, tensor.shape), shape: tensor.shape, elementType: .float32)
            }
            let found = try graph.outputs.flatMap { try #require(outputs[graph[$0].name]).doubles() }
            #expect(found.count == expected.output.count, "\(expected.name)")
            // Numbers that are written into graphs have 32 bits.
            let error = zip(found, expected.output).map { abs($0 - $1) / max(1, abs($1)) }.max() ?? .infinity
            #expect(error < 1e-6, "\(expected.name): \(error)")
        }
    }

    private func graph(_ module: any ModuleContainer, inputs: [[Int]]) throws -> Graph {
        let builder = ModelBuilder(module, name: "test")
        let inputs = try inputs.enumerated().map { try builder.input("input\($0)", $1) }
        let outputs =
            switch module {
            case let module as Attention: [try module(inputs)]
            case let module as States: try module(inputs[0])
            case let module as any Module: [try module(inputs[0])]
            default: throw TestSupportError("\(type(of: module)) is not called here")
            }
        return try builder.graph(outputs: outputs.enumerated().map { ("output\($0)", $1) })
    }

    /// The script's numbers.
    private func numbers(_ name: String, _ shape: [Int]) -> [Double] {
        let start = name.hasSuffix("running_var") ? 1.0 : 0
        return (0..<shape.reduce(1, *)).map { 0.4 * sin(1.7 * Double($0) + Double(name.utf8.count)) + start }
    }
}

/// An attention that is called with one or three tensors.
private final class Attention: ModuleContainer {
    let attention: MultiheadAttention

    init(_ attention: MultiheadAttention) { self.attention = attention }

    func callAsFunction(_ inputs: [SymbolicTensor]) throws -> SymbolicTensor {
        try inputs.count == 1 ? attention(inputs[0]) : attention(inputs[0], inputs[1], inputs[2])
    }
}

/// A recurrent layer with its last states.
private final class States: ModuleContainer {
    let layer: Recurrent

    init(_ layer: Recurrent) { self.layer = layer }

    func callAsFunction(_ input: SymbolicTensor) throws -> [SymbolicTensor] {
        let states = try layer.states(input)
        return [states.output, states.hidden]
    }
}
