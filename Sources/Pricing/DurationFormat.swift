import Foundation

/// How Harrier writes durations for people.
public enum DurationFormat {
    /// Seconds with three significant digits and a unit that suits them: `0 s`, `81.2 ms`, `12.3 s`, `4 min 05 s`,
    /// `3 h 07 min`.
    public static func seconds(_ seconds: Double) -> String {
        guard seconds.isFinite else { return "for ever" }
        if seconds < 0 { return "-" + Self.seconds(-seconds) }
        let whole = Int(min(seconds.rounded(), 1e15))
        switch seconds {
        case 0: return "0 s"
        case ..<0.0009995: return "\(significant(seconds * 1e6)) µs"
        case ..<0.9995: return "\(significant(seconds * 1000)) ms"
        case ..<99.95: return "\(significant(seconds)) s"
        case ..<3599.5: return "\(whole / 60) min \(String(format: "%02d", whole % 60)) s"
        default: return "\(whole / 3600) h \(String(format: "%02d", whole % 3600 / 60)) min"
        }
    }

    /// Three digits. Halves are rounded upwards as those of bytes are, and as in the scripts of a report, and not to even.
    private static func significant(_ number: Double) -> String {
        let (format, scale) = number < 9.995 ? ("%.2f", 100.0) : number < 99.95 ? ("%.1f", 10) : ("%.0f", 1)
        return String(format: format, (number * scale + 0.5).rounded(.down) / scale)
    }
}
