/// The messages on the way from a `ModelProto` to its tensors.
enum MessageOnPath {
    case model, function, graph, node, attribute, tensor

    /// The message that a field of this one holds, if it leads to tensors.
    func child(_ field: Int) -> MessageOnPath? {
        switch (self, field) {
        case (.model, 7), (.attribute, 6), (.attribute, 11): .graph
        case (.model, 25): .function
        case (.graph, 1), (.function, 7): .node
        case (.graph, 5), (.attribute, 5), (.attribute, 10): .tensor
        case (.node, 5), (.function, 11): .attribute
        default: nil
        }
    }
}
