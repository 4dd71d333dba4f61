import IR
@testable import Frameworks
import Pricing
import Testing

/// Configuration, parties and provider.
@Suite struct CrypTenSettingsTests {
    private typealias Function = @Sendable (CrypTen.Functions) -> Call

    private static let functions: [String: Function] = [
        "exp": { $0.exp([5]) }, "log": { $0.log([5]) }, "reciprocal": { $0.reciprocal([5]) }, "sqrt": { $0.sqrt([5]) },
        "sigmoid": { $0.sigmoid([5]) }, "cossin": { $0.cossin([5]) }, "erf": { $0.erf([5]) }, "rand": { $0.rand([5]) },
        "max": { $0.maximum([2, 9], axis: 1) }, "relu": { $0.relu([5]) }, "mul": { $0.mul([5], [5]) },
        "softmax": { $0.softmax([2, 9], axis: 1) },
    ]

    /// A key changes the price of what depends on it, and of nothing else.
    @Test(arguments: [
        ("functions.exp_iterations", "9", ["exp", "log", "reciprocal", "sqrt", "sigmoid", "softmax"]),
        ("exp_iterations", "9", ["exp", "log", "reciprocal", "sqrt", "sigmoid", "softmax"]),
        ("functions.reciprocal_nr_iters", "3", ["reciprocal", "softmax"]),
        ("functions.reciprocal_method", "log", ["reciprocal", "sigmoid", "softmax"]),
        ("functions.reciprocal_all_pos", "true", ["reciprocal"]),
        ("functions.reciprocal_initial", "0.5", ["reciprocal", "softmax"]),
        ("functions.reciprocal_log_iters", "5", []), ("functions.sqrt_nr_iters", "5", ["sqrt"]),
        ("functions.sigmoid_tanh_method", "chebyshev", ["sigmoid"]), ("functions.sigmoid_tanh_terms", "8", []),
        ("functions.log_iterations", "3", ["log"]), ("functions.log_exp_iterations", "3", ["log"]),
        ("functions.log_order", "2", ["log"]), ("functions.trig_iterations", "4", ["cossin"]),
        ("functions.erf_iterations", "2", ["erf"]), ("functions.max_method", "pairwise", ["max", "softmax"]),
        ("encoder.precision_bits", "20", ["rand", "max", "softmax"]),
        ("mpc.active_security", "true", Set(functions.keys).subtracting(["exp", "rand"]).sorted()),
        ("provider", "TTP", functions.keys.sorted()), ("mpc.provider", "TTP", functions.keys.sorted()),
    ])
    func keysChangeWhatTheyShould(key: String, value: String, names: [String]) throws {
        let (plain, changed) = (try CrypTen(), try CrypTen(configuration: [key: value]))
        let different = Self.functions.filter { $0.value(plain.functions).cost != $0.value(changed.functions).cost }
        #expect(different.keys.sorted() == names.sorted())
    }

    @Test(arguments: [
        ("functions.exp_iteration", "8"), ("exp", "8"), ("functions.exp_iterations", "eight"),
        ("functions.exp_iterations", "-1"), ("functions.exp_iterations", "99999999999999999999"), ("provider", "HE"),
        ("functions.max_method", "tree"), ("functions.sigmoid_tanh_terms", "7"), ("encoder.precision_bits", "0"),
        ("mpc.active_security", "perhaps"), ("functions.sqrt_nr_initial", "0.5"), ("functions.reciprocal_initial", "x"),
    ])
    func wrongKeysAndValuesAreErrors(key: String, value: String) throws {
        let error = try #require(throws: HarrierError.self) { try CrypTen(configuration: [key: value]) }
        #expect(error.message.contains(key) && error.hint?.isEmpty == false)
    }

    @Test(arguments: [-1, 0, 1, 65])
    func thereAreAtLeastTwoParties(parties: Int) {
        #expect(throws: HarrierError.self) { try CrypTen(parties: parties) }
    }

    @Test func everyKeyIsInForceAndDocumented() throws {
        let info = try CrypTen(configuration: ["exp_iterations": "11"]).info
        #expect(info.configuration["functions.exp_iterations"] == "11")
        #expect(info.configuration["provider"] == "TFP")
        #expect(Set(info.configuration.keys) == Set(info.configurationKeys.map(\.name)))
        for key in info.configurationKeys {
            #expect(!key.summary.isEmpty)
            // A default is a value the key takes.
            _ = try CrypTen(configuration: [key.name: key.defaultValue])
        }
    }

    /// The online part does not depend on who provides; every tuple is three rounds of the third party.
    @Test func providersDifferOffline() throws {
        let third = try CrypTen(configuration: ["provider": "TTP"])
        for (name, function) in Self.functions {
            let (first, second) = (function(try CrypTen().functions).cost, function(third.functions).cost)
            #expect(first.online == second.online, "\(name)")
            #expect(first.offline == .zero && second.offline.rounds == 3 * second.online.rounds, "\(name)")
        }
    }

    @Test(arguments: [(2, 7), (3, 14), (4, 14), (5, 21), (8, 21), (9, 28)])
    func sharesAreAddedInATree(parties: Int, rounds: Int) throws {
        let call = try CrypTen(parties: parties).functions.a2b([10])
        #expect(call.cost.online.rounds == rounds)
        #expect(call.cost.online.bytes == 8 * parties * (parties - 1) * 26 * 10 * (parties - 1))
    }

    /// More elements are never cheaper, for functions of every element and along rows.
    @Test(arguments: [2, 3])
    func moreElementsAreNeverCheaper(parties: Int) throws {
        for provider in ["TFP", "TTP"] {
            let f = try CrypTen(parties: parties, configuration: ["provider": provider]).functions
            let functions: [(Int) -> Call] = [
                { f.exp([$0]) }, { f.log([$0]) }, { f.reciprocal([$0]) }, { f.sqrt([$0]) }, { f.sigmoid([$0]) },
                { f.erf([$0]) }, { f.relu([$0]) }, { f.eqz([$0]) }, { f.pow([$0], 7) }, { f.mul([$0], [1]) },
                { f.softmax([$0, 17], axis: 1) }, { f.logSoftmax([$0, 5], axis: 1) }, { f.batchNorm([$0, 3, 2, 2]) },
                { f.maxPool([$0, 3, 2, 2], window: 9) }, { f.matmul([$0, 3], [3, 4], result: [$0, 4]) },
            ]
            for (index, function) in functions.enumerated() {
                var last = Cost.zero
                for count in [0, 1, 2, 3, 255, 256, 300, 65536, 1 << 20] {
                    let cost = function(count).cost
                    #expect(cost.online.bytes >= last.online.bytes, "function \(index), \(count) elements")
                    #expect(cost.offline.bytes >= last.offline.bytes, "function \(index), \(count) elements")
                    #expect(count == 0 || last == .zero || cost.online.rounds == last.online.rounds || count == 1)
                    last = cost
                }
            }
        }
    }

    /// Sizes that no tensor has must not crash, and cost as much as there is: an overflow would be negative, or small.
    @Test func hugeSizesSaturate() throws {
        for parties in [2, 3] {
            let f = try CrypTen(parties: parties, configuration: ["provider": "TTP"]).functions
            for method in CrypTen.Settings.MaximumMethod.allCases {
                var settings = f.settings
                settings.maximumMethod = method
                let huge = CrypTen.Functions(parties: parties, settings: settings)
                for extent: Extent in [[.max], [.max, .max], [1 << 40, 1 << 40], [0], []] {
                    let call = Call(
                        "all", [huge.maximum(extent, axis: -1), huge.maximumOfAll(extent), huge.log(extent)])
                    #expect((call.total.online.bytes == .max) == (extent.count > 1), "\(extent)")
                }
            }
        }
    }
}
