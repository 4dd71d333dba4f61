import Evaluate
import Foundation
import IR
import Testing

@testable import Suggest

@Suite("divergences")
struct DivergenceTests {
    /// Two samples of three rows each, of two classes.
    private func divergence(_ pairs: [(original: [Double], variant: [Double])]) throws -> Divergence {
        try pairs.map { original, variant in
            var sums = DivergenceSums()
            sums.addSample()
            try sums.add(
                NumericArray(original, shape: [3, 2], elementType: .float64),
                NumericArray(variant, shape: [3, 2], elementType: .float64), areClasses: true)
            return sums
        }.reduce(DivergenceSums(), +).divergence
    }

    @Test("KL divergence and agreement are means over rows, however many a sample has")
    func rows() throws {
        let (one, other) = (log(0.75), log(0.25))
        // One row of six is turned around: Σ p log(p / q) = 0.5 log 3.
        let same = [one, other, one, other, other, one]
        let turned = [other, one, one, other, other, one]
        let found = try divergence([(same, turned), (same, same)])
        #expect(abs(try #require(found.kl) - 0.5 * log(3) / 6) < 1e-12)
        #expect(abs(try #require(found.top1Agreement) - 5.0 / 6) < 1e-12)
        #expect(found.samples == 2)
        let squares = 2 * 3 * (one * one + other * other)
        #expect(abs(found.relativeL2 - ((one - other) * (one - other) * 2 / squares).squareRoot()) < 1e-12)
    }

    @Test("equal outputs do not diverge, and what has no classes has no KL divergence")
    func nothing() throws {
        let row = [1.0, 2, 3, 4, 5, 6]
        #expect(try divergence([(row, row)]) == Divergence(relativeL2: 0, top1Agreement: 1, kl: 0, samples: 1))
        var sums = DivergenceSums()
        sums.addSample()
        let array = try NumericArray([1, 2], shape: [2], elementType: .float64)
        try sums.add(array, array, areClasses: false)
        #expect(sums.divergence == Divergence(relativeL2: 0, top1Agreement: nil, kl: nil, samples: 1))
    }
}
