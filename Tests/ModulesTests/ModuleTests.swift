import Evaluate
import IR
import Modules
import Testing

/// Names, scopes, errors and parameters of networks made of modules.
@Suite struct ModuleTests {
    /// A network with everything that decides names.
    private final class Network: Module {
        let stem = Conv2d(3, 4, kernelSize: 3, padding: 1)
        let branches = [Linear(4, 4), Linear(4, 4)]
        let tail = Sequential(named: [("norm", LayerNorm(4)), ("inner", Sequential(ReLU(), Linear(4, 2)))])
        let shared: Linear
        let absent: Linear?
        let width = 4

        init() {
            shared = branches[1]
            absent = nil
        }

        var memberNames: [String: String] { ["tail": "Tail"] }

        func forward(_ input: SymbolicTensor) throws -> SymbolicTensor {
            let pooled = try stem(input).mean([2, 3])
            return try tail(shared(branches[1](branches[0](pooled))))
        }
    }

    @Test func parametersAreNamedByTheirPaths() {
        let names = Network().namedParameters.map(\.name)
        #expect(
            names == [
                "stem.weight", "stem.bias", "branches.0.weight", "branches.0.bias", "branches.1.weight",
                "branches.1.bias", "Tail.norm.weight", "Tail.norm.bias", "Tail.inner.1.weight", "Tail.inner.1.bias",
            ])
        #expect(Network().parameterCount == 4 * 27 + 4 + 2 * 20 + 8 + 10)
    }

    @Test func nodesBelongToModulesAlsoAfterReadingThemFromText() throws {
        let graph = try Network().graph(name: "network", input: [1, 3, 8, 8])
        let scopes = graph.nodes.map(\.scope.description)
        #expect(
            scopes == [
                "stem", "", "branches.0", "branches.1", "branches.1", "Tail.norm", "Tail.inner.0", "Tail.inner.1",
            ])
        let text = try ONNXText.parseModel(ONNXText.print(graph))
        #expect(text.nodes.map { Scope(torchScriptNodeName: $0.name).description } == scopes)
        #expect(graph[graph.outputs[0]].type == TensorType(.float32, lengths: [1, 2]))
        try graph.verify()
    }

    @Test func aSharedModuleHasOneSetOfParameters() throws {
        let graph = try Network().graph(name: "network", input: [1, 3, 8, 8])
        let reads = graph.nodes.filter { $0.op == "Gemm" }.compactMap { $0.input(1) }.map { graph[$0].name }
        #expect(reads == ["branches.0.weight", "branches.1.weight", "branches.1.weight", "Tail.inner.1.weight"])
    }

    @Test(arguments: [
        ([1, 5, 8, 8], "stem: takes 3 channels and 2 spatial axes, but its input has shape [1, 5, 8, 8]"),
        ([0, 3, 8, 8], "'input': an input cannot have the shape [0, 3, 8, 8]"),
        ([1, 3, 8], "stem: takes 3 channels and 2 spatial axes, but its input has shape [1, 3, 8]"),
    ])
    func errorsSayWhichModuleDoesNotFit(shape: [Int], message: String) {
        let error = #expect(throws: HarrierError.self) { try Network().graph(name: "network", input: shape) }
        #expect(error?.description == message)
    }

    @Test func errorsInsideNestedModulesHaveTheInnermostPath() {
        let block = Sequential(
            named: [("layer1", Sequential(Sequential(named: [("conv2", Conv2d(64, 64, kernelSize: 3))])))])
        let error = #expect(throws: HarrierError.self) { try block.graph(name: "g", input: [1, 32, 8, 8]) }
        #expect(
            error?.description
                == "layer1.0.conv2: takes 64 channels and 2 spatial axes, but its input has shape [1, 32, 8, 8]")
    }

    /// What does not fit, in a module called `layer`, with an input and a part of the message.
    private static var misfits: [(module: any Module, input: [Int], message: String)] {
        [
            (Linear(4, 2), [1, 5], "takes 4 features along the last axis, but its input has shape [1, 5]"),
            (Conv2d(3, 4, kernelSize: 3, groups: 2), [1, 3, 8, 8], "2 groups do not divide 3 and 4 channels"),
            (Conv2d(3, 4, kernelSize: [3]), [1, 3, 8, 8], "kernel_size [3] does not have 2 numbers"),
            (Conv2d(3, 4, kernelSize: 9), [1, 3, 8, 8], "Conv"),
            (Residual(stride: 2), [1, 3, 8, 8], "[1,3,4,4]"),
            (Linear(4, -1), [1, 4], "a parameter cannot have the shape [-1, 4]"),
            (Embedding(1 << 40, 2), [1, 4], "a parameter cannot have the shape"),
            (MaxPool2d(0), [1, 3, 8, 8], "the window of MaxPool must have positive lengths, not [0, 0]"),
            (PReLU(3), [1, 4, 2], "has 3 slopes, one a channel, but its input has shape [1, 4, 2]"),
            (MaxPool2d(2), [8, 8], "takes batch, channels, height and width"),
            (AdaptiveAvgPool2d(3), [1, 1, 8, 8], "an image of size [8, 8] cannot be divided into 3 equal parts"),
            (BatchNorm1d(4), [1, 4, 2, 2], "takes 4 channels, but its input has shape [1, 4, 2, 2]"),
            (BatchNorm2d(4), [1, 3, 2, 2], "takes 4 channels, but its input has shape [1, 3, 2, 2]"),
            (GroupNorm(3, 4), [1, 4, 2], "3 groups do not divide 4 channels"),
            (LayerNorm(4, 4), [1, 3, 4], "normalizes axes of lengths [4, 4], but its input has shape [1, 3, 4]"),
            (MultiheadAttention(6, 4), [5, 1, 6], "embed_dim 6 is not divisible by 4 heads"),
            (MultiheadAttention(8, 4), [5, 1, 6], "takes sequence, batch and 8 features"),
            (LSTM(3, 4, batchFirst: true), [5, 1, 2], "takes batch, sequence and 3 features"),
            (ConvTranspose2d(3, 4, kernelSize: 3, outputPadding: [1]), [1, 3, 8, 8], "output_padding [1]"),
        ]
    }

    /// A shortcut around a convolution that changes the image's size.
    private final class Residual: Module {
        let conv: Conv2d

        init(stride: Int) { conv = Conv2d(3, 3, kernelSize: 3, stride: stride, padding: 1) }

        func forward(_ input: SymbolicTensor) throws -> SymbolicTensor { try conv(input) + input }
    }

    @Test func everyModuleSaysWhatDoesNotFit() {
        for misfit in Self.misfits {
            let network = Sequential(named: [("layer", misfit.module)])
            let error = #expect(throws: HarrierError.self) { try network.graph(name: "g", input: misfit.input) }
            #expect(error?.place?.hasPrefix("layer") == true, "\(misfit.message)")
            #expect(error?.message.contains(misfit.message) == true, "\(error?.description ?? "")")
        }
    }

    @Test func aModuleThatIsNoMemberIsRefused() {
        final class Forgetful: Module {
            func forward(_ input: SymbolicTensor) throws -> SymbolicTensor { try ReLU()(input) }
        }
        let network = Sequential(Forgetful())
        let error = #expect(throws: HarrierError.self) { try network.graph(name: "g", input: [1, 3]) }
        #expect(
            error?.description.hasPrefix("0: a module of type ReLU is used that is not part of the network") == true)
    }

    @Test func parametersAreInitializedTheSameEveryTime() throws {
        let graphs = try [1, 1, 2].map { seed in
            try Sequential(Linear(50, 40), BatchNorm1d(40)).graph(
                name: "g", input: [1, 50], parameters: .initialized(seed: seed))
        }
        #expect(graphs[0] == graphs[1])
        #expect(graphs[0] != graphs[2])
        func elements(_ name: String) throws -> [Double] {
            let id = try #require(graphs[0].value(named: name))
            return try #require(graphs[0][id].constant).tensor.doubles()
        }
        let weights = try elements("0.weight")
        let bound = 1 / 50.0.squareRoot()
        #expect(weights.count == 2000 && weights.allSatisfy { abs($0) <= bound })
        let deviation = (weights.map { $0 * $0 }.reduce(0, +) / 2000).squareRoot()
        #expect(abs(deviation - bound / 3.0.squareRoot()) < 0.005)
        #expect(try elements("1.running_var") == Array(repeating: 1, count: 40))
    }

    @Test func embeddingsLookRowsUp() throws {
        let network = Embedding(10, 4)
        let builder = ModelBuilder(network, name: "g", parameters: .initialized(seed: 7))
        let tokens = try builder.input("tokens", [1, 3], .int64)
        let graph = try builder.graph(outputs: [("output", network(tokens))])
        let rows = try Interpreter().run(graph, inputs: ["tokens": Tensor(int64: [2, 9, 2]).reshaped([1, 3])])
        let numbers = try #require(rows["output"]).doubles()
        #expect(numbers.count == 12 && Array(numbers[0..<4]) == Array(numbers[8..<12]))
    }
}

extension Tensor {
    fileprivate func reshaped(_ shape: [Int]) -> Tensor {
        var result = self
        result.shape = shape
        return result
    }
}
