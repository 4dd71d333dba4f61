import Evaluate
import Foundation
import IR
import TestSupport
import Testing

@testable import Calibration
@testable import Frameworks
@testable import Pricing

/// A user's own framework in a file.
@Suite struct FrameworkFileTests {
    /// A file with the given text, in a folder of its own.
    private static func write(_ text: String, name: String = "mine.yaml") throws -> String {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("harrier-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appendingPathComponent(name)
        try text.write(to: file, atomically: true, encoding: .utf8)
        return file.path
    }

    private static let complete = """
        title: Mine
        version: 1.0
        threat_model: semi-honest, two parties
        parties: {default: 2, from: 2, to: 5}
        offline: triples
        parameters:
          L: {default: 64, from: 8, to: 128, summary: ring bits}
          f: {default: 16, summary: fraction bits}
        let:
          lg: ceil(log2(L))
        primitives:
          share: free
          open: {online: {bits: N * (N - 1) * L * n, rounds: 1}}
          mul: {online: {bits: 2 * N * (N - 1) * L * n, rounds: 1}, offline: {bytes: 10 * n, rounds: 2}}
          matmul: {online: {bits: N * (N - 1) * L * (p * q + q * r), rounds: 1}}
          truncate: {online: {bytes: "choose(bits > 8, n, 0)", rounds: 1}}
          ltz: {online: {bits: n * L * lg, rounds: lg}}
        """

    private func operand(_ lengths: [Int]) -> OperatorSite.Operand {
        OperatorSite.Operand(type: TensorType(.float32, lengths: lengths), visibility: .private)
    }

    private func price(
        _ framework: any Framework, _ op: String, _ inputs: [[Int]], _ result: [Int]
    ) throws -> OperatorPrice {
        let node = Node(op: OperatorName(op), inputs: [], outputs: [])
        let site = OperatorSite(node: node, inputs: inputs.map(operand), outputs: [operand(result)])
        return try #require(try framework.price(site))
    }

    @Test func pricesAreTheFiles() throws {
        let path = try Self.write(Self.complete)
        let framework = try FrameworkCatalog.make(path)
        #expect(framework.info.name == "mine" && framework.info.title == "Mine" && framework.info.parties == 2)
        #expect(framework.info.supportedParties == 2...5)
        #expect(framework.info.configuration == ["L": "64", "f": "16"])

        let relu = try price(framework, "Relu", [[10]], [10]).cost
        #expect(relu.online == Traffic(bytes: 10 * 48 + 10 * 32, rounds: 7))
        #expect(relu.offline == Traffic(bytes: 100, rounds: 2))

        let matmul = try price(framework, "MatMul", [[3, 4], [4, 5]], [3, 5]).cost
        #expect(matmul.online == Traffic(bytes: 16 * (12 + 20) + 15, rounds: 2))

        // Eight products at once are sent together.
        let batch = try price(framework, "MatMul", [[8, 3, 4], [8, 4, 5]], [8, 3, 5]).cost
        #expect(batch.online == Traffic(bytes: 8 * 16 * (12 + 20) + 8 * 15, rounds: 2))

        let three = try FrameworkCatalog.make(path, parties: 3, configuration: ["L": "32", "f": "8"])
        #expect(try price(three, "Mul", [[10], [10]], [10]).cost.online == Traffic(bytes: 10 * 48, rounds: 2))
        #expect(three.inputOutputCost([], [TensorType(.float32, lengths: [5])]).online.bytes == 5 * 24)
    }

    /// A priced function takes the place of what it would be made of, alone and inside another one.
    @Test func functionsHavePrices() throws {
        let text =
            Self.complete + "\n  exp: {online: {bytes: 7 * n, rounds: 3}}\n  relu: {online: {bytes: n, rounds: 1}}"
        let framework = try FrameworkCatalog.make(try Self.write(text))
        #expect(try price(framework, "Exp", [[10]], [10]).cost.online == Traffic(bytes: 70, rounds: 3))
        #expect(try price(framework, "Relu", [[10]], [10]).cost.online == Traffic(bytes: 10, rounds: 1))
        let softmax = try price(framework, "Softmax", [[2, 5]], [2, 5]).call
        #expect(softmax.children.map(\.name) == ["max", "exp", "reciprocal", "mul", "truncate_nonnegative"])
        #expect(softmax.children[1].cost.online == Traffic(bytes: 70, rounds: 3))
        #expect(softmax.children[0].cost.online == Traffic(bytes: 2 * 4, rounds: 3))
    }

    /// What the file says cannot be done has no price, with the reason.
    @Test func unsupportedPrimitivesAreSaid() throws {
        let text = Self.complete.replacing(
            "ltz: {online: {bits: n * L * lg, rounds: lg}}", with: "ltz: {unsupported: no sign}")
        let framework = try FrameworkCatalog.make(try Self.write(text))
        let error = try #require(throws: Unpriced.self) { try price(framework, "Relu", [[10]], [10]) }
        #expect(error.reason == "Mine has no ltz: no sign")
        _ = try price(framework, "Mul", [[10], [10]], [10])
    }

    /// A truncation after a product may have a price of its own.
    @Test func truncationsAfterProductsMayBeFused() throws {
        let text = Self.complete + "\n  truncate_product: {online: {bytes: 3 * n, rounds: 0}}"
        let framework = try FrameworkCatalog.make(try Self.write(text))
        let product = try price(framework, "MatMul", [[3, 4], [4, 5]], [3, 5]).cost
        #expect(product.online == Traffic(bytes: 16 * (12 + 20) + 45, rounds: 1))
        let alone = try price(framework, "GlobalAveragePool", [[1, 5, 2, 2]], [1, 5, 1, 1]).cost
        #expect(alone.online == Traffic(bytes: 5, rounds: 1))
    }

    /// The examples of `docs/FRAMEWORKS.md` can be used.
    @Test func examplesOfTheDocumentationLoad() throws {
        let text = try String(
            contentsOf: Fixtures.packageRoot.appendingPathComponent("docs/FRAMEWORKS.md"), encoding: .utf8)
        let examples = text.components(separatedBy: "```yaml\n").dropFirst().map { part in
            part.components(separatedBy: "```")[0]
        }
        #expect(examples.count == 3)
        for example in examples { _ = try FrameworkCatalog.make(try Self.write(example)) }
        let dealer = try FrameworkCatalog.make(try Self.write(examples[0]), parties: 3, configuration: ["L": "32"])
        let relu = try price(dealer, "Relu", [[10]], [10]).cost
        #expect(relu.online == Traffic(bytes: (2 * 10 * 6 * (32 + 160) + 10 * 192 + 20 * 192) / 8, rounds: 8))
        let error = try #require(throws: Unpriced.self) { try price(dealer, "Softmax", [[2, 5]], [2, 5]) }
        #expect(error.reason.contains("the dealer has no randomness"))
        for parameter in PriceExpression.functions {
            #expect(text.contains("`\(parameter.name.prefix { $0 != "(" })("))
        }
        for name in PrimitiveNames.required + PrimitiveNames.optional { #expect(text.contains("`\(name)`")) }
        for key in FrameworkFile.keys { #expect(text.contains("`\(key)`")) }
    }

    // MARK: Inheritance

    @Test func filesInheritFromFiles() throws {
        let base = try Self.write(Self.complete, name: "base.yaml")
        let folder = URL(fileURLWithPath: base).deletingLastPathComponent()
        let child = folder.appendingPathComponent("child.yaml")
        try """
        title: Child
        inherits: base.yaml
        parameters: {L: 32}
        let: {lg: 2}
        primitives:
          mul: {online: {bytes: n, rounds: 1}}
        """.write(to: child, atomically: true, encoding: .utf8)
        let framework = try FrameworkCatalog.make(child.path)
        #expect(framework.info.title == "Child" && framework.info.configuration["L"] == "32")
        let relu = try price(framework, "Relu", [[10]], [10]).cost
        #expect(relu.online == Traffic(bytes: 10 * 8 + 10, rounds: 3))
    }

    @Test func filesInheritFromPaperProtocols() throws {
        let text = "inherits: aby3\nparameters: {L: 32}\nprimitives:\n  ltz: {online: {bytes: n, rounds: 2}}"
        let (own, aby3) = (try FrameworkCatalog.make(try Self.write(text)), try FrameworkCatalog.make("aby3"))
        let configured = try FrameworkCatalog.make("aby3", configuration: ["L": "32"])
        let sizes = ([[4, 4], [4, 4]], [4, 4])
        let product = try price(own, "MatMul", sizes.0, sizes.1).cost
        #expect(product == (try price(configured, "MatMul", sizes.0, sizes.1).cost))
        #expect(product != (try price(aby3, "MatMul", sizes.0, sizes.1).cost))
        #expect(try price(own, "Less", [[10], [10]], [10]).cost.online == Traffic(bytes: 10, rounds: 2))
    }

    /// Named calls of a framework that is part of the program are priced anew, everything else stays.
    @Test func filesInheritFromFrameworks() throws {
        let text = """
            inherits: crypten
            configuration: {functions.exp_iterations: 3}
            primitives:
              mul: {online: {bytes: 5 * n, rounds: 2}}
            """
        let framework = try FrameworkCatalog.make(try Self.write(text))
        let base = try FrameworkCatalog.make("crypten", configuration: ["functions.exp_iterations": "3"])
        #expect(framework.info.version == base.info.version)
        #expect(try price(framework, "Exp", [[10]], [10]).cost == (try price(base, "Exp", [[10]], [10]).cost))
        #expect(try price(framework, "Mul", [[10], [10]], [10]).cost.online == Traffic(bytes: 50, rounds: 2))
        #expect(try price(framework, "Relu", [[10]], [10]).cost != (try price(base, "Relu", [[10]], [10]).cost))
        let configured = try FrameworkCatalog.make(
            try Self.write(text), configuration: ["functions.exp_iterations": "4"])
        #expect(configured.info.configuration["functions.exp_iterations"] == "4")
    }

    // MARK: Errors

    @Test(arguments: [
        (
            "mul: {online: {bits: 2 * N * (N - 1) * L * n, rounds: 1}", "mul: {online: {bits: 2 * M * n, rounds: 1}",
            14, "'M'"
        ),
        ("bits: n * L * lg", "bits: n * L *", 17, "expected a value"),
        ("bits: n * L * lg", "bits: n * (L - 100)", 17, "negative"),
        ("bits: n * L * lg", "bits: n / (L - 64)", 17, "division by zero"),
        ("bits: n * L * lg", "bits: n * log2(L - 64)", 17, "log2 of"),
        ("bits: n * L * lg", "bits: n * lag(L)", 17, "there is no function 'lag'"),
        ("bits: n * L * lg", "bits: 'ceil(n, L)'", 17, "takes 1 argument"),
        ("bits: n * L * lg", "bits: n > L", 17, "gives no number"),
        ("bits: n * L * lg", "bits: [n, L]", 17, "arithmetic expression"),
        ("bits: n * L * lg", "bytes: n, bits: n", 17, "in bits or in bytes"),
        ("ltz: {online", "ltz: {outline", 17, "there is no key 'outline'"),
        ("{bits: n * L * lg, rounds: lg}", "{bits: n * L * lg}", 17, "bits (or bytes) and rounds"),
        ("  ltz:", "  lzt:", 17, "there is no primitive 'lzt'"),
        ("  share: free\n", "", 12, "lacks the primitive 'share'"),
        ("  share: free\n", "  share: cheap\n", 12, "has a price, or is free"),
        ("  share: free", "  share: {unsupported: never}", 12, "cannot be unsupported"),
        ("title: Mine", "titel: Mine", 1, "there is no key 'titel'"),
        ("title: Mine", "title: [Mine]", 1, "'title' must be a text"),
        ("title: Mine", "title: Mine\ntitle: Yours", 1, "there twice"),
        ("title: Mine", "title: Mine: Yours", 1, "not YAML"),
        ("parties: {default: 2, from: 2, to: 5}", "parties: {default: 2, from: 3, to: 5}", 4, "not between"),
        ("parties: {default: 2, from: 2, to: 5}", "parties: two", 4, "'parties' is a number"),
        ("L: {default: 64, from: 8", "L: {default: x, from: 8", 7, "must be a number"),
        ("L: {default: 64, from: 8", "L: {default: 4, from: 8", 7, "is not between"),
        ("L: {default: 64, from: 8", "L: {from: 8", 7, "needs a default"),
        ("f: {default: 16, summary: fraction bits}", "f: 16", 8, "there is no parameter 'f'"),
        ("f: {default: 16, summary: fraction bits}", "n: {default: 16}", 8, "already has a meaning"),
        ("lg: ceil(log2(L))", "lg: ceil(log2(n))", 10, "'n'"),
        ("offline: triples", "inherits: nobody", 5, "no framework 'nobody'"),
        ("offline: triples", "inherits: mine.yaml", 5, "in a circle"),
        ("offline: triples", "inherits: other.yaml", 5, "there is no file"),
        ("offline: triples", "inherits: crypten", 16, "calls no 'truncate'"),
    ])
    func errorsNameTheLine(original: String, changed: String, line: Int, message: String) throws {
        #expect(Self.complete.contains(original))
        let path = try Self.write(Self.complete.replacing(original, with: changed))
        let error = try #require(throws: HarrierError.self) { try FrameworkCatalog.make(path) }
        #expect(error.file == path && error.line == line, "\(error)")
        #expect(error.description.contains(message), "\(error)")
    }

    @Test(arguments: [
        ["L": "sixty"], ["L": "4"], ["L": "1000"], ["M": "1"], ["prices": "hawkeye"], ["L": "nan"],
    ])
    func wrongConfigurationIsAnError(configuration: [String: String]) throws {
        let path = try Self.write(Self.complete)
        let error = try #require(throws: HarrierError.self) {
            try FrameworkCatalog.make(path, configuration: configuration)
        }
        #expect(error.message.contains(configuration.keys.first ?? "?") && error.hint != nil)
    }

    @Test func parametersOfTheUserAreTriedToo() throws {
        let path = try Self.write(Self.complete.replacing("bits: n * L * lg", with: "bits: n * (L - 32)"))
        _ = try FrameworkCatalog.make(path)
        let error = try #require(throws: HarrierError.self) {
            try FrameworkCatalog.make(path, configuration: ["L": "16"])
        }
        #expect(error.line == 17 && error.message.contains("negative"))
    }

    /// What only some sizes make negative is found when it is used.
    @Test func pricesAreCheckedInUse() throws {
        let path = try Self.write(Self.complete.replacing("bits: n * L * lg", with: "bits: 8 * (1048577 - n)"))
        let framework = try FrameworkCatalog.make(path)
        let error = try #require(throws: Unpriced.self) {
            try price(framework, "Less", [[2_000_000], [1]], [2_000_000])
        }
        #expect(error.reason.contains("negative"))
    }

    @Test(arguments: [1, 6, -1])
    func partiesAreChecked(parties: Int) throws {
        let path = try Self.write(Self.complete)
        #expect(throws: HarrierError.self) { try FrameworkCatalog.make(path, parties: parties) }
    }

    @Test(arguments: ["", "a", "- a", "{", "\u{0}", "primitives: {}"])
    func brokenFilesAreErrors(text: String) throws {
        let path = try Self.write(text)
        let error = try #require(throws: HarrierError.self) { try FrameworkCatalog.make(path) }
        #expect(error.file == path)
    }

    @Test func missingFilesAreErrors() {
        for path in ["./nowhere.yaml", "/", "nowhere.yaml"] {
            #expect(throws: HarrierError.self) { try FrameworkCatalog.make(path) }
        }
    }

    /// Sizes that no tensor has must not crash, and cost more than small ones: an overflow would be negative, or small.
    @Test func hugeSizesSaturate() throws {
        for name in FrameworkFile.builtInNames {
            let framework = try FrameworkCatalog.make(name)
            let huge = Int.max / 4
            var compared = 0
            for op in ["Relu", "Softmax", "Exp", "Sqrt", "GlobalAveragePool"] {
                guard let found = try? price(framework, op, [[huge, huge, 8]], [huge, huge, 8]) else { continue }
                let small = try price(framework, op, [[4, 4, 8]], [4, 4, 8])
                guard small.cost.online.bytes > 0 else { continue }
                #expect(found.cost.online.bytes > small.cost.online.bytes, "\(name) \(op)")
                compared += 1
            }
            #expect(compared > 0, "\(name)")
        }
    }
}

/// Who knows the operands of a product decides its price.
@Suite struct OwnedOperandTests {
    private func total(_ framework: String, weights: Visibility) throws -> Cost {
        let graph = try model("g (float[4,6] x, float[6,8] w) => (z) { z = MatMul(x, w) }")
        let profile = try Profiler(try FrameworkCatalog.make(framework), evaluator: Interpreter()).profile(
            graph, policy: VisibilityPolicy(exceptions: ["w": weights]))
        #expect(profile.unpriced.isEmpty)
        return profile.total
    }

    /// Opening an operand that one party knows takes one message instead of two, and half of the cross terms are local.
    @Test(arguments: ["secureml", "aby"])
    func serverOwnedWeightsHalveTheirOpening(framework: String) throws {
        let shared = try total(framework, weights: .private)
        let owned = try total(framework, weights: .owned(party: 0))
        #expect(shared.online.bytes == 2 * 8 * (24 + 48))
        #expect(owned.online.bytes == 2 * 8 * 24 + 8 * 48)
        #expect(2 * owned.offline.bytes == shared.offline.bytes)
        #expect(try total(framework, weights: .public) == .zero)
    }
}
