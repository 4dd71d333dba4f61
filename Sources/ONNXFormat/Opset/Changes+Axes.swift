import IR

extension OperatorChange {
    /// Operators whose axes, lengths or counts were attributes and became inputs.
    static let axesChanges: [OperatorChange] = [
        .moved("axes", toInput: 1, of: ["Squeeze", "Unsqueeze", "ReduceSum"], in: 13),
        .added("noop_with_empty_axes", to: ["ReduceSum"], in: 13),
        .moved("axes", toInput: 1, of: reductions, in: 18),
        .added("noop_with_empty_axes", to: reductions, in: 18),
        .moved("split", toInput: 1, of: ["Split"], in: 13),
        OperatorChange(["Split"], in: 18, upgrade: sayNumberOfParts, downgrade: makeEqualParts),
        OperatorChange(["DFT"], in: 20, upgrade: moveTransformAxis, downgrade: takeTransformAxis),
        OperatorChange(["Slice"], in: 10, upgrade: moveSliceBounds, downgrade: takeSliceBounds),
        OperatorChange(["TopK"], in: 10, upgrade: moveTopCount),
    ]

    /// The reductions that changed later than ReduceSum.
    private static let reductions = OperatorTable.operators(with: .reduction).map(\.type).filter { $0 != "ReduceSum" }

    /// Before 18 a Split without lengths made as many equal parts as it has outputs.
    private static func sayNumberOfParts(_ conversion: inout OpsetConversion) {
        guard conversion.node.input(1) == nil else { return }
        conversion.node.attributes["num_outputs"] = .int(conversion.node.outputs.count)
    }

    /// Since 18 the last part may be shorter; then the lengths are written out.
    private static func makeEqualParts(_ conversion: inout OpsetConversion) throws {
        guard let count = try conversion.node.optionalInt("num_outputs") else { return }
        conversion.node.attributes["num_outputs"] = nil
        let axis = try conversion.node.int("axis")
        guard count > 0, count == conversion.node.outputs.count, let shape = conversion.type(0)?.shape,
            let place = normalized(axis, rank: shape.count), let length = shape[place].value, length > 0
        else { throw conversion.cannotGoBack("splits a length that is not known") }
        if length % count == 0 { return }
        let part = length / count + 1
        guard part * (count - 1) <= length else { throw conversion.cannotGoBack("makes empty parts") }
        let parts = Array(repeating: part, count: count - 1) + [length - part * (count - 1)]
        conversion.setInput(1, literal: Tensor(int64: parts), named: "split")
    }

    private static func moveTransformAxis(_ conversion: inout OpsetConversion) throws {
        let axis = try conversion.former("axis", default: 1)
        conversion.node.attributes["axis"] = nil
        conversion.setInput(2, literal: Tensor(int64: [axis], shape: []), named: "axis")
    }

    private static func takeTransformAxis(_ conversion: inout OpsetConversion) throws {
        conversion.node.attributes["axis"] = .int(try conversion.takeIntegers(2, called: "axis")?.first ?? -2)
    }

    private static func moveSliceBounds(_ conversion: inout OpsetConversion) throws {
        for (position, name) in ["starts", "ends", "axes"].enumerated() {
            guard let values = try conversion.node.optionalInts(name) else { continue }
            conversion.node.attributes[name] = nil
            conversion.setInput(position + 1, literal: Tensor(int64: values), named: name)
        }
    }

    private static func takeSliceBounds(_ conversion: inout OpsetConversion) throws {
        let steps = try conversion.takeIntegers(4, called: "steps") ?? []
        guard steps.allSatisfy({ $0 == 1 }) else { throw conversion.cannotGoBack("has steps") }
        for (position, name) in [(3, "axes"), (2, "ends"), (1, "starts")] {
            guard let values = try conversion.takeIntegers(position, called: name) else { continue }
            guard name != "axes" || values.allSatisfy({ $0 >= 0 }) else {
                throw conversion.cannotGoBack("counts axes from the end")
            }
            conversion.node.attributes[name] = .ints(values)
        }
    }

    private static func moveTopCount(_ conversion: inout OpsetConversion) throws {
        let count = try conversion.node.int("k")
        conversion.node.attributes["k"] = nil
        conversion.setInput(1, literal: Tensor(int64: [count]), named: "k")
    }

    /// An axis counted from the front; nil if there is no such axis.
    static func normalized(_ axis: Int, rank: Int) -> Int? {
        guard axis >= -rank, axis < rank else { return nil }
        return axis < 0 ? axis + rank : axis
    }
}
