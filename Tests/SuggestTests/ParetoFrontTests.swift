import Suggest
import Testing

@Suite("fronts")
struct ParetoFrontTests {
    @Test("dominated points go, and of equal points the first stays")
    func dominance() {
        let points: [[Double]] = [[3, 1], [1, 3], [2, 2], [2, 2], [3, 3], [1, 4]]
        #expect(ParetoFront.positions(of: points) == [0, 1, 2])
        #expect(ParetoFront.positions(of: []).isEmpty)
    }
}
