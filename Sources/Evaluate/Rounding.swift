import IR

/// Rounds numbers to the nearest that an element type can hold, ties to even.
struct Rounding {
    private let type: ElementType
    private let format: MiniFloat?
    private let saturates: Bool
    private let mode: Mode

    /// Which neighbour float8e8m0 takes, as ONNX's `round_mode` says; the other types take the nearest.
    enum Mode: String {
        case up
        case down
        case nearest
    }

    /// Rounding to that type. `saturates` says what 8-bit types make of numbers beyond their range: their largest
    /// number, or else infinity or NaN.
    init(to type: ElementType, saturates: Bool = true, mode: Mode = .up) {
        self.type = type
        self.saturates = saturates
        self.mode = mode
        format = MiniFloat(type)
    }

    /// The rounded number.
    func callAsFunction(_ value: Double) -> Double {
        switch type {
        case .float32: return Double(Float(value))
        case .float16: return Double(Float(halfBits: halfBits(value)))
        case .bfloat16: return Double(Float(bitPattern: UInt32(brainBits(value)) << 16))
        default:
            guard let format else { return value }
            if type == .float8e8m0, mode != .nearest, value > 0, value.isFinite {
                let power = Double(sign: .plus, exponent: Int(value.exponent), significand: 1)
                return format.values[
                    format.code(of: mode == .up && power < value ? 2 * power : power, saturates: saturates)]
            }
            return format.values[format.code(of: value, saturates: saturates)]
        }
    }
}

/// The bits of the IEEE 754 16-bit number nearest to a number.
func halfBits(_ value: Double) -> UInt16 {
    let sign: UInt16 = value.sign == .minus ? 0x8000 : 0
    let magnitude = value.magnitude
    if magnitude.isNaN { return sign | 0x7e00 }
    if magnitude >= 65520 { return sign | 0x7c00 }
    if magnitude < 0x1p-14 {
        // Subnormal: a multiple of 2^-24; rounding up to 2^-14 gives the smallest normal number's bits.
        return sign | UInt16((magnitude * 0x1p24).rounded(.toNearestOrEven))
    }
    let scaled = (magnitude.significand * 1024).rounded(.toNearestOrEven)
    // A significand rounded up to 2048 carries into the exponent.
    return sign | UInt16((Int(magnitude.exponent) + 15) << 10 + Int(scaled) - 1024)
}

/// The bits of the bfloat16 number nearest to a number.
func brainBits(_ value: Double) -> UInt16 {
    let bits = Float(value).bitPattern
    if value.isNaN { return UInt16(bits >> 16) | 0x40 }
    return UInt16(truncatingIfNeeded: (bits &+ 0x7fff &+ (bits >> 16 & 1)) >> 16)
}

/// An 8-bit or 4-bit floating-point format, by the table of its numbers.
struct MiniFloat {
    /// The number that each code stands for.
    let values: [Double]
    /// The codes of the non-negative finite numbers are 0...largest.
    private let largest: Int
    private let signBit: Int
    private let nan: Int
    private let infinity: Int?
    private let hasNegativeZero: Bool
    /// The code of float8e8m0 is an exponent alone: no zero and no sign.
    private let isExponentOnly: Bool

    /// The format of that type; nil if it is none of these.
    init?(_ type: ElementType) {
        switch type {
        case .float8e4m3fn: self.init(mantissa: 3, bias: 7, largest: 0x7e, nan: 0x7f)
        case .float8e4m3fnuz: self.init(mantissa: 3, bias: 8, largest: 0x7f, nan: 0x80, hasNegativeZero: false)
        case .float8e5m2: self.init(mantissa: 2, bias: 15, largest: 0x7b, nan: 0x7f, infinity: 0x7c)
        case .float8e5m2fnuz: self.init(mantissa: 2, bias: 16, largest: 0x7f, nan: 0x80, hasNegativeZero: false)
        case .float4e2m1: self.init(mantissa: 1, bias: 1, largest: 7, nan: 0, signBit: 8)
        case .float8e8m0:
            self.init(
                exponents: (0..<256).map { $0 == 255 ? .nan : Double(sign: .plus, exponent: $0 - 127, significand: 1) })
        default: return nil
        }
    }

    private init(exponents: [Double]) {
        values = exponents
        (largest, signBit, nan, infinity, hasNegativeZero, isExponentOnly) = (254, 256, 255, nil, false, true)
    }

    private init(
        mantissa: Int, bias: Int, largest: Int, nan: Int, infinity: Int? = nil, signBit: Int = 0x80,
        hasNegativeZero: Bool = true
    ) {
        values = (0..<2 * signBit).map { code in
            let magnitude = code & (signBit - 1)
            let sign: Double = code >= signBit ? -1 : 1
            if magnitude == infinity { return sign * .infinity }
            if magnitude > largest || (code == nan && !hasNegativeZero) { return .nan }
            let exponent = magnitude >> mantissa
            let fraction = Double(magnitude & (1 << mantissa - 1)) / Double(1 << mantissa)
            let significand = exponent == 0 ? fraction : 1 + fraction
            return sign * significand * Double(sign: .plus, exponent: max(exponent, 1) - bias, significand: 1)
        }
        self.largest = largest
        self.nan = nan
        self.infinity = infinity
        self.signBit = signBit
        self.hasNegativeZero = hasNegativeZero
        isExponentOnly = false
    }

    /// The code of the number nearest to a number, ties to the even code.
    func code(of value: Double, saturates: Bool) -> Int {
        if value.isNaN { return nan }
        let magnitude = value.magnitude
        let sign = value.sign == .minus && !isExponentOnly ? signBit : 0
        var low = 0
        var high = largest
        while low < high {
            let middle = (low + high + 1) / 2
            if values[middle] <= magnitude { low = middle } else { high = middle - 1 }
        }
        if low < largest {
            let (below, above) = (magnitude - values[low], values[low + 1] - magnitude)
            if above < below || (above == below && low % 2 == 1) { low += 1 }
        } else if let beyond = codeBeyond(magnitude, saturates: saturates) {
            return beyond == nan ? nan : sign | beyond
        }
        if low == 0 && !hasNegativeZero && !isExponentOnly { return 0 }
        return sign | low
    }

    /// What becomes of a number above the largest; nil if it rounds down to that.
    private func codeBeyond(_ magnitude: Double, saturates: Bool) -> Int? {
        if saturates || signBit == 8 { return nil }
        let step = values[largest] - values[largest - 1]
        return magnitude < values[largest] + step / 2 ? nil : infinity ?? nan
    }
}
