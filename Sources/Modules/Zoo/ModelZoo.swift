import IR

/// The networks of `Graphs/`, made by `make zoo`.
public enum ModelZoo {
    /// A network with the shape of its input.
    public struct Entry: Sendable {
        /// Name of the graph and of its file.
        public let name: String
        /// Shape of the input.
        public let input: [Int]
        /// Makes the network.
        public let module: @Sendable () -> any Module

        /// The graph.
        ///
        /// - Throws: ``HarrierError`` if shapes do not fit.
        public func graph(parameters: ParameterData = .none) throws -> Graph {
            try module().graph(name: name, input: input, parameters: parameters)
        }

        /// The graph in ONNX's textual syntax, without parameters and without the types that shape inference finds.
        ///
        /// - Throws: ``HarrierError`` if shapes do not fit.
        public func text() throws -> String {
            var graph = try graph()
            for case let output? in graph.nodes.flatMap(\.outputs) where !graph.outputs.contains(output) {
                graph[output].type = nil
            }
            return ONNXText.print(graph)
        }
    }

    /// All networks, in the order of their names.
    public static let entries: [Entry] = [
        Entry(name: "alexnet", input: [1, 3, 224, 224]) { AlexNet() },
        Entry(name: "bert_base", input: [1, 128, 768]) { BERT() },
        Entry(name: "densenet121", input: [1, 3, 224, 224]) { DenseNet.densenet121() },
        Entry(name: "gpt2", input: [1, 64, 768]) { GPT2() },
        Entry(name: "lenet", input: [1, 1, 28, 28]) { LeNet() },
        Entry(name: "lstm", input: [1, 28, 28]) { RecurrentClassifier.lstm() },
        Entry(name: "minionn", input: [1, 3, 32, 32]) { MiniONN() },
        Entry(name: "mobilenet_v3_small", input: [1, 3, 224, 224]) { MobileNetV3.small() },
        Entry(name: "mpcformer_bert_base", input: [1, 128, 768]) { MPCFormerBERT.base() },
        Entry(name: "resnet18", input: [1, 3, 224, 224]) { ResNet.resnet18() },
        Entry(name: "resnet32_cifar", input: [1, 3, 32, 32]) { CIFARResNet.resnet32() },
        Entry(name: "resnet50", input: [1, 3, 224, 224]) { ResNet.resnet50() },
        Entry(name: "rnn", input: [1, 28, 28]) { RecurrentClassifier.rnn() },
        Entry(name: "shufflenet_v2_x1_0", input: [1, 3, 224, 224]) { ShuffleNetV2.x1() },
        Entry(name: "vgg16", input: [1, 3, 224, 224]) { VGG.vgg16() },
    ]
}
