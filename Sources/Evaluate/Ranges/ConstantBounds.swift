import IR
import Synchronization

/// What has been found out of the data of constants: read once and kept, so that many graphs with the same weights can share it.
package final class ConstantBounds: Sendable {
    /// Sums of the positive and of the negative elements of each row of weights.
    struct RowSums: Sendable {
        /// Sums of what is positive.
        let positive: [Interval]
        /// Sums of what is negative.
        let negative: [Interval]
    }

    /// How the elements of a tensor form rows: it is seen as `[outer, first, inner, last]`, and for each `outer` and `inner` the
    /// elements of `first` and `last` are a row.
    struct RowLayout: Hashable, Sendable {
        let outer: Int
        let first: Int
        let inner: Int
        let last: Int
    }

    private struct Key: Hashable {
        let slice: FileSlice
        let elementType: ElementType
        let layout: RowLayout?
    }

    private struct Found {
        var bounds: [Key: Interval] = [:]
        var rows: [Key: RowSums] = [:]
    }

    private let found = Mutex(Found())

    /// Nothing has been read yet.
    package init() {}

    /// The least and the greatest element; everything if the data is missing, cannot be read, or is no numbers.
    ///
    /// - Complexity: linear when the data is read for the first time.
    package func bounds(of tensor: Tensor) -> Interval {
        guard let key = key(tensor, nil) else { return Self.read(tensor) }
        if let known = found.withLock({ $0.bounds[key] }) { return known }
        let result = Self.read(tensor)
        found.withLock { $0.bounds[key] = result }
        return result
    }

    /// The sums of the rows of a tensor of weights; nil if it cannot be read.
    func rowSums(of tensor: Tensor, _ layout: RowLayout) -> RowSums? {
        let key = key(tensor, layout)
        if let key, let known = found.withLock({ $0.rows[key] }) { return known }
        guard let result = Self.sums(tensor, layout) else { return nil }
        if let key { found.withLock { $0.rows[key] = result } }
        return result
    }

    /// What identifies the data; nil for data in memory, which is small and quickly read again.
    private func key(_ tensor: Tensor, _ layout: RowLayout?) -> Key? {
        guard case .file(let slice) = tensor.payload else { return nil }
        return Key(slice: slice, elementType: tensor.elementType, layout: layout)
    }

    private static func numbers(_ tensor: Tensor) -> [Double]? {
        guard tensor.isAvailable, tensor.elementType != .string else { return nil }
        return try? NumericArray(tensor).doubles()
    }

    private static func read(_ tensor: Tensor) -> Interval {
        guard let numbers = numbers(tensor), var low = numbers.first else { return .everything }
        var high = low
        for number in numbers {
            if number.isNaN { return .everything }
            if number < low { low = number }
            if number > high { high = number }
        }
        return Interval(low, high)
    }

    private static func sums(_ tensor: Tensor, _ layout: RowLayout) -> RowSums? {
        guard let numbers = numbers(tensor),
            [layout.outer, layout.first, layout.inner, layout.last].saturatingProduct() == numbers.count
        else { return nil }
        let rows = layout.outer * layout.inner
        var (positive, negative) = ([Double](repeating: 0, count: rows), [Double](repeating: 0, count: rows))
        var next = 0
        for outer in 0..<layout.outer {
            for _ in 0..<layout.first {
                for row in outer * layout.inner..<(outer + 1) * layout.inner {
                    for _ in 0..<layout.last {
                        let number = numbers[next]
                        if number > 0 { positive[row] += number } else { negative[row] += number }
                        next += 1
                    }
                }
            }
        }
        // n additions of numbers of one sign are off by at most n units of rounding (Higham, "Accuracy and Stability of
        // Numerical Algorithms", 4.2).
        let slack = Double(layout.first * layout.last + 1) * .ulpOfOne
        return RowSums(
            positive: positive.map { Interval($0 * (1 - slack), $0 * (1 + slack)) },
            negative: negative.map { Interval($0 * (1 + slack), $0 * (1 - slack)) })
    }
}
