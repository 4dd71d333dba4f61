import IR
import Pricing
import Foundation

/// The protocols whose prices HawkEye computes by a procedure. Formulas: `Compiler/cost_config.py` of its artifact.
extension HawkEyePrices {
    private var ring: Double { Double(parameters.ring) }
    private var kappa: Double { Double(parameters.kappa) }
    private var degree: Double { Double(parameters.degree) }
    private var modulus: Double { Double(parameters.modulus.reduce(0, +)) }

    private func ciphertexts(_ elements: Double) -> Double { (elements / degree).rounded(.up) }

    // MARK: SecretFlow-SEMI2K

    /// HawkEye's SEMI2K: two openings a product, matrix products in blocks of 256 MiB, nothing offline. Truncation is priced
    /// as an opening, which SPU 0.9.5's is not.
    func semi2k(_ primitive: Primitive, _ sizes: Sizes) -> Price? {
        let n = Double(sizes.n)
        switch primitive {
        case .share: return .free
        case .open: return Price(2 * ring * n, 1)
        case .mul: return Price(4 * ring * n, 1)
        case .matmul: return Price(2 * ring * openedInBlocks(sizes), 1)
        case .truncate: return Price(2 * ring * n, 1)
        case .ltz:
            let others = Double(parameters.parties - 1)
            return Price(n * 2 * (2 * ring + 2 * others * (2 * ring + 32)), Foundation.log2(ring) + 1)
        default: return nil
        }
    }

    /// Elements of both operands that are opened when a product of p × q by q × r is cut into blocks that fit into 256 MiB.
    private func openedInBlocks(_ sizes: Sizes) -> Double {
        let (p, q, r) = (Double(sizes.p), Double(sizes.q), Double(sizes.r))
        let whole = p * q + q * r
        let limit = 268_435_456.0
        guard p > 0, q > 0, r > 0, whole * ring / 8 >= limit else { return whole }
        let elements = limit / (ring / 8)
        // Rows of the left block and columns of the right block together. HawkEye cuts the inner dimension, too, which changes
        // nothing: each operand is opened once for every block of the other's outer dimension.
        let outer: Double
        if q > (p + r) * 8 {
            outer = p + r
        } else if p + r > q * 8 {
            outer = max(1, (elements / q).rounded(.up))
        } else {
            outer = max(1, (elements / (q / (p + r))).squareRoot().rounded(.up))
        }
        let rows = max(1, (outer * p / (p + r)).rounded(.down))
        let columns = max(1, (outer * r / (p + r)).rounded(.down))
        return p * q * (r / columns).rounded(.up) + q * r * (p / rows).rounded(.up)
    }

    // MARK: CryptFlow2

    /// HawkEye's CryptFlow2: one direction of the OT-based product only, rounds of matrix products in fractions.
    func cryptFlow2(_ primitive: Primitive, _ sizes: Sizes, isMSBKnown: Bool) -> Price? {
        let n = Double(sizes.n)
        let fraction = Double(parameters.fraction)
        let half = ((ring + 1) / 2).rounded(.up)
        let depth = Foundation.log2(ring).rounded(.up)
        switch primitive {
        case .share: return .free
        case .open: return Price(2 * ring * n, 1)
        case .mul: return Price(n * ring * (half + kappa), 2)
        case .matmul:
            let (p, q, r) = (Double(sizes.p), Double(sizes.q), Double(sizes.r))
            guard p * q * r > 0 else { return .free }
            let batches = (16_777_216 / (p * q * r)).rounded(.up)
            return Price(q * r * ring * (p * half + kappa), ring / batches * 2)
        case .ltz: return Price(n * (kappa + 18) * ring, depth)
        case .truncate:
            let common = kappa * fraction + 14 * fraction
            return isMSBKnown
                ? Price(n * (common + 2 * kappa + 4 * ring), depth + 2)
                : Price(n * (kappa * (ring + 2) + 19 * ring + common), 2 * depth + 4)
        default: return nil
        }
    }

    /// What HawkEye's CryptFlow2 pays beside the products for the first channel of each group of a convolution.
    func firstChannels(_ convolution: Convolution) -> Call {
        guard name == .cryptFlow2 else { return Call("conv2ds", cost: .zero) }
        let window = Double(convolution.unfolded.p) * Double(convolution.unfolded.q)
        return Call("conv2ds", cost: Price(Double(convolution.group) * window * ring * kappa, 0).cost)
    }

    // MARK: Delphi

    /// HawkEye's Delphi: one direction of the openings, and products that cost the same for any number of elements.
    func delphi(_ primitive: Primitive, _ sizes: Sizes) -> Price? {
        let n = Double(sizes.n)
        switch primitive {
        case .share: return .free
        case .open: return Price(ring * n, 1)
        case .mul: return Price(ring, 1, 4 * ciphertexts(n) * degree * modulus, 2)
        case .matmul:
            let (p, q, r) = (Double(sizes.p), Double(sizes.q), Double(sizes.r))
            return Price(p * q * ring, 1, 2 * (ciphertexts(p * r) + ciphertexts(p * q)) * degree * modulus, 2)
        case .ltz: return Price(148 * ring * n, 1, 2370 * ring * n, 3)
        case .truncate: return .free
        default: return nil
        }
    }

    /// HawkEye's price of a two-dimensional convolution as a whole, which only its Delphi has; nil for other protocols.
    func price(_ convolution: Convolution) -> Price? {
        guard name == .delphi, convolution.input.count == 2 else { return nil }
        func product(_ lengths: [Int]) -> Double { lengths.reduce(1) { $0 * Double($1) } }
        let batch = Double(convolution.batch)
        let image = product([convolution.inputChannels] + convolution.input)
        let sent = batch * ciphertexts(image) * product(convolution.kernel)
        let returned = ciphertexts(batch * product([convolution.outputChannels] + convolution.output))
        return Price(batch * image * ring, 1, 2 * (sent + returned) * degree * modulus, 2)
    }

    // MARK: Cheetah

    /// HawkEye's Cheetah, which is SPU's and not OpenCheetah: ciphertexts sent at one level and returned at another.
    func cheetah(_ primitive: Primitive, _ sizes: Sizes) -> Price? {
        let n = Double(sizes.n)
        let moduli = parameters.modulus.map(Double.init)
        let sent = moduli.dropLast().reduce(0, +)
        let returned = moduli.dropLast(2).reduce(0, +)
        switch primitive {
        case .share: return .free
        case .open: return Price(2 * ring * n, 1)
        case .mul: return Price(ciphertexts(n) * degree * (sent + returned), 2)
        case .matmul:
            guard sizes.p > 0, sizes.q > 0, sizes.r > 0 else { return .free }
            let blocks = cheetahBlocks(sizes)
            let results = ciphertexts(Double(sizes.p) * Double(sizes.r))
            return Price(2 * degree * (blocks.sent * sent + (results + blocks.answers) * returned), 2)
        case .truncate: return Price(n * (Double(parameters.fraction) + 4), 2)
        case .ltz: return Price(n * (13 * ring + 1), Foundation.log2(ring).rounded(.up))
        default: return nil
        }
    }

    /// How HawkEye cuts a matrix product into ciphertexts: the cheapest tile by a cost of its own, the last one of equals.
    private func cheetahBlocks(_ sizes: Sizes) -> (sent: Double, answers: Double) {
        let (p, q, r) = (Double(sizes.p), Double(sizes.q), Double(sizes.r))
        var best = (cost: 0x1p60, sent: 0.0, answers: 0.0)
        for first in 1..<max(2, min(parameters.degree, sizes.p +| 1)) {
            let d0 = Double(first)
            let b0 = (p / d0).rounded(.up)
            var d1 = 1.0
            while d1 <= q, d0 * d1 <= degree {
                let b1 = (q / d1).rounded(.up)
                let b2 = (r / min(r, (degree / d0 / d1).rounded(.up))).rounded(.up)
                let (sent, answers) = (min(b0, b2) * b1, (b0 * b2 / d1).rounded(.up))
                let rotations = ciphertexts(p * r) * d1
                let cost = (sent + answers) * 1000 + rotations + b0 * b1 * b2 / 10
                if cost <= best.cost { best = (cost, sent, answers) }
                d1 *= 2
            }
        }
        return (best.sent, best.answers)
    }
}
