extension Node {
    /// The tensor that a Constant node is, which the graph keeps as a value; nil for other nodes and for those
    /// that take their value from an attribute of the function around them or have a sparse one.
    public var literal: Tensor? {
        guard op == "Constant", attributes.count == 1, let (name, attribute) = attributes.first else { return nil }
        switch (name, attribute) {
        case ("value", .tensor(let tensor)): return tensor
        case ("value_int", .int(let value)): return Tensor(int64: [value], shape: [])
        case ("value_ints", .ints(let values)): return Tensor(int64: values)
        case ("value_float", .float(let value)): return Tensor(float32: [value], shape: [])
        case ("value_floats", .floats(let values)): return Tensor(float32: values)
        case ("value_string", .string(let text)): return Tensor(.string, shape: [], payload: .strings([text]))
        case ("value_strings", .strings(let texts)):
            return Tensor(.string, shape: [texts.count], payload: .strings(texts))
        default: return nil
        }
    }
}
