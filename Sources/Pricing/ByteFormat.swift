/// How Harrier writes quantities for people, everywhere the same.
///
/// Units are decimal, as networks are sold: 1 kB is 1,000 bytes, 1 MB is 1,000,000 bytes.
public enum ByteFormat {
    private static let units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"]

    /// Bytes with three significant digits and a decimal unit: `0 B`, `232 B`, `1.57 MB`, `12.0 GB`.
    public static func bytes(_ count: Int) -> String {
        let sign = count < 0 ? "-" : ""
        if count.magnitude < 1000 { return "\(count) B" }
        var unit: UInt = 1
        for name in units.dropFirst() {
            unit *= 1000
            for decimals: UInt in [100, 10, 1] {
                let divisor = unit / decimals
                let digits = (count.magnitude + divisor / 2) / divisor
                if digits < 1000 { return "\(sign)\(decimal(digits, decimals)) \(name)" }
            }
        }
        return "\(count) B"
    }

    /// A part of a whole in percent: `66.1 %`, `0 %` for nothing, `<0.1 %` for what would round to nothing. Nil if
    /// the whole is not positive.
    public static func share(_ part: Int, of whole: Int) -> String? {
        guard whole > 0 else { return nil }
        if part == 0 { return "0 %" }
        let percent = Double(part) / Double(whole) * 100
        if percent.magnitude < 0.1 { return percent < 0 ? ">-0.1 %" : "<0.1 %" }
        let tenths = UInt(min(percent.magnitude * 10 + 0.5, 1e15))
        return "\(percent < 0 ? "-" : "")\(decimal(tenths, 10)) %"
    }

    /// A whole number with commas between groups of three digits: `1,234,567`.
    public static func count(_ number: Int) -> String {
        var result: [Character] = []
        for (position, digit) in String(number.magnitude).reversed().enumerated() {
            if position > 0 && position % 3 == 0 { result.append(",") }
            result.append(digit)
        }
        return (number < 0 ? "-" : "") + String(result.reversed())
    }

    /// Rounds with their noun: `1 round`, `1,024 rounds`.
    public static func rounds(_ number: Int) -> String {
        number == 1 ? "1 round" : "\(count(number)) rounds"
    }

    private static func decimal(_ digits: UInt, _ scale: UInt) -> String {
        if scale == 1 { return "\(digits)" }
        let fraction = String(digits % scale)
        let width = scale == 100 ? 2 : 1
        return "\(digits / scale)." + String(repeating: "0", count: width - fraction.count) + fraction
    }
}
