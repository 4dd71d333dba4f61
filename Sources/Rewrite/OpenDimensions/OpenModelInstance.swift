import IR

/// A model and what was made of it, at some lengths of its open dimensions.
package struct OpenModelInstance: Sendable {
    /// The lengths, by the dimensions' names.
    package let lengths: [String: Int]
    /// The model.
    package let model: Graph
    /// What was made of it.
    package let result: Graph

    /// An instance of the given parts.
    package init(lengths: [String: Int], model: Graph, result: Graph) {
        self.lengths = lengths
        self.model = model
        self.result = result
    }

    /// What a value of the model is known to be; nil if there is none of the name, or it is not known.
    func known(_ name: String, _ names: [String: ValueID]) -> Tensor? { names[name].flatMap { model[$0].knownTensor } }
}
