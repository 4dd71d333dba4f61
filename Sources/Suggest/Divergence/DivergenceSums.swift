import Evaluate
import Foundation

/// What is added up over outputs and samples for a ``Divergence``.
struct DivergenceSums: Sendable {
    private var difference = 0.0
    private var magnitude = 0.0
    private var rows = 0
    private var agreeing = 0
    private var kl = 0.0
    private var samples = 0

    /// The sums of several parts.
    static func + (left: Self, right: Self) -> Self {
        var sum = left
        sum.difference += right.difference
        sum.magnitude += right.magnitude
        sum.rows += right.rows
        sum.agreeing += right.agreeing
        sum.kl += right.kl
        sum.samples += right.samples
        return sum
    }

    /// Counts a sample.
    mutating func addSample() { samples += 1 }

    /// Adds an output.
    ///
    /// - Parameter areClasses: whether its last axis stands for classes.
    mutating func add(_ original: NumericArray, _ variant: NumericArray, areClasses: Bool) throws {
        guard original.elementType.isFloatingPoint else { return }
        let (wanted, found) = (try original.doubles(), try variant.doubles())
        guard wanted.count == found.count else {
            difference = .infinity
            return
        }
        for (one, two) in zip(wanted, found) {
            let distance = two - one
            difference += distance.isNaN ? .infinity : distance * distance
            magnitude += one * one
        }
        guard areClasses, let length = original.shape.last, length > 1, difference.isFinite else { return }
        for start in stride(from: 0, to: wanted.count, by: length) {
            addRow(wanted[start..<(start + length)], found[start..<(start + length)])
        }
    }

    private mutating func addRow(_ wanted: ArraySlice<Double>, _ found: ArraySlice<Double>) {
        func best(_ row: ArraySlice<Double>) -> Int? {
            row.indices.max { row[$0] < row[$1] }.map { $0 - row.startIndex }
        }
        rows += 1
        if best(wanted) == best(found) { agreeing += 1 }
        let (p, q) = (Self.logSoftmax(wanted), Self.logSoftmax(found))
        for (one, two) in zip(p, q) where one > -700 { kl += exp(one) * (one - two) }
    }

    private static func logSoftmax(_ row: ArraySlice<Double>) -> [Double] {
        let largest = row.max() ?? 0
        let sum = log(row.reduce(0) { $0 + exp($1 - largest) })
        return row.map { $0 - largest - sum }
    }

    /// The divergence that the sums come to.
    var divergence: Divergence {
        // A model that computes zeros only has no scale of its own.
        let relative = magnitude > 0 ? (difference / magnitude).squareRoot() : difference.squareRoot()
        return Divergence(
            relativeL2: relative, top1Agreement: rows > 0 ? Double(agreeing) / Double(rows) : nil,
            kl: rows > 0 ? max(0, kl / Double(rows)) : nil, samples: samples)
    }
}
