import IR
import Pricing

/// The stock of Beaver triples behind CHEETAH's small products (`CheetahMulState` in `src/libspu/mpc/cheetah/state.cc`).
///
/// Triples come in batches of 4096, made under encryption inside the call that finds the stock too small: a call for n of
/// them then adds ceil(n / 4096) batches, however many are left. So what a call sends depends on the calls before it, and
/// a run of the same program does not always make the same number of batches.
///
/// A price here must depend on one operator alone. It is that of a session which runs nothing but the operator: online are
/// the batches of the cheapest of the first ``warmRuns`` warm runs, as `bytes_total_all_parties` of the measurements is
/// defined. In the long run every triple that is taken has been made, which is n / 4096 batches for n triples; what that
/// mean has over the online batches is offline. A program of several operators shares one stock and makes, run by run, the
/// batches that the means of its operators add up to, rounded down or up. So its cheapest run may differ from the sum of
/// the online figures by up to a batch (1.14 MB with FM64) for each operator that takes triples; calls for multiples of
/// 4096 do not differ.
struct CheetahTriples {
    /// The ciphertexts that batches are made of.
    let ciphertexts: CheetahProductCiphertexts

    /// The name of the calls that take triples, of ``Call/sizes`` `n` each; they are primitives.
    static let consumer = CheetahKernels.Function.mulAA.rawValue
    /// Triples of a batch: two products of a slot's values make one.
    static let batch = CheetahProductCiphertexts.slots / 2
    /// How many warm runs are looked at.
    static let warmRuns = 3
    // Calls that a program may make before the batches are counted by the triples alone.
    private static let mostCalls = 4096

    /// The batches that an operator needs; nil if it takes no triples.
    func batches(for call: Call) -> Call? {
        let taken = triples(of: call)
        guard taken > 0 else { return nil }
        let online = cheapestWarmRun(of: call, taking: taken)
        let mean = Double(taken) / Double(Self.batch) * Double(ciphertexts.crossProduct(Self.batch).bytes)
        let rest = max(0, (mean - Double(online.bytes)).rounded())
        return Call(
            CheetahKernels.Function.makeTriples,
            cost: Cost(online: online, offline: Traffic(bytes: Int(exactly: rest) ?? .max)),
            sizes: Sizes(n: taken))
    }

    /// How many triples all calls together take.
    private func triples(of call: Call) -> Int {
        let once =
            call.children.isEmpty
            ? (call.name == Self.consumer ? call.sizes.n : 0)
            : call.children.reduce(0) { $0 +| triples(of: $1) }
        return call.count *| once
    }

    private func cheapestWarmRun(of call: Call, taking taken: Int) -> Traffic {
        var demands: [Int] = []
        guard collect(call, into: &demands) else {
            return taken / Self.batch * ciphertexts.crossProduct(2 * Self.batch)
        }
        var stock = 0
        // The first run only fills the stock.
        _ = run(demands, &stock)
        var cheapest = run(demands, &stock)
        for _ in 1..<Self.warmRuns {
            let next = run(demands, &stock)
            if next.bytes < cheapest.bytes { cheapest = next }
        }
        return cheapest
    }

    /// What one run sends to fill the stock.
    private func run(_ demands: [Int], _ stock: inout Int) -> Traffic {
        var traffic = Traffic.zero
        for demand in demands {
            if stock < demand {
                let made = demand.dividedRoundingUp(by: Self.batch) * Self.batch
                traffic = traffic + ciphertexts.crossProduct(2 * made)
                stock += made
            }
            stock -= demand
        }
        return traffic
    }

    /// The calls that take triples, in order; false if there are too many to follow one by one.
    private func collect(_ call: Call, into demands: inout [Int]) -> Bool {
        if call.children.isEmpty {
            guard call.name == Self.consumer, call.sizes.n > 0 else { return true }
            guard call.count <= Self.mostCalls - demands.count else { return false }
            demands += Array(repeating: call.sizes.n, count: call.count)
            return true
        }
        let start = demands.count
        guard call.children.allSatisfy({ collect($0, into: &demands) }) else { return false }
        let once = Array(demands[start...])
        guard once.count *| call.count <= Self.mostCalls - start else { return false }
        for _ in 1..<max(1, call.count) where !once.isEmpty { demands += once }
        return true
    }
}

extension CheetahKernels {
    /// An operator's calls with the Beaver triples that they need.
    func completed(_ calls: [Call]) -> [Call] {
        calls + [CheetahTriples(ciphertexts: products).batches(for: Call("operator", calls))].compactMap(\.self)
    }
}
