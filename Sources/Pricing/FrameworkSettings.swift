import IR

/// A framework's configuration as a value: the keys that change what is sent, under the framework's own names.
public protocol FrameworkSettings: Hashable, Sendable {
    /// The framework's defaults.
    init()

    /// The framework's title, for messages.
    static var title: String { get }

    /// Every key, with how it is read and written.
    static var keys: [ConfigurationKey<Self>] { get }
}

extension FrameworkSettings {
    /// The defaults with the given keys changed. A dotted key may be written without what stands before its last dot.
    ///
    /// - Throws: ``HarrierError`` naming a key that the framework has not, or a value that it cannot take.
    public init(_ configuration: [String: String]) throws {
        self.init()
        let keys = Self.keys
        for (name, value) in configuration.sorted(by: { $0.key < $1.key }) {
            guard let key = keys.first(where: { $0.isNamed(name) }) else {
                let known = keys.map(\.information.name).joined(separator: ", ")
                throw HarrierError(
                    "\(Self.title) has no configuration key '\(name)'",
                    hint: known.isEmpty ? "it has no keys" : "keys: \(known)")
            }
            guard key.set(&self, value) != nil else {
                throw HarrierError(
                    "\(Self.title)'s \(key.information.name) cannot be '\(value)'", hint: key.information.summary)
            }
        }
    }

    /// The value of every key, by name.
    public var configuration: [String: String] {
        Dictionary(uniqueKeysWithValues: Self.keys.map { ($0.information.name, $0.get(self)) })
    }
}

/// One key of a framework's configuration: its documentation, how it is read and how it is written.
public struct ConfigurationKey<Settings: FrameworkSettings>: Sendable {
    /// Name, default and documentation.
    public let information: FrameworkInfo.ConfigurationKey
    /// Other names that people use.
    public let aliases: [String]
    /// Takes a value over; nil if it has the wrong form.
    public let set: @Sendable (inout Settings, String) -> Void?
    /// The value in force, as text.
    public let get: @Sendable (Settings) -> String

    /// A key with the given parts.
    public init(
        _ information: FrameworkInfo.ConfigurationKey, aliases: [String] = [],
        set: @escaping @Sendable (inout Settings, String) -> Void?, get: @escaping @Sendable (Settings) -> String
    ) {
        self.information = information
        self.aliases = aliases
        self.set = set
        self.get = get
    }

    /// Whether the key is meant by that name.
    package func isNamed(_ name: String) -> Bool {
        information.name == name || information.name.hasSuffix("." + name) || aliases.contains(name)
    }

    /// A whole number within a range.
    public static func number(
        _ name: String, _ path: WritableKeyPath<Settings, Int> & Sendable, _ range: ClosedRange<Int>,
        _ summary: String, aliases: [String] = [], cheaper: [String] = []
    ) -> Self {
        Self(
            .init(
                name, default: "\(Settings()[keyPath: path])",
                "\(summary): \(range.lowerBound) to \(range.upperBound)", cheaper: cheaper),
            aliases: aliases,
            set: { settings, text in
                guard let value = Int(text), range.contains(value) else { return nil }
                settings[keyPath: path] = value
                return ()
            }, get: { "\($0[keyPath: path])" })
    }

    /// True or false.
    public static func flag(
        _ name: String, _ path: WritableKeyPath<Settings, Bool> & Sendable, _ summary: String, aliases: [String] = [],
        cheaper: [String] = []
    ) -> Self {
        Self(
            .init(
                name, default: Settings()[keyPath: path] ? "true" : "false", "\(summary): true or false",
                cheaper: cheaper),
            aliases: aliases,
            set: { settings, text in
                guard let value = Bool(text.lowercased()) else { return nil }
                settings[keyPath: path] = value
                return ()
            }, get: { $0[keyPath: path] ? "true" : "false" })
    }

    /// One of a few names.
    public static func choice<Value: RawRepresentable<String> & CaseIterable & Sendable>(
        _ name: String, _ path: WritableKeyPath<Settings, Value> & Sendable, _ summary: String, aliases: [String] = [],
        cheaper: [Value] = []
    ) -> Self {
        Self(
            .init(
                name, default: Settings()[keyPath: path].rawValue,
                "\(summary): \(Value.allCases.map(\.rawValue).joined(separator: ", "))",
                cheaper: cheaper.map(\.rawValue)),
            aliases: aliases,
            set: { settings, text in
                guard let value = Value(rawValue: text) else { return nil }
                settings[keyPath: path] = value
                return ()
            }, get: { $0[keyPath: path].rawValue })
    }

    /// A whole number that the framework takes and that changes nothing in what is sent.
    public static func ignored(_ name: String, _ value: String, _ summary: String) -> Self {
        Self(
            .init(name, default: value, summary), set: { _, text in Int(text).map { _ in () } }, get: { _ in value })
    }
}
