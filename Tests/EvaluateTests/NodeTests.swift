import Evaluate
import Foundation
import TestSupport
import Testing

/// The node tests that ship with the onnx package: what ONNX itself says its operators compute.
@Suite struct NodeTests {
    /// Cases of operators that the interpreter has, but that it does not pass, with the reason.
    static let exceptions: [String: String] = [
        "training_dropout": "draws random numbers",
        "dft_inverse": "expects the noise of 32-bit arithmetic where the exact result is 0",
        "spacetodepth_crd_mode_example": "uses an attribute of opset 28, which is refused on import",
        "scan_sum": "is the Scan of opset 8, which has other operands",
        "attention_3d_causal_bf16": bfloat16,
        "attention_4d_attn_mask_causal_bf16": bfloat16,
        "attention_4d_causal_bf16": bfloat16,
        "attention_4d_causal_fp16": bfloat16,
        "attention_4d_causal_padded_kv_bf16": bfloat16,
        "attention_4d_padded_kv_bf16": bfloat16,
    ]

    private static let bfloat16 = "one unit in the last of 8 or 11 bits, which is more than the tolerance"

    @Test func everySupportedOperatorAgreesWithONNX() throws {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        _ = try Oracle.run(script: "node_tests.py", arguments: [folder.path])
        let index = try String(contentsOf: folder.appendingPathComponent("index.tsv"), encoding: .utf8)
        var table = NodeTable()
        var bounded = 0
        for line in index.split(separator: "\n") {
            let test = try NodeCase(line: line)
            let outcome = test.run(in: folder)
            table.add(test, outcome)
            let isException = Self.exceptions.keys.contains { test.name.hasPrefix($0) }
            if case .failed(let reason) = outcome, !isException { Issue.record("\(test.name): \(reason)") }
            guard outcome == .passed else { continue }
            bounded += 1
            if let escape = try test.escape(in: folder) { Issue.record("\(test.name): \(escape)") }
        }
        print(table)
        print("\(bounded) cases run in 64 bits, with all results in their intervals")
        #expect(table.passed > 1000)
    }
}

/// Operators × passed, failed, unsupported.
struct NodeTable: CustomStringConvertible {
    private struct Row {
        var passed = 0
        var failed = 0
        var unsupported = 0
        var missing: Set<String> = []
    }

    private var rows: [String: Row] = [:]
    /// Cases passed.
    private(set) var passed = 0

    /// Counts a case.
    mutating func add(_ test: NodeCase, _ outcome: NodeCase.Outcome) {
        var row = rows[test.subject] ?? Row()
        switch outcome {
        case .passed:
            row.passed += 1
            passed += 1
        case .failed: row.failed += 1
        case .unsupported(let operators):
            row.unsupported += 1
            row.missing.formUnion(operators)
        }
        rows[test.subject] = row
    }

    var description: String {
        var lines = ["operator: passed, failed, unsupported"]
        for (name, row) in rows.sorted(by: { $0.key < $1.key }) {
            let missing = row.missing.isEmpty ? "" : " (no \(row.missing.sorted().joined(separator: ", ")))"
            lines.append("\(name): \(row.passed), \(row.failed), \(row.unsupported)\(missing)")
        }
        let (failed, unsupported) = rows.values.reduce((0, 0)) { ($0.0 + $1.failed, $0.1 + $1.unsupported) }
        lines.append("all: \(passed) passed, \(failed) failed, \(unsupported) unsupported")
        return lines.joined(separator: "\n")
    }
}
