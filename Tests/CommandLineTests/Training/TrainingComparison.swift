import Foundation
import Frameworks
import Pricing
import TestSupport
import Testing

/// SGD against Adam on the networks that HawkEye trains, its prices beside Harrier's.
struct TrainingComparison {
    /// One step under one framework.
    struct Row {
        let network: HawkEyeNetwork
        let optimizer: String
        let framework: String
        let step: TrainingJSON
        let hawkEye: HawkEyeTraining?

        /// Bytes by part of the step.
        var parts: [TrainingPart: Int] {
            step.layers.reduce(into: [:]) { result, layer in
                for (phase, totals) in layer.phases where totals.online.bytes != 0 {
                    result[TrainingPart(operator: layer.op, phase: phase), default: 0] += totals.online.bytes
                }
            }
        }
    }

    /// Harrier's frameworks, each with the protocol of HawkEye's that stands for it.
    private static let frameworks = [
        ("aby3", "ABY3"), ("spu-aby3", "ABY3"), ("semi2k", "SEMI2K"), ("crypten", "MPCFormer"),
        ("spu-cheetah", "Cheetah"),
    ]

    let rows: [Row]

    /// All steps, priced by the command.
    init() throws {
        let runs = try HawkEyeTraining.runs()
        rows = try withTemporaryFolder { folder in
            try HawkEyeNetwork.allCases.flatMap { network in
                let file = folder.appendingPathComponent("\(network.rawValue).onnxtxt").path
                try network.text().write(toFile: file, atomically: true, encoding: .utf8)
                return try ["sgd", "adam"].flatMap { optimizer in
                    let steps = try Command.json(
                        SeveralTrainingJSON.self,
                        ["train", file, "--loss", "cross_entropy", "--optimizer", optimizer, "--format", "json"]
                            + ["--framework"] + Self.frameworks.map(\.0))
                    return zip(Self.frameworks, steps.frameworks).map { framework, step in
                        let run = runs.first {
                            ($0.program, $0.optimizer, $0.protocolName) == (network.program, optimizer, framework.1)
                        }
                        return Row(
                            network: network, optimizer: optimizer, framework: framework.0, step: step, hawkEye: run)
                    }
                }
            }
        }
    }

    /// What `docs/TRAINING.md` has between its two marks.
    var markdown: String {
        ([totals] + HawkEyeNetwork.allCases.map(parts)).joined(separator: "\n\n")
    }

    private var totals: String {
        let head = [
            "| network | optimizer | framework | Harrier | rounds | HawkEye | rounds | Harrier / HawkEye |",
            "|---|---|---|---|---|---|---|---|",
        ]
        return
            (head
            + rows.map { row in
                let online = row.step.totals.online
                let ours = "\(ByteFormat.bytes(online.bytes)) | \(ByteFormat.count(online.rounds))"
                let theirs =
                    row.hawkEye.map { run in
                        let ratio = Double(online.bytes) / (Double(run.bits) / 8)
                        let bytes = ByteFormat.bytes(run.bits / 8)
                        return "\(run.protocolName): \(bytes) | \(ByteFormat.count(run.rounds)) | \(Self.short(ratio))"
                    } ?? "not run | – | –"
                return "| \(row.network.title) | `\(row.optimizer)` | `\(row.framework)` | \(ours) | \(theirs) |"
            }).joined(separator: "\n")
    }

    /// The bytes of one network by part of the step, for the frameworks that HawkEye has a run for.
    private func parts(of network: HawkEyeNetwork) -> String {
        var columns: [(title: String, bytes: [TrainingPart: Int])] = []
        for row in rows where row.network == network {
            guard let run = row.hawkEye else { continue }
            let title = "HawkEye \(run.protocolName), \(row.optimizer)"
            if !columns.contains(where: { $0.title == title }) {
                columns.append((title, run.parts.mapValues { $0 / 8 }))
            }
            columns.append(("`\(row.framework)`, \(row.optimizer)", row.parts))
        }
        let lines = TrainingPart.all.compactMap { part -> String? in
            guard columns.contains(where: { $0.bytes[part] ?? 0 != 0 }) else { return nil }
            let cells = columns.map { ByteFormat.bytes($0.bytes[part] ?? 0) }
            let direction = part == .update ? "" : part.isBackward ? ", backward" : ", forward"
            return "| \(part.operation)\(direction) | \(cells.joined(separator: " | ")) |"
        }
        return """
            ### \(network.title)

            | | \(columns.map(\.title).joined(separator: " | ")) |
            |\(String(repeating: "---|", count: columns.count + 1))
            \(lines.joined(separator: "\n"))
            """
    }

    private static func short(_ ratio: Double) -> String {
        String(format: ratio < 10 ? "%.2f" : "%.1f", ratio)
    }
}
