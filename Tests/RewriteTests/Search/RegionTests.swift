import Evaluate
import IR
import Frameworks
import Pricing
import Testing

@testable import Rewrite

/// Regions, and what is found in one done in all that are equal.
@Suite struct RegionTests {
    private let pricer: NodePricer
    private let finder: CandidateFinder

    init() throws {
        pricer = NodePricer(profiler: Profiler(try CrypTen(), evaluator: Interpreter()), allowsRefusedOperators: false)
        finder = CandidateFinder(
            rules: try RuleCatalog.builtIn().selecting(only: ["product-as-square", "identity-removal"]).rules,
            evaluator: Interpreter(),
            pricer: pricer)
    }

    /// Residual blocks with a product that is a square and an Identity between them.
    private func chain(blocks: Int) throws -> Graph {
        var graph = Graph(name: "chain")
        var x = graph.addInput("x", TensorType(.float32, lengths: [4, 8]))
        for block in 0..<blocks {
            func weight(_ name: String, _ shape: [Int]) -> ValueID {
                graph.addConstant(
                    "\(name)\(block)",
                    Tensor(.float32, shape: shape, payload: .missing(ExternalReference(location: "\(name)\(block)"))))
            }
            let product = graph.append("MatMul", [x, weight("w", [8, 8])], output: "product\(block)")
            let sum = graph.append("Add", [product, weight("b", [8])], output: "sum\(block)")
            let active = graph.append("Relu", [sum], output: "active\(block)")
            let square = graph.append("Mul", [active, active], output: "square\(block)")
            let same = graph.append("Identity", [square], output: "same\(block)")
            let sigmoid = graph.append("Sigmoid", [same], output: "sigmoid\(block)")
            x = graph.append("Add", [x, sigmoid], output: "stream\(block)")
        }
        graph.outputs = [x]
        try graph.inferTypes(evaluator: Interpreter())
        return graph
    }

    private func search(_ graph: Graph) throws -> (found: Search.Reached, states: Int) {
        let start = try PricedGraph(graph, policy: VisibilityPolicy(), pricer: pricer)
        var search = Search(finder: finder, objective: .bytes, limits: SearchLimits(seconds: .infinity))
        return (try search.run(start), search.states)
    }

    @Test func equalBlocksAreSearchedOnce() throws {
        let few = try search(chain(blocks: 12))
        let many = try search(chain(blocks: 48))
        print("12 blocks: \(few.states) states, 48 blocks: \(many.states) states")
        #expect(many.states <= few.states + 8)
        for (result, blocks) in [(few, 12), (many, 48)] {
            let rules = result.found.steps.map(\.rule)
            #expect(rules.filter { $0 == "product-as-square" }.count == blocks)
            #expect(rules.filter { $0 == "identity-removal" }.count == blocks)
            try result.found.state.graph.verify()
        }
    }

    @Test func equalLayersAreCutAlike() throws {
        let graph = try chain(blocks: 20)
        let facts = try PricedGraph(graph, policy: VisibilityPolicy(), pricer: pricer).facts
        let partition = Partition(graph, facts: facts, rewrites: [], size: 8...40)
        #expect(partition.ranges.first?.lowerBound == 0 && partition.ranges.last?.upperBound == graph.nodes.count)
        #expect(zip(partition.ranges, partition.ranges.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
        // Two blocks of seven nodes are the shortest run of whole blocks with at least eight.
        #expect(partition.ranges.dropLast(3).allSatisfy { $0.count == 14 })
    }

    @Test func aRewriteIsNotCutApart() throws {
        let graph = try chain(blocks: 20)
        let facts = try PricedGraph(graph, policy: VisibilityPolicy(), pricer: pricer).facts
        let partition = Partition(graph, facts: facts, rewrites: [13...14, 27...28], size: 8...40)
        #expect(!partition.ranges.contains { $0.upperBound == 14 || $0.upperBound == 28 })
    }

    @Test func equalRegionsHaveOneKey() throws {
        let state = try PricedGraph(chain(blocks: 4), policy: VisibilityPolicy(), pricer: pricer)
        let extraction = RegionExtraction(of: state, facts: state.facts, pricer: pricer)
        let regions = (0..<4).map { extraction.region(($0 * 7)..<($0 * 7 + 7)) }
        #expect(regions[1].key == regions[2].key)
        // The first block reads the model's input, of the same type and visibility; the last computes the output.
        #expect(regions[0].key == regions[1].key && regions[3].key != regions[1].key)
        #expect(extraction.region(7..<13).key != regions[1].key)
        #expect(regions[1].state.total == regions[2].state.total && regions[1].state.total != .zero)
    }

    /// The bytes of a division by a root under SPU, whose compiler multiplies by the reciprocal root.
    @Test func neighboursArePricedTogether() throws {
        var graph = try ONNXText.parseModel(
            "<ir_version: 10, opset_import: [\"\" : 21]>\nm (float[8,8] x, float[8,8] y) => (float[8,8] z) {\n"
                + "  r = Sqrt (y)\n  z = Div (x, r)\n}")
        try graph.inferTypes(evaluator: Interpreter())
        let framework = try FrameworkCatalog.make("semi2k")
        let profiler = Profiler(framework, evaluator: Interpreter())
        let whole = try PricedGraph(
            graph, policy: framework.defaultVisibility,
            pricer: NodePricer(profiler: profiler, allowsRefusedOperators: true))
        #expect(whole.total == (try profiler.profile(graph).total))
    }
}
