import IR
@testable import Frameworks
import Pricing
import Testing

@Suite struct ProfilerTests {
    private let product = "g (float[2,3] x, float[2,3] y) => (float[2,3] z) { z = Mul(x, y) }"

    @Test(arguments: [
        (Visibility.private, Visibility.private, 2 * 8 * 12, 1, OperatorPrice.Basis.native),
        (.private, .public, 0, 0, .native), (.public, .private, 0, 0, .native), (.public, .public, 0, 0, .clear),
        (.owned(party: 0), .owned(party: 0), 0, 0, .clear), (.owned(party: 0), .public, 0, 0, .clear),
        (.owned(party: 0), .owned(party: 1), 2 * 8 * 12, 1, .native),
        (.private, .owned(party: 1), 2 * 8 * 12, 1, .native),
    ])
    func whoKnowsTheOperandsDecides(
        left: Visibility, right: Visibility, bytes: Int, rounds: Int, basis: OperatorPrice.Basis
    ) throws {
        let profile = try profile(product, policy: VisibilityPolicy(exceptions: ["x": left, "y": right]))
        #expect(profile.total.online == Traffic(bytes: bytes, rounds: rounds))
        #expect(profile.entries.map(\.price.basis) == [basis])
    }

    @Test func onlySecretsAreRevealed() throws {
        #expect(try profile(product).inputOutput.online == Traffic(bytes: 2 * 8 * 6, rounds: 1))
        #expect(try profile(product, policy: VisibilityPolicy(inputs: .public)).inputOutput == .zero)
    }

    @Test func anOwnerComputesOnItsWeightsAlone() throws {
        let text = """
            g (float[2,3] x) => (float[2,3] z) <float[2,3] a = {1, 2, 3, 4, 5, 6}, float[2,3] b = {1, 2, 3, 4, 5, 6}> { w = Mul(a, b) z = Mul(x, w) }
            """
        #expect(try profile(text).entries.map(\.cost.online.rounds) == [1, 1])
        let owned = VisibilityPolicy(parameters: .owned(party: 0))
        #expect(try profile(text, policy: owned).entries.map(\.cost.online.rounds) == [0, 1])
    }

    @Test func independentOperatorsShareTheCriticalPath() throws {
        let text = """
            g (float[4] x) => (float[4] z) { a = Relu(x) b = Exp(x) c = Add(a, b) z = Mul(c, a) }
            """
        let profile = try profile(text)
        #expect(profile.total.online.rounds == 9 + 8 + 1)
        #expect(profile.criticalPathRounds == 9 + 1)
    }

    @Test func unknownShapesAndOperatorsAreSaid() throws {
        let text = """
            g (float[n,3] x) => (float[n,3] z) { a = Relu(x) b = com.acme.Guess(a) z = Add(b, x) }
            """
        let profile = try profile(text)
        #expect(profile.entries.map(\.op) == ["Add"])
        #expect(profile.unpriced.map(\.op.type) == ["Relu", "Guess"])
        #expect(profile.unpriced[0].reason.contains("--dim"))
        #expect(profile.unpriced[1].reason.contains("com.acme::Guess"))
    }

    @Test func wrongNamesInThePolicyAreErrors() throws {
        #expect(throws: HarrierError.self) {
            try profile(product, policy: VisibilityPolicy(exceptions: ["nobody": .public]))
        }
    }

    @Test func loopsAreCounted() throws {
        let text = """
            g (float[5] x) => (float[5] y) <int64 count = {7}, bool go = {1}> {
              y = Loop (count, go, x) <body = step (int64 i, bool c, float[5] v) => (bool d, float[5] w) {
                d = Identity(c)
                w = Mul(v, x)
              }>
            }
            """
        let profile = try profile(text)
        #expect(profile.unpriced.isEmpty, "\(profile.unpriced)")
        #expect(profile.total.online == Traffic(bytes: 7 * 2 * 8 * 10, rounds: 7))
        #expect(profile.tree.children.first?.children.map(\.count) == [7])
    }

    @Test func whatALoopCarriesIsAsSecretAsItGets() throws {
        let text = """
            g (float[5] x, float[5] start) => (float[5] y) <int64 count = {3}, bool go = {1}> {
              y = Loop (count, go, start) <body = step (int64 i, bool c, float[5] v) => (bool d, float[5] w) {
                d = Identity(c)
                s = Mul(v, v)
                w = Add(s, x)
              }>
            }
            """
        let profile = try profile(text, policy: VisibilityPolicy(exceptions: ["start": .public]))
        #expect(profile.total.online.rounds == 3)
    }

    @Test(arguments: [("public", 9, ""), ("private", 0, "secret")])
    func conditionsMustBePublic(condition: String, rounds: Int, reason: String) throws {
        let text = """
            g (float[5] x, bool c) => (float[5] y) {
              y = If (c) <
                then_branch = t () => (float[5] a) { a = Sqrt(x) },
                else_branch = e () => (float[5] b) { b = Relu(x) }>
            }
            """
        let policy = VisibilityPolicy(exceptions: ["c": condition == "public" ? .public : .private])
        let profile = try profile(text, policy: policy)
        // The dearer branch in bytes is the relu.
        #expect(profile.total.online.rounds == rounds)
        #expect(profile.unpriced.allSatisfy { $0.reason.contains(reason) })
        #expect(profile.unpriced.isEmpty == (condition == "public"))
    }

    @Test func scansGoOverTheirAxis() throws {
        let text = """
            g (float[5] start, float[6,5] xs) => (float[5] y, float[6,5] ys) {
              y, ys = Scan <num_scan_inputs = 1, body = step (float[5] v, float[5] x) => (float[5] w, float[5] o) {
                w = Mul(v, x)
                o = Identity(w)
              }> (start, xs)
            }
            """
        #expect(try profile(text).total.online == Traffic(bytes: 6 * 2 * 8 * 10, rounds: 6))
    }

    @Test func functionsOfTheModelArePricedByTheirBodies() throws {
        var graph = try model(
            "g (float[2,3] x, float[2,3] y) => (float[2,3] u) { u = Identity(x) z = ai.harrier.Twice(x, y) }")
        graph.functions = [
            try ONNXText.parseFunction(
                """
                <domain: "ai.harrier", opset_import: ["" : 21, "ai.harrier" : 1]>
                Twice (a, b) => (c) { d = Mul(a, b) c = Mul(d, b) }
                """)
        ]
        let profile = try Profiler(CrypTen()).profile(graph)
        #expect(profile.unpriced.isEmpty, "\(profile.unpriced)")
        #expect(profile.entries.last?.price.basis == .functionBody)
        #expect(profile.total.online == Traffic(bytes: 2 * 2 * 8 * 12, rounds: 2))
    }

    @Test func functionsThatCallThemselvesComeToAnEnd() throws {
        var graph = try model("g (float[2,3] x) => (float[2,3] u) { u = Identity(x) z = ai.harrier.One(x) }")
        graph.functions = try [("One", "Two"), ("Two", "One")].map { name, other in
            try ONNXText.parseFunction(
                """
                <domain: "ai.harrier", opset_import: ["" : 21, "ai.harrier" : 1]>
                \(name) (a) => (c) { c = ai.harrier.\(other)(a) }
                """)
        }
        let profile = try Profiler(CrypTen()).profile(graph)
        #expect(profile.unpriced.map(\.op.type) == ["One"])
    }
}
