import IR
import Pricing

/// How CHEETAH cuts a p × q by q × r matrix product into polynomials: blocks of the three dimensions such that one
/// polynomial holds a block of either factor, and what becomes of the results, of which few coefficients are outputs.
///
/// Source: `GetSubMatShape` in `src/libspu/mpc/cheetah/arith/matmat_prot.cc`, `doDotOLE` in `arith/cheetah_dot.cc`
/// (github.com/secretflow/spu, version 0.9.5).
struct CheetahMatrixPlan: Hashable {
    /// What becomes of results.
    enum Packing: Hashable {
        /// Sent as they are, less the coefficients that are not outputs.
        case none
        /// Interleaved, as many as a block has columns into one (BumbleBee).
        case interleaved
        /// Their outputs gathered one by one (PackLWEs).
        case gathered
    }

    /// What becomes of results.
    let packing: Packing
    /// Columns of a block of the left factor, which is how far outputs stand apart in a result.
    let columns: Int
    /// Ciphertexts sent: the blocks of the factor that has fewer.
    let sent: Int
    /// Ciphertexts sent back.
    let results: Int

    /// The plan that CHEETAH makes for a product; the dimensions are positive.
    init(_ p: Int, _ q: Int, _ r: Int, ciphertexts: CheetahMatrixCiphertexts) {
        let degree = ciphertexts.degree
        let outputs = p *| r
        if ciphertexts.packs {
            let blocks = Search(p: p, q: q, r: r, degree: degree, packs: true).best
            if blocks.results > 1 {
                columns = blocks.columns
                sent = blocks.sent
                packing = columns < outputs ? .interleaved : .gathered
                results = (packing == .interleaved ? blocks.results : outputs).dividedRoundingUp(
                    by: packing == .interleaved ? columns : degree)
                return
            }
        }
        let blocks = Search(p: p, q: q, r: r, degree: degree, packs: false).best
        packing = .none
        columns = blocks.columns
        sent = blocks.sent
        results = blocks.results
    }

    /// A way to cut the three dimensions.
    private struct Blocks {
        var cost = Double.infinity
        /// Rows of a block, by which ties are broken.
        var rows = 0
        /// Columns of a block of the left factor.
        var columns = 1
        /// Blocks of the factor that has fewer.
        var sent = 0
        /// Blocks of the product.
        var results = 0

        /// Whether SPU's loops over rows and then columns, which take the last of the cheapest, would take this one.
        func isBetter(than other: Self) -> Bool {
            if cost != other.cost { return cost < other.cost }
            return rows != other.rows ? rows > other.rows : columns > other.columns
        }
    }

    /// The search for the cheapest blocks. SPU tries every number of rows; here only the ends of ranges are tried within
    /// which the numbers of blocks stay the same, so that a search takes some thousand steps at most, not 100 000.
    private struct Search {
        let p: Int
        let q: Int
        let r: Int
        let degree: Int
        let packs: Bool

        var best: Blocks {
            var best = Blocks()
            var columns = 1
            while columns <= min(q, degree) {
                tryRows(columns: columns, &best)
                columns = packs ? columns * 2 : columns + 1
            }
            return best
        }

        /// All numbers of rows that go with so many columns.
        private func tryRows(columns: Int, _ best: inout Blocks) {
            let most = min(degree / columns, p)
            var rows = 1
            while rows <= most {
                // The last number of rows that leaves the left factor in as many blocks.
                let rowBlocks = p.dividedRoundingUp(by: rows)
                let last = rowBlocks == 1 ? most : min(most, (p - 1) / (rowBlocks - 1))
                // More rows leave less room for columns of the right factor, so that the first of the range is cheapest,
                // and the last that keeps its number of blocks is the one that SPU's tie break takes.
                let width = min(r, degree / (rows * columns))
                let rightBlocks = r.dividedRoundingUp(by: width)
                let tied = min(last, degree / (columns * r.dividedRoundingUp(by: rightBlocks)))
                let blocks = blocks(rows: max(rows, tied), columns: columns, rowBlocks, rightBlocks)
                if blocks.isBetter(than: best) { best = blocks }
                rows = last + 1
            }
        }

        /// Its price by SPU's estimate: 1000 a ciphertext, 1 an automorphism of the packing, 0.1 a multiplication.
        private func blocks(rows: Int, columns: Int, _ rowBlocks: Int, _ rightBlocks: Int) -> Blocks {
            let innerBlocks = q.dividedRoundingUp(by: columns)
            let results = rowBlocks *| rightBlocks
            let sent = min(rowBlocks, rightBlocks) *| innerBlocks
            let ciphertexts = sent +| results.dividedRoundingUp(by: columns)
            let automorphisms =
                packs ? (p *| r).dividedRoundingUp(by: degree) *| columns : 0
            let multiplications = results *| innerBlocks
            let cost = Double(ciphertexts) * 1000 + Double(automorphisms) + Double(multiplications) / 10
            return Blocks(cost: cost, rows: rows, columns: columns, sent: sent, results: results)
        }
    }
}
