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
