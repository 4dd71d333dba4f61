/// Numbers that depend on a name and a seed alone: the generator SplitMix64 of Steele, Lea and Flood ("Fast Splittable
/// Pseudorandom Number Generators", OOPSLA 2014), started at the name's FNV-1a hash.
public struct NumberSource: Sendable {
    private var state: UInt64

    /// A source for that name.
    public init(name: String, seed: UInt64) {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ seed
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        state = hash
    }

    /// The next number in 0..<1.
    public mutating func unit() -> Double { Double(bits() >> 11) * 0x1p-53 }

    /// The next 64 bits.
    public mutating func bits() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
        return bits ^ (bits >> 31)
    }
}
