import Testing

@testable import Rewrite

/// Lengths are told from what they are at a few choices.
@Suite struct LengthExpressionTests {
    private static let lengths = [
        ["n": 1, "s": 8], ["n": 2, "s": 10], ["n": 3, "s": 40], ["n": 5, "s": 56],
    ]

    @Test(arguments: [
        ([7, 7, 7, 7], [], 0, 7, 1), ([8, 10, 40, 56], ["s"], 1, 0, 1), ([8, 20, 120, 280], ["n", "s"], 1, 0, 1),
        ([15, 19, 79, 111], ["s"], 2, -1, 1), ([64, 100, 1600, 3136], ["s", "s"], 1, 0, 1),
        ([4, 5, 20, 28], ["s"], 1, 0, 2), ([-8, -10, -40, -56], ["s"], -1, 0, 1),
        ([768, 1920, 11520, 26880], ["n", "s"], 96, 0, 1), ([3, 3, 13, 19], ["s"], 1, 1, 3),
    ])
    func lengthsAreFound(
        _ values: [Int], _ dimensions: [String], _ factor: Int, _ offset: Int, _ divisor: Int
    ) throws {
        let found = try #require(LengthExpression.fitting(values, Self.lengths))
        #expect(found.dimensions == dimensions && found.factor == factor && found.divisor == divisor)
        #expect(found.offset == offset)
    }

    @Test(arguments: [[5, 1, 7, 2], [8, 10, 40, 57]])
    func whatIsNoLengthIsNone(_ values: [Int]) { #expect(LengthExpression.fitting(values, Self.lengths) == nil) }
}
