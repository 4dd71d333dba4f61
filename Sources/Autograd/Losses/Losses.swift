import IR

/// The losses that Harrier trains with.
public enum Losses {
    /// All of them.
    public static let all = classification + regression + binary + divergences

    /// Their names.
    public static var names: [String] { all.map(\.name) }

    /// The loss of that name: PyTorch's of `torch.nn.functional`, or a short one (`mse`, `bce_with_logits`), in any case
    /// and with hyphens or underscores.
    ///
    /// - Throws: ``HarrierError`` naming the known ones.
    public static func named(_ name: String) throws -> Loss {
        let wanted = name.lowercased().replacing("-", with: "_")
        guard let loss = all.first(where: { $0.name == wanted || $0.aliases.contains(wanted) }) else {
            throw HarrierError("there is no loss '\(name)'", hint: "known: \(names.joined(separator: ", "))")
        }
        return loss
    }
}
