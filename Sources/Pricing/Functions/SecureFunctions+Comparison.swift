import IR

/// Recipes over comparisons.
extension SecureFunctions {
    /// A product of the value with itself.
    package func square(_ count: Int) throws -> Call {
        try mul(ElementwiseProduct(count)).renamed(SecureFunction.square)
    }

    /// A product.
    package func select(_ count: Int) throws -> Call { try mul(ElementwiseProduct(count)) }

    /// A product of bits.
    package func and(_ count: Int) throws -> Call { try mul(ElementwiseProduct(count)).renamed(SecureFunction.and) }

    /// Neither `x < 0` nor `-x < 0`, both tests at once.
    package func eqz(_ count: Int) throws -> Call {
        Call(SecureFunction.eqz, sizes: Sizes(n: count), [try ltz(2 *| count)])
    }

    /// `x · (x ≥ 0)`
    package func relu(_ count: Int) throws -> Call {
        Call(SecureFunction.relu, sizes: Sizes(n: count), [try ltz(count), try select(count)])
    }

    /// `low + relu(x - low) - relu(x - high)`, both at once.
    package func clip(_ count: Int) throws -> Call {
        Call(SecureFunction.clip, sizes: Sizes(n: count), [try relu(2 *| count)])
    }

    /// `max(a, b) = b + relu(a - b)` in a tree: length - 1 comparisons a row, on as many levels as the tree is deep.
    package func maximum(rows: Int, length: Int) throws -> Call {
        Call(
            SecureFunction.max, sizes: Sizes(n: rows *| length, p: rows, q: length),
            try levels(length).map { try relu(rows *| $0) })
    }

    /// The same tree, in which the position goes along with the value.
    package func argmax(rows: Int, length: Int) throws -> Call {
        Call(
            SecureFunction.argmax, sizes: Sizes(n: rows *| length, p: rows, q: length),
            try levels(length).map { pairs in
                let count = rows *| pairs
                return Call(
                    SecureFunction.level, sizes: Sizes(n: count),
                    [try ltz(count), try select(2 *| count)])
            })
    }

    /// Pairs that are compared on each level of a tree over that many values.
    private func levels(_ length: Int) -> [Int] {
        var (levels, left): ([Int], Int) = ([], length)
        while left > 1 {
            levels.append(left / 2)
            left -= left / 2
        }
        return levels
    }
}
