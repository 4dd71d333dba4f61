import IR

extension CrypTen {
    /// A secret number as CrypTen holds it: an integer modulo 2^64 that the parties' additive shares sum to.
    struct Secret: Hashable, Sendable {
        /// The integer.
        var value: Int64
        /// The first of two parties' share; unused with three and more, whose truncation does not depend on it.
        var share: Int64

        static func + (left: Self, right: Self) -> Self {
            Self(value: left.value &+ right.value, share: left.share &+ right.share)
        }
        static func - (left: Self, right: Self) -> Self {
            Self(value: left.value &- right.value, share: left.share &- right.share)
        }
        static prefix func - (number: Self) -> Self { Self(value: 0 &- number.value, share: 0 &- number.share) }

        /// A known number is added by the first party.
        static func + (left: Self, right: Int64) -> Self {
            Self(value: left.value &+ right, share: left.share &+ right)
        }
        static func - (left: Self, right: Int64) -> Self { left + (0 &- right) }

        /// A product with a known integer, which every party multiplies its share by. Nothing is cut off.
        static func * (left: Self, right: Int64) -> Self {
            Self(value: left.value &* right, share: left.share &* right)
        }
    }

    /// What CrypTen computes, bit by bit, with shares that are drawn from a source of random numbers: `ArithmeticSharedTensor`
    /// (`mpc/primitives/arithmetic.py`) and `common/functions` of CrypTen 0.4.1. The order of operations and the places where
    /// fraction bits are cut off are CrypTen's, and therefore its errors are.
    struct FixedPoint {
        /// Number of parties.
        let parties: Int
        /// The configuration in force.
        var settings: Settings
        /// What shares are drawn from.
        var random: NumberSource
        /// 1 in fixed point.
        let one: Int64
        /// The coefficients of tanh's series, if it is computed by one.
        private(set) var tanhCoefficients: [Int64] = []

        /// CrypTen for that many parties under a configuration.
        init(parties: Int = 2, settings: Settings = Settings(), random: NumberSource) {
            self.parties = parties
            self.settings = settings
            self.random = random
            one = 1 << Int64(settings.precisionBits)
            guard settings.sigmoidMethod == .chebyshev else { return }
            tanhCoefficients = Self.tanhSeries(terms: settings.sigmoidTerms).map { encode(single: $0) }
        }
    }
}

/// Numbers in and out: `encoder.py`.
extension CrypTen.FixedPoint {
    /// A known number in fixed point. The encoder cuts off towards zero (`.long()`), whatever it encodes.
    func encode(_ number: Double) -> Int64 {
        // What does not fit is the lowest integer, as processors convert it.
        Int64(exactly: (number * Double(one)).rounded(.towardZero)) ?? .min
    }

    /// A known number that CrypTen holds in a tensor of 32-bit floating-point numbers.
    func encode(single number: Double) -> Int64 { encode(Double(Float(number))) }

    /// The ring element of a number that has one; larger numbers wrap around.
    func element(_ number: Double) -> Int64 {
        guard number.isFinite else { return 0 }
        let rest = (number * Double(one)).rounded().remainder(dividingBy: 0x1p64)
        return Int64(exactly: rest) ?? .min
    }

    /// A number that the parties have shared just now.
    mutating func share(_ value: Int64) -> CrypTen.Secret {
        CrypTen.Secret(value: value, share: parties == 2 ? draw() : 0)
    }

    /// The number that a ring element stands for.
    func decode(_ number: CrypTen.Secret) -> Double { Double(number.value) / Double(one) }

    private mutating func draw() -> Int64 { Int64(bitPattern: random.bits()) }
}

/// Products and quotients: `mpc/primitives/arithmetic.py` and `beaver.py`.
extension CrypTen.FixedPoint {
    /// `div_` by a known integer. Of two parties each divides its own share, so that the sum is off by one at times, and by 2^64
    /// divided by the divisor with a probability of |x| / 2^64.
    mutating func quotient(_ number: CrypTen.Secret, by divisor: Int64) -> CrypTen.Secret {
        guard parties == 2 else { return share(correctedQuotient(number.value, by: divisor)) }
        let first = number.share.dividedReportingOverflow(by: divisor).partialValue
        let second = (number.value &- number.share).dividedReportingOverflow(by: divisor).partialValue
        return CrypTen.Secret(value: first &+ second, share: first)
    }

    /// `truncate` of three and more parties: the quotient of every share, less what the wraps of their sum are worth. The wraps are
    /// found by opening the number under a mask, which is taken not to wrap itself (`wraps`).
    private mutating func correctedQuotient(_ value: Int64, by divisor: Int64) -> Int64 {
        var (sum, mask, opened) = (WrappingSum(), WrappingSum(), WrappingSum())
        var (quotients, differential): (Int64, Int64) = (0, 0)
        for party in 0..<parties {
            let own = party == parties - 1 ? value &- sum.total : draw()
            let blind = draw()
            sum.add(own)
            mask.add(blind)
            var pair = WrappingSum()
            pair.add(own)
            pair.add(blind)
            differential &+= pair.wraps
            opened.add(pair.total)
            quotients &+= own.dividedReportingOverflow(by: divisor).partialValue
        }
        let wraps = differential &+ opened.wraps &- mask.wraps
        let quarter = (Double(Int64(1) << 62) / Double(divisor)).rounded(.down)
        let worth = divisor > 0 ? (Int64(1) << 62) / divisor : Int64(quarter)
        return quotients &- wraps &* 4 &* worth
    }

    /// `mul` of secret numbers in fixed point: a fresh sharing of the product, truncated.
    mutating func product(_ left: CrypTen.Secret, _ right: CrypTen.Secret) -> CrypTen.Secret {
        quotient(share(left.value &* right.value), by: one)
    }

    /// `square`
    mutating func square(_ number: CrypTen.Secret) -> CrypTen.Secret { product(number, number) }

    /// `mul` by a known number in fixed point, which truncates even where the number is an integer.
    mutating func product(_ number: CrypTen.Secret, known: Int64) -> CrypTen.Secret {
        quotient(number * known, by: one)
    }

    /// The number where the bit is set, 0 elsewhere: `mul` by a secret number without a binary point, which truncates nothing.
    mutating func masked(_ number: CrypTen.Secret, by bit: Bool) -> CrypTen.Secret {
        share(bit ? number.value : 0)
    }
}

/// A sum of ring elements with the number of times that it wrapped around: `count_wraps` of `common/util.py`.
private struct WrappingSum {
    private(set) var total: Int64 = 0
    private(set) var wraps: Int64 = 0

    mutating func add(_ element: Int64) {
        let next = total &+ element
        if total < 0, element < 0, next > 0 { wraps -= 1 }
        if total > 0, element > 0, next < 0 { wraps += 1 }
        total = next
    }
}
