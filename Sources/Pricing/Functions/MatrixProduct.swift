import IR

/// A bilinear product of two secrets: who knows each side decides what it costs.
package struct Sides: Hashable, Sendable {
    /// Who knows the left operand: `private` for a secret-shared one, or its owner.
    package var left: Visibility
    /// Who knows the right operand.
    package var right: Visibility

    /// Operands known to the given parties.
    package init(_ left: Visibility = .private, _ right: Visibility = .private) {
        self.left = left
        self.right = right
    }

    /// Two secret-shared operands.
    package static let shared = Sides()

    /// The operands the other way around.
    package var swapped: Sides { Sides(right, left) }
}

/// Matrix products of p × q by q × r, as many as `batch` says.
package struct MatrixProduct: Hashable, Sendable {
    /// How many independent products.
    package var batch: Int
    /// Rows of the left matrix.
    package var p: Int
    /// Columns of the left matrix, rows of the right one.
    package var q: Int
    /// Columns of the right matrix.
    package var r: Int
    /// Who knows the matrices.
    package var sides: Sides

    /// The given products.
    package init(batch: Int = 1, _ p: Int, _ q: Int, _ r: Int, sides: Sides = .shared) {
        self.batch = batch
        self.p = p
        self.q = q
        self.r = r
        self.sides = sides
    }

    /// Elements of the result of one product.
    package var resultCount: Int { p *| r }

    /// Elements of the left operand of one product.
    package var leftCount: Int { p *| q }

    /// Elements of the right operand of one product.
    package var rightCount: Int { q *| r }

    /// The sizes of all products, for their call: `n` elements of their results, `p`, `q` and `r` of each.
    package var sizes: Sizes {
        Sizes(n: batch *| resultCount, p: p, q: q, r: r).known(to: sides)
    }

    /// Operands of the shapes that ONNX's MatMul takes. Rows of a stack of left matrices that meet one right matrix are rows of
    /// one product.
    package init(left: Extent, right: Extent, result: Extent, sides: Sides) {
        let (p, q) = (left.rank > 1 ? left[-2] : 1, left[-1])
        let r = right.rank > 1 ? right[-1] : 1
        let products = p == 0 || r == 0 ? 0 : result.count / max(1, p *| r)
        if right.rank <= 2 {
            self.init(products *| p, q, r, sides: sides)
        } else {
            self.init(batch: products, p, q, r, sides: sides)
        }
    }
}
