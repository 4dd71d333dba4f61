import IR
import Testing

@Suite("The module a node belongs to") struct ScopeTests {
    @Test(
        "from names of PyTorch's TorchScript exporter",
        arguments: [
            ("/layer1/layer1.0/conv1/Conv", "layer1.0.conv1"),
            ("/layer1/layer1.0/relu_1/Relu", "layer1.0.relu_1"),
            ("/layer4/layer4.0/downsample/downsample.0/Conv", "layer4.0.downsample.0"),
            ("/layer2/layer2.1/Add", "layer2.1"),
            ("/features/features.3/conv/conv.0/conv.0.0/Conv", "features.3.conv.0.0"),
            ("/features/features.11/block/block.2/fc1/Conv", "features.11.block.2.fc1"),
            ("/features/denseblock3/denselayer22/norm2/BatchNormalization", "features.denseblock3.denselayer22.norm2"),
            ("/bert/encoder/layer.0/attention/self/query/MatMul", "bert.encoder.layer.0.attention.self.query"),
            (
                "/model/encoder/layer.10/intermediate/intermediate_act_fn/Mul_1",
                "model.encoder.layer.10.intermediate.intermediate_act_fn"
            ),
            ("/stage2/stage2.1/branch2/branch2.3/Conv", "stage2.1.branch2.3"),
            ("/fc/fc.2/Gemm", "fc.2"),
            ("/block/block.0/block/block.0/Conv", "block.0.block.0"),
            ("/conv/conv2/Conv", "conv.conv2"),
            ("/Flatten", ""), ("Identity_24", ""), ("Constant_885", ""), ("node_Conv_845", ""), ("", ""), ("/", ""),
            ("//", ""), ("/a/", ""), ("Conv_0/x", ""),
        ])
    func torchScript(_ name: String, _ scope: String) {
        #expect(Scope(torchScriptNodeName: name).description == scope)
    }

    @Test(
        "from the metadata of PyTorch's dynamo exporter",
        arguments: [
            (
                "['', 'model', 'model.encoder', 'model.encoder.layer.0', 'model.encoder.layer.0.attention', 'mul']",
                "model.encoder.layer.0.attention"
            ),
            ("['', 'features', 'features.43', 'max_pool2d_4']", "features.43"),
            ("['', 'layer1', 'layer1.1', 'layer1.1.bn3', '_native_batch_norm_legit_no_training_7']", "layer1.1.bn3"),
            ("['', 'view']", ""),
            ("[\"\", \"fc\", \"linear\"]", "fc"),
            ("['','fc','linear']", "fc"),
        ])
    func dynamo(_ text: String, _ scope: String) {
        #expect(Scope(torchNameScopes: text)?.description == scope)
    }

    @Test("not from other metadata", arguments: ["", "[]", "['add']", "layer1.conv", "['', 'x'", "'', 'x']"])
    func nothing(_ text: String) {
        #expect(Scope(torchNameScopes: text) == nil)
    }

    @Test("metadata goes before the name")
    func ofNode() {
        var node = Node(name: "/layer1/conv/Conv", op: "Conv", inputs: [], outputs: [])
        #expect(Scope(of: node).path == ["layer1", "conv"])
        node.metadata["pkg.torch.onnx.name_scopes"] = "['', 'stem', 'conv2d']"
        #expect(Scope(of: node).path == ["stem"])
        node.metadata["pkg.torch.onnx.name_scopes"] = "no list"
        #expect(Scope(of: node).path == ["layer1", "conv"])
    }

    @Test("prefixes and order")
    func prefixes() {
        let scope = Scope(dotted: "layer1.0.conv1")
        #expect([0, 1, 2, 9].map { scope.prefix($0).description } == ["", "layer1", "layer1.0", "layer1.0.conv1"])
        #expect(Scope(dotted: "layer1.0") < scope)
        #expect(!(scope < Scope(dotted: "layer1.0")))
        #expect(Scope(dotted: "layer1.2") < Scope(dotted: "layer2"))
    }
}
