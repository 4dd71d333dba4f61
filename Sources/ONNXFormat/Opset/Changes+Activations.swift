import IR

extension OperatorChange {
    /// Softmax and its kin, Clip, Dropout.
    static let activationChanges: [OperatorChange] = [
        OperatorChange(
            ["Softmax", "LogSoftmax", "Hardmax"], in: 13, needsTypes: true, upgrade: flattenBehindAxis,
            downgrade: useLastAxis),
        OperatorChange(["Clip"], in: 11, needsTypes: true, upgrade: moveBounds, downgrade: takeBounds),
        OperatorChange(["Dropout"], in: 12, upgrade: moveRatio, downgrade: takeRatio),
    ]

    /// Before 13 all axes from `axis` (default 1) on counted as one. Where that is more than the last, the operand is made
    /// a matrix and the result brought back to its shape.
    private static func flattenBehindAxis(_ conversion: inout OpsetConversion) throws {
        let axis = try conversion.former("axis", default: 1)
        conversion.node.attributes["axis"] = .int(-1)
        if axis == -1 { return }
        if let shape = conversion.type(0)?.shape {
            guard let place = normalized(axis, rank: shape.count) else {
                throw HarrierError("\(conversion.node.op) has an axis \(axis), but its input has rank \(shape.count)")
            }
            if place == shape.count - 1 { return }
            if shape[(place + 1)...].allSatisfy({ $0 == .known(1) }) {
                conversion.node.attributes["axis"] = .int(place)
                return
            }
        }
        guard let input = conversion.node.input(0) else { return }
        let shape = conversion.insertBefore("Shape", [input], named: "shape")
        let matrix = conversion.insertBefore("Flatten", [input], ["axis": .int(axis)], named: "matrix")
        conversion.setInput(0, matrix)
        conversion.insertAfter("Reshape", named: "rows") { [$0, shape] }
    }

    private static func useLastAxis(_ conversion: inout OpsetConversion) throws {
        let axis = try conversion.node.int("axis")
        conversion.node.attributes["axis"] = .int(axis)
        if axis == -1 { return }
        guard let shape = conversion.type(0)?.shape, let place = normalized(axis, rank: shape.count),
            shape[(place + 1)...].allSatisfy({ $0 == .known(1) })
        else { throw conversion.cannotGoBack("works on axis \(axis), which may not be the last") }
    }

    private static func moveBounds(_ conversion: inout OpsetConversion) throws {
        for (position, name) in ["min", "max"].enumerated() {
            guard let bound = try conversion.node.optionalFloat(name) else { continue }
            conversion.node.attributes[name] = nil
            if abs(bound) == .greatestFiniteMagnitude { continue }
            conversion.setInput(position + 1, literal: try conversion.scalar(bound), named: name)
        }
    }

    private static func takeBounds(_ conversion: inout OpsetConversion) throws {
        guard conversion.elementType.isFloatingPoint else { throw conversion.cannotGoBack("clips integers") }
        for (position, name) in [(2, "max"), (1, "min")] {
            guard let bound = try conversion.takeNumber(position, called: name) else { continue }
            conversion.node.attributes[name] = .float(Float(bound))
        }
    }

    private static func moveRatio(_ conversion: inout OpsetConversion) throws {
        guard let ratio = try conversion.node.optionalFloat("ratio") else { return }
        conversion.node.attributes["ratio"] = nil
        conversion.setInput(1, literal: Tensor(float32: [ratio], shape: []), named: "ratio")
    }

    /// Before 12 there was no training mode.
    private static func takeRatio(_ conversion: inout OpsetConversion) throws {
        if try conversion.takeNumber(2, called: "training_mode") ?? 0 != 0 {
            throw conversion.cannotGoBack("is in training mode")
        }
        conversion.node.attributes["seed"] = nil
        if let ratio = try conversion.takeNumber(1, called: "ratio") {
            conversion.node.attributes["ratio"] = .float(Float(ratio))
        }
    }
}

extension OpsetConversion {
    /// A number as a tensor of the first input's element type.
    func scalar(_ number: Float) throws -> Tensor {
        switch elementType {
        case .float64: Tensor(float64: [Double(number)], shape: [])
        case .float32: Tensor(float32: [number], shape: [])
        default: throw cannotRead("on elements of type \(elementType.onnxName)")
        }
    }
}
