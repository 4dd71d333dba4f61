@testable import Frameworks
import Pricing
import Testing

@Suite struct ByteFormatTests {
    @Test(arguments: [
        (0, "0 B"), (1, "1 B"), (999, "999 B"), (1000, "1.00 kB"), (1004, "1.00 kB"), (1005, "1.01 kB"),
        (9_994, "9.99 kB"), (9_995, "10.0 kB"), (99_950, "100 kB"), (999_499, "999 kB"), (999_500, "1.00 MB"),
        (1_565_400, "1.57 MB"), (12_000_000_000, "12.0 GB"), (-1_500, "-1.50 kB"), (-12, "-12 B"),
        (.max, "9.22 EB"), (.min, "-9.22 EB"),
    ])
    func writesBytesWithThreeDigits(count: Int, expected: String) {
        #expect(ByteFormat.bytes(count) == expected)
    }

    @Test(arguments: [
        (0, 10, "0 %"), (1, 3, "33.3 %"), (10, 10, "100.0 %"), (1, 100_000, "<0.1 %"), (-1, 2, "-50.0 %"),
        (-1, 100_000, ">-0.1 %"), (9995, 10_000, "100.0 %"), (994, 1000, "99.4 %"),
    ])
    func writesSharesInPercent(part: Int, whole: Int, expected: String) {
        #expect(ByteFormat.share(part, of: whole) == expected)
    }

    @Test func aShareOfNothingIsNotANumber() {
        #expect(ByteFormat.share(1, of: 0) == nil)
    }

    @Test(arguments: [
        (0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567"), (.min, "-9,223,372,036,854,775,808"),
    ])
    func groupsDigits(number: Int, expected: String) {
        #expect(ByteFormat.count(number) == expected)
    }

    @Test func roundsHaveANoun() {
        #expect(ByteFormat.rounds(1) == "1 round")
        #expect(ByteFormat.rounds(1024) == "1,024 rounds")
    }
}
