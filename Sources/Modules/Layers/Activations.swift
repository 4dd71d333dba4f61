import IR

/// A module without parameters that applies one ONNX operator.
public class ElementwiseModule: Module {
    private let op: OperatorName
    private let attributes: [String: Attribute]

    init(_ op: OperatorName, _ attributes: [String: Attribute] = [:]) {
        self.op = op
        self.attributes = attributes
    }

    /// The operator applied to each element, or along its axis.
    public func forward(_ input: SymbolicTensor) throws -> SymbolicTensor {
        try input.apply(op, attributes: attributes)
    }
}

/// `max(x, 0)`. PyTorch's `torch.nn.ReLU`.
public final class ReLU: ElementwiseModule {
    /// A rectifier.
    public init() { super.init("Relu") }
}

/// `1 / (1 + exp(-x))`. PyTorch's `torch.nn.Sigmoid`.
public final class Sigmoid: ElementwiseModule {
    /// A sigmoid.
    public init() { super.init("Sigmoid") }
}

/// The hyperbolic tangent. PyTorch's `torch.nn.Tanh`.
public final class Tanh: ElementwiseModule {
    /// A hyperbolic tangent.
    public init() { super.init("Tanh") }
}

/// `x · clamp(x/6 + 1/2, 0, 1)`. PyTorch's `torch.nn.Hardswish`.
public final class Hardswish: ElementwiseModule {
    /// A hard swish.
    public init() { super.init("HardSwish") }
}

/// `clamp(x/6 + 1/2, 0, 1)`. PyTorch's `torch.nn.Hardsigmoid`.
public final class Hardsigmoid: ElementwiseModule {
    /// A hard sigmoid.
    public init() { super.init("HardSigmoid", ["alpha": .float(1 / 6)]) }
}

/// `x` above 0, `slope · x` below. PyTorch's `torch.nn.LeakyReLU`.
public final class LeakyReLU: ElementwiseModule {
    /// A leaky rectifier with that slope below 0.
    public init(negativeSlope: Float = 0.01) { super.init("LeakyRelu", ["alpha": .float(negativeSlope)]) }
}

/// `x` above 0, `alpha · (exp(x) - 1)` below. PyTorch's `torch.nn.ELU`.
public final class ELU: ElementwiseModule {
    /// An exponential linear unit that goes to `-alpha`.
    public init(alpha: Float = 1) { super.init("Elu", ["alpha": .float(alpha)]) }
}

/// `log(1 + exp(x))`. PyTorch's `torch.nn.Softplus`.
public final class Softplus: ElementwiseModule {
    /// A smooth rectifier.
    public init() { super.init("Softplus") }
}

/// `x · tanh(softplus(x))`. PyTorch's `torch.nn.Mish`.
public final class Mish: ElementwiseModule {
    /// A Mish.
    public init() { super.init("Mish") }
}

/// `exp(x) / Σ exp(x)` along an axis. PyTorch's `torch.nn.Softmax`.
public final class Softmax: ElementwiseModule {
    /// A softmax along that axis.
    public init(dim: Int) { super.init("Softmax", ["axis": .int(dim)]) }
}

/// The logarithm of the softmax along an axis. PyTorch's `torch.nn.LogSoftmax`.
public final class LogSoftmax: ElementwiseModule {
    /// A log-softmax along that axis.
    public init(dim: Int) { super.init("LogSoftmax", ["axis": .int(dim)]) }
}

/// `x` above 0, `weight · x` below, with a weight that is learned for all channels together or for each. PyTorch's
/// `torch.nn.PReLU`.
public final class PReLU: Module {
    let weight: Parameter

    /// A rectifier with that many slopes: 1, or one for each channel.
    public init(_ numParameters: Int = 1, start: Float = 0.25) { weight = Parameter([numParameters], .constant(start)) }

    /// The rectified tensor.
    public func forward(_ input: SymbolicTensor) throws -> SymbolicTensor {
        let shape = try input.shape
        guard weight.shape[0] == 1 || shape.count > 1 && shape[1] == weight.shape[0] else {
            throw HarrierError("has \(weight.shape[0]) slopes, one a channel, but its input has shape \(shape)")
        }
        let slopes = try input.model.tensor(of: weight)
        let spatial = weight.shape[0] == 1 ? 0 : shape.count - 2
        return try input.apply("PRelu", slopes.with(slopes.term.withTrailingAxes(spatial)))
    }
}

/// `clamp(x, 0, 6)`. PyTorch's `torch.nn.ReLU6`.
public final class ReLU6: Module {
    /// A rectifier that ends at 6.
    public init() {}

    /// The clamped tensor.
    public func forward(_ input: SymbolicTensor) throws -> SymbolicTensor {
        try input.apply("Clip", input.scalar(0), input.scalar(6))
    }
}

/// `x · sigmoid(x)`. PyTorch's `torch.nn.SiLU`.
public final class SiLU: Module {
    /// A swish.
    public init() {}

    /// The product of the tensor and its sigmoid.
    public func forward(_ input: SymbolicTensor) throws -> SymbolicTensor {
        try input * input.apply("Sigmoid")
    }
}

/// `x · Φ(x)`, Φ being the normal distribution. PyTorch's `torch.nn.GELU`.
///
/// Written with Erf or Tanh, as PyTorch's exporter writes it before version 20 of ONNX's operator set: that is what
/// frameworks that read exported models see.
public final class GELU: Module {
    /// How Φ is computed.
    public enum Approximation: Hashable, Sendable {
        /// With the error function.
        case none
        /// `(1 + tanh(√(2/π) (x + 0.044715 x³))) / 2` (Hendrycks and Gimpel, 2016).
        case tanh
    }

    /// How Φ is computed.
    public let approximate: Approximation

    /// A GELU that is computed so.
    public init(approximate: Approximation = .none) { self.approximate = approximate }

    /// The product of the tensor and its place in the normal distribution.
    public func forward(_ input: SymbolicTensor) throws -> SymbolicTensor {
        switch approximate {
        case .none:
            return try input * ((input / 2.0.squareRoot()).apply("Erf") + 1) * 0.5
        case .tanh:
            let inner = try (input + input.pow(3) * 0.044715) * (2 / Double.pi).squareRoot()
            return try (input * 0.5) * (inner.apply("Tanh") + 1)
        }
    }
}
