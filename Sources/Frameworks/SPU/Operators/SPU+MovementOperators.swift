import IR
import Pricing

extension SPU {
    /// Operators that only move shares about. Where public elements join secret ones, they are made secrets.
    static let movementRows: [Row] = [
        Row(all: .dataMovement, .generator, .shapeQuery, without: [.indexed, .overwriting]) { $0.price([]) },
        Row("CumSum") { $0.price([]) },
        Row("Concat") { operation in
            let operands = try operation.site.inputs.indices.map { try operation.value($0) }
            guard operands.contains(where: { !$0.isPublic }) else { return operation.price([]) }
            // Bits stay bits among themselves.
            guard operands.contains(where: { $0.share != operands[0].share }) else { return operation.price([]) }
            return try operation.price { hal in
                for operand in operands { _ = operand.isPublic ? hal.share(operand) : hal.toArithmetic(operand) }
            }
        },
        Row("Pad") { operation in
            let mode = try operation.node.string("mode")
            guard mode == "constant", operation.isSecret(0) else { return operation.price([]) }
            return try operation.price { hal in _ = hal.share(hal.plain(1)) }
        },
        Row("Dropout") { operation in
            guard operation.isSecret(0), operation.number(2) == 1 else { return operation.price([]) }
            // The mask comes from a common seed.
            return try operation.unary { hal, x in _ = hal.fmul(x, hal.plain(x.count)) }
        },
    ]

    /// Selection by indices.
    static let selectionRows: [Row] = [
        Row(all: .indexed) { try $0.movementByIndex() },
        Row("Gather") { operation in
            guard operation.isSecret(1) else { return operation.price([]) }
            let table = try operation.extent(0)
            let (places, axis) = (try operation.extent(1).count, try operation.node.int("axis"))
            guard (-table.rank..<table.rank).contains(axis) else { throw Unpriced("its axis is out of range") }
            return try operation.price { hal in
                hal.gather(
                    places, from: table, isSecret: operation.isSecret(0), axis: axis < 0 ? axis + table.rank : axis)
            }
        },
        Row("OneHot") { operation in
            guard operation.isSecret(0) else { return operation.price([]) }
            let count = try operation.resultCount()
            let place = try operation.value(0, count: count)
            return try operation.price { hal in _ = hal.equal(place, hal.plain(count, .integer)) }
        },
        Row("TopK") { operation in
            guard operation.isSecret(0) else { return operation.price([]) }
            throw Unpriced(
                "SPU finds the largest elements by quick select, whose number of comparisons depends on the data")
        },
    ]
}
