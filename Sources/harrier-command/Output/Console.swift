import Foundation
import Harrier

/// Where messages go, and what the streams can show.
enum Console {
    /// Says that a price is nothing because nothing is secret, which a user seldom means.
    static func warnIfClear(_ profile: Profile) {
        guard profile.isClear, !profile.entries.isEmpty else { return }
        warn(
            "under \(profile.framework.name) one party knows everything, or everybody does, so nothing is sent; say with "
                + "--private, --public or --owner who knows which input")
    }

    /// Tells of integers that nodes have no price without, as long as they are secret.
    static func offer(_ offer: Model.PublicOffer) {
        let nodes = offer.priced == 1 ? "1 operator more has" : "\(offer.priced) operators more have"
        warn("\(nodes) a price if everybody may know these integers: --public \(offer.inputs.joined(separator: ","))")
    }

    /// Writes a message for people to standard error.
    static func say(_ message: String) {
        FileHandle.standardError.write(Data((message + "\n").utf8))
    }

    /// Writes one line that tells what is wrong, or what a person should know. Control characters in it are escaped.
    static func warn(_ message: String) { say("harrier: " + message.printable) }

    /// Whether standard output is a terminal that may be given colours.
    static var outputTakesColor: Bool {
        isTerminal(STDOUT_FILENO) && environment("NO_COLOR") == nil && environment("TERM") != "dumb"
    }

    /// Whether standard error is a terminal.
    static var errorsAreSeen: Bool { isTerminal(STDERR_FILENO) }

    private static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// A variable of the environment that is set to something.
    private static func environment(_ name: String) -> String? {
        guard let value = getenv(name), value.pointee != 0 else { return nil }
        return String(cString: value)
    }
}

/// Text in the terminal's colours, or plain where there are none.
struct Style {
    /// Whether to write escape sequences.
    let isColored: Bool

    func bold(_ text: String) -> String { escape("1", text) }
    func dim(_ text: String) -> String { escape("2", text) }
    func red(_ text: String) -> String { escape("31", text) }
    func green(_ text: String) -> String { escape("32", text) }
    func yellow(_ text: String) -> String { escape("33", text) }

    private func escape(_ code: String, _ text: String) -> String {
        isColored ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text
    }
}
