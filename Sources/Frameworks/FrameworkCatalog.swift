import IR
import Pricing

/// The frameworks that Harrier prices for, by name.
public enum FrameworkCatalog {
    /// A framework: its name, the number of parties unless the user says otherwise, and how to make it.
    private struct Row: Sendable {
        let name: String
        let parties: Int
        let make: @Sendable (_ parties: Int, _ configuration: [String: String]) throws -> any Framework
    }

    private static let rows = [
        Row(name: "crypten", parties: 2) { try CrypTen(parties: $0, configuration: $1) },
        Row(name: "semi2k", parties: 2) { try SPU.semi2k(parties: $0, configuration: $1) },
        Row(name: "spu-cheetah", parties: 2) { try SPU.cheetah(parties: $0, configuration: $1) },
        Row(name: "spu-aby3", parties: 3) { try SPU.aby3(parties: $0, configuration: $1) },
        Row(name: "cryptflow2", parties: 2) { try CryptFlow2(parties: $0, configuration: $1) },
        Row(name: "cryptflow2-he", parties: 2) { try CryptFlow2HE(parties: $0, configuration: $1) },
        Row(name: "cheetah", parties: 2) { try OpenCheetah(parties: $0, configuration: $1) },
        Row(name: "delphi", parties: 2) { try Delphi(parties: $0, configuration: $1) },
        Row(name: "mp-spdz-ring", parties: 3) { try MPSPDZ(parties: $0, configuration: $1) },
    ]

    /// The names, as on the command line.
    public static var names: [String] { programNames + FrameworkFile.builtInNames }

    /// The names of those that are not files.
    static var programNames: [String] { rows.map(\.name) }

    /// A framework.
    ///
    /// - Parameters:
    ///   - name: one of ``names``, or the path of a framework file.
    ///   - parties: how many parties compute; nil for the framework's usual number.
    ///   - configuration: changed keys of its configuration.
    /// - Throws: ``HarrierError`` if there is no such framework, its file has errors, or it does not take the parties or the
    ///   configuration.
    public static func make(
        _ name: String, parties: Int? = nil, configuration: [String: String] = [:]
    ) throws -> any Framework {
        if FrameworkFile.isPath(name) || FrameworkFile.builtInNames.contains(name) {
            return try FrameworkFile.framework(name, parties: parties, configuration: configuration)
        }
        guard let row = rows.first(where: { $0.name == name }) else {
            throw HarrierError("there is no framework '\(name)'", hint: "known: \(names.joined(separator: ", "))")
        }
        return try row.make(parties ?? row.parties, configuration)
    }
}
