/// A classifier of images that are read row by row: a recurrent layer, and a linear layer on its last state.
public final class RecurrentClassifier: Module {
    let recurrent: Recurrent
    let fc: Linear
    private let name: String

    private init(_ name: String, _ recurrent: Recurrent, width: Int, classes: Int) {
        self.name = name
        self.recurrent = recurrent
        fc = Linear(width, classes)
    }

    /// Digits of 28 rows by an Elman network (Elman, "Finding Structure in Time", 1990).
    public static func rnn() -> RecurrentClassifier {
        RecurrentClassifier("rnn", RNN(28, 128, batchFirst: true), width: 128, classes: 10)
    }

    /// Digits of 28 rows by long short-term memory (Hochreiter and Schmidhuber, 1997).
    public static func lstm() -> RecurrentClassifier {
        RecurrentClassifier("lstm", LSTM(28, 128, batchFirst: true), width: 128, classes: 10)
    }

    /// The recurrent layer has the name of its kind.
    public var memberNames: [String: String] { ["recurrent": name] }

    /// Scores of the classes.
    public func forward(_ input: SymbolicTensor) throws -> SymbolicTensor {
        let hidden = try recurrent.states(input).hidden
        return try fc(hidden.reshape(Array(hidden.shape.dropFirst())))
    }
}
