@testable import Frameworks
import Pricing
import Testing

/// CrypTen's pairwise maximum (`common/functions/maximum.py`) multiplies the comparisons of an element with all others as long as
/// there are fewer than 128, twice the bits of a `torch.long`; from then on it adds them up and compares the sum.
@Suite("CrypTen's pairwise maximum")
struct CrypTenMaximumTests {
    private func argmax(of length: Int) throws -> Call {
        try CrypTen(configuration: ["functions.max_method": "pairwise"]).functions.argmax([length], axis: 0)
    }

    @Test(
        "products up to 127 comparisons, a comparison of their sum from 128 on",
        arguments: [(3, true), (127, true), (128, true), (129, false), (130, false)])
    func limit(length: Int, multiplies: Bool) throws {
        let call = try argmax(of: length)
        #expect(call.children.contains { $0.name == "prod" } == multiplies)
        #expect(call.children.filter { $0.name == "ltz" }.count == (multiplies ? 1 : 2))
    }

    @Test("around the limit rounds are those of seven levels of products, or of one comparison")
    func rounds() throws {
        let functions = try CrypTen().functions
        let rest = functions.ltz([1]).total.online.rounds + functions.weightedIndex([2], axis: 0).total.online.rounds
        #expect(try argmax(of: 128).total.online.rounds == rest + 7)
        #expect(try argmax(of: 129).total.online.rounds == rest + functions.ltz([1]).total.online.rounds)
    }
}
