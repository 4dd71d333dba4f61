import IR

/// A tensor that belongs to a module: a weight that is learned, or a buffer such as a running mean.
public final class Parameter: ModuleMember {
    /// How a parameter starts, in PyTorch's terms.
    public enum Initializer: Hashable, Sendable {
        /// Every element is that number.
        case constant(Float)
        /// Numbers drawn evenly from an interval around 0.
        case uniform(bound: Float)
        /// Numbers of a normal distribution around 0.
        case normal(deviation: Float)
    }

    /// Axis lengths.
    public let shape: [Int]
    /// How it starts.
    public let initializer: Initializer
    /// Whether it is kept by the module but not learned.
    public let isBuffer: Bool

    /// A parameter of that shape.
    public init(_ shape: [Int], _ initializer: Initializer, isBuffer: Bool = false) {
        self.shape = shape
        self.initializer = initializer
        self.isBuffer = isBuffer
    }
}

/// What a graph's parameters hold.
public enum ParameterData: Hashable, Sendable {
    /// Nothing: the graph has structure only, which is all that pricing needs. The parameter refers to a file
    /// `MODEL/PARAMETER` that need not exist.
    case none
    /// The numbers that their initializers make of the seed and the parameter's name, the same on every machine.
    case initialized(seed: UInt64)
}

extension Parameter {
    /// The tensor for a graph.
    func tensor(name: String, model: String, _ data: ParameterData) -> Tensor {
        switch data {
        case .none:
            return Tensor(
                .float32, shape: shape, payload: .missing(ExternalReference(location: "\(model)/\(name)")))
        case .initialized(let seed):
            var source = NumberSource(name: name, seed: seed)
            let elements = (0..<shape.saturatingProduct()).map { _ in
                switch initializer {
                case .constant(let number): number
                case .uniform(let bound): Float(source.unit() * 2 - 1) * bound
                case .normal(let deviation): Float(source.normal()) * deviation
                }
            }
            return Tensor(float32: elements, shape: shape)
        }
    }
}
