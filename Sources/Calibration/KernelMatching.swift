import IR
import Pricing

/// What a profile says of the kernels that a framework counts.
///
/// A kernel of the lowest level, SPU's MPC, is a call of its name in the prices that is not inside another of these kernels:
/// what they call themselves, SPU does not record. A kernel of the highest level, HLO, stands in for whole ONNX operators,
/// some of which become several kernels: operators and kernels that share one are compared together. HAL's functions, between
/// the two, are left out: prices do not name all of them.
struct KernelMatching {
    let profile: Profile

    init(_ profile: Profile) { self.profile = profile }

    /// The kernels that send something for an operator, as SPU's compiler lowers it
    /// (`truth/spu_models/README.md` of the measurements).
    private static let lowering: [String: [String]] = [
        "Conv": ["convolution"], "Gemm": ["dot", "multiply"], "MatMul": ["dot", "dot_general"],
        "Relu": ["less", "multiply", "maximum", "select"], "MaxPool": ["reduce_window"],
        "AveragePool": ["multiply"], "GlobalAveragePool": ["multiply"], "ReduceMean": ["multiply"],
        "Div": ["multiply", "divide"], "Mul": ["multiply"], "BatchNormalization": ["rsqrt", "multiply"],
        "LayerNormalization": ["rsqrt", "multiply"], "Softmax": ["reduce", "less", "select", "exponential", "divide"],
        "Tanh": ["tanh"], "Sigmoid": ["logistic"], "Exp": ["exponential"], "Log": ["log"],
        "Pow": ["power", "multiply"],
        "Sqrt": ["sqrt"], "Less": ["less"], "Greater": ["greater"], "Equal": ["equal"], "Where": ["select"],
    ]

    /// A row a kernel that sent something, or that should have; on the highest level a row for what hangs together.
    func rows(of kernels: [MeasuredRun.Kernel]) -> [CalibrationResult.Row] {
        let high = kernels.filter { $0.level == "HLO" }
        return (high.isEmpty ? [] : lowered(high)) + recorded(kernels.filter { $0.level == "MPC" })
    }

    private func recorded(_ kernels: [MeasuredRun.Kernel]) -> [CalibrationResult.Row] {
        var predicted: [String: Traffic] = [:]
        for kernel in kernels { predicted[Self.priced(kernel.name)] = .zero }
        for entry in profile.entries { Self.record(entry.price.call, times: 1, in: &predicted) }
        return kernels.compactMap { kernel in
            let cost = predicted[Self.priced(kernel.name)] ?? .zero
            guard cost != .zero || (kernel.counters.bytes ?? 0) > 0 else { return nil }
            return CalibrationResult.Row(
                name: "\(kernel.level) \(kernel.name)", op: "", nodes: kernel.calls ?? 0,
                predicted: cost == .zero ? nil : cost, measured: kernel.counters,
                reason: cost == .zero ? "no price calls it by this name" : nil)
        }
    }

    /// What prices call a kernel. SPU records a square under the name of the kernel that tells secrets from public values.
    private static func priced(_ kernel: String) -> String { kernel == "square_s" ? "square_a" : kernel }

    /// Adds up what the outermost calls of these names cost.
    private static func record(_ call: Call, times: Int, in costs: inout [String: Traffic]) {
        if let known = costs[call.name] {
            costs[call.name] = known + times * call.total.online
            return
        }
        for child in call.children { record(child, times: times *| call.count, in: &costs) }
    }

    /// Kernels of the highest level and the operators that become them.
    private func lowered(_ kernels: [MeasuredRun.Kernel]) -> [CalibrationResult.Row] {
        var costs: [String: (cost: Traffic, nodes: Int)] = [:]
        for entry in profile.entries where entry.cost.online != .zero {
            let known = costs["\(entry.op)"] ?? (.zero, 0)
            costs["\(entry.op)"] = (known.cost + entry.cost.online, known.nodes + 1)
        }
        let measured = kernels.filter { ($0.counters.bytes ?? 0) > 0 }
        var groups: [(kernels: Set<String>, operators: [String])] = measured.map { ([Self.plain($0.name)], []) }
        for op in costs.keys.sorted() {
            let own = Set(Self.lowering[op] ?? [])
            let touched = groups.indices.filter { !groups[$0].kernels.isDisjoint(with: own) }
            var merged = (kernels: own, operators: [op])
            for place in touched.reversed() {
                merged.kernels.formUnion(groups[place].kernels)
                merged.operators = groups[place].operators + merged.operators
                groups.remove(at: place)
            }
            groups.append(merged)
        }
        return groups.map { group in
            let own = measured.filter { group.kernels.contains(Self.plain($0.name)) }
            let cost = group.operators.reduce(Traffic.zero) { $0 + (costs[$1]?.cost ?? .zero) }
            let names = own.map { Self.plain($0.name) }.joined(separator: "+")
            return CalibrationResult.Row(
                name: "HLO " + (names.isEmpty ? "(none)" : names), op: group.operators.joined(separator: "+"),
                nodes: own.reduce(0) { $0 +| ($1.calls ?? 0) },
                predicted: group.operators.isEmpty ? nil : cost,
                measured: MeasuredRun.Counters(
                    bytes: own.reduce(0) { $0 +| ($1.counters.bytes ?? 0) },
                    rounds: own.contains { $0.counters.rounds != nil }
                        ? own.reduce(0) { $0 +| ($1.counters.rounds ?? 0) } : nil),
                reason: group.operators.isEmpty ? "no operator of the model becomes it" : nil)
        }
    }

    /// A kernel's name without its dialect.
    private static func plain(_ name: String) -> String {
        name.hasPrefix("pphlo.") ? String(name.dropFirst("pphlo.".count)) : name
    }
}
