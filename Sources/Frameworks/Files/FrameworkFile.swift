import DataFiles
import IR
import Pricing

/// A framework as a file describes it, before parameters have values. `docs/FRAMEWORKS.md` describes the format.
struct FrameworkFile: Sendable {
    /// An expression, and where it stands.
    struct Located: Sendable {
        var text: String
        var expression: Expression
        var place: Place
    }

    /// A place in a file, for messages.
    struct Place: Hashable, Sendable {
        var file: String
        var line: Int?
    }

    /// A number that the user may set with `--config`.
    struct Parameter: Sendable {
        var name: String
        var defaultValue: Double
        var range: ClosedRange<Double>
        var summary: String
        var place: Place
    }

    /// Numbers of parties.
    struct Parties: Hashable, Sendable {
        var usual: Int
        var supported: ClosedRange<Int>
    }

    /// What is sent in one phase.
    struct Phase: Sendable {
        /// How much is sent, and how many bits its unit has: 1 for bits, 8 for bytes.
        var size: Located?
        var bitsPerUnit = 1.0
        var rounds: Located?
    }

    /// A price: online and offline.
    struct Price: Sendable {
        var online = Phase()
        var offline = Phase()
    }

    /// What the file says of a primitive.
    struct Primitive: Sendable {
        /// What it costs; nil if it is composed of others, or if there is a reason why it does not exist.
        var price: Price?
        /// What HawkEye charges for it.
        var hawkEye: Price?
        /// Why the framework has it not.
        var unsupported: String?
        var place: Place
    }

    /// The path of the file, or `Frameworks/NAME.yaml`.
    var file: String
    /// What the catalogue of frameworks finds it by: its path, or the name of a file that is part of the program.
    var reference: String
    /// The name on the command line.
    var name: String
    /// The name of the file at the root of what it inherits.
    var origin: String
    /// What the file says about the framework, by key: `title`, `version`, `threat_model`, `private_by_default`, `offline`,
    /// `source`.
    var texts: [String: String] = [:]
    var parties: Parties?
    /// What it is based on, and where it says so.
    var base: (name: String, place: Place)?
    /// Configuration of the framework it is based on.
    var configuration: [String: String] = [:]
    var parameters: [Parameter] = []
    /// New defaults for parameters of the file that it is based on.
    var newDefaults: [(name: String, value: Double, place: Place)] = []
    var definitions: [(name: String, value: Located)] = []
    var primitives: [String: Primitive] = [:]
    /// Where the primitives stand.
    var primitivesLine: Int?
}
