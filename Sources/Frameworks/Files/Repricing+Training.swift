import IR
import Pricing

extension Repricing {
    /// The same way of differentiating with the file's prices.
    func repriced(_ differentiation: Differentiation) -> Differentiation {
        switch differentiation {
        case .caller: .caller
        case .jax(let jointly): .jax { site in try jointly(site).map { try repriced($0, of: site) } }
        case .own(let autograd): .own(RepricedAutograd(base: autograd, repricing: self))
        }
    }

    fileprivate func repriced(_ price: RecordedPrice, of site: OperatorSite) throws -> RecordedPrice {
        RecordedPrice(forward: try repriced(price.forward, of: site), backward: try price.backward.map(repriced))
    }
}

/// A framework's autograd with the prices of a file.
private struct RepricedAutograd: FrameworkAutograd {
    let base: any FrameworkAutograd
    let repricing: Repricing

    func recorded(_ site: OperatorSite, needed: [Bool]) throws -> RecordedPrice? {
        try base.recorded(site, needed: needed).map { try repricing.repriced($0, of: site) }
    }

    func loss(_ name: String, reduction: String, prediction: TensorType) throws -> RecordedPrice {
        let price = try base.loss(name, reduction: reduction, prediction: prediction)
        return RecordedPrice(
            forward: OperatorPrice(try repricing.repriced(price.forward.call)),
            backward: try price.backward.map(repricing.repriced))
    }

    func update(optimizer: String, options: [String: String], parameter: TensorType) throws -> Call? {
        try base.update(optimizer: optimizer, options: options, parameter: parameter).map(repricing.repriced)
    }
}
