import Render
import Testing

@Suite struct HeatScaleTests {
    private let scale = HeatScale(maximum: 8100, whole: 10_000)

    @Test(arguments: [
        (-5, 0), (0, 0), (1, 1), (100, 1), (101, 2), (400, 2), (401, 3), (6400, 8), (6401, 9), (8100, 9), (.max, 9),
    ])
    func stepsFollowTheSquareRoot(bytes: Int, step: Int) {
        #expect(scale.step(bytes) == step)
    }

    @Test func boundsAreTheLastOfTheirSteps() {
        for step in 1...HeatScale.stepCount { #expect(scale.step(scale.upperBound(ofStep: step)) == step) }
        #expect(scale.upperBound(ofStep: 9) == 8100)
    }

    @Test(arguments: [(0, 1.0), (100, 1.7), (2500, 4.5), (10_000, 8.0), (.max, 8.0)])
    func widthsFollowTheSquareRootOfTheShare(bytes: Int, width: Double) {
        #expect(abs(scale.width(bytes) - width) < 1e-12)
    }

    @Test func aScaleOfNothingIsHarmless() {
        let nothing = HeatScale(maximum: -1, whole: 0)
        #expect(nothing.step(5) == 0)
        #expect(nothing.width(5) == 1)
        #expect(nothing.upperBound(ofStep: 3) == 0)
    }
}
