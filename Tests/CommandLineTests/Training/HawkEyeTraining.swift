import Frameworks
import Foundation
import TestSupport

/// What HawkEye printed for one training step.
struct HawkEyeTraining: Decodable {
    /// What one library function charges, all of its calls together.
    struct Price: Decodable {
        let bits: Int

        enum CodingKeys: String, CodingKey {
            case bits = "online_bits"
        }
    }

    let program: String
    let optimizer: String
    let protocolName: String
    let bits: Int
    let rounds: Int
    let prices: [String: Price]

    enum CodingKeys: String, CodingKey {
        case program, optimizer
        case protocolName = "protocol"
        case bits = "online_bits"
        case rounds = "online_rounds"
        case prices = "by_prefix"
    }

    private struct File: Decodable {
        let rows: [HawkEyeTraining]
    }

    /// All runs that were made.
    static func runs() throws -> [Self] {
        let data = try Data(contentsOf: URL(fileURLWithPath: Fixtures.path("hawkeye/training.json")))
        return try JSONDecoder().decode(File.self, from: data).rows
    }

    /// Bits by part of the step.
    var parts: [TrainingPart: Int] {
        prices.reduce(into: [:]) { $0[TrainingPart(function: $1.key), default: 0] += $1.value.bits }
    }
}

/// A part of a training step that both tools tell apart: one kind of operator, forward or backward, or the update.
struct TrainingPart: Hashable {
    let operation: String
    let isBackward: Bool

    /// The parts in the order of tables.
    static let all =
        [
            "convolution", "batch normalization", "rectifier", "mean pooling", "max pooling", "dense layer", "dropout",
            "loss",
        ]
        .flatMap { [Self($0, isBackward: false), Self($0, isBackward: true)] } + [update]

    /// The update of all parameters.
    static let update = Self("update", isBackward: false)

    private static let operators = [
        "Conv": "convolution", "BatchNormalization": "batch normalization", "Relu": "rectifier",
        "AveragePool": "mean pooling", "MaxPool": "max pooling", "Gemm": "dense layer", "Dropout": "dropout",
        "cross_entropy": "loss",
    ]

    private static let functions = [
        "conv2d": "convolution", "batch_norm": "batch normalization", "relu": "rectifier",
        "avg_pool2d": "mean pooling", "max_pool2d": "max pooling", "linear": "dense layer", "dropout": "dropout",
        "logsoftmax": "loss", "nll_loss": "loss", "sgd": "update", "Adam": "update",
    ]

    private init(_ operation: String, isBackward: Bool) {
        self.operation = operation
        self.isBackward = isBackward
    }

    /// The part that a path of HawkEye's functions, as `batch_norm-var-forward`, belongs to.
    init(function path: String) {
        let name = path.prefix { $0 != "-" }
        self.init(Self.functions[String(name)] ?? path, isBackward: path.hasSuffix("-backward"))
    }

    /// The part that a phase of one of Harrier's layers belongs to.
    init(operator name: String, phase: String) {
        if phase == "optimizer" {
            self = .update
        } else {
            self.init(Self.operators[name] ?? name, isBackward: phase == "backward")
        }
    }
}
