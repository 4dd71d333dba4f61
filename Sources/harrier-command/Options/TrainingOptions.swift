import ArgumentParser
import Harrier

/// The loss and the optimizer.
struct TrainingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What training makes small: \(Losses.names.joined(separator: ", ")), or a short name such as ce, mse, bce.",
            valueName: "name"))
    var loss: String

    @Option(
        help: ArgumentHelp(
            "How parameters are updated: \(Optimizers.names.joined(separator: ", ")).", valueName: "name"))
    var optimizer: String

    @Option(help: "The number of samples in a step; by default the model's own batch.")
    var batch: Int?

    @Option(help: "How the losses of samples become one: mean, sum or none.")
    var reduction = Loss.Reduction.mean

    @Option(help: "What targets hold: values (for classes, one-hot rows), or the indices of classes.")
    var target: Loss.TargetForm?

    @Option(help: "Learning rate.")
    var lr: String?

    @Option(help: "Momentum of sgd, rmsprop and signsgd.")
    var momentum: String?

    @Option(help: "Dampening of sgd's momentum.")
    var dampening: String?

    @Flag(help: "Nesterov's momentum in sgd.")
    var nesterov = false

    @Option(name: .customLong("weight-decay"), help: "Weight decay.")
    var weightDecay: String?

    @Option(help: ArgumentHelp("The two betas of adam and its relatives.", valueName: "b1,b2"))
    var betas: String?

    @Option(help: "The smallest divisor of adam, adagrad and rmsprop.")
    var eps: String?

    @Option(help: "What is left of rmsprop's last running mean.")
    var alpha: String?

    @Option(help: "What is left of adadelta's last running means.")
    var rho: String?

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "Set any other option of the optimizer by PyTorch's name, such as amsgrad=true. Repeatable.",
            valueName: "option=value"))
    var others: [Assignment] = []

    func validate() throws {
        if let batch, batch < 1 { throw ValidationError("'--batch' must be at least 1") }
        do {
            let settings = try settings()
            _ = try settings.makeLoss()
            _ = try settings.makeOptimizer()
        } catch let error as HarrierError {
            throw ValidationError(error.description)
        }
    }

    /// The settings that the options say.
    func settings() throws -> TrainingSettings {
        var settings = TrainingSettings(
            loss: loss, optimizer: optimizer, optimizerOptions: try given(), batch: batch)
        settings.reduction = reduction
        settings.target = target
        return settings
    }

    /// The options that are given, by PyTorch's names.
    private func given() throws -> [String: String] {
        var options = try Assignment.dictionary(others, option: "--set")
        let named = [
            "lr": lr, "momentum": momentum, "dampening": dampening, "weight_decay": weightDecay, "betas": betas,
            "eps": eps, "alpha": alpha, "rho": rho, "nesterov": nesterov ? "true" : nil,
        ]
        for (name, value) in named {
            guard let value else { continue }
            guard options[name] == nil else { throw ValidationError("'\(name)' is set twice") }
            options[name] = value
        }
        return options
    }
}

extension Loss.Reduction: ExpressibleByArgument {}
extension Loss.TargetForm: ExpressibleByArgument {}
