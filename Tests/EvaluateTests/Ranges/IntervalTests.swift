import Testing

@testable import Evaluate

@Suite("arithmetic of intervals")
struct IntervalTests {
    @Test("a quotient by what can be 0 has no bounds")
    func quotients() {
        #expect(Interval(1, 2) / Interval(-1, 4) == .everything)
        #expect(Interval(1, 2) / Interval(0) == .everything)
        #expect(Interval(1, 2) / Interval(2, 4) == Interval(0.25, 1))
        #expect(Interval(1, 2) / Interval(-4, -2) == Interval(-1, -0.25))
    }

    @Test("bounds of sums and products are rounded outwards")
    func rounding() {
        let sum = Interval(0.1) + Interval(0.2)
        #expect(sum.low < sum.high && sum.low <= 0.1 + 0.2 && sum.high >= 0.1 + 0.2)
        let product = Interval(0.1) * Interval(0.1)
        #expect(product.low < product.high)
        #expect(Interval(1, 2) + Interval(3, 4) == Interval(4, 6))
    }

    @Test("in the finite field a number and its opposite add up to nothing", arguments: [0.5, -3, 1e-9, 12345.678])
    func opposites(number: Double) {
        let field = PrimeField.values
        #expect(field.image(number) != 0)
        #expect(field.add(field.image(number), field.image(-number)) == 0)
    }
}
