@testable import Calibration
@testable import Frameworks
@testable import Pricing

/// CryptFlow2 on SCI, and OpenCheetah; HawkEye has them as CryptFlow2 and Cheetah.
extension AccuracyRows {
    static func sciOperators() throws -> [AccuracyRow] {
        try Measurement.rows("cpp_ops.json").map(SCIRow.init).compactMap { row in
            guard !row.op.hasPrefix("setup"), row.row.string("framework") != "MP-SPDZ-replicated-ring",
                let step = try row.step()
            else { return nil }
            var counter = SCI.Rounds(mergesFlows: true)
            let rounds = counter.calls(step).reduce(0) { $0 + $1.total.online.rounds }
            let whole = withoutRefills(row.measured, priced: [step.server, step.client], row)
            return AccuracyRow(
                subject: .operators, framework: title(row), name: row.op, label: row.label,
                measured: Traffic(bytes: whole.reduce(0, +), rounds: row.flows ?? 0),
                predicted: Traffic(bytes: step.server + step.client, rounds: rounds), hasRounds: row.flows != nil,
                hawkEye: try hawkEyePrice(of: row))
        }
    }

    private static func title(_ row: SCIRow) -> String {
        switch row.row.string("framework") {
        case "EzPC-SCI-OT": "CryptFlow2 (EzPC f24bf3e, oblivious transfer)"
        case "OpenCheetah-SCI_HE": "CryptFlow2 (OpenCheetah f71d4d4, SCI_HE)"
        default: "OpenCheetah f71d4d4"
        }
    }

    /// Refills of Ferret's buffers fall into whichever operator comes when they are used up, and the base transfers of average
    /// pooling into the first one of a session; both are offline.
    private static func withoutRefills(_ measured: [Int], priced: [Int], _ row: SCIRow) -> [Int] {
        guard title(row).hasPrefix("OpenCheetah") else { return measured }
        let rest = zip(measured, priced).map { $0 - $1 }
        let setup = OpenCheetah.Protocols.averagePoolSetup
        if row.op == "avgpool", rest == [setup.server, setup.client] { return priced }
        return zip(measured, rest).map { measured, rest in
            rest > 0 && rest.isMultiple(of: OpenCheetah.Protocols.refillBytes) ? measured - rest : measured
        }
    }

    /// HawkEye's price of the row's primitive at the row's width; nil where it has none.
    private static func hawkEyePrice(of row: SCIRow) throws -> Int? {
        var parameters = HawkEyePrices.Parameters()
        parameters.fraction = row.attributes.int("shift") ?? row.attributes.int("sf") ?? 12
        let width = row.attributes.int("bw") ?? row.attributes.int("ell") ?? 0
        guard (1...4096).contains(width) else { return nil }
        parameters.ring = width
        parameters.fraction = min(parameters.fraction, width)
        let isCheetah = title(row).hasPrefix("OpenCheetah")
        if isCheetah {
            (parameters.degree, parameters.modulus) = (4096, [60, 49])
        }
        let prices = try HawkEyePrices(isCheetah ? .cheetah : .cryptFlow2, parameters: parameters)
        return primitives(of: row).flatMap { parts in
            let bits = parts.reduce(Double?.some(0)) { sum, part in
                guard let sum,
                    let price = prices.price(part.primitive, part.sizes, isMSBKnown: part.isMSBKnown)
                else { return nil }
                return sum + price.onlineBits * Double(part.times)
            }
            return bits.map { Int(($0 / 8).rounded(.up)) }
        }
    }

    private struct Part {
        var primitive: HawkEyePrices.Primitive
        var sizes: Sizes
        var times = 1
        var isMSBKnown = false
    }

    private static func primitives(of row: SCIRow) -> [Part]? {
        let count = row.count
        let sized = Sizes(n: count)
        switch row.op {
        case "drelu_ring", "MSB", "drelu_exact": return [Part(primitive: .ltz, sizes: sized)]
        case "relu_ring", "math_relu", "relu", "relu_exact":
            return [Part(primitive: .ltz, sizes: sized), Part(primitive: .mul, sizes: sized)]
        case "truncate", "scaledown": return [Part(primitive: .truncate, sizes: sized)]
        case "truncate_known_msb": return [Part(primitive: .truncate, sizes: sized, isMSBKnown: true)]
        case "maxpool" where row.shape.count == 2:
            let rows = Sizes(n: row.shape[0])
            let times = row.shape[1] - 1
            return [
                Part(primitive: .ltz, sizes: rows, times: times), Part(primitive: .mul, sizes: rows, times: times),
            ]
        case "matmul_cross_terms",
            "matmul" where row.shape.count == 3:
            let (p, q, r) = (row.shape[0], row.shape[1], row.shape[2])
            return [Part(primitive: .matmul, sizes: Sizes(n: p * r, p: p, q: q, r: r))]
        case "hadamard_cross_terms": return [Part(primitive: .mul, sizes: sized)]
        default: return nil
        }
    }
}
