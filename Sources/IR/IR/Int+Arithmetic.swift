// Lengths, attributes and indices come from files. These operators stop at the ends of 64 bits where Swift's own would
// end the program; a length at that end is then refused by the limit on the size of a tensor, and a price there is as good as
// none.

infix operator +| : AdditionPrecedence
infix operator -| : AdditionPrecedence
infix operator *| : MultiplicationPrecedence

extension Int {
    /// The sum, or the nearest number that fits.
    package static func +| (left: Int, right: Int) -> Int {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? (right < 0 ? .min : .max) : sum
    }

    /// The difference, or the nearest number that fits.
    package static func -| (left: Int, right: Int) -> Int {
        let (difference, overflow) = left.subtractingReportingOverflow(right)
        return overflow ? (right < 0 ? .max : .min) : difference
    }

    /// The product, or the nearest number that fits.
    package static func *| (left: Int, right: Int) -> Int {
        let (product, overflow) = left.multipliedReportingOverflow(by: right)
        return overflow ? ((left < 0) == (right < 0) ? .max : .min) : product
    }

    /// The quotient of a non-negative number by a positive one, rounded up.
    package func dividedRoundingUp(by divisor: Int) -> Int {
        self / divisor + (self % divisor == 0 ? 0 : 1)
    }

    /// The smallest power of two that is not less, by its exponent: how deep a binary tree of so many leaves is.
    package var ceilLog2: Int { self <= 1 ? 0 : Int.bitWidth - (self - 1).leadingZeroBitCount }
}

extension Sequence where Element == Int {
    /// The product of the elements, or `Int.max` where it would overflow; 1 for no elements.
    public func saturatingProduct() -> Int {
        var product = 1
        for factor in self {
            product = product *| factor
            if product == .max { break }
        }
        return product
    }
}
