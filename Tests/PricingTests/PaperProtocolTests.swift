import Evaluate
import IR
import ONNXFormat
import TestSupport
import Testing

@testable import Calibration
@testable import Frameworks
@testable import Pricing

/// The protocols of papers, which are framework files of our own.
@Suite struct PaperProtocolTests {
    private func operand(_ lengths: [Int]) -> OperatorSite.Operand {
        OperatorSite.Operand(type: TensorType(.float32, lengths: lengths), visibility: .private)
    }

    private func cost(_ framework: any Framework, _ op: String, _ inputs: [[Int]], _ result: [Int]) throws -> Cost {
        let node = Node(op: OperatorName(op), inputs: [], outputs: [])
        let site = OperatorSite(node: node, inputs: inputs.map(operand), outputs: [operand(result)])
        return try #require(try framework.price(site)).cost
    }

    private static let bits = Sizes(n: 1, bits: 16)

    private func amount(_ name: String, _ primitive: String, _ sizes: Sizes, parties: Int) throws
        -> (online: PriceTable.Amount, offline: PriceTable.Amount)
    {
        let table = try PriceTable(FrameworkFile.load(name), parties: parties)
        return try #require(try table.amounts(primitive, sizes))
    }

    @Test func filesSayWhatTheyAre() throws {
        #expect(
            FrameworkFile.builtInNames.sorted() == [
                "aby", "aby3", "bgw", "deepmpc", "falcon", "mpcformer", "secureml", "spdz2k",
            ])
        for name in FrameworkFile.builtInNames {
            let file = try FrameworkFile.load(name)
            let info = try FrameworkCatalog.make(name).info
            #expect(info.name == name && !info.version.isEmpty && !info.threatModel.isEmpty && !info.offline.isEmpty)
            #expect(!info.privateByDefault.isEmpty && file.texts["source"]?.isEmpty == false)
            #expect(file.parameters.allSatisfy { !$0.summary.isEmpty })
            #expect(info.configuration["prices"] == "own")
            #expect(Set(info.configuration.keys) == Set(info.configurationKeys.map(\.name)))
        }
    }

    /// Figures that the papers state, or that can be counted by hand.
    @Test func figuresOfThePapers() throws {
        // 319.488 kbit for a triple of two parties (Cramer et al. 2018, k = s = 64).
        #expect(try amount("spdz2k", "mul", Self.bits, parties: 2).offline.bits == 319_488)
        #expect(try amount("spdz2k", "mul", Self.bits, parties: 2).online.bits == 512)
        // Three parties send one element each; a fused truncation makes it four elements in the same round.
        let aby3 = try cost(FrameworkCatalog.make("aby3"), "Mul", [[1000], [1000]], [1000])
        #expect(aby3.online == Traffic(bytes: 32_000, rounds: 1))
        // Two parties open two elements each.
        for name in ["aby", "secureml"] {
            let product = try cost(FrameworkCatalog.make(name), "Mul", [[1000], [1000]], [1000])
            #expect(product.online == Traffic(bytes: 32_000, rounds: 1))
            // 2 kappa L + L (L + 1) bits a triple.
            #expect(product.offline.bytes == 1000 * (2 * 128 * 64 + 64 * 65) / 8)
        }
        // A matrix product opens its operands once, and a vector product is one.
        let matrix = try cost(FrameworkCatalog.make("aby"), "MatMul", [[512, 768], [768, 768]], [512, 768])
        #expect(matrix.online.bytes == 16 * (512 * 768 + 768 * 768))
        #expect(
            try amount("aby", "matmul", Sizes(n: 1, p: 1, q: 1, r: 1), parties: 2)
                == amount("aby", "mul", Self.bits, parties: 2))
        // The carry out of 63 positions: 63 generating ANDs, and two for each of 62 nodes but one in each of 6 levels.
        let ands = 63 + 2 * 62 - 6
        #expect(try amount("aby3", "ltz", Self.bits, parties: 3).online.bits == Double(64 + 3 * ands + 6 * 64))
        // Fewer than half of the parties collude, so that an opening needs one more share, of four parties as of three.
        for parties in [3, 4] {
            #expect(try amount("bgw", "open", Self.bits, parties: parties).online.bits == Double(parties * 64))
        }
        // Three parties re-share to two others, whatever the inner dimension is.
        #expect(try amount("bgw", "matmul", Sizes(n: 15, p: 3, q: 100, r: 5), parties: 3).online.bits == 15 * 6 * 64)
        #expect(try amount("bgw", "open", Self.bits, parties: 5).online.bits == 5 * 2 * 64)
        // A ReLU of Falcon takes log2 L + 5 rounds.
        #expect(try cost(FrameworkCatalog.make("falcon"), "Relu", [[10]], [10]).online.rounds == 11)
        // deep-mpc's comparison as MP-SPDZ was measured: 43.9 bytes for 31 bits, 57 for 40.
        #expect(try amount("deepmpc", "ltz", Self.bits, parties: 3).online.bits == 3 * 117)
    }

    /// A product is never dearer under our prices than under HawkEye's where HawkEye multiplies p q r times.
    @Test func matrixProductsAreCheaperThanScalarOnes() throws {
        for name in ["aby", "spdz2k", "secureml"] {
            let (own, other) = (
                try FrameworkCatalog.make(name), try FrameworkCatalog.make(name, configuration: ["prices": "hawkeye"])
            )
            let sizes = ([[64, 576], [576, 1024]], [64, 1024])
            let (ours, theirs) = (
                try cost(own, "MatMul", sizes.0, sizes.1), try cost(other, "MatMul", sizes.0, sizes.1)
            )
            #expect(ours.offline.bytes <= theirs.offline.bytes)
            if name != "secureml" { #expect(ours.online.bytes < theirs.online.bytes) }
        }
    }

    /// MPCFormer is CrypTen with a third party.
    @Test func mpcFormerIsCrypTen() throws {
        let (own, crypten) = (
            try FrameworkCatalog.make("mpcformer"),
            try FrameworkCatalog.make("crypten", configuration: ["provider": "TTP"])
        )
        for op in ["Relu", "Softmax", "Exp", "Sigmoid"] {
            #expect(try cost(own, op, [[4, 24]], [4, 24]) == (try cost(crypten, op, [[4, 24]], [4, 24])))
        }
        #expect(own.info.configuration["provider"] == "TTP")
    }

    /// The two price lists line by line, an element of each; both exist as frameworks.
    @Test(arguments: FrameworkFile.builtInNames)
    func hawkEyesPricesStandBeside(name: String) throws {
        let file = try FrameworkFile.load(name)
        let parties = file.parties?.usual ?? 2
        let (own, other) = (
            try PriceTable(file, parties: parties), try PriceTable(file, column: .hawkEye, parties: parties)
        )
        let sizes = Sizes(n: 1, p: 1, q: 1, r: 1, bits: 16)
        for primitive in file.primitives.keys.sorted() {
            func text(_ table: PriceTable) throws -> String {
                guard let (online, offline) = try table.amounts(primitive, sizes) else { return "-" }
                return "\(online.bits) b \(online.rounds) r, offline \(offline.bits) b \(offline.rounds) r"
            }
            print("\(name) \(primitive): ours \(try text(own)); HawkEye's \(try text(other))")
        }
        let framework = try FrameworkCatalog.make(name, configuration: ["prices": "hawkeye"])
        #expect(framework.info.configuration["prices"] == "hawkeye")
        let product = try #require(try other.cost("mul", Sizes(n: 1000)))
        let truncation = try other.cost("truncate", Sizes(n: 1000, bits: 16)) ?? .zero
        #expect(try cost(framework, "Mul", [[1000], [1000]], [1000]) == product + truncation)
    }

    /// Every operator of real models has a price, or says why not.
    @Test(arguments: FrameworkFile.builtInNames, ["resnet18", "bert_1layer"])
    func modelsArePriced(name: String, model: String) throws {
        let graph = try loadModel(at: try Fixtures.path("models/\(model).onnx"), evaluator: Interpreter()).graph
        for prices in ["own", "hawkeye"] {
            let framework = try FrameworkCatalog.make(name, configuration: ["prices": prices])
            let profile = try Profiler(framework, evaluator: Interpreter()).profile(graph)
            let online = profile.total.online
            print("\(name) \(prices) \(model): \(online), \(profile.unpriced.count) unpriced")
            #expect(online.bytes > 0 && online.rounds > 0)
            for entry in profile.unpriced { print("  \(entry.op): \(entry.reason)") }
            if prices == "own" { #expect(profile.unpriced.isEmpty) }
        }
    }
}
