import IR
import Pricing

extension SPU {
    /// The rows that a reduction folds to one element each.
    struct Rows: Hashable, Sendable {
        /// How many rows.
        var count: Int
        /// Elements of a row.
        var length: Int
        /// Whether the tensor's first axis is among those reduced.
        var spanFirstAxis = false
        /// Whether the initial value has to be made a secret first.
        var sharesInitialValue = true

        /// Elements of all rows.
        var elements: Int { count *| length }
    }
}

/// Reductions and sorting: `hlo/reduce.cc`, `hal/permute.cc`.
extension SPU.HAL {
    typealias Rows = SPU.Rows

    /// `TreeReduce`: rows of some length are folded in halves; elements left over by odd lengths are folded in at the end,
    /// one after another.
    ///
    /// - Parameters:
    ///   - share: how the elements are held; what is made of pairs of them are arithmetic shares.
    ///   - reducer: folds pairs of rows' elements into one each.
    mutating func treeReduce(
        rows: Int, length: Int, share: Value.Share = .arithmetic,
        _ reducer: (inout SPU.HAL, _ left: Value, _ right: Value) -> Void
    ) {
        var length = length
        var share = share
        var tails: [Value] = []
        while length > 1 {
            let half = Value(count: rows *| (length / 2), share: share)
            reducer(&self, half, half)
            if length % 2 == 1 { tails.append(Value(count: rows, share: share)) }
            length /= 2
            share = .arithmetic
        }
        for tail in tails { reducer(&self, secret(rows), tail) }
    }

    /// `Reduce` of rows. The initial value, which the compiler makes a secret, takes part only if the first axis is among
    /// those reduced (`canIgnoreInitialValue` in `device/pphlo/pphlo_executor.cc`).
    private mutating func reduce(
        _ rows: Rows, share: Value.Share = .arithmetic,
        _ reducer: (inout SPU.HAL, _ left: Value, _ right: Value) -> Void
    ) {
        if rows.sharesInitialValue { _ = self.share(Value(count: 1, share: .plain(bits: ringBits))) }
        guard rows.length != 1 else { return }
        treeReduce(rows: rows.count, length: rows.length, share: share, reducer)
        if rows.spanFirstAxis { reducer(&self, secret(rows.count), secret(rows.count)) }
    }

    /// The largest element of each row.
    mutating func reduceMax(_ rows: Rows, share: Value.Share = .arithmetic) -> Value {
        scope(.reduceMax, rows) { hal in
            hal.reduce(rows, share: share) { hal, left, right in _ = hal.maximum(left, right) }
            return hal.secret(rows.count)
        }
    }

    /// The sum of each row: local but for the initial value, and for bits, which become arithmetic shares first.
    mutating func reduceSum(_ rows: Rows, share: Value.Share = .arithmetic) -> Value {
        if rows.sharesInitialValue { _ = self.share(Value(count: 1, share: .plain(bits: 0))) }
        treeReduce(rows: rows.count, length: rows.length, share: share) { hal, left, right in _ = hal.add(left, right) }
        return secret(rows.count)
    }

    /// The product of each row.
    mutating func reduceProduct(_ rows: Rows, share: Value.Share = .arithmetic) -> Value {
        scope(.reduceProd, rows) { hal in
            hal.reduce(rows, share: share) { hal, left, right in _ = hal.multiply(left, right) }
            return hal.secret(rows.count)
        }
    }

    /// The place of the largest or smallest element of each row, as jax reduces pairs of values and places: the first of
    /// several, and not-a-number (which a test for equality with itself looks for) before all.
    mutating func argMax(_ rows: Rows) -> Value {
        scope(.argmax, rows) { hal in
            // Every element's place and the initial place become secrets, too.
            for count in [rows.elements, 1] { _ = hal.share(Value(count: count, share: .plain(bits: hal.ringBits))) }
            hal.reduce(rows) { hal, left, _ in hal.foldArgMax(left.count) }
            return hal.secret(rows.count, .integer)
        }
    }

    /// The largest element of each window, window by window if their elements are apart (`ReduceWindowImpl`).
    mutating func maxPool(windows: Int, size: Int, isDilated: Bool, share: Value.Share = .arithmetic) {
        if isDilated {
            repeating(.window, windows, of: size, isIndependent: true) { hal in
                _ = hal.reduceMax(Rows(count: 1, length: size, spanFirstAxis: true), share: share)
            }
        } else {
            _ = reduceMax(Rows(count: windows, length: size), share: share)
        }
    }

    private mutating func foldArgMax(_ pairs: Int) {
        scope(.reducer, pairs) { hal in
            let (value, place) = (hal.secret(pairs), hal.secret(pairs, .integer))
            let isGreater = hal.less(value, value)
            let isNumber = hal.equal(value, value)
            let takesValue = hal.or(isGreater, hal.logicalNot(isNumber))
            let isEqual = hal.equal(value, value)
            let isEarlier = hal.less(place, place)
            let isTie = hal.and(isEqual, isEarlier)
            let takesPlace = hal.or(takesValue, isTie)
            _ = hal.select(takesValue, value, value)
            _ = hal.select(takesPlace, place, place)
        }
    }

    /// `radix_sort` of that many vectors, one after another, by one secret key, with other tensors carried along.
    ///
    /// - Parameter payloads: number of tensors permuted, the key among them.
    mutating func sort(vectors: Int, length: Int, payloads: Int = 1) {
        guard let permutation = kernels.permAM(length) else {
            return fail("this protocol sorts by comparisons whose number depends on the data")
        }
        repeating(.radixSort, vectors, of: length, isIndependent: true) { hal in
            hal.decomposeBits(length)
            _ = hal.share(Value(count: length, share: .plain(bits: hal.ringBits)))
            hal.repeating(.digit, hal.ringBits / 2, of: length, isIndependent: false) {
                $0.sortByTwoBits(length, permutation)
            }
            hal.record(permutation.repeated(1 + payloads))
            hal.record(hal.kernels.a2p(length))
        }
    }

    /// `_bit_decompose`
    private mutating func decomposeBits(_ length: Int) {
        _ = preferBoolean(secret(length))
        if let bits = kernels.b2aDisassemble(length, bits: ringBits) { return record(bits) }
        record(kernels.b2a(ringBits *| length, bits: 1))
    }

    /// Two bits and the permutation so far are shuffled, the latter opened; the permutation of the two bits is found by
    /// prefix sums and composed with it.
    private mutating func sortByTwoBits(_ length: Int, _ permutation: Call) {
        record(permutation.repeated(3))
        record(kernels.a2p(length))
        record(kernels.mulAA(length))
        prefixSum(4 *| length)
        record(kernels.mulAA(4 *| length))
        record(permutation)
    }

    /// `associative_scan` of sums: local, but for the zeros by which both halves of each level are spread out.
    private mutating func prefixSum(_ length: Int) {
        var length = length
        while length > 1 {
            for _ in 0..<2 { _ = share(Value(count: 1, share: .plain(bits: 0))) }
            length /= 2
        }
    }
}
