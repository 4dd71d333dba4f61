import IR
import Pricing

extension FrameworkFile {
    /// The framework that a file describes.
    ///
    /// - Parameters:
    ///   - name: the path of a file, or one of ``builtInNames``.
    ///   - parties: how many parties compute; nil for the usual number.
    ///   - configuration: parameters of the file, `prices`, and keys of the framework that it is based on.
    /// - Throws: ``HarrierError`` with file and line for errors in the file, and for what it cannot be configured to.
    static func framework(
        _ name: String, parties: Int? = nil, configuration: [String: String] = [:]
    ) throws -> any Framework {
        let file = try load(name)
        let (settings, rest) = try file.settings(configuration)
        if let base = file.base {
            let inherited = try FrameworkCatalog.make(
                base.name, parties: parties ?? file.parties?.usual,
                configuration: file.configuration.merging(rest) { _, own in own })
            return try file.framework(on: inherited, settings)
        }
        if let key = rest.keys.min() {
            throw HarrierError(
                "\(file.title) has no configuration key '\(key)'",
                hint: settings.keys.isEmpty
                    ? "it has no keys" : "keys: " + settings.keys.map(\.name).joined(separator: ", "))
        }
        return try file.framework(parties: parties, settings)
    }

    private var title: String { texts["title"] ?? name }

    // MARK: Configuration

    /// Parameters and choice of prices in force.
    private struct Settings {
        var values: [String: Double]
        var column: PriceTable.Column
        var keys: [FrameworkInfo.ConfigurationKey]
        var configuration: [String: String]
    }

    /// The settings, and the keys that are not the file's.
    private func settings(_ configuration: [String: String]) throws -> (Settings, rest: [String: String]) {
        var rest = configuration
        var settings = Settings(values: [:], column: .own, keys: [], configuration: [:])
        if primitives.values.contains(where: { $0.hawkEye != nil }) {
            let text = rest.removeValue(forKey: "prices") ?? PriceTable.Column.own.rawValue
            guard let column = PriceTable.Column(rawValue: text) else {
                throw HarrierError("\(title)'s prices cannot be '\(text)'", hint: "own or hawkeye")
            }
            settings.column = column
            settings.configuration["prices"] = text
            settings.keys.append(
                .init("prices", default: "own", "whose prices: own, or hawkeye for those of HawkEye's table"))
        }
        for parameter in parameters {
            settings.keys.append(
                .init(
                    parameter.name, default: PriceTable.text(parameter.defaultValue),
                    "\(parameter.summary): \(parameter.rangeText.replacing(" and ", with: " to "))"))
            var value = parameter.defaultValue
            if let text = rest.removeValue(forKey: parameter.name) {
                guard let number = Double(text), parameter.range.contains(number) else {
                    throw HarrierError(
                        "\(title)'s \(parameter.name) cannot be '\(text)'",
                        hint: "a number between \(parameter.rangeText)")
                }
                value = number
            }
            settings.values[parameter.name] = value
            settings.configuration[parameter.name] = PriceTable.text(value)
        }
        return (settings, rest)
    }

    // MARK: Frameworks

    /// The framework over a file that prices all primitives.
    private func framework(parties: Int?, _ settings: Settings) throws -> any Framework {
        let supported = try checkedParties(parties)
        try checkPrimitives()
        var info = FrameworkInfo(
            name: name, title: title, version: texts["version"] ?? "",
            threatModel: texts["threat_model"] ?? "threat model not stated",
            parties: parties ?? supported.usual, supportedParties: supported.supported,
            configuration: settings.configuration, configurationKeys: settings.keys,
            privateByDefault: texts["private_by_default"] ?? "inputs and weights, secret-shared",
            offline: texts["offline"] ?? "what the file calls offline")
        info.reference = reference
        let table = try PriceTable(self, values: settings.values, parties: info.parties)
        if settings.column == .hawkEye { return try hawkEye(info, settings) }
        let fraction = PriceTable.roundedUp(settings.values["f"] ?? 0)
        // The names of these parameters are a convention of framework files (docs/FRAMEWORKS.md).
        let format = settings.values["L"].map {
            FixedPointFormat(ringBits: PriceTable.roundedUp($0), fractionBits: fraction)
        }
        return RepricedFramework(primitives: table, info: info, fixedPoint: format, fraction: fraction)
    }

    /// The framework that a file makes of another one.
    private func framework(on base: any Framework, _ settings: Settings) throws -> any Framework {
        var info = base.info
        info.name = name
        info.reference = reference
        info.title = texts["title"] ?? "\(info.title) (\(name))"
        info.version = texts["version"] ?? info.version
        info.threatModel = texts["threat_model"] ?? info.threatModel
        info.privateByDefault = texts["private_by_default"] ?? info.privateByDefault
        info.offline = texts["offline"] ?? info.offline
        info.configuration.merge(settings.configuration) { _, own in own }
        info.configurationKeys = settings.keys + info.configurationKeys
        let table = try PriceTable(self, values: settings.values, parties: info.parties)
        if settings.column == .hawkEye { return try hawkEye(info, settings) }
        let called = base.secureFunctions
        for (name, primitive) in primitives.sorted(by: { $0.key < $1.key }) {
            guard primitive.price != nil || primitive.unsupported != nil, !called.contains(name),
                !PrimitiveNames.inputOutput.contains(name)
            else { continue }
            throw HarrierError(
                "\(base.info.title) calls no '\(name)'", file: primitive.place.file, line: primitive.place.line,
                hint: "it calls " + called.sorted().joined(separator: ", "))
        }
        return RepricedFramework(base, prices: table, info: info)
    }

    private func hawkEye(_ info: FrameworkInfo, _ settings: Settings) throws -> any Framework {
        guard let name = HawkEyePrices.ProtocolName.allCases.first(where: { $0.file == origin }) else {
            throw HarrierError(
                "HawkEye's prices are those of a protocol that it has; '\(origin)' is none", file: file)
        }
        var parameters = HawkEyePrices.Parameters()
        parameters.ring = PriceTable.roundedUp(settings.values["L"] ?? 64)
        parameters.fraction = PriceTable.roundedUp(settings.values["f"] ?? 16)
        // HawkEye's own number of parties is 2, for three-party protocols, too; only its random bits depend on it there.
        parameters.parties = parties?.supported.count == 1 ? 2 : info.parties
        let table = try PriceTable(self, column: .hawkEye, values: settings.values, parties: info.parties)
        return HawkEyeFramework(
            prices: HawkEyePrices(name, table: table, parameters: parameters), info: info)
    }

    // MARK: Checks

    private func checkedParties(_ parties: Int?) throws -> Parties {
        guard let supported = self.parties else {
            throw HarrierError("the framework lacks 'parties'", file: file, line: 1)
        }
        if let parties, !supported.supported.contains(parties) {
            let (low, high) = (supported.supported.lowerBound, supported.supported.upperBound)
            throw HarrierError(
                low == high
                    ? "\(title) is priced for \(low) parties, not \(parties)"
                    : "\(title) is priced for \(low) to \(high) parties, not \(parties)")
        }
        return supported
    }

    private func checkPrimitives() throws {
        let known = PrimitiveNames.required + PrimitiveNames.optional + PrimitiveNames.ofHawkEye
        for (name, primitive) in primitives.sorted(by: { $0.key < $1.key }) where !known.contains(name) {
            throw HarrierError(
                "there is no primitive '\(name)'", file: primitive.place.file, line: primitive.place.line,
                hint: "primitives: " + (PrimitiveNames.required + PrimitiveNames.optional).joined(separator: ", "))
        }
        for name in PrimitiveNames.inputOutput {
            guard let primitive = primitives[name], primitive.unsupported != nil else { continue }
            throw HarrierError(
                "'\(name)' cannot be unsupported: inputs have to come in, and results to come out",
                file: primitive.place.file, line: primitive.place.line)
        }
        for name in PrimitiveNames.required {
            let primitive = primitives[name]
            guard primitive?.price == nil, primitive?.unsupported == nil else { continue }
            throw HarrierError(
                "the framework lacks the primitive '\(name)'", file: file, line: primitivesLine ?? 1,
                hint: "give it a price, or write 'free' or {unsupported: REASON}")
        }
    }
}
