import Evaluate
import Foundation
import Profiler
import Rewrite

/// What an optimization came to, for people and for programs.
struct OptimizationReport {
    let model: String
    let framework: FrameworkInfo
    let objective: String
    let network: Network
    let result: Optimizer.Result
    let check: NumericCheck
    /// The comparison at the framework's precision; nil if there is none.
    let fixedPoint: FixedPointReport?
    let explanations: ExplanationReport

    /// The report as JSON.
    func json() throws -> String {
        let document = Document(
            model: model, framework: framework.name, parties: framework.parties, config: framework.configuration,
            objective: objective, before: CostDocument(result.before), after: CostDocument(result.after),
            time: Times(
                before: TimeDocument(result.before.online, on: network),
                after: TimeDocument(result.after.online, on: network)),
            rewrites: result.rewrites.map {
                Rewrite(rule: $0.rule, nodes: $0.nodes, saved: TrafficDocument($0.saved.online + $0.saved.offline))
            },
            check: Check(check, fixedPoint.map(FixedPointDocument.init)), seconds: result.seconds,
            states: result.states,
            explanations: explanations.explanations.isEmpty ? nil : explanations.documents)
        return String(decoding: try JSONOutput.encode(document), as: UTF8.self)
    }

    /// The report as text, which also says where the model was written.
    func table(_ style: Style, output: String?) -> String {
        var text = style.bold("\(model.printable) under \(framework.title) \(framework.version)")
        text += ", \(framework.parties) parties, objective \(objective)\n\n"
        text += totals(style) + "\n"
        text += result.rewrites.isEmpty ? "No rule makes it cheaper.\n" : rules(style)
        text += "\n" + verdict(style) + (fixedPoint?.text(style) ?? "")
        text += "Searched \(result.states) graphs in \(DurationFormat.seconds(result.seconds))."
        if let output, check.status != .failed { text += " Written to \(output)." }
        return text + "\n" + explanations.table(style)
    }

    private func totals(_ style: Style) -> String {
        var table = TextTable([.left(""), .right("before"), .right("after"), .right("saved")])
        func add(_ name: String, _ before: Int, _ after: Int, _ format: (Int) -> String) {
            let saved = before == 0 ? "" : ByteFormat.share(before - after, of: before) ?? ""
            table.add([name, format(before), format(after), saved])
        }
        let (before, after) = (result.before, result.after)
        add("online bytes", before.online.bytes, after.online.bytes, ByteFormat.bytes)
        add("online rounds", before.online.rounds, after.online.rounds, ByteFormat.count)
        if before.offline != .zero || after.offline != .zero {
            add("offline bytes", before.offline.bytes, after.offline.bytes, ByteFormat.bytes)
            add("offline rounds", before.offline.rounds, after.offline.rounds, ByteFormat.count)
        }
        let times = (network.seconds(before.online), network.seconds(after.online))
        table.add([
            "online time on \(network)", DurationFormat.seconds(times.0), DurationFormat.seconds(times.1),
            times.0 == 0 ? "" : String(format: "%.1f %%", (1 - times.1 / times.0) * 100),
        ])
        return table.render(style)
    }

    private func rules(_ style: Style) -> String {
        var order: [String] = []
        var sums: [String: (count: Int, saved: Cost)] = [:]
        for rewrite in result.rewrites {
            if sums[rewrite.rule] == nil { order.append(rewrite.rule) }
            let sum = sums[rewrite.rule] ?? (0, .zero)
            sums[rewrite.rule] = (sum.count + 1, sum.saved + rewrite.saved)
        }
        var table = TextTable([.right("times"), .right("bytes saved"), .right("rounds saved"), .left("rule")])
        for rule in order {
            guard let sum = sums[rule] else { continue }
            let traffic = sum.saved.online + sum.saved.offline
            table.add(["\(sum.count)", ByteFormat.bytes(traffic.bytes), ByteFormat.count(traffic.rounds), rule])
        }
        return table.render(style)
    }

    private func verdict(_ style: Style) -> String {
        let samples = "\(check.samples) random \(check.samples == 1 ? "input" : "inputs")"
        let weights = check.randomParameters == 0 ? "" : ", \(check.randomParameters) missing weights drawn at random"
        switch check.status {
        case .passed:
            return style.green("Checked") + ": the outputs agree to \(shortScientific(check.maxRelativeError))"
                + " on \(samples)\(weights).\n"
        case .failed: return style.red("Failed") + ": \(check.why ?? "the outputs differ").\n"
        case .skipped: return style.yellow("Not checked") + ": \(check.why ?? "").\n"
        }
    }
}

extension OptimizationReport {
    private struct Document: Encodable {
        let model: String
        let framework: String
        let parties: Int
        let config: [String: String]
        let objective: String
        let before: CostDocument
        let after: CostDocument
        let time: Times
        let rewrites: [Rewrite]
        let check: Check
        let seconds: Double
        let states: Int
        let explanations: [ExplanationReport.Document]?
    }

    private struct Times: Encodable {
        let before: TimeDocument
        let after: TimeDocument
    }

    private struct Rewrite: Encodable {
        let rule: String
        let nodes: [String]
        let saved: TrafficDocument
    }

    private struct Check: Encodable {
        let status: String
        let maxAbsError: Double
        let maxRelativeError: Double
        let samples: Int
        let why: String
        let fixedPoint: FixedPointDocument?

        private enum CodingKeys: String, CodingKey {
            case status, samples, why
            case fixedPoint = "fixed_point"
            case maxAbsError = "max_abs_error"
            case maxRelativeError = "max_relative_error"
        }

        init(_ check: NumericCheck, _ fixedPoint: FixedPointDocument?) {
            self.fixedPoint = fixedPoint
            status = check.status.rawValue
            maxAbsError = check.maxAbsError
            maxRelativeError = check.maxRelativeError
            samples = check.samples
            why = check.why ?? "the outputs agree"
        }
    }
}
