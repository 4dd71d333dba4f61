@testable import Frameworks
import IR
import Pricing
import Testing

/// Primitives with telling prices: bytes count elements, and each primitive has a round of its own.
private struct Counting: SecureFunctions {
    private func primitive(_ name: String, _ elements: Int, rounds: Int = 1) -> Call {
        Call(name, cost: Cost(online: Traffic(bytes: elements, rounds: rounds)), sizes: Sizes(n: elements))
    }

    func open(_ count: Int) -> Call { primitive("open", count) }
    func mul(_ product: ElementwiseProduct) -> Call { primitive("mul", product.result) }
    func matmul(_ product: MatrixProduct) -> Call {
        primitive("matmul", product.batch * product.resultCount)
    }
    func truncate(_ count: Int, isNonNegative: Bool) -> Call {
        primitive(isNonNegative ? "truncate_nonnegative" : "truncate", count)
    }
    func ltz(_ count: Int) -> Call { primitive("ltz", 100 * count, rounds: 10) }
}

@Suite struct SecureFunctionsTests {
    private let functions = Counting()

    /// How often each primitive is called on how many elements in all.
    private func elements(_ call: Call) -> [String: Int] {
        var result: [String: Int] = [:]
        func descend(_ call: Call, times: Int) {
            let times = times * call.count
            if call.children.isEmpty { result[call.name, default: 0] += times * call.sizes.n }
            for child in call.children { descend(child, times: times) }
        }
        descend(call, times: 1)
        return result
    }

    @Test func reluIsASignTestAndASelection() throws {
        let relu = try functions.relu(7)
        #expect(relu.children.map(\.name) == ["ltz", "mul"])
        #expect(relu.cost.online == Traffic(bytes: 707, rounds: 11))
    }

    @Test(arguments: [(1, 0, 0), (2, 1, 1), (3, 2, 2), (4, 3, 2), (9, 8, 4), (128, 127, 7), (0, 0, 0)])
    func maximaAreTakenInATree(length: Int, comparisons: Int, levels: Int) throws {
        let call = try functions.maximum(rows: 3, length: length)
        #expect(call.cost.online == Traffic(bytes: 3 * 101 * comparisons, rounds: 11 * levels))
    }

    @Test func argmaxCarriesThePosition() throws {
        let call = try functions.argmax(rows: 2, length: 5)
        #expect(elements(call)["ltz"] == 100 * 2 * 4 && elements(call)["mul"] == 2 * 2 * 4)
    }

    @Test func exponentialSquaresAndTruncates() throws {
        let call = try functions.exp(5)
        #expect(elements(call) == ["truncate": 5, "square": 40, "truncate_nonnegative": 40])
        #expect(call.cost.online.rounds == 17)
        #expect(call.children.last?.count == 8, "the squarings are counted, not written out")
    }

    @Test func reciprocalTakesTheSignOffOnlyWhereItMust() throws {
        let signed = elements(try functions.reciprocal(3, isPositive: false))
        let positive = elements(try functions.reciprocal(3, isPositive: true))
        #expect(positive["ltz"] == nil && signed["ltz"] == 300)
        #expect((signed["mul"] ?? 0) - (positive["mul"] ?? 0) == 6)
    }

    @Test(arguments: [(2, 1), (3, 2), (4, 3), (5, 4), (8, 7)])
    func polynomialsMultiplyOncePerPower(degree: Int, products: Int) throws {
        let log = elements(try functions.log(1))
        #expect(log["ltz"] == nil)
        var recipe = WithDegree(degree: degree)
        recipe.steps = 1
        let counted = elements(try recipe.log(1))
        // Two exponentials of eight squarings, the product with exp(-y), and the powers of the polynomial.
        #expect((counted["square"] ?? 0) + (counted["mul"] ?? 0) == 16 + 1 + products)
    }

    private struct WithDegree: SecureFunctions {
        var degree: Int
        var steps = 2
        private let base = Counting()
        var recipe: Recipe {
            var recipe = Recipe()
            recipe.logOrder = degree
            recipe.logIterations = steps
            return recipe
        }

        init(degree: Int) { self.degree = degree }
        func open(_ count: Int) -> Call { base.open(count) }
        func mul(_ product: ElementwiseProduct) -> Call { base.mul(product) }
        func matmul(_ product: MatrixProduct) -> Call { base.matmul(product) }
        func truncate(_ count: Int, isNonNegative: Bool) -> Call {
            base.truncate(count, isNonNegative: isNonNegative)
        }
        func ltz(_ count: Int) -> Call { base.ltz(count) }
    }

    @Test func softmaxDividesOnceARow() throws {
        let call = try functions.softmax(rows: 4, length: 6)
        #expect(call.children.map(\.name) == ["max", "exp", "reciprocal", "mul", "truncate_nonnegative"])
        #expect(call.children[2].children.first.map { elements($0) }?["square"] == 32)
    }

    @Test func rowsOfAStackOfLeftMatricesMeetOneRightMatrix() {
        let stack = MatrixProduct(left: [5, 2, 3], right: [3, 4], result: [5, 2, 4], sides: .shared)
        #expect((stack.batch, stack.p, stack.q, stack.r) == (1, 10, 3, 4))
        let pairs = MatrixProduct(left: [5, 2, 3], right: [5, 3, 4], result: [5, 2, 4], sides: .shared)
        #expect((pairs.batch, pairs.p, pairs.q, pairs.r) == (5, 2, 3, 4))
        let vector = MatrixProduct(left: [3], right: [3], result: [], sides: .shared)
        #expect((vector.batch, vector.p, vector.q, vector.r) == (1, 1, 3, 1))
    }
}

/// Rounds of calls, one after another and on the critical path.
@Suite struct CallTests {
    private let step = Call("step", cost: Cost(online: Traffic(bytes: 5, rounds: 2)))

    @Test func dependentLoopsCountEveryRound() {
        let loop = step.repeated(7)
        #expect(loop.total.online == Traffic(bytes: 35, rounds: 14) && loop.totalCriticalRounds == 14)
    }

    @Test func independentLoopsAreBatchedOnTheCriticalPath() {
        let loop = step.repeated(7, independent: true)
        #expect(loop.total.online == Traffic(bytes: 35, rounds: 14) && loop.totalCriticalRounds == 2)
        #expect(Call("all", [loop, step]).criticalRounds == 4)
    }

    @Test func mixedLoopsNest() {
        let mixed = step.repeated(7, independent: true).repeated(3)
        #expect(mixed.total.online == Traffic(bytes: 105, rounds: 42) && mixed.totalCriticalRounds == 6)
        let other = step.repeated(3).repeated(7, independent: true)
        #expect(other.total.online == Traffic(bytes: 105, rounds: 42) && other.totalCriticalRounds == 6)
    }

    @Test func hugeLoopsSaturate() {
        #expect(step.repeated(.max).repeated(.max).total.online == Traffic(bytes: .max, rounds: .max))
    }
}
