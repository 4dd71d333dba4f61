// Lengths, attributes and indices come from files. These operators stop at the ends of 64 bits where Swift's own would
// end the program; a length at that end is then refused by the limit on the size of a tensor.

infix operator +| : AdditionPrecedence
infix operator -| : AdditionPrecedence
infix operator *| : MultiplicationPrecedence

extension Int {
    /// The sum, or the nearest number that fits.
    static func +| (left: Int, right: Int) -> Int {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? (right < 0 ? .min : .max) : sum
    }

    /// The difference, or the nearest number that fits.
    static func -| (left: Int, right: Int) -> Int {
        let (difference, overflow) = left.subtractingReportingOverflow(right)
        return overflow ? (right < 0 ? .max : .min) : difference
    }

    /// The product, or the nearest number that fits.
    static func *| (left: Int, right: Int) -> Int {
        let (product, overflow) = left.multipliedReportingOverflow(by: right)
        return overflow ? ((left < 0) == (right < 0) ? .max : .min) : product
    }

    /// The quotient of a non-negative number by a positive one, rounded up.
    func dividedRoundingUp(by divisor: Int) -> Int {
        self / divisor + (self % divisor == 0 ? 0 : 1)
    }
}

extension Dimension {
    /// The sum of two lengths; unknown if one is open, except that adding nothing changes nothing.
    static func + (left: Dimension, right: Dimension) -> Dimension {
        switch (left, right) {
        case (.known(let one), .known(let two)): .known(one +| two)
        case (.known(0), let other), (let other, .known(0)): other
        default: .unknown
        }
    }

    /// The product of two lengths; unknown if one is open, except for products with 0 and 1.
    static func * (left: Dimension, right: Dimension) -> Dimension {
        switch (left, right) {
        case (.known(let one), .known(let two)): .known(one *| two)
        case (.known(0), _), (_, .known(0)): .known(0)
        case (.known(1), let other), (let other, .known(1)): other
        default: .unknown
        }
    }

    /// What two statements about one length say together; nil if they contradict each other.
    func merged(with other: Dimension) -> Dimension? {
        switch (self, other) {
        case (.known(let one), .known(let two)): one == two ? self : nil
        case (.known, _), (.symbol, .unknown), (.symbol, .symbol): self
        case (_, .known), (.unknown, _): other
        }
    }

    /// What holds of a length that is one of the two.
    func joined(with other: Dimension) -> Dimension { self == other ? self : .unknown }
}

extension Sequence where Element == Dimension {
    /// The product of the lengths; 1 for none.
    func product() -> Dimension { reduce(.known(1), *) }
}
