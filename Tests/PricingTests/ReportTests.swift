import Foundation
import IR
@testable import Frameworks
import Pricing
import Testing

@Suite struct ReportTests {
    /// A model with two modules, one operator that is not priced and names that need care.
    private func example() throws -> Profile {
        var graph = try model(
            """
            g (float[2,3] x, float[n] u) => (float[2,3] z, float[n] v) {
              a = Relu(x)
              b = Softmax(a)
              z = Mul(b, x)
              v = Exp(u)
            }
            """)
        for (index, scope) in [["block", "act;0"], ["block"], [], []].enumerated() {
            graph.nodes[index].scope = Scope(scope)
        }
        graph.nodes[0].name = "quote\"comma,"
        return try Profiler(CrypTen(parties: 3)).profile(graph, model: "tiny")
    }

    @Test func everyLevelOfTheTreeSumsUp() throws {
        let profile = try example()
        let tree = profile.tree
        #expect(tree.cost == profile.total && tree.count == 3)
        #expect(tree.children.map(\.name) == ["block", "Mul"])
        #expect(tree.children[0].children.map(\.kind) == [.scope, .operator])
        var sums = 0
        tree.walk { _, node in
            guard !node.children.isEmpty else { return }
            sums += 1
            // A function that is called often shows what it calls that many times over.
            #expect(node.children.reduce(.zero) { $0 + $1.cost } == node.cost, "\(node.name)")
        }
        #expect(sums > 10)
        #expect(tree.cut(depth: 1).children.allSatisfy { $0.children.isEmpty })
    }

    @Test func reluGoesDownToItsPrimitives() throws {
        let profile = try profile("g (float[10] x) => (float[10] y) { y = Relu(x) }")
        var paths: [String: (Int, Int)] = [:]
        profile.tree.walk { path, node in paths[path.joined(separator: "/")] = (node.count, node.cost.online.bytes) }
        #expect(paths["Relu/ltz/a2b/binary_add/and"]?.0 == 7)
        #expect(paths["Relu/ltz/a2b/binary_add/and"]?.1 == 2 * 8 * 26 * 10)
        #expect(paths["Relu/ltz/b2a"]?.1 == 2 * 8 * 10)
        #expect(paths["Relu/mul"]?.1 == 2 * 8 * 20)
    }

    @Test func foldedStacksAddUpToTheTotal() throws {
        let profile = try example()
        let lines = profile.foldedStacks.split(separator: "\n").map(String.init)
        let bytes = lines.compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }
        #expect(bytes.count == lines.count && bytes.reduce(0, +) == profile.total.online.bytes)
        #expect(lines.contains { $0.hasPrefix("block;act:0;Relu;ltz;a2b;binary_add;and ") })
    }

    @Test func speedscopeHasBytesAndRounds() throws {
        let profile = try example()
        let root = try #require(try JSONSerialization.jsonObject(with: profile.speedscope()) as? [String: Any])
        #expect(root["$schema"] as? String == "https://www.speedscope.app/file-format-schema.json")
        let frames = try #require((root["shared"] as? [String: Any])?["frames"] as? [[String: String]])
        let profiles = try #require(root["profiles"] as? [[String: Any]])
        #expect(profiles.map { $0["unit"] as? String } == ["bytes", "none"])
        for (one, expected) in zip(profiles, [profile.total.online.bytes, profile.total.online.rounds]) {
            #expect(one["type"] as? String == "sampled")
            let weights = try #require(one["weights"] as? [Int])
            let samples = try #require(one["samples"] as? [[Int]])
            #expect(weights.count == samples.count && weights.reduce(0, +) == expected)
            #expect(one["endValue"] as? Int == expected)
            #expect(samples.joined().allSatisfy { frames.indices.contains($0) })
        }
    }

    @Test func jsonKeepsTheContract() throws {
        let profile = try example()
        let root = try #require(try JSONSerialization.jsonObject(with: profile.json(network: .wan)) as? [String: Any])
        #expect(root["model"] as? String == "tiny")
        #expect(root["framework"] as? String == "crypten")
        #expect(root["parties"] as? Int == 3)
        #expect((root["config"] as? [String: String])?["provider"] == "TFP")
        let totals = try #require(root["totals"] as? [String: [String: Int]])
        #expect(totals["online"] == ["bytes": profile.total.online.bytes, "rounds": profile.total.online.rounds])
        #expect(totals["offline"] == ["bytes": profile.total.offline.bytes, "rounds": profile.total.offline.rounds])
        let time = try #require(root["time"] as? [String: Any])
        #expect(time["network"] as? String == "wan")
        #expect(time["seconds"] as? Double == Network.wan.seconds(profile.total.online))
        let nodes = try #require(root["nodes"] as? [[String: Any]])
        #expect(nodes.map { $0["op"] as? String } == ["Relu", "Softmax", "Mul"])
        #expect(nodes.map { $0["scope"] as? String } == ["block.act;0", "block", ""])
        #expect((nodes[2]["online"] as? [String: Int])?["bytes"] == 3 * 2 * 8 * 12 + 2 * 8 * 6)
        let unpriced = try #require(root["unpriced"] as? [[String: Any]])
        #expect(unpriced.map { $0["op"] as? String } == ["Exp"] && unpriced[0]["reason"] is String)
        #expect(root["io"] != nil && root["criticalPathRounds"] != nil)
    }

    @Test func csvQuotesWhatNeedsIt() throws {
        let lines = try example().csv.split(separator: "\n")
        #expect(lines.count == 5)
        #expect(lines[0] == "name,op,scope,online_bytes,online_rounds,offline_bytes,offline_rounds,basis,reason")
        #expect(lines[1].hasPrefix("\"quote\"\"comma,\",Relu,block.act;0,"))
        #expect(lines[4].contains(",Exp,,,,,,,"))
    }
}
