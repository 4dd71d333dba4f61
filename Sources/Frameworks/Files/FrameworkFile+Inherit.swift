import Foundation
import IR
import Pricing

extension FrameworkFile {
    /// Files larger than this are not read.
    private static let largestSize = 1 << 20

    /// Whether a framework's name means a file of the user.
    static func isPath(_ name: String) -> Bool {
        name.contains("/") || name.hasSuffix(".yaml") || name.hasSuffix(".yml")
    }

    /// The files that are part of Harrier, by name.
    static let builtInNames = EmbeddedFrameworks.files.map(\.name)

    /// A framework file with everything that it inherits from other files. What is left in ``base`` is the name of a
    /// framework that is part of the program.
    ///
    /// - Parameter name: the path of a file, or one of ``builtInNames``.
    /// - Throws: ``HarrierError`` with file and line.
    static func load(_ name: String) throws -> FrameworkFile {
        if let embedded = EmbeddedFrameworks.files.first(where: { $0.name == name }) {
            var file = try FrameworkFile(embedded.text, name: name, file: "Frameworks/\(name).yaml")
            file.reference = name
            return try resolved(file, heirs: [])
        }
        return try resolved(read(name), heirs: [])
    }

    private static func read(_ path: String) throws -> FrameworkFile {
        guard try regularFileSize(path) <= largestSize else { throw HarrierError("is too large", file: path) }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw HarrierError("cannot be read", file: path)
        }
        let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
        return try FrameworkFile(String(decoding: data, as: UTF8.self), name: name, file: path)
    }

    private static func resolved(_ file: FrameworkFile, heirs: [String]) throws -> FrameworkFile {
        guard let base = file.base else { return try file.inheriting(from: nil) }
        func error(_ message: String, hint: String? = nil) -> HarrierError {
            HarrierError(message, file: base.place.file, line: base.place.line, hint: hint)
        }
        let parent: FrameworkFile
        if isPath(base.name) {
            let path = base.name.hasPrefix("/") ? base.name : folderPath(of: file.file) + base.name
            guard path != file.file, !heirs.contains(path) else {
                throw error("the files inherit from each other in a circle: \(base.name)")
            }
            guard fileExists(path) else { throw error("there is no file '\(path)'") }
            parent = try resolved(read(path), heirs: heirs + [file.file])
        } else if builtInNames.contains(base.name) {
            parent = try load(base.name)
        } else if FrameworkCatalog.programNames.contains(base.name) {
            return try file.inheriting(from: nil)
        } else {
            throw error(
                "there is no framework '\(base.name)' to inherit from",
                hint: "known: \(FrameworkCatalog.names.joined(separator: ", ")), or the path of a file")
        }
        return try file.inheriting(from: parent)
    }

    /// The file with what it does not say taken from another one.
    private func inheriting(from parent: FrameworkFile?) throws -> FrameworkFile {
        var result = self
        if let parent {
            result.origin = parent.origin
            result.texts = parent.texts.merging(texts) { _, own in own }
            result.parties = parties ?? parent.parties
            result.base = parent.base
            result.configuration = parent.configuration.merging(configuration) { _, own in own }
            result.parameters = parent.parameters.filter { old in !parameters.contains { $0.name == old.name } }
            result.parameters += parameters
            result.definitions = parent.definitions.map { old in
                definitions.first { $0.name == old.name } ?? old
            }
            result.definitions += definitions.filter { own in !parent.definitions.contains { $0.name == own.name } }
            result.primitives = parent.primitives.merging(primitives) { old, own in
                var merged = own
                merged.hawkEye = own.hawkEye ?? old.hawkEye
                return merged
            }
        }
        for (name, value, place) in newDefaults {
            guard let index = result.parameters.firstIndex(where: { $0.name == name }) else {
                throw HarrierError(
                    "there is no parameter '\(name)' to give another default", file: place.file, line: place.line,
                    hint: "a new parameter is written {default: \(PriceTable.text(value)), summary: what it is}")
            }
            guard result.parameters[index].range.contains(value) else {
                throw HarrierError(
                    "'\(name)' lies between \(result.parameters[index].rangeText)", file: place.file, line: place.line)
            }
            result.parameters[index].defaultValue = value
        }
        result.newDefaults = []
        return result
    }
}

extension FrameworkFile.Parameter {
    /// The values it can take.
    var rangeText: String { "\(PriceTable.text(range.lowerBound)) and \(PriceTable.text(range.upperBound))" }
}
