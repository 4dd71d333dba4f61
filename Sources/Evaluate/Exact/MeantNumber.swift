/// What somebody meant who wrote a floating-point number.
package enum MeantNumber {
    /// The 64-bit number nearest to what was meant: 1/6 for 0.16666667, √2 for 1.4142135. Nil if nothing simple is near.
    package static func reading(of value: Double, isDouble: Bool) -> Double? {
        let (number, _, isCertain) = ExactConstants.number(value, isDouble: isDouble)
        guard isCertain, number.real.isBounded else { return nil }
        return number.real.low + (number.real.high - number.real.low) / 2
    }
}
