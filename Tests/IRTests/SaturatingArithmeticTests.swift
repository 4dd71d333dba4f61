import Testing

@testable import IR

@Suite("arithmetic that stops at the ends of 64 bits")
struct SaturatingArithmeticTests {
    @Test("results that do not fit become the nearest number that does")
    func ends() {
        let (least, greatest) = (Int.min, Int.max)
        let sums = [greatest +| 1, least +| -1, 2 +| 3]
        #expect(sums == [greatest, least, 5])
        let differences = [least -| 1, greatest -| -1, 2 -| 3]
        #expect(differences == [least, greatest, -1])
        let products = [greatest *| 2, least *| -1, least *| -2, least *| 2, greatest *| -2, -2 *| greatest, 2 *| -3]
        #expect(products == [greatest, greatest, greatest, least, least, least, -6])
    }
}
