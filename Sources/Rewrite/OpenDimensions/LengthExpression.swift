import IR

/// A length as it depends on open dimensions: `(factor · product of dimensions + offset) / divisor`, rounded down.
struct LengthExpression: Hashable, Sendable {
    /// The dimensions that are multiplied, by name; one of several powers several times.
    let dimensions: [String]
    /// What their product is multiplied with.
    let factor: Int
    /// What is added to that.
    let offset: Int
    /// What the sum is divided by, rounding down; positive.
    let divisor: Int

    /// A length that does not depend on any.
    init(_ length: Int) { self.init(dimensions: [], factor: 0, offset: length, divisor: 1) }

    private init(dimensions: [String], factor: Int, offset: Int, divisor: Int) {
        (self.dimensions, self.factor, self.offset, self.divisor) = (dimensions, factor, offset, divisor)
    }

    /// The length, if it does not depend on any dimension.
    var constant: Int? { dimensions.isEmpty ? offset : nil }

    /// The simplest expression that gives the values, one for each choice of lengths; nil if none of up to three dimensions does.
    ///
    /// - Complexity: O(dimensions³ · choices)
    static func fitting(_ values: [Int], _ lengths: [[String: Int]]) -> LengthExpression? {
        guard let first = values.first else { return nil }
        if values.allSatisfy({ $0 == first }) { return LengthExpression(first) }
        let names = Set(lengths.flatMap(\.keys)).sorted()
        for dimensions in products(of: names) {
            let products = lengths.map { lengths in dimensions.reduce(1) { $0 *| (lengths[$1] ?? 1) } }
            if let found = fitting(values, products, of: dimensions) { return found }
        }
        return nil
    }

    /// Products of one, two and three of the names, the short ones first.
    private static func products(of names: [String]) -> [[String]] {
        let singles = names.map { [$0] }
        let pairs = singles.flatMap { one in names.filter { $0 >= one[0] }.map { one + [$0] } }
        return singles + pairs + pairs.flatMap { pair in names.filter { $0 >= pair[1] }.map { pair + [$0] } }
    }

    private static func fitting(_ values: [Int], _ products: [Int], of dimensions: [String]) -> LengthExpression? {
        for other in values.indices.dropFirst() where products[other] != products[0] {
            let rise = values[other] -| values[0]
            let run = products[other] -| products[0]
            let common = greatestCommonDivisor(rise.magnitude, run.magnitude)
            guard rise != 0, common > 0, let divisor = Int(exactly: run.magnitude / common), divisor <= largestDivisor,
                let size = Int(exactly: rise.magnitude / common), size == 1 || divisor == 1
            else { continue }
            let factor = (rise < 0) == (run < 0) ? size : -size
            let start = (divisor *| values[0]) -| (factor *| products[0])
            for offset in start..<(start +| divisor) {
                let found = LengthExpression(dimensions: dimensions, factor: factor, offset: offset, divisor: divisor)
                if zip(values, products).allSatisfy({ found.value(at: $1) == $0 }) { return found }
            }
        }
        return nil
    }

    /// Lengths are divided by strides.
    private static let largestDivisor = 64

    /// Nil where ONNX's division, which rounds towards zero, would not round down.
    private func value(at product: Int) -> Int? {
        let sum = (factor *| product) +| offset
        return sum >= 0 || divisor == 1 ? sum / divisor : nil
    }
}

private func greatestCommonDivisor(_ one: UInt, _ two: UInt) -> UInt {
    two == 0 ? one : greatestCommonDivisor(two, one % two)
}
