import IR
import Pricing
import Foundation

/// Functions of `hal/ring.cc` that are made of others, and matrix products.
extension SPU.HAL {
    /// `_mux`: b + p (a - b)
    mutating func mux(_ predicate: Value, _ a: Value, _ b: Value) -> Value {
        scope(.mux, predicate.count) { hal in
            let difference = hal.add(a, hal.negate(b))
            let product = hal.mul(predicate, difference)
            return hal.add(b, product).typed(a.kind)
        }
    }

    /// `_mmul`, in tiles where both operands together take 256 MiB or more.
    mutating func mmul(_ x: Value, _ y: Value, _ p: Int, _ q: Int, _ r: Int) -> Value {
        let kind: Value.Kind = x.kind == .fixedPoint || y.kind == .fixedPoint ? .fixedPoint : .integer
        let count = p *| r
        if x.isPublic, y.isPublic { return Value(count: count, share: .plain(bits: ringBits), kind: kind) }
        if !x.isPublic { _ = toArithmetic(x) }
        if !y.isPublic { _ = toArithmetic(y) }
        if !x.isPublic, !y.isPublic {
            for (size, repetitions) in tiles(p, q, r, bytes: kernels.shareBytes) {
                record(kernels.mmulAA(size.p, size.q, size.r).repeated(repetitions, independent: true))
            }
        }
        return Value(count: count, share: .arithmetic, kind: kind)
    }

    /// The shape of a tile and how many of that shape there are.
    private typealias Tile = (size: (p: Int, q: Int, r: Int), count: Int)

    /// The tiles of a matrix product (`calcMmulTilingSize`): every tile is a product of its own, so that operands are sent
    /// again for each.
    private func tiles(_ p: Int, _ q: Int, _ r: Int, bytes: Int) -> [Tile] {
        let step = settings.disablesSplit ? (p, q, r) : Self.tileSize(p, q, r, bytes: bytes)
        var tiles: [Tile] = []
        for (rows, rowCount) in Self.pieces(p, step.0) {
            for (columns, columnCount) in Self.pieces(r, step.2) {
                for (inner, innerCount) in Self.pieces(q, step.1) {
                    tiles.append(
                        (
                            (rows, inner, columns),
                            rowCount *| (columnCount *| innerCount)
                        ))
                }
            }
        }
        return tiles
    }

    /// Whole pieces of a length, and what is left.
    private static func pieces(_ length: Int, _ step: Int) -> [(length: Int, count: Int)] {
        guard step > 0, length > step else { return [(length, 1)] }
        return [(step, length / step)] + (length % step > 0 ? [(length % step, 1)] : [])
    }

    private static func tileSize(_ p: Int, _ q: Int, _ r: Int, bytes: Int) -> (Int, Int, Int) {
        let limit = 256 << 20
        let elements = p *| q +| q *| r
        guard elements *| bytes >= limit, p > 0, q > 0, r > 0 else { return (p, q, r) }
        let sides = p +| r
        let capacity = Double(limit / bytes)
        let inner: Int
        let outer: Int
        if q / 8 > sides {
            outer = sides
            inner = max(1, Int((capacity / Double(sides)).rounded(.up)))
        } else if sides / 8 > q {
            inner = q
            outer = max(1, Int((capacity / Double(q)).rounded(.up)))
        } else {
            let side = (capacity / (Double(q) / Double(sides))).squareRoot()
            inner = max(1, Int((capacity / side).rounded(.up)))
            outer = max(1, Int(side.rounded(.up)))
        }
        let share = { (length: Int) in max(1, outer *| length / sides) }
        return (share(p), inner, share(r))
    }
}
