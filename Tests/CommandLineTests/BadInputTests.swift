import Foundation
import TestSupport
import Testing

/// A file that is no good model, and what the message about it must contain.
struct BadModel: CustomTestStringConvertible {
    let name: String
    let bytes: @Sendable () throws -> [UInt8]
    let complaint: String
    var file = "bad.onnx"

    var testDescription: String { name }

    init(
        _ name: String, complaint: String, file: String = "bad.onnx", _ bytes: @escaping @Sendable () throws -> [UInt8]
    ) {
        self.name = name
        self.bytes = bytes
        self.complaint = complaint
        self.file = file
    }

    /// A model cut off after that share of its bytes.
    static func truncated(_ share: Double) -> BadModel {
        BadModel("cut off after \(share)", complaint: "bad.onnx") {
            let whole = try Data(contentsOf: URL(fileURLWithPath: try Fixtures.path("models/resnet18.onnx")))
            return [UInt8](whole.prefix(Int(Double(whole.count) * share)))
        }
    }

    /// Bytes of a linear congruential generator.
    static func random(_ seed: UInt64) -> BadModel {
        BadModel("random bytes \(seed)", complaint: "bad.onnx") {
            var state = seed
            return (0..<5000).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return UInt8(state >> 56)
            }
        }
    }

    static let all: [BadModel] =
        [0.001, 0.1, 0.37, 0.73, 0.9, 0.999].map(truncated) + [1, 2, 3, 4].map(random) + structural + textual

    private static let structural: [BadModel] = [
        BadModel("an empty file", complaint: "empty") { [] },
        BadModel("a model without a graph", complaint: "graph") { ModelBytes([.number(1, 8)]).bytes },
        BadModel("a cycle", complaint: "cycle") {
            ModelBytes.model(nodes: [.node("Relu", ["b"], ["y"]), .node("Relu", ["y"], ["b"])])
        },
        BadModel("a negative dimension", complaint: "x") {
            ModelBytes.model(nodes: [.node("Relu", ["x"], ["y"])], input: .value("x", dimensions: [2, -3]))
        },
        BadModel("huge dimensions", complaint: "x") {
            ModelBytes.model(
                nodes: [.node("Relu", ["x"], ["y"])], input: .value("x", dimensions: [1 << 40, 1 << 40, .max]))
        },
        BadModel("an initializer that is larger than its data", complaint: "w") {
            ModelBytes.model(
                nodes: [.node("Add", ["x", "w"], ["y"])],
                more: [.message(5, [.tensor("w", dimensions: [1 << 33, 3], raw: [1, 2, 3])])])
        },
        BadModel("an initializer with a negative dimension", complaint: "w") {
            ModelBytes.model(
                nodes: [.node("Add", ["x", "w"], ["y"])],
                more: [.message(5, [.tensor("w", dimensions: [-1], raw: [0, 0, 0, 0])])])
        },
        BadModel("an element type that does not exist", complaint: "w") {
            ModelBytes.model(
                nodes: [.node("Add", ["x", "w"], ["y"])],
                more: [.message(5, [.tensor("w", type: 99, dimensions: [1], raw: [0, 0, 0, 0])])])
        },
        BadModel("operands of different types", complaint: "Add") {
            ModelBytes.model(
                nodes: [.node("Add", ["x", "w"], ["y"])],
                more: [.message(5, [.tensor("w", type: 7, dimensions: [1], raw: [1, 0, 0, 0, 0, 0, 0, 0])])])
        },
        BadModel("shapes that do not fit", complaint: "MatMul") {
            ModelBytes.model(nodes: [.node("MatMul", ["x", "x"], ["y"])])
        },
        BadModel("an output declared as something else", complaint: "Relu") {
            ModelBytes.model(nodes: [.node("Relu", ["x"], ["y"])], output: .value("y", type: 7, dimensions: [2, 3]))
        },
        BadModel("a missing attribute", complaint: "'to'") {
            ModelBytes.model(nodes: [.node("Cast", ["x"], ["y"])])
        },
        BadModel("an attribute of the wrong kind", complaint: "'axis'") {
            ModelBytes.model(
                nodes: [.node("Concat", ["x", "x"], ["y"], attributes: [.attribute("axis", string: "one")])])
        },
        BadModel("an axis out of range", complaint: "Concat") {
            ModelBytes.model(nodes: [.node("Concat", ["x", "x"], ["y"], attributes: [.attribute("axis", int: 9)])])
        },
        BadModel("the lowest of all integers as an axis", complaint: "Concat") {
            ModelBytes.model(nodes: [.node("Concat", ["x", "x"], ["y"], attributes: [.attribute("axis", int: .min)])])
        },
        BadModel("an operand that nothing computes", complaint: "nowhere") {
            ModelBytes.model(nodes: [.node("Add", ["x", "nowhere"], ["y"])])
        },
        BadModel("an output that nothing computes", complaint: "y") {
            ModelBytes.model(nodes: [.node("Relu", ["x"], ["z"])])
        },
        BadModel("too few operands", complaint: "Add") {
            ModelBytes.model(nodes: [.node("Add", ["x"], ["y"])])
        },
        BadModel("two nodes that compute one value", complaint: "y") {
            ModelBytes.model(nodes: [.node("Relu", ["x"], ["y"]), .node("Abs", ["x"], ["y"])])
        },
    ]

    private static let textual: [BadModel] = [
        BadModel("text that is no ONNX text", complaint: "bad.onnxtxt:1", file: "bad.onnxtxt") {
            Array("this is no model".utf8)
        },
        BadModel("text with an error in line 3", complaint: "bad.onnxtxt:3", file: "bad.onnxtxt") {
            Array(
                "<ir_version: 8, opset_import: [\"\" : 17]>\ng (float[2] x) => (float[2] y) {\n  y = Relu x)\n}\n".utf8)
        },
    ]
}

@Suite("Bad input gives one clear message, exit code 1, and no file")
struct BadInputTests {
    @Test("a bad model", arguments: BadModel.all)
    func model(_ bad: BadModel) throws {
        try withTemporaryFolder { folder in
            let file = folder.appendingPathComponent(bad.file)
            try Data(try bad.bytes()).write(to: file)
            for command in [
                ["profile", file.path, "--framework", "crypten", "--output", folder.path + "/out.txt"],
                ["render", file.path, "--output", folder.path + "/out.svg"],
            ] { try expectComplaint(command, about: bad.complaint, leaving: [bad.file], in: folder) }
        }
    }

    @Test("a file that is missing, or a folder", arguments: ["missing.onnx", "missing.onnxtxt", "."])
    func place(_ name: String) throws {
        try withTemporaryFolder { folder in
            let path = folder.appendingPathComponent(name).path
            try expectComplaint(["profile", path, "--framework", "crypten"], about: path, leaving: [], in: folder)
            try expectComplaint(["verify", path, path], about: path, leaving: [], in: folder)
        }
    }

    @Test("an output that cannot be written", arguments: ["", "no/such/folder/out"])
    func output(_ name: String) throws {
        try withTemporaryFolder { folder in
            let model = try Fixtures.path("models/minionn.onnx")
            let path = folder.path + "/" + name
            try expectComplaint(
                ["profile", model, "--framework", "crypten", "--output", path], about: folder.path, leaving: [],
                in: folder)
            try expectComplaint(
                ["render", model, "--output", path + ".svg/x.svg"], about: folder.path, leaving: [], in: folder)
        }
    }

    private func expectComplaint(
        _ arguments: [String], about complaint: String, leaving files: [String], in folder: URL,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let outcome = try Command.run(arguments)
        let lines = outcome.errors.split(separator: "\n")
        #expect(outcome.status == 1, "\(outcome.errors)", sourceLocation: sourceLocation)
        #expect(outcome.output.isEmpty, sourceLocation: sourceLocation)
        #expect(lines.count == 1, "\(outcome.errors)", sourceLocation: sourceLocation)
        #expect(outcome.errors.hasPrefix("harrier: "), sourceLocation: sourceLocation)
        #expect(outcome.errors.contains(complaint), "\(outcome.errors)", sourceLocation: sourceLocation)
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(left.sorted() == files, sourceLocation: sourceLocation)
    }
}
