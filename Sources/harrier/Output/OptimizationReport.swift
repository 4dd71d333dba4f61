import Evaluate
import Foundation
import Pricing
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
    let protocolLevel: ProtocolLevelReport
    let explanations: ExplanationReport

    /// What the graph that was written costs.
    private var after: Cost { protocolLevel.result?.after ?? result.after }

    /// The report as JSON.
    func json() throws -> String {
        let document = Document(
            model: model, framework: framework.name, parties: framework.parties, config: framework.configuration,
            objective: objective, level: protocolLevel.level, before: CostDocument(result.before),
            afterPortable: CostDocument(result.after), after: CostDocument(after),
            time: Times(
                before: TimeDocument(result.before.online, on: network),
                after: TimeDocument(after.online, on: network)),
            rewrites: result.rewrites.map {
                Rewrite(rule: $0.rule, nodes: $0.nodes, saved: TrafficDocument($0.saved.online + $0.saved.offline))
            },
            protocolRewrites: protocolLevel.document, session: protocolLevel.result.map { CostDocument($0.session) },
            check: Check(check, fixedPoint.map(FixedPointDocument.init)),
            seconds: result.seconds + (protocolLevel.result?.seconds ?? 0),
            states: result.states + (protocolLevel.result?.states ?? 0),
            explanations: explanations.explanations.isEmpty ? nil : explanations.documents)
        return String(decoding: try JSONOutput.encode(document), as: UTF8.self)
    }

    /// The report as text, which also says where the model was written.
    func table(_ style: Style, output: String?) -> String {
        var text = style.bold("\(model.printable) under \(framework.title) \(framework.version)")
        text += ", \(framework.parties) parties, objective \(objective)\n\n"
        text += totals(style) + "\n"
        text += result.rewrites.isEmpty ? "No rule makes it cheaper.\n" : rules(style)
        text += protocolLevel.table(style)
        text += "\n" + verdict(style) + (fixedPoint?.text(style) ?? "")
        text += "Searched \(result.states) graphs in \(DurationFormat.seconds(result.seconds))."
        if let output, check.status != .failed { text += " Written to \(output)." }
        return text + "\n" + explanations.table(style)
    }

    private func totals(_ style: Style) -> String {
        let hasProtocolLevel = protocolLevel.result != nil
        var columns: [TextTable.Column] = [.left(""), .right("before")]
        if hasProtocolLevel { columns.append(.right("after portable rewrites")) }
        columns += [.right(hasProtocolLevel ? "with the runtime's help" : "after"), .right("saved")]
        var table = TextTable(columns)
        let (before, portable, after) = (result.before, result.after, after)
        func row(_ name: String, _ cells: [String], _ saved: String) {
            table.add([name, cells[0]] + (hasProtocolLevel ? [cells[1]] : []) + [cells[2], saved])
        }
        func add(_ name: String, _ figure: (Cost) -> Int, _ format: (Int) -> String) {
            let saved = figure(before) == 0 ? "" : ByteFormat.share(figure(before) - figure(after), of: figure(before))
            row(name, [before, portable, after].map { format(figure($0)) }, saved ?? "")
        }
        add("online bytes", \.online.bytes, ByteFormat.bytes)
        add("online rounds", \.online.rounds, ByteFormat.count)
        if before.offline != .zero || after.offline != .zero {
            add("offline bytes", \.offline.bytes, ByteFormat.bytes)
            add("offline rounds", \.offline.rounds, ByteFormat.count)
        }
        let times = [before, portable, after].map { network.seconds($0.online) }
        row(
            "online time on \(network)", times.map(DurationFormat.seconds),
            times[0] == 0 ? "" : String(format: "%.1f %%", (1 - times[2] / times[0]) * 100))
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
        case .failed: return style.red("Failed") + ": \((check.why ?? "the outputs differ").printable).\n"
        case .skipped: return style.yellow("Not checked") + ": \((check.why ?? "").printable).\n"
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
        let level: String
        let before: CostDocument
        let afterPortable: CostDocument
        let after: CostDocument
        let time: Times
        let rewrites: [Rewrite]
        let protocolRewrites: [ProtocolLevelReport.Rewrite]
        let session: CostDocument?
        let check: Check
        let seconds: Double
        let states: Int
        let explanations: [ExplanationReport.Document]?

        private enum CodingKeys: String, CodingKey {
            case model, framework, parties, config, objective, level, before, after, time, rewrites, session, check
            case seconds, states, explanations
            case afterPortable = "after_portable"
            case protocolRewrites = "protocol_rewrites"
        }
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
