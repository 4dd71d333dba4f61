import IR
import Pricing

/// CrypTen's own autograd: `cryptensor.py` records every function that a tensor in need of a gradient enters, and
/// `gradients.py` computes the gradients towards all of its operands, also towards public factors and towards inputs of the
/// network, where nobody needs them.
extension CrypTen: TrainingFramework {
    /// CrypTen differentiates itself.
    public var differentiation: Differentiation { .own(self) }

    /// What the modules of CrypTen's importer record for an ONNX operator.
    typealias RecordedRow = @Sendable (_ operation: Operation<Functions>, _ needed: [Bool]) throws -> Recorded

    /// What a row says: the forward price where autograd computes something else, and the gradients.
    struct Recorded {
        var forward: [Call]?
        var backward: [Call]
    }

    static let recordedRows: [String: RecordedRow] =
        recordedMovements.merging(recordedArithmetic) { $1 }.merging(recordedLayers) { $1 }

    /// The prices of an operator with autograd.
    public func recorded(_ site: OperatorSite, needed: [Bool]) throws -> RecordedPrice? {
        guard site.node.op.domain.isEmpty else { return nil }
        let operation = Operation(site: site, functions: functions)
        guard let row = Self.recordedRows[site.node.op.type] else {
            guard Self.rows[site.node.op.type] != nil else { return nil }
            throw Unpriced("CrypTen's autograd has no gradient of \(site.node.op)")
        }
        let recorded = try row(operation, needed)
        guard let forward = try recorded.forward.map({ operation.price($0) }) ?? price(site) else { return nil }
        return RecordedPrice(forward: forward, backward: recorded.backward)
    }

    /// Operators whose gradients only move shares about, or add them up: those that move data or add, a rounding and a sign.
    private static let recordedMovements: [String: RecordedRow] = {
        // Exception to .dataMovement: CrypTen's `gradients.py` has no function of these.
        let withoutGradient: Set<OperatorName> = [
            "CenterCropPad", "Compress", "DepthToSpace", "GatherElements", "GatherND", "ReverseSequence",
            "SpaceToDepth",
            "TensorScatter", "Tile", "Trilu",
        ]
        let names = OperatorTable.operators(withAny: [.dataMovement, .linear]).filter { !withoutGradient.contains($0) }
        let free: RecordedRow = { _, _ in Recorded(backward: []) }
        return Dictionary(names.map { ($0.type, free) }) { one, _ in one }.merging(["Cast": free, "Sign": free]) { $1 }
    }()
}

extension CrypTen {
    /// What CrypTen's losses compute (`nn/loss.py`, `gradients.py`).
    public func loss(_ name: String, reduction: String, prediction: TensorType) throws -> RecordedPrice {
        guard reduction == "mean" else { throw Unpriced("CrypTen's losses have no reduction but 'mean'") }
        guard let lengths = prediction.lengths else { throw Unpriced("the shape of the prediction is not known") }
        let price = try functions.loss(name, Extent(lengths))
        return RecordedPrice(forward: OperatorPrice(Call(name, price.forward)), backward: price.backward)
    }

    /// An update by CrypTen's only optimizer (`optim/sgd.py`), after the first step: products with public numbers, which
    /// are truncated.
    public func update(optimizer: String, options: [String: String], parameter: TensorType) throws -> Call? {
        guard optimizer == "sgd" else { return nil }
        guard let lengths = parameter.lengths else { throw Unpriced("the shape of a parameter is not known") }
        func number(_ name: String) -> Double { options[name].flatMap(Double.init) ?? 0 }
        let hasMomentum = number("momentum") != 0
        var products = 1
        if number("weight_decay") != 0 { products += 1 }
        if hasMomentum { products += number("dampening") == 0 ? 1 : 2 }
        if hasMomentum, options["nesterov"] == "true" { products += 1 }
        return Call("sgd", [functions.publicProduct(Extent(lengths)).repeated(products)])
    }
}

extension CrypTen.Functions {
    /// A loss and its gradient towards the prediction.
    func loss(_ name: String, _ extent: Extent) throws -> (forward: [Call], backward: [Call]) {
        // Whatever the loss is, its gradient begins with a product with the one that enters.
        let entering: Extent = []
        switch name {
        case "cross_entropy":
            // Axes of length 1 are taken out first.
            let squeezed = Extent(extent.lengths.filter { $0 != 1 })
            let value = [log(squeezed), mul(squeezed, squeezed), truncate(entering)]
            return (
                [softmax(squeezed, axis: squeezed.rank > 1 ? 1 : 0)] + (settings.skipsLossForward ? [] : value),
                [truncate(squeezed), mul(squeezed, entering)]
            )
        case "binary_cross_entropy":
            return (
                settings.skipsLossForward ? [] : binaryCrossEntropy(extent),
                [
                    positiveReciprocal(extent.stacked(2)), mul(extent, extent).repeated(2), truncate(extent),
                    mul(extent, entering),
                ]
            )
        case "binary_cross_entropy_with_logits":
            return (
                [sigmoid(extent)] + (settings.skipsLossForward ? [] : binaryCrossEntropy(extent)),
                [truncate(extent), mul(extent, entering)]
            )
        case "mse_loss":
            return (
                [square(extent), mean(entering)],
                [publicProduct(extent), publicProduct(extent), mul(extent, extent)]
            )
        case "l1_loss":
            return ([abs(extent), mean(entering)], [publicProduct(extent), mul(extent, extent, isScaled: false)])
        default: throw Unpriced("CrypTen has no loss '\(name)'")
        }
    }

    /// Both logarithms at once.
    func binaryCrossEntropy(_ extent: Extent) -> [Call] {
        [log(extent.stacked(2)), mul(extent, extent).repeated(2), mean([])]
    }
}
