import IR

extension OperatorChange {
    /// Normalizations.
    static let normalizationChanges: [OperatorChange] = [
        OperatorChange(["BatchNormalization"], in: 9) { conversion in
            guard try conversion.former("spatial", default: 1) == 1 else {
                throw conversion.cannotRead("with statistics for every place (spatial = 0)")
            }
            conversion.node.attributes["spatial"] = nil
        } downgrade: { _ in
        },
        OperatorChange(["BatchNormalization"], in: 14) { conversion in
            guard conversion.node.outputs.count == 1 else { throw conversion.cannotRead("with outputs for training") }
        } downgrade: { conversion in
            guard try !conversion.node.flag("training_mode") else {
                throw conversion.cannotGoBack("is in training mode")
            }
            conversion.node.attributes["training_mode"] = nil
        },
        OperatorChange(["GroupNormalization"], in: 21, needsTypes: true, upgrade: repeatForChannels),
    ]

    /// Before 21 scale and bias had one element for each group, now one for each channel.
    private static func repeatForChannels(_ conversion: inout OpsetConversion) throws {
        let groups = try conversion.node.int("num_groups")
        guard let shape = conversion.type(0)?.shape, shape.count > 1, let channels = shape[1].value, groups > 0,
            channels % groups == 0
        else { throw conversion.cannotRead("on an unknown number of channels") }
        for (position, name) in [(1, "scale"), (2, "bias")] {
            guard let operand = conversion.node.input(position) else { continue }
            let column = conversion.insertBefore(
                "Reshape", [operand, conversion.literal(Tensor(int64: [groups, 1]), named: "\(name)_column_shape")],
                named: "\(name)_column")
            let each = conversion.literal(Tensor(int64: [groups, channels / groups]), named: "\(name)_group_shape")
            let repeated = conversion.insertBefore("Expand", [column, each], named: "\(name)_repeated")
            let all = conversion.literal(Tensor(int64: [channels]), named: "\(name)_channel_shape")
            conversion.setInput(
                position, conversion.insertBefore("Reshape", [repeated, all], named: "\(name)_by_channel"))
        }
    }
}
