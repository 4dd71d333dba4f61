import IR
import Pricing

/// Indexing by secrets: `hlo/indexing.cc` and `dialect/pphlo/transforms/expand_secret_gather.cc`.
extension SPU.HAL {
    /// Slices of a table at secret places: the places are brought into range, then taken one after another in a loop, each by a
    /// product with a one-hot row, or by the protocol's oblivious memory (`SecretDynamicSlice`).
    ///
    /// - Parameters:
    ///   - places: how many slices.
    ///   - table: the table, indexed along `axis`.
    mutating func gather(_ places: Int, from table: Extent, isSecret: Bool, axis: Int) {
        let index = secret(places, .integer)
        let isNegative = less(index, constant(0, like: index))
        _ = select(isNegative, index, index)
        repeating(.while, places, of: table.count / max(1, table[axis]), isIndependent: true) { hal in
            let start = hal.secret(table.rank, .integer)
            let zero = hal.constant(0, like: start)
            _ = hal.clip(start, low: zero, high: zero)
            hal.slice(table, isSecret: isSecret, axis: axis)
        }
    }

    private mutating func slice(_ table: Extent, isSecret: Bool, axis: Int) {
        let length = table[axis]
        guard length != 1 else { return }
        let inner = table.lengths.dropFirst(axis + 1).saturatingProduct()
        repeating(.slice, table.lengths.prefix(axis).saturatingProduct(), of: inner, isIndependent: true) { hal in
            if let row = hal.kernels.oramOneHot(length, isTablePublic: !isSecret) {
                hal.record(row)
                return hal.record(hal.kernels.oramRead(inner))
            }
            let place = hal.secret(length, .integer)
            _ = hal.equal(place, hal.plain(length, .integer))
            let row = Value(count: length, share: .boolean(bits: 1), kind: .integer)
            let values = isSecret ? hal.secret(length *| inner) : hal.plain(length)
            _ = hal.matmul(row, values, 1, length, inner)
        }
    }
}
