import IR
import Pricing

/// How HawkEye makes tensor functions of its primitives, at its prices (commit d737722 of its artifact, forward passes). What is
/// odd in here is HawkEye's: unused work in `softmax`, a bit-level expansion of every function without a price.
struct HawkEyeFunctions: SecureFunctions {
    let prices: HawkEyePrices

    /// What HawkEye's compiler expands a function into, an element: instruction counts of its output for 31-bit numbers with 16 bits
    /// after the point, and the rounds that it then counts for ABY3, where every instruction is one round. Truncations are
    /// those that it charges: where it merges several of different calls it charges one.
    struct Expansion {
        var randomBits = 0
        var openings = 0
        var products = 0
        var truncations = 0
        var rounds = 0

        static let ltz = Expansion(randomBits: 32, openings: 1, products: 56, rounds: 7)
        static let eqz = Expansion(randomBits: 31, openings: 1, products: 30, rounds: 6)
        static let exp2 = Expansion(randomBits: 31, openings: 1, products: 68, truncations: 7, rounds: 26)
        static let log2 = Expansion(randomBits: 155, openings: 6, products: 417, truncations: 32, rounds: 101)
        static let sqrt = Expansion(randomBits: 95, openings: 3, products: 364, truncations: 45, rounds: 116)
        static let inverseSqrt = Expansion(randomBits: 31, openings: 1, products: 206, truncations: 4, rounds: 18)
    }

    // MARK: Primitives

    func open(_ count: Int) -> Call { priced(.open, count) ?? Call("open", cost: .zero) }

    func mul(_ product: ElementwiseProduct) -> Call { products(product.result) }

    func matmul(_ product: MatrixProduct) -> Call {
        guard let price = prices.price(.matmul, product.sizes), product.batch > 0 else {
            return Call("matmul", cost: .zero)
        }
        // Merged products: bits are added up, rounds are those of one.
        var merged = price
        merged.onlineBits *= Double(product.batch)
        merged.offlineBits *= Double(product.batch)
        return Call("matmul", cost: merged.cost, sizes: product.sizes)
    }

    func truncate(_ count: Int, isNonNegative: Bool) -> Call {
        // HawkEye knows a sign only where its library says so, which it does for no operator of a network but one.
        priced(.truncate, count) ?? Call("truncate", cost: .zero)
    }

    func ltz(_ count: Int) -> Call { priced(.ltz, count) ?? expanded("ltz", .ltz, count) }

    func eqz(_ count: Int) -> Call { priced(.eqz, count) ?? expanded("eqz", .eqz, count) }

    func products(_ count: Int) -> Call { priced(.mul, count) ?? Call("mul", cost: .zero) }

    private func priced(_ primitive: HawkEyePrices.Primitive, _ count: Int) -> Call? {
        let sizes = Sizes(n: count)
        guard let price = prices.price(primitive, sizes) else { return nil }
        return Call(primitive.fileName, cost: count > 0 ? price.cost : .zero, sizes: sizes)
    }

    // MARK: Expansions

    /// Products and truncations of that many elements, one after the other.
    private func scaled(_ count: Int) -> [Call] { [products(count), truncate(count, isNonNegative: false)] }

    /// A function that HawkEye expands. Products and truncations that its compiler can merge share rounds; half of the rounds beside
    /// the openings are taken for truncations where there are as many.
    func expanded(_ name: String, _ expansion: Expansion, _ count: Int) -> Call {
        let steps = max(0, expansion.rounds - expansion.openings)
        let truncationSteps = min(expansion.truncations, steps / 2)
        var calls = [randomBits(count *| expansion.randomBits, instructions: expansion.randomBits)]
        calls += (0..<expansion.openings).map { _ in open(count) }
        calls += layers(count *| expansion.products, steps - truncationSteps, products)
        calls += layers(count *| expansion.truncations, truncationSteps) {
            truncate($0, isNonNegative: false)
        }
        return Call(name, sizes: Sizes(n: count), calls)
    }

    private func layers(_ count: Int, _ depth: Int, _ instruction: (Int) -> Call) -> [Call] {
        guard depth > 0 else { return [] }
        let (each, rest) = (count / depth, count % depth)
        return [instruction(each +| rest), instruction(each).repeated(depth - 1)]
    }

    /// Random bits are made offline from a sharing (SPDZ: an opening) a party and products, one instruction after another.
    private func randomBits(_ count: Int, instructions: Int) -> Call {
        let source: HawkEyePrices.Primitive = prices.name == .spdz ? .open : .share
        let one = Sizes(n: 1)
        guard let shared = prices.price(source, one), let product = prices.price(.mul, one) else {
            return Call("random_bit", cost: .zero)
        }
        let parties = Double(prices.parameters.parties)
        let bits =
            parties * (shared.onlineBits + shared.offlineBits)
            + (parties - 1) * (product.onlineBits + product.offlineBits)
        let rounds =
            shared.onlineRounds + shared.offlineRounds
            + (parties - 1) * (product.onlineRounds + product.offlineRounds)
        let price = HawkEyePrices.Price(0, 0, bits * Double(count), rounds * Double(instructions))
        return Call("random_bit", cost: price.cost, sizes: Sizes(n: count))
    }

    // MARK: Functions

    /// `(1 + x / 2⁸)^(2⁸)`
    func exp(_ count: Int) -> Call {
        priced(.exp, count)
            ?? Call(
                "exp_fx", sizes: Sizes(n: count),
                [truncate(count, isNonNegative: false), Call("square", scaled(count)).repeated(8)])
    }

    /// The operator Exp: `2^(x log₂ e)`.
    func powerOfE(_ count: Int) -> Call {
        Call("exp", [truncate(count, isNonNegative: false), expanded("exp2_fx", .exp2, count)])
    }

    func log(_ count: Int) -> Call {
        Call("log", [expanded("log2_fx", .log2, count), truncate(count, isNonNegative: false)])
    }

    /// Division of secret numbers: nine Newton steps from an exponential, and the product with the dividend, which is not truncated.
    /// What stands inside an expanded function is expanded itself, whatever has a price.
    func quotient(_ count: Int) -> Call {
        priced(.reciprocal, count)
            ?? Call(
                "reciprocal",
                [expanded("ltz", .ltz, count), Call("newton", scaled(count)).repeated(28), products(count)])
    }

    /// Division of a public number by a secret one, which a price of `Reciprocal` does not change: ten Newton steps.
    func reciprocal(_ count: Int, isPositive: Bool) -> Call {
        Call("reciprocal", [ltz(count), Call("newton", scaled(count)).repeated(31)])
    }

    func inverseSqrt(_ count: Int) -> Call { expanded("inv_sqrt", .inverseSqrt, count) }

    func sqrt(_ count: Int) -> Call { expanded("sqrt", .sqrt, count) }

    /// The three comparisons are merged: that of the reciprocal and two for the sign.
    func sigmoid(_ count: Int) -> Call {
        Call(
            "sigmoid",
            [
                powerOfE(count), ltz(3 *| count), Call("newton", scaled(count)).repeated(31),
                products(count).repeated(2),
            ])
    }

    /// Two ReLUs, one after the other.
    func clip(_ count: Int) throws -> Call { Call("clip", [try relu(count).repeated(2)]) }

    func tanh(_ count: Int) -> Call {
        Call("tanh", [exp(count), ltz(count), truncate(count, isNonNegative: false)] + Call.list(scaled(count), 4))
    }

    /// HawkEye has no error function.
    func erf(_ count: Int) throws -> Call { throw Unpriced("HawkEye has no error function") }

    /// The maximum's position is computed, too, and not used: an equality test, two products and a comparison an element.
    func softmax(rows: Int, length: Int) throws -> Call {
        let count = rows *| length
        let unused = Call("unused", [eqz(count), ltz(count)] + Call.list(scaled(count), 2))
        return Call(
            "softmax",
            [try maximum(rows: rows, length: length), unused, exp(count), quotient(rows)] + scaled(count))
    }

    func logSoftmax(rows: Int, length: Int) throws -> Call {
        let count = rows *| length
        return Call(
            "log_softmax",
            [try maximum(rows: rows, length: length), exp(count), log(rows), quotient(rows)] + scaled(count))
    }
}

extension Call {
    /// Calls made that many times.
    fileprivate static func list(_ calls: [Call], _ times: Int) -> [Call] { calls.map { $0.repeated(times) } }
}
