import Pricing

extension CheetahKernels {
    /// What one session sends before its first results, whatever and however often it computes: it is made inside the first
    /// call that needs it, so that it falls into the first, cold run. The figures were measured (version 0.9.5); rounds were
    /// not.
    ///
    /// * An instance of oblivious transfer for each slice that the largest tensor is cut into, in both directions, with its
    ///   first stock: 470 016 random transfers with Ferret.
    /// * Public keys of the element-wise products.
    /// * Keys of the matrix products; with FM64 and FM128 those of the automorphisms too, even if nothing is packed.
    ///
    /// - Parameter calls: what the session computes.
    func setup(for calls: [Call]) -> Cost {
        var needs = Needs()
        calls.forEach { add($0, to: &needs) }
        var bytes = needs.slices * transfers.instanceBytes
        if needs.products { bytes += products.keys }
        if needs.matrices { bytes += matrices.keys }
        return Cost(offline: Traffic(bytes: bytes))
    }

    /// What a session has to set up.
    private struct Needs {
        var slices = 0
        var products = false
        var matrices = false
    }

    /// Kernels that work by oblivious transfer.
    private static let transferKernels: Set<Function> = [
        .truncA, .mulA1B, .msbA2B, .equalAA, .equalAP, .andBB, .b2a,
    ]

    private func add(_ call: Call, to needs: inout Needs) {
        switch Function(rawValue: call.name) {
        case .mmulAA: needs.matrices = true
        case .mulAA, .squareA: needs.products = true
        case let kernel? where Self.transferKernels.contains(kernel):
            needs.slices = max(needs.slices, sliceCount(call.sizes.n))
        default: break
        }
        call.children.forEach { add($0, to: &needs) }
    }
}

extension CheetahTransfers {
    /// Bytes that an instance sends once, for both directions (SoftSpoken: to three figures).
    var instanceBytes: Int {
        switch kind {
        case .yaclFerret: 940_326
        case .empFerret: 2_456_094
        case .yaclSoftspoken: 17_500
        }
    }
}
