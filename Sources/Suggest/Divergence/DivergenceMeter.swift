import Evaluate
import IR

/// Runs variants of a model on samples and compares what comes out.
///
/// The model itself is run once, and what it computes on the way is kept: of a variant that was made by substitutions in the same graph
/// only those nodes run that depend on a changed one.
package struct DivergenceMeter: Sendable {
    private let graph: Graph
    private let samples: Samples
    private let constants: [String: NumericArray]
    /// Every value of the model by sample and ``ValueID/index``; nothing where that would take too much memory.
    private let values: [[NumericArray?]]
    private let outputs: [[String: NumericArray]]
    private let classOutputs: Set<String>

    /// Memory for values of the model on all samples, in 64-bit elements.
    private static let mostKeptElements = 1 << 27

    /// Runs the model on the samples.
    ///
    /// - Throws: ``HarrierError`` naming the node that cannot run, or a constant whose data is missing.
    package init(_ graph: Graph, samples: Samples) throws {
        self.graph = graph
        self.samples = samples
        constants = try graph.decodedConstants()
        classOutputs = Set(
            graph.outputs.compactMap { id in
                let name = graph[id].name
                let isRow = graph[id].type?.lengths?.count == 2
                return isRow || name.lowercased().contains("logits") ? name : nil
            })
        let perSample = graph.values.reduce(0) { $0 + ($1.constant == nil ? $1.type?.lengths?.reduce(1, *) ?? 0 : 0) }
        let keepsValues = perSample <= Self.mostKeptElements / max(1, samples.inputs.count)
        let constants = constants
        let runs = samples.inputs.parallelMap { inputs in
            Result { try Self.run(graph, inputs, constants, keepsValues: keepsValues) }
        }
        let results = try runs.map { try $0.get() }
        values = results.map(\.values)
        outputs = results.map(\.outputs)
    }

    /// Whether the model's own outputs are finite numbers.
    package var isFinite: Bool {
        outputs.allSatisfy {
            $0.values.allSatisfy { output in (try? output.doubles())?.allSatisfy(\.isFinite) ?? true }
        }
    }

    private static func run(
        _ graph: Graph, _ inputs: [String: NumericArray], _ constants: [String: NumericArray], keepsValues: Bool
    ) throws -> (values: [NumericArray?], outputs: [String: NumericArray]) {
        var values = [NumericArray?](repeating: nil, count: keepsValues ? graph.values.count : 0)
        let outputs = try Interpreter().run(graph, inputs: inputs, constants: { constants[$0.name] }) { id, array in
            if keepsValues { values[id.index] = array }
            return nil
        }
        if keepsValues { for id in graph.inputs { values[id.index] = inputs[graph[id].name] } }
        return (values, outputs)
    }

    /// The divergence of a variant whose values have the numbers of the model's as far as they are the same.
    ///
    /// - Throws: ``HarrierError`` naming the node that cannot run.
    package func divergence(ofSubstituted variant: Graph) throws -> Divergence {
        guard let part = ChangedPart(of: variant, from: graph), !values.contains(where: \.isEmpty) else {
            return try divergence(of: variant)
        }
        let kept = part.graph
        let constants = try constants.merging(kept.decodedConstants(except: constants)) { first, _ in first }
        let parts = samples.inputs.indices.map { $0 }.parallelMap { sample in
            Result {
                var inputs: [String: NumericArray] = [:]
                for id in kept.inputs { inputs[kept[id].name] = values[sample][id.index] }
                let found = try Interpreter().run(kept, inputs: inputs, constants: { constants[$0.name] })
                return try self.sums(sample, outputs[sample].merging(found) { $1 })
            }
        }
        return try parts.map { try $0.get() }.reduce(DivergenceSums(), +).divergence
    }

    /// The divergence of any graph with the model's inputs and outputs.
    ///
    /// - Throws: ``HarrierError`` naming the node that cannot run.
    package func divergence(of variant: Graph) throws -> Divergence {
        let constants = try variant.decodedConstants()
        let parts = samples.inputs.indices.map { $0 }.parallelMap { sample in
            Result {
                try self.sums(
                    sample,
                    try Interpreter().run(variant, inputs: samples.inputs[sample], constants: { constants[$0.name] }))
            }
        }
        return try parts.map { try $0.get() }.reduce(DivergenceSums(), +).divergence
    }

    /// How much each channel of a value changes if it is computed otherwise, summed over the samples: squares of differences.
    ///
    /// - Parameters:
    ///   - value: a value of the model with channels along axis 1.
    ///   - replacement: computes it otherwise, as its only output.
    ///   - operands: the model's value for each input of the replacement, by name.
    /// - Returns: nil if the model's values were not kept.
    /// - Throws: ``HarrierError`` if the replacement cannot run.
    func channelChanges(
        of value: ValueID, by replacement: Graph, operands: [String: ValueID]
    ) throws -> [Double]? {
        guard let shape = graph[value].type?.lengths, shape.count > 1, !values.contains(where: \.isEmpty) else {
            return nil
        }
        var result = [Double](repeating: 0, count: shape[1])
        let inner = shape.dropFirst(2).reduce(1, *)
        for sample in values {
            var inputs: [String: NumericArray] = [:]
            for (name, id) in operands { inputs[name] = sample[id.index] }
            let found = try Interpreter().run(
                replacement, inputs: inputs,
                constants: { constants[operands[$0.name].map { graph[$0].name } ?? $0.name] })
            guard let old = try sample[value.index]?.doubles(), let new = try found.values.first?.doubles(),
                old.count == new.count, inner > 0
            else { return nil }
            for index in old.indices {
                result[index / inner % shape[1]] += (new[index] - old[index]) * (new[index] - old[index])
            }
        }
        return result
    }

    private func sums(_ sample: Int, _ found: [String: NumericArray]) throws -> DivergenceSums {
        var sums = DivergenceSums()
        sums.addSample()
        for (name, original) in outputs[sample].sorted(by: { $0.key < $1.key }) {
            guard let variant = found[name] else { throw HarrierError("the variant has no output '\(name)'") }
            try sums.add(original, variant, areClasses: classOutputs.contains(name))
        }
        return sums
    }
}

extension Graph {
    /// The graph's constants as arrays, by name.
    ///
    /// - Parameter known: constants that need not be decoded.
    /// - Throws: ``HarrierError`` naming one whose data is missing.
    func decodedConstants(except known: [String: NumericArray] = [:]) throws -> [String: NumericArray] {
        var result: [String: NumericArray] = [:]
        for value in values {
            guard let tensor = value.constant?.tensor, known[value.name] == nil, tensor.elementType != .string else {
                continue
            }
            do { result[value.name] = try NumericArray(tensor) } catch let error as HarrierError {
                throw error.at("constant '\(value.name)'")
            }
        }
        return result
    }
}
