import Evaluate
import IR
import ONNXFormat
import Frameworks
import Pricing
import Rewrite
import Testing
import TestSupport

/// Graphs that lost something, as the published TASO and HawkEye graphs of ResNet-18 did, and graphs that only look different.
@Suite struct DifferenceTests {
    /// What the published HawkEye graph of ResNet-18 lacks: the ReLU inside every block, and in one block each of the
    /// second, third and fourth stage the residual addition and the ReLU after it (11 ReLUs, 3 additions).
    private static let lost: [String] =
        (1...4).flatMap { stage in (0...1).map { "/layer\(stage)/layer\(stage).\($0)/relu/Relu" } }
        + (2...4).flatMap { ["/layer\($0)/layer\($0).1/Add", "/layer\($0)/layer\($0).1/relu_1/Relu"] }

    private static func resnet18() throws -> Graph {
        try loadModel(at: Fixtures.path("models/resnet18.onnx"), evaluator: Interpreter()).graph
    }

    /// The graph without some of its nodes: what read them reads their first operand.
    private static func dropping(_ names: [String], from graph: Graph) throws -> Graph {
        var result = graph
        let dropped = Set(names)
        for index in result.nodes.indices where dropped.contains(result.nodes[index].name) {
            let node = result.nodes[index]
            let (output, input) = (try #require(node.output(0)), try #require(node.input(0)))
            result.replaceUses([output: input])
        }
        result.nodes.removeAll { dropped.contains($0.name) }
        result = result.removingDeadCode()
        try result.verify()
        return result
    }

    /// The graph with numbers for names, as a file has it whose writer keeps none.
    private static func stripped(_ graph: Graph) -> Graph {
        var result = graph
        result.rename(
            Dictionary(
                uniqueKeysWithValues: graph.values.indices.map { (ValueID($0), "value\(graph.values.count - $0)") }))
        for index in result.nodes.indices {
            result.nodes[index].name = ""
            result.nodes[index].scope = Scope()
            result.nodes[index].metadata = [:]
        }
        return result
    }

    @Test(arguments: [false, true])
    func everyLostOperatorOfThePublishedGraphIsNamed(stripsNames: Bool) throws {
        let original = try Self.resnet18()
        let unsound = try Self.dropping(Self.lost, from: original)
        let comparison = GraphComparison(original, stripsNames ? Self.stripped(unsound) : unsound)
        let difference = comparison.difference
        #expect(comparison.verdict == .differsNumerically)
        #expect(difference.changes.map(\.node).sorted() == Self.lost.sorted())
        #expect(difference.changes.allSatisfy { $0.kind == .lost })
        for change in difference.changes { print(change.text) }
        // The numbers confirm each of them.
        print(comparison.places.map { "\($0.node) \($0.maxRelativeError)" })
        #expect(Set(comparison.culprits.map(\.node)) == Set(Self.lost) && !comparison.isCutShort)
        #expect(comparison.places.first?.node == "/layer1/layer1.0/conv2/Conv")
        let inner = try #require(difference.changes.first { $0.node == "/layer1/layer1.0/relu/Relu" })
        #expect(
            inner.text
                == "lost Relu '/layer1/layer1.0/relu/Relu' between '/layer1/layer1.0/bn1/BatchNormalization' and '/layer1/layer1.0/conv2/Conv'"
        )
        let addition = try #require(difference.changes.first { $0.node == "/layer2/layer2.1/Add" })
        #expect(addition.text.contains("dropped the residual connection Add '/layer2/layer2.1/Add'"))
    }

    /// The paper's graph has no max-pool and a first ReLU of 200,704 elements: 1,705,984 in all, of which 777,728 are left. Ours has
    /// one of 802,816 before its max-pool; what is lost is the same.
    @Test func elementsOfTheLostReLUsAreCounted() throws {
        let original = try Self.resnet18()
        let difference = GraphDifference(original, try Self.dropping(Self.lost, from: original))
        let relu = try #require(difference.operatorCounts.first { $0.op == "Relu" })
        let add = try #require(difference.operatorCounts.first { $0.op == "Add" })
        print("Relu", relu.before, "->", relu.after, relu.elementsBefore, "->", relu.elementsAfter)
        #expect(relu.before == 17 && relu.after == 6 && add.before == 8 && add.after == 5)
        #expect(relu.elementsBefore == 1_705_984 - 200_704 + 802_816)
        #expect(relu.elementsBefore - relu.elementsAfter == 1_705_984 - 777_728)
        #expect(difference.operatorCounts.first { $0.op == "Conv" }?.after == 20)
    }

    /// What our own rules make of the network is another graph that computes the same. (The file has no weights. Those that were
    /// folded into others can only be told by their names, so names stay.)
    @Test func anOptimizedGraphIsEqualNumerically() throws {
        let original = try Self.resnet18()
        let rules = try RuleCatalog.builtIn().selecting(only: [
            "conv-batchnorm", "monotone-after-maxpool", "maxpool-tree",
        ])
        var options = Optimizer.Options(objective: .bytes)
        options.limits.seconds = .infinity
        let optimizer = Optimizer(
            rules: rules.rules, framework: try CrypTen(), evaluator: Interpreter(), options: options)
        let result = try optimizer.optimize(original)
        let comparison = GraphComparison(original, result.graph)
        for change in comparison.difference.changes.filter({ !$0.isOnConstants }).prefix(30) { print(change.text) }
        #expect(comparison.verdict == .equalNumerically, "\(comparison.check.why ?? "")")
        #expect(comparison.places.isEmpty && comparison.culprits.isEmpty)
        let gone = comparison.difference.changes.filter { [.lost, .replaced, .moved].contains($0.kind) }
        #expect(gone.contains { $0.op == "MaxPool" })
        #expect(comparison.difference.changes.contains { $0.kind == .added })
        let normalizations = comparison.difference.operatorCounts.first { $0.op == "BatchNormalization" }
        #expect(normalizations?.before == 20 && normalizations?.after == 0)
    }

    @Test func aGraphIsEqualToItself() throws {
        let original = try Self.resnet18()
        let same = GraphComparison(original, Self.stripped(original))
        #expect(same.verdict == .equalStructure, "\(same.difference.changes.map(\.text))")
        #expect(same.difference.alignedNodes == original.nodes.count)
    }

    // MARK: Small graphs

    private func parse(_ text: String) throws -> Graph {
        var graph = try ONNXText.parseModel("<ir_version: 10, opset_import: [\"\" : 21]>\n" + text)
        try graph.inferTypes(evaluator: Interpreter())
        return graph
    }

    private static let base = """
        m (float[2,4] x) => (float[2,4] y) <float s = {2}> {
          a = Relu (x)
          b = Mul (a, s)
          c = Sigmoid (b)
          d = Softmax <axis: int = 1> (c)
          y = Sub (d, a)
        }
        """

    @Test(arguments: [
        ("c = Sigmoid (b)", "c = Tanh (b)", GraphChange.Kind.replaced, "became Tanh"),
        ("axis: int = 1", "axis: int = 0", .attribute, "'axis' is 0, was 1"),
        ("s = {2}", "s = {3}", .constant, "is 3.0, was 2.0"),
        ("y = Sub (d, a)", "y = Sub (d, x)", .rewired, "reads the input 'x' in place of 'a'"),
        ("c = Sigmoid (b)", "c0 = Sigmoid (b)\n  c = Abs (c0)", .added, "new Abs"),
    ])
    func changesAreNamedAndFound(old: String, new: String, kind: GraphChange.Kind, words: String) throws {
        let first = try parse(Self.base)
        let second = try parse(Self.base.replacing(old, with: new))
        let comparison = GraphComparison(first, second)
        let texts = comparison.difference.changes.map { "\($0.kind): \($0.text)" }
        #expect(comparison.difference.changes.contains { $0.kind == kind && $0.text.contains(words) }, "\(texts)")
        #expect(comparison.difference.changes.count == 1, "\(texts)")
        if kind == .added {
            // A sigmoid is not negative.
            #expect(comparison.verdict == .equalNumerically)
        } else {
            #expect(comparison.verdict == .differsNumerically)
            #expect(comparison.culprits.map(\.kind) == [kind], "\(comparison.places)")
        }
    }

    /// A difference that what follows undoes is not blamed for one that nothing undoes.
    @Test func aHarmlessDifferenceIsNotBlamed() throws {
        let first = try parse(
            "m (float[3] x) => (float[3] y) <float s = {2}> {\n  a = Mul (x, s)\n  b = Relu (a)\n  c = Exp (b)\n  d = Abs (c)\n  y = Tanh (d)\n}"
        )
        let second = try parse(
            "m (float[3] x) => (float[3] y) <float s = {2}> {\n  a = Relu (x)\n  b = Mul (a, s)\n  c = Exp (b)\n  d = Neg (c)\n  y = Tanh (d)\n}"
        )
        let comparison = GraphComparison(first, second)
        #expect(comparison.verdict == .differsNumerically)
        #expect(comparison.culprits.map(\.op) == ["Abs"], "\(comparison.difference.changes.map(\.text))")
    }

    @Test func otherSignaturesAreNoPlace() throws {
        let first = try parse("m (float[3] x) => (float[3] y) {\n  y = Relu (x)\n}")
        let second = try parse("m (float[4] x) => (float[4] y) {\n  y = Relu (x)\n}")
        let comparison = GraphComparison(first, second)
        #expect(comparison.verdict == .differsNumerically && comparison.places.isEmpty)
    }
}
