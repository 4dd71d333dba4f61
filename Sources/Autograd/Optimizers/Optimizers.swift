import IR

/// The optimizers that Harrier trains with, by name.
public enum Optimizers {
    /// An optimizer's row: its name, what it is, and how it is made.
    public struct Row: Sendable {
        /// The name, as on the command line.
        public let name: String
        /// What it is, in a phrase.
        public let summary: String
        /// Its options with their defaults and what they do.
        public let options: [(name: String, defaultValue: String, summary: String)]
        fileprivate let make: @Sendable ([String: String]) throws -> any TrainingOptimizer
    }

    /// All of them.
    public static let all: [Row] = [
        row("sgd", "stochastic gradient descent, with momentum if it is set", SGD()),
        row("momentum", "sgd with momentum 0.9", SGD(momentum: 0.9)),
        row("nesterov", "sgd with Nesterov's momentum 0.9", SGD(momentum: 0.9, isNesterov: true)),
        row("adagrad", "steps by the root of the sum of squared gradients", Adagrad()),
        row("adadelta", "steps by the ratio of running means of squared steps and gradients", Adadelta()),
        row("rmsprop", "steps by the root of the running mean of squared gradients", RMSProp()),
        row("adam", "running mean of gradients by the root of that of their squares", Adam()),
        row("adamw", "adam with decoupled weight decay", Adam(weightDecay: 1e-2, isDecoupled: true)),
        row("amsgrad", "adam by the largest running mean of squares so far", Adam(isAMSGrad: true)),
        row("lion", "sign of an interpolated momentum", Lion()),
        row("signsgd", "sign of the gradient, or of its momentum", SignSGD()),
        row("adafactor", "adam with factored squares and steps relative to the parameter", Adafactor()),
    ]

    /// Their names.
    public static var names: [String] { all.map(\.name) }

    /// The row of an optimizer, whose name is taken in any case.
    ///
    /// - Throws: ``HarrierError`` naming the known ones.
    public static func row(named name: String) throws -> Row {
        guard let row = all.first(where: { $0.name == name.lowercased() }) else {
            throw HarrierError("there is no optimizer '\(name)'", hint: "known: \(names.joined(separator: ", "))")
        }
        return row
    }

    /// An optimizer with the given options, by PyTorch's names.
    ///
    /// - Throws: ``HarrierError`` if there is no such optimizer, or it does not take an option or its value.
    public static func make(_ name: String, options: [String: String] = [:]) throws -> any TrainingOptimizer {
        try row(named: name).make(options)
    }

    private static func row<Settings: TrainingOptimizer>(_ name: String, _ summary: String, _ defaults: Settings) -> Row
    {
        let options = Settings.options.map { ($0.name, $0.get(defaults), $0.summary) }
        return Row(name: name, summary: summary, options: options) { values in
            var optimizer = defaults
            for (key, value) in values.sorted(by: { $0.key < $1.key }) {
                guard let option = Settings.options.first(where: { $0.name == key }) else {
                    let known = Settings.options.map(\.name).joined(separator: ", ")
                    throw HarrierError("\(name) has no option '\(key)'", hint: "its options: \(known)")
                }
                guard option.set(&optimizer, value) != nil else {
                    throw HarrierError("\(key) of \(name) cannot be '\(value)'", hint: option.summary)
                }
            }
            try optimizer.validate()
            return optimizer
        }
    }
}
