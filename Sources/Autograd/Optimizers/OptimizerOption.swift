import IR

/// An option of an optimizer: its documentation, how it is read and how it is written.
public struct OptimizerOption<Settings: Sendable>: Sendable {
    /// PyTorch's name of it: `lr`, `weight_decay`.
    public let name: String
    /// What it does, and what it takes.
    public let summary: String
    /// Takes a value over; nil if it has the wrong form.
    let set: @Sendable (inout Settings, String) -> Void?
    /// The value in force, as text.
    let get: @Sendable (Settings) -> String

    /// A number within a range.
    static func number(
        _ name: String, _ path: WritableKeyPath<Settings, Double> & Sendable, _ range: ClosedRange<Double>,
        _ summary: String
    ) -> Self {
        Self(
            name: name, summary: "\(summary): \(text(range))",
            set: { settings, text in
                guard let value = Double(text), range.contains(value) else { return nil }
                settings[keyPath: path] = value
                return ()
            }, get: { "\($0[keyPath: path])" })
    }

    /// Two numbers from 0 to 1, the latter left out, written with a comma.
    static func pair(
        _ name: String, _ first: WritableKeyPath<Settings, Double> & Sendable,
        _ second: WritableKeyPath<Settings, Double> & Sendable, _ summary: String
    ) -> Self {
        Self(
            name: name, summary: "\(summary): two numbers from 0 to below 1, such as 0.9,0.999",
            set: { settings, text in
                let values = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
                guard values.count == 2, let one = values[0], let other = values[1],
                    (0..<1).contains(one), (0..<1).contains(other)
                else { return nil }
                settings[keyPath: first] = one
                settings[keyPath: second] = other
                return ()
            }, get: { "\($0[keyPath: first]),\($0[keyPath: second])" })
    }

    /// True or false.
    static func flag(
        _ name: String, _ path: WritableKeyPath<Settings, Bool> & Sendable, _ summary: String
    ) -> Self {
        Self(
            name: name, summary: "\(summary): true or false",
            set: { settings, text in
                guard let value = Bool(text.lowercased()) else { return nil }
                settings[keyPath: path] = value
                return ()
            }, get: { "\($0[keyPath: path])" })
    }

    /// One of a few names.
    static func choice<Value: RawRepresentable<String> & CaseIterable & Sendable>(
        _ name: String, _ path: WritableKeyPath<Settings, Value> & Sendable, _ summary: String
    ) -> Self {
        Self(
            name: name, summary: "\(summary): \(Value.allCases.map(\.rawValue).joined(separator: ", "))",
            set: { settings, text in
                guard let value = Value(rawValue: text) else { return nil }
                settings[keyPath: path] = value
                return ()
            }, get: { $0[keyPath: path].rawValue })
    }

    private static func text(_ range: ClosedRange<Double>) -> String {
        switch (range.lowerBound, range.upperBound) {
        case (0, .infinity): "a number from 0"
        case (-.infinity, let upper): "a number up to \(upper)"
        case (let lower, .infinity): "a number from \(lower)"
        case (let lower, let upper): "a number from \(lower) to \(upper)"
        }
    }
}

extension ClosedRange<Double> {
    /// Numbers that are not negative.
    static var nonnegative: Self { 0...(.infinity) }
    /// Numbers from 0 to 1.
    static var unit: Self { 0...1 }
}
