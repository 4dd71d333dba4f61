import Foundation
import IR

/// Normalizations, and softmax and its kin, which normalize rows.
let normalizationKernels: [KernelRow] = [
    KernelRow(outputs: "BatchNormalization") { call in
        if try call.node.flag("training_mode") { return try trainingBatchNormalization(call) }
        let moments = (try call.doubles(3), try call.doubles(4))
        if case .floats = try call.input(0).storage { return [try batchNormalization(call, moments, Float.self)] }
        return [try batchNormalization(call, moments, Double.self)]
    },
    KernelRow(outputs: "LayerNormalization", layerNormalization),
    KernelRow("InstanceNormalization") { call in
        let input = try call.input(0)
        guard input.rank >= 3 else { throw HarrierError("InstanceNormalization needs an input of rank 3 or more") }
        return try normalizeGroups(call, groups: input.shape[1])
    },
    KernelRow("GroupNormalization") { call in
        try normalizeGroups(call, groups: call.node.int("num_groups"))
    },
    KernelRow("Softmax") { try $0.mapRows(softmax) },
    KernelRow("LogSoftmax") { call in
        try call.mapRows { source, target in
            let total = logSumExp(source)
            for i in source.indices { target[i] = source[i] - total }
        }
    },
    KernelRow("Hardmax") { call in
        try call.mapRows { source, target in
            if let largest = source.max(), let place = source.firstIndex(of: largest) { target[place] = 1 }
        }
    },
    KernelRow("LpNormalization") { call in
        let p = try call.node.int("p")
        guard p == 1 || p == 2 else { throw HarrierError("LpNormalization knows p of 1 and 2, not \(p)") }
        return try call.mapRows { source, target in
            let norm = p == 1 ? source.reduce(0) { $0 + abs($1) } : source.reduce(0) { $0 + $1 * $1 }.squareRoot()
            for i in source.indices { target[i] = norm == 0 ? 0 : source[i] / norm }
        }
    },
    KernelRow("MeanVarianceNormalization") { call in
        let input = try call.input(0)
        let axes = try normalizedAxes(try call.node.ints("axes"), rank: input.rank)
        return try Rows(input, axes: axes).map { _, source, target in
            let moments = Moments(source)
            for i in source.indices { target[i] = (source[i] - moments.mean) / (moments.variance.squareRoot() + 1e-9) }
        }
    },
    KernelRow("LRN", localResponse),
]

/// Exponentials divided by their sum, shifted by the largest term so that nothing overflows.
func softmax(_ source: UnsafeBufferPointer<Double>, _ target: UnsafeMutableBufferPointer<Double>) {
    let largest = source.max() ?? 0
    var sum = 0.0
    for i in source.indices {
        target[i] = exp(source[i] - largest)
        sum += target[i]
    }
    for i in source.indices { target[i] /= sum }
}

/// Mean and (biased) variance of a row, in two passes.
struct Moments {
    let mean: Double
    let variance: Double

    init(_ row: UnsafeBufferPointer<Double>) {
        let count = Double(row.count)
        let mean = row.reduce(0, +) / count
        self.mean = mean
        variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    }
}

extension Call {
    /// Every row along the node's axis (the last by default) replaced by another.
    @inline(__always)
    fileprivate func mapRows(
        _ body: (UnsafeBufferPointer<Double>, UnsafeMutableBufferPointer<Double>) -> Void
    ) throws -> NumericArray {
        let input = try input(0)
        let axis = try axis(node.int("axis"), rank: input.rank)
        return try Rows(input, axes: [axis]).map { _, source, target in body(source, target) }
    }

    /// The elements of an operand that has one for each channel.
    func perChannel(_ index: Int, _ count: Int) throws -> [Double] {
        let values = try doubles(index)
        guard values.count == count else {
            throw HarrierError("input \(index) of \(node.op) must have \(count) elements, not \(values.count)")
        }
        return values
    }
}

/// On the batch's own moments. Outputs: the normalized input, and the new running mean and variance.
private func trainingBatchNormalization(_ call: Call) throws -> [NumericArray?] {
    let input = try call.input(0)
    guard input.rank >= 2 else { throw HarrierError("BatchNormalization of an input of shape \(input.shape)") }
    let momentum = try call.double("momentum")
    let rows = try Rows(input, axes: input.shape.indices.filter { $0 != 1 })
    let moments = (try rows.reduce { Moments($0).mean }, try rows.reduce { Moments($0).variance })
    let channels = input.shape[1]
    func running(_ index: Int, _ current: [Double]) throws -> NumericArray {
        let values = zip(try call.perChannel(index, channels), current).map { momentum * $0 + (1 - momentum) * $1 }
        return try call.result(values, shape: [channels], type: try call.input(index).elementType)
    }
    return [
        try batchNormalization(call, moments, Double.self), try running(3, moments.0), try running(4, moments.1),
    ]
}

private func batchNormalization<R: Real>(
    _ call: Call, _ moments: (mean: [Double], variance: [Double]), _: R.Type
) throws -> NumericArray {
    let input = try call.input(0)
    guard input.rank >= 1 else { throw HarrierError("BatchNormalization of a scalar") }
    let channels = input.rank == 1 ? 1 : input.shape[1]
    let epsilon = try call.double("epsilon")
    let (scale, bias) = (try call.perChannel(1, channels), try call.perChannel(2, channels))
    guard moments.mean.count == channels, moments.variance.count == channels else {
        throw HarrierError("moments of BatchNormalization that do not fit its \(channels) channels")
    }
    let factors = zip(scale, moments.variance).map { $0 / ($1 + epsilon).squareRoot() }
    let offsets = (0..<channels).map { bias[$0] - moments.mean[$0] * factors[$0] }
    let plane = input.rank == 1 ? 1 : input.shape.dropFirst(2).reduce(1, *)
    let x = try R.elements(of: input)
    let values = x.withUnsafeBufferPointer { x in
        [R](unsafeUninitializedCapacity: x.count) { y, filled in
            filled = x.count
            guard plane > 0 else { return }
            for row in 0..<x.count / plane {
                let (factor, offset) = (R(factors[row % channels]), R(offsets[row % channels]))
                for i in row * plane..<(row + 1) * plane { y.initializeElement(at: i, to: x[i] * factor + offset) }
            }
        }
    }
    return NumericArray(unchecked: input.elementType, input.shape, R.storage(values))
}

/// Outputs: the normalized input, and the mean and inverse standard deviation of each row.
private func layerNormalization(_ call: Call) throws -> [NumericArray?] {
    let input = try call.input(0)
    let axis = try call.axis(call.node.int("axis"), rank: input.rank)
    let epsilon = try call.double("epsilon")
    let rowShape = Array(input.shape[axis...])
    // onnxruntime takes factors that differ from row to row, too.
    let factors = try [call.input(1), call.optional(2)].map { factor in
        try factor.map { try $0.broadcast(to: $0.rank > rowShape.count ? input.shape : rowShape).doubles() }
    }
    let rows = try Rows(input, axes: Array(axis..<input.rank))
    var (means, deviations) = ([Double](), [Double]())
    let normalized = try rows.map { row, source, target in
        func factor(_ position: Int, _ place: Int) -> Double? {
            factors[position].map { $0.count == source.count ? $0[place] : $0[row * source.count + place] }
        }
        let moments = Moments(source)
        let inverse = 1 / (moments.variance + epsilon).squareRoot()
        for i in source.indices {
            target[i] = (source[i] - moments.mean) * inverse * (factor(0, i) ?? 1) + (factor(1, i) ?? 0)
        }
        means.append(moments.mean)
        deviations.append(inverse)
    }
    let shape = rows.outerShape + Array(repeating: 1, count: rowShape.count)
    let type = ElementType(rawValue: try call.node.int("stash_type")) ?? .float32
    return [
        normalized, try call.wants(1) ? call.result(means, shape: shape, type: type) : nil,
        try call.wants(2) ? call.result(deviations, shape: shape, type: type) : nil,
    ]
}

/// Normalizes groups of channels of each image, then scales and shifts each channel.
private func normalizeGroups(_ call: Call, groups: Int) throws -> NumericArray {
    let input = try call.input(0)
    guard input.rank >= 2, groups > 0, input.shape[1] % groups == 0 else {
        throw HarrierError("\(groups) groups do not divide the channels of an input of shape \(input.shape)")
    }
    let channels = input.shape[1]
    let epsilon = try call.double("epsilon")
    let (scale, bias) = (try call.perChannel(1, channels), try call.perChannel(2, channels))
    let plane = input.shape.dropFirst(2).reduce(1, *)
    let grouped = try input.reshaped([input.shape[0], groups, channels / groups * plane])
    return try Rows(grouped, axes: [2]).map { row, source, target in
        let moments = Moments(source)
        let inverse = 1 / (moments.variance + epsilon).squareRoot()
        for i in source.indices {
            let channel = row % groups * (channels / groups) + i / plane
            target[i] = (source[i] - moments.mean) * inverse * scale[channel] + bias[channel]
        }
    }.reshaped(input.shape)
}

private func localResponse(_ call: Call) throws -> NumericArray {
    let input = try call.input(0)
    guard input.rank >= 2, case let size = try call.node.int("size"), size > 0 else {
        throw HarrierError("LRN needs a positive attribute 'size' and an input of rank 2 or more")
    }
    let alpha = try call.double("alpha") / Double(size)
    let (beta, bias) = (try call.double("beta"), try call.double("bias"))
    return try Rows(input, axes: [1]).map { _, source, target in
        for i in source.indices {
            let low = max(0, i - (size - 1) / 2)
            let high = min(source.count - 1, i + size / 2)
            let squares = source[low...high].reduce(0) { $0 + $1 * $1 }
            target[i] = source[i] / power(bias + alpha * squares, beta)
        }
    }
}
