import IR

extension OperatorChange {
    /// Operators that take samples at other places, and Pad.
    static let samplingChanges: [OperatorChange] = [
        OperatorChange(["Upsample"], in: 9) { conversion in
            guard let scales = try conversion.node.optionalFloats("scales") else {
                throw HarrierError("Upsample lacks its attribute 'scales'")
            }
            conversion.node.attributes["scales"] = nil
            conversion.setInput(1, literal: Tensor(float32: scales), named: "scales")
        },
        OperatorChange(["Upsample"], in: 10) { $0.node.op = "Resize" },
        OperatorChange(["Resize"], in: 11, upgrade: sayCoordinates),
        OperatorChange(["Resize"], in: 13, upgrade: { _ in }, downgrade: giveRegion),
        .added("antialias", to: ["Resize"], in: 18),
        .added("axes", to: ["Resize"], in: 18),
        .added("keep_aspect_ratio_policy", to: ["Resize"], in: 18),
        OperatorChange(["Resize"], in: 19, upgrade: { _ in }) { conversion in
            if case .string("half_pixel_symmetric")? = conversion.node.attributes["coordinate_transformation_mode"] {
                throw conversion.cannotGoBack("uses the mode half_pixel_symmetric")
            }
        },
        OperatorChange(["Pad"], in: 11, needsTypes: true, upgrade: movePads),
        OperatorChange(["Pad"], in: 18, upgrade: { _ in }, downgrade: padAllAxes),
        OperatorChange(["Pad"], in: 19, upgrade: { _ in }) { conversion in
            if case .string("wrap")? = conversion.node.attributes["mode"] {
                throw conversion.cannotGoBack("uses the mode wrap")
            }
        },
        OperatorChange(["GridSample"], in: 20) { conversion in
            renameMode(of: &conversion.node, ["bilinear": "linear", "bicubic": "cubic"], default: "bilinear")
        } downgrade: { conversion in
            renameMode(of: &conversion.node, ["linear": "bilinear", "cubic": "bicubic"], default: "linear")
        },
        OperatorChange(["RoiAlign"], in: 16) { conversion in
            conversion.node.attributes["coordinate_transformation_mode"] = .string("output_half_pixel")
        } downgrade: { conversion in
            let mode = conversion.node.attributes.removeValue(forKey: "coordinate_transformation_mode")
            guard mode == .string("output_half_pixel") else { throw conversion.cannotGoBack("samples at half pixels") }
        },
    ]

    /// Version 10 knew one way only to compute places, which is not the default of later versions.
    private static func sayCoordinates(_ conversion: inout OpsetConversion) {
        let scales = conversion.node.input(1)
        conversion.setInput(1, nil)
        conversion.setInput(2, scales)
        conversion.node.attributes["coordinate_transformation_mode"] = .string("asymmetric")
        if case .string("linear")? = conversion.node.attributes["mode"] { return }
        conversion.node.attributes["nearest_mode"] = .string("floor")
    }

    /// Before 13 the region and the scales had to be there, though most modes ignore the one and sizes the other.
    private static func giveRegion(_ conversion: inout OpsetConversion) {
        for (position, name) in [(1, "roi"), (2, "scales")] where conversion.node.input(position) == nil {
            conversion.setInput(position, literal: Tensor(float32: []), named: name)
        }
    }

    private static func movePads(_ conversion: inout OpsetConversion) throws {
        let pads = try conversion.node.ints("pads")
        let value = try conversion.node.optionalFloat("value") ?? 0
        conversion.node.attributes["pads"] = nil
        conversion.node.attributes["value"] = nil
        conversion.setInput(1, literal: Tensor(int64: pads), named: "pads")
        if value != 0 { conversion.setInput(2, literal: try conversion.scalar(value), named: "value") }
    }

    /// Before 18 there were pads for every axis.
    private static func padAllAxes(_ conversion: inout OpsetConversion) throws {
        guard let axes = try conversion.takeIntegers(3, called: "axes") else { return }
        guard let rank = conversion.type(0)?.rank, let pads = try conversion.takeIntegers(1, called: "pads"),
            pads.count == 2 * axes.count
        else { throw conversion.cannotGoBack("names axes, of how many is not known") }
        var all = [Int](repeating: 0, count: 2 * rank)
        for (index, axis) in axes.enumerated() {
            guard let place = normalized(axis, rank: rank) else { throw HarrierError("Pad has no axis \(axis)") }
            all[place] = pads[index]
            all[rank + place] = pads[axes.count + index]
        }
        conversion.setInput(1, literal: Tensor(int64: all), named: "pads")
    }

    private static func renameMode(of node: inout Node, _ names: [String: String], default mode: String) {
        guard case .string(let found) = node.attributes["mode"] ?? .string(mode) else { return }
        node.attributes["mode"] = .string(names[found] ?? found)
    }
}
