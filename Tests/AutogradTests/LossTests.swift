import Autograd
import Evaluate
import Foundation
import IR
import Testing

@Suite struct LossTests {
    struct Case: Decodable {
        let loss: String
        let form: String
        let reduction: String
        let shape: [Int]
        let targetShape: [Int]
        let prediction: [Double]
        let target: [Double]
        let value: [Double]
        let gradient: [Double]
    }

    /// A graph that computes a loss and its gradient.
    private func graph(_ row: Case, _ style: GradientStyle) throws -> Graph {
        let loss = try Losses.named(row.loss)
        let form = try #require(Loss.TargetForm(rawValue: row.form))
        let builder = GraphBuilder(evaluator: Interpreter())
        let prediction = try builder.input("prediction", TensorType(.float64, lengths: row.shape))
        let type = try loss.targetType(for: prediction, form: form)
        #expect(type.lengths == row.targetShape)
        let target = try builder.input("target", type)
        let written = try loss.written(
            prediction: prediction, target: target,
            reduction: try #require(Loss.Reduction(rawValue: row.reduction)), style: style)
        return try builder.graph(outputs: [("value", written.value), ("gradient", try written.gradient())])
    }

    @Test("values and gradients are PyTorch's, in every reduction and form", arguments: GradientStyle.allCases)
    func agreesWithPyTorch(style: GradientStyle) throws {
        let cases = try TrainingFixture<Case>("losses").cases
        var worst: [String: Double] = [:]
        for row in cases {
            let integers = row.form == "indices" ? ["target": row.target.map { Int($0) }] : [:]
            var doubles = ["prediction": row.prediction]
            if integers.isEmpty { doubles["target"] = row.target }
            let outputs = try Interpreter().run(try graph(row, style), doubles: doubles, integers: integers)
            let found = (try #require(outputs["value"]), try #require(outputs["gradient"]))
            let miss = max(error(found.0, row.value), error(found.1, row.gradient))
            worst[row.loss] = max(worst[row.loss] ?? 0, miss)
            #expect(miss < 1e-10, "\(row.loss) \(row.form) \(row.reduction) \(row.shape)")
        }
        print("losses, style \(style), \(cases.count) cases: largest error")
        for (name, miss) in worst.sorted(by: { $0.key < $1.key }) { print("  \(name) \(miss)") }
        #expect(Set(worst.keys) == Set(Losses.names))
    }

    @Test("one-hot rows are targets of nll_loss, too")
    func oneHotTargets() throws {
        let cases = try TrainingFixture<Case>("losses").cases
        let row = try #require(cases.first { $0.loss == "nll_loss" && $0.shape.count == 2 })
        let classes = row.shape[1]
        let oneHot = row.target.flatMap { index in (0..<classes).map { Double($0) == index ? 1.0 : 0 } }
        let graph = try graph(
            Case(
                loss: row.loss, form: "values", reduction: row.reduction, shape: row.shape, targetShape: row.shape,
                prediction: [], target: [], value: [], gradient: []), .harrier)
        let outputs = try Interpreter().run(graph, doubles: ["prediction": row.prediction, "target": oneHot])
        #expect(error(try #require(outputs["value"]), row.value) < 1e-10)
        #expect(error(try #require(outputs["gradient"]), row.gradient) < 1e-10)
    }

    @Test("a target of 0 adds nothing to kl_div")
    func targetOfZero() throws {
        let row = Case(
            loss: "kl_div", form: "values", reduction: "sum", shape: [1, 3], targetShape: [1, 3], prediction: [],
            target: [],
            value: [], gradient: [])
        let outputs = try Interpreter().run(
            try graph(row, .harrier), doubles: ["prediction": [-1, -2, -0.5], "target": [0, 0.5, 0.5]])
        #expect(error(try #require(outputs["value"]), [log(0.5) + 1.25]) < 1e-12)
        #expect(error(try #require(outputs["gradient"]), [0, -0.5, -0.5]) < 1e-12)
    }

    @Test(
        "losses have PyTorch's names and short ones",
        arguments: [
            ("ce", "cross_entropy"), ("MSE", "mse_loss"), ("bce-with-logits", "binary_cross_entropy_with_logits"),
            ("KLDivLoss", "kl_div"), ("l1_loss", "l1_loss"),
        ])
    func names(name: String, full: String) throws {
        #expect(try Losses.named(name).name == full)
    }

    @Test("an unknown loss is answered with the known ones")
    func unknown() {
        let error = #expect(throws: HarrierError.self) { try Losses.named("hinge") }
        #expect(error?.description.contains("'hinge'") == true)
        #expect(error?.hint?.contains("cross_entropy") == true)
    }

    @Test("what does not fit is named with its shape")
    func shapes() throws {
        let builder = GraphBuilder()
        let logits = try builder.input("logits", TensorType(.float32, lengths: [32, 10]))
        let labels = try builder.input("labels", TensorType(.float32, lengths: [32]))
        let scalar = try builder.input("score", TensorType(.float32, []))
        let indices = try builder.input("indices", TensorType(.int64, lengths: [32, 10]))
        let error = #expect(throws: HarrierError.self) {
            try Losses.named("mse").written(prediction: logits, target: labels)
        }
        for part in ["mse_loss", "'logits'", "[32,10]", "'labels'", "[32]"] {
            #expect(error?.description.replacing(", ", with: ",").contains(part) == true, "\(error?.description ?? "")")
        }
        #expect(throws: HarrierError.self) { try Losses.named("ce").written(prediction: logits, target: indices) }
        #expect(throws: HarrierError.self) { try Losses.named("ce").targetType(for: scalar, form: .values) }
        #expect(throws: HarrierError.self) { try Losses.named("mse").targetType(for: logits, form: .indices) }
        #expect(throws: HarrierError.self) { try Losses.named("mse").targetType(for: indices, form: .values) }
    }
}
