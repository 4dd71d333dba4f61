import Pricing

extension CheetahKernels {
    /// Each party in turn permutes by its own permutation, through a network of switches (AS-Waksman) whose columns are
    /// one product of shares each (`permute.cc`; the network: `mpc/utils/waksman_net.cc`).
    func permAM(_ n: Int) -> Call? {
        guard n > 1 else { return Call(Function.permAM, cost: .zero, sizes: Sizes(n: n)) }
        return Call(Function.permAM, sizes: Sizes(n: n), Self.switches(n).map { mulAA($0) }).repeated(2)
    }

    /// Switches of an AS-Waksman network for n wires, column by column: a network has two columns of switches around two
    /// networks of half the wires. One that needs fewer columns than it has room for goes straight at both ends.
    static func switches(_ n: Int) -> [Int] {
        let width = 2 * n.ceilLog2 - 1
        var columns = Array(repeating: 0, count: max(0, width))
        // Networks by their number of wires.
        var networks = [n: 1]
        for left in 0..<(width + 1) / 2 {
            let right = width - 1 - left
            var inner: [Int: Int] = [:]
            for (wires, count) in networks where wires > 1 {
                if right - left + 1 > 2 * wires.ceilLog2 - 1 {
                    inner[wires, default: 0] += count
                } else if wires == 2 {
                    columns[left] += count
                } else {
                    // One switch of an even network is not needed.
                    columns[left] += count * ((wires - 1) / 2)
                    columns[right] += count * (wires / 2)
                    inner[wires / 2, default: 0] += count
                    inner[wires - wires / 2, default: 0] += count
                }
            }
            networks = inner
        }
        return columns
    }
}
