import Evaluate
import Foundation
import IR

extension Samples {
    /// The samples in a file for a model's inputs: an archive with an array for each input, by the inputs' names, or (for a model
    /// of one input) a single array. The first axis of an array counts the samples; behind it comes the shape of the input, whose
    /// own first axis may be missing if it is 1.
    ///
    /// - Parameter limit: how many samples to take at most, the first ones.
    /// - Throws: ``HarrierError`` if the file cannot be read, or does not fit the model's inputs.
    public static func read(_ path: String, for graph: Graph, limit: Int) throws -> Samples {
        var arrays: [String: NumericArray]
        if path.lowercased().hasSuffix(".npy") {
            guard let data = FileManager.default.contents(atPath: path) else {
                throw HarrierError("cannot be read", file: path)
            }
            do { arrays = ["": try NPYArray.read(Array(data))] } catch let error as HarrierError {
                throw error.inFile(path)
            }
        } else {
            arrays = try NPZArchive.read(path)
        }
        if graph.inputs.count == 1, arrays.count == 1, let only = arrays.values.first {
            arrays = [graph[graph.inputs[0]].name: only]
        }
        var columns: [String: [NumericArray]] = [:]
        for id in graph.inputs {
            let value = graph[id]
            guard let array = arrays[value.name] else {
                throw HarrierError(
                    "has no array for the input '\(value.name)'", file: path,
                    hint: "it has \(arrays.keys.sorted().joined(separator: ", "))")
            }
            do { columns[value.name] = try rows(of: array, for: value, limit: limit) } catch let error as HarrierError {
                throw error.at("array '\(value.name)'").inFile(path)
            }
        }
        let counts = Set(columns.values.map(\.count))
        guard let count = counts.first, counts.count == 1, count > 0 else {
            throw HarrierError("has arrays of different numbers of samples, or none", file: path)
        }
        let inputs = (0..<count).map { index in columns.mapValues { $0[index] } }
        return Samples(inputs: inputs, isSynthetic: false, origin: "\(count) samples of \(path)")
    }

    /// The samples of one array.
    private static func rows(of array: NumericArray, for value: Value, limit: Int) throws -> [NumericArray] {
        guard let type = value.type, let shape = type.lengths else {
            throw HarrierError("the input's shape is open", hint: "set it with --dim NAME=VALUE")
        }
        let isWithoutBatch = shape.first == 1 && Array(array.shape.dropFirst()) == Array(shape.dropFirst())
        guard isWithoutBatch || Array(array.shape.dropFirst()) == shape, let count = array.shape.first else {
            throw HarrierError(
                "shape \(array.shape) holds no samples of shape \(shape)",
                hint: "the first axis counts the samples, the others are the input's")
        }
        let size = shape.reduce(1, *)
        let taken = min(count, max(1, limit))
        if type.elementType.isFloatingPoint {
            let numbers = try array.doubles()
            return try (0..<taken).map {
                try NumericArray(
                    Array(numbers[($0 * size)..<(($0 + 1) * size)]), shape: shape, elementType: type.elementType)
            }
        }
        let numbers = try array.integers()
        return try (0..<taken).map {
            try NumericArray(
                type.elementType, shape: shape, storage: .integers(Array(numbers[($0 * size)..<(($0 + 1) * size)])))
        }
    }

    /// Writes the samples as an archive that ``read(_:for:limit:)`` takes.
    ///
    /// - Throws: ``HarrierError`` if it cannot be written.
    public func write(to path: String) throws {
        guard let first = inputs.first else { return }
        var arrays: [String: NumericArray] = [:]
        for (name, array) in first {
            let shape = [inputs.count] + array.shape
            if array.elementType.isFloatingPoint {
                let numbers = try inputs.flatMap { try $0[name]?.doubles() ?? [] }
                arrays[name] = try NumericArray(numbers, shape: shape, elementType: array.elementType)
            } else {
                let numbers = try inputs.flatMap { try $0[name]?.integers() ?? [] }
                arrays[name] = try NumericArray(array.elementType, shape: shape, storage: .integers(numbers))
            }
        }
        try NPZArchive.write(arrays, to: path)
    }
}
