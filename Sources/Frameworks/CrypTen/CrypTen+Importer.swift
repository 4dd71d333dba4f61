import IR
import Pricing

/// What CrypTen's importer takes: `nn/onnx_converter.py` and the `from_onnx` and `forward` of `nn/module.py`.
extension CrypTen {
    /// Why CrypTen's ONNX importer would refuse the node, or run something else; nil if it takes it.
    static func refusal(_ site: OperatorSite) -> String? {
        let node = site.node
        guard node.op.domain.isEmpty, let check = importer[node.op.type] else {
            return "CrypTen's importer has no \(node.op)"
        }
        if readsTwice(site) { return "CrypTen never runs a node that reads the same value twice" }
        // Every initializer becomes a secret parameter, so that shapes and indices must be Constant nodes.
        if let index = site.inputs.firstIndex(where: isMisplacedInitializer) {
            return "CrypTen takes the initializer at operand \(index) for a weight; it must be a Constant node"
        }
        return check(site)
    }

    private static func isMisplacedInitializer(_ operand: OperatorSite.Operand?) -> Bool {
        guard let operand, operand.isInitializer else { return false }
        return operand.visibility == .public && !operand.type.elementType.isFloatingPoint
    }

    /// `Graph.forward` marks only the first place where a node reads a value as there, so that the node never becomes
    /// runnable. Literals do not count: an optimized graph has one for each place.
    private static func readsTwice(_ site: OperatorSite) -> Bool {
        site.inputs.contains { operand in
            guard let operand, operand.isRepeated else { return false }
            return operand.isInitializer || operand.tensor == nil
        }
    }

    private typealias Check = @Sendable (OperatorSite) -> String?

    /// The operators of the importer, each with what it does not take.
    private static let importer: [String: Check] = [
        "Add": secretFirst, "Sub": secretFirst, "Mul": secretFirst, "Div": secretFirst, "MatMul": secretFirst,
        "Equal": secretFirst, "Pow": pow, "Sqrt": anything, "Exp": anything, "Erf": anything, "Relu": anything,
        "Sigmoid": anything, "Softmax": needs("axis"), "LogSoftmax": needs("axis"), "Clip": clip,
        "ReduceMean": reduction, "ReduceSum": { _ in "CrypTen's importer does not take the axes of ReduceSum" },
        "Transpose": needs("perm"), "Flatten": flatten, "Reshape": reshape, "Expand": expand, "Cast": needs("to"),
        "Squeeze": { _ in "CrypTen's importer does not take the axes of Squeeze" }, "Unsqueeze": unsqueeze,
        "Slice": slice, "Concat": concat, "Gather": gather, "Shape": anything, "Range": anything,
        "ConstantOfShape": needs("value"), "Constant": anything, "Where": select, "Dropout": needs("ratio"),
        "Pad": { _ in "CrypTen pads the wrong axes" }, "Gemm": gemm, "Conv": convolution, "MaxPool": pooling,
        "AveragePool": pooling, "GlobalAveragePool": anything, "BatchNormalization": batchNormalization,
    ]

    private static let anything: Check = { _ in nil }

    private static func needs(_ attributes: String...) -> Check {
        { site in
            attributes.first { site.node.attributes[$0] == nil }.map {
                "CrypTen's importer wants the attribute '\($0)' written out"
            }
        }
    }

    /// A method of a plain tensor cannot take a secret one.
    private static let secretFirst: Check = { site in
        guard site.input(0)?.visibility == .public, site.input(1)?.visibility != .public else { return nil }
        return "CrypTen wants the secret operand first"
    }

    private static let pow: Check = { site in
        guard let tensor = site.input(1)?.tensor, let exponent = try? tensor.doubles(), exponent.count == 1,
            Int(exactly: exponent[0]) != nil
        else { return "CrypTen takes one public integer exponent" }
        return nil
    }

    private static let clip: Check = { site in
        guard site.input(1)?.visibility == .public, site.input(2)?.visibility == .public else {
            return "CrypTen's Clip takes two public bounds"
        }
        return nil
    }

    private static let reduction: Check = { site in
        site.input(1) == nil && site.node.attributes["axes"] == nil
            ? "CrypTen's importer wants the axes of ReduceMean written out" : nil
    }

    private static let flatten: Check = { site in
        (try? site.node.int("axis")).map { $0 < 0 } ?? false ? "CrypTen's Flatten takes no negative axis" : nil
    }

    private static let unsqueeze: Check = { site in
        site.input(1).map { $0.count != 1 } ?? false ? "CrypTen's Unsqueeze adds one axis at a time" : nil
    }

    private static let reshape: Check = { site in
        integers(site, 1)?.contains(0) ?? false
            ? "CrypTen's Reshape takes no 0 for a length that stays" : nil
    }

    /// `Expand.forward` compares the shape with the operand's from the first axis on, not from the last.
    private static let expand: Check = { site in
        guard let shape = integers(site, 1), let rank = site.input(0)?.type.rank, shape.count != rank else {
            return nil
        }
        return shape.contains(1) ? "CrypTen's Expand takes a 1 only where the number of axes stays" : nil
    }

    private static let slice: Check = { site in
        if let steps = integers(site, 4), steps.contains(where: { $0 != 1 }) { return "CrypTen's Slice has no steps" }
        let bounds = (integers(site, 1) ?? []) + (integers(site, 2) ?? [])
        if bounds.contains(where: { $0 > Int32.max }) { return "CrypTen's Slice takes bounds of 32 bits" }
        return bounds.contains { $0 < 0 } ? "CrypTen's Slice counts from the beginning only" : nil
    }

    private static func integers(_ site: OperatorSite, _ index: Int) -> [Int]? {
        site.input(index)?.tensor.flatMap { try? $0.integers() }
    }

    private static let concat: Check = { site in
        let visibilities = Set(site.inputs.map { $0.map { $0.visibility == .public } ?? true })
        if site.inputs.count < 2 { return "CrypTen's Concat takes at least two operands" }
        return visibilities.count > 1 ? "CrypTen's Concat does not mix secret and public operands" : nil
    }

    private static let gather: Check = { site in
        site.input(1)?.visibility == .public
            ? needs("axis")(site) : "CrypTen's Gather takes public indices only"
    }

    /// With a public condition the first product decides whether the sum is one of secrets.
    private static let select: Check = { site in
        guard site.input(0)?.visibility == .public, site.input(1)?.visibility == .public,
            site.input(2)?.visibility != .public
        else { return nil }
        return "CrypTen's Where with a public condition wants a secret before a public operand"
    }

    private static let gemm: Check = { site in
        guard site.input(2) != nil else { return "CrypTen's Gemm takes three operands" }
        return needs("alpha", "beta")(site) ?? secretFirst(site)
    }

    private static let convolution: Check = { site in
        if let missing = needs("strides", "pads", "dilations")(site) { return missing }
        if let kernel = site.input(1)?.type.rank, !(3...4).contains(kernel) {
            return "CrypTen's Conv has one or two spatial axes"
        }
        let pads = (try? site.node.optionalInts("pads")) ?? []
        // CrypTen takes every second number for the padding of an axis.
        let spatial = pads.count / 2
        let taken = stride(from: 0, to: pads.count, by: 2).map { pads[$0] }
        guard taken == Array(pads.prefix(spatial)), taken == Array(pads.suffix(spatial)) else {
            return "CrypTen's Conv takes equal padding on all sides only"
        }
        return secretFirst(site)
    }

    private static let pooling: Check = { site in
        if let missing = needs("kernel_shape", "strides")(site) { return missing }
        if site.input(0)?.type.rank ?? 4 != 4 { return "CrypTen pools over two spatial axes" }
        for name in ["kernel_shape", "strides", "pads", "dilations"] {
            let values = (try? site.node.optionalInts(name)) ?? []
            if Set(values).count > 1 { return "CrypTen's pooling takes the same '\(name)' on all sides" }
        }
        if let dilations = try? site.node.optionalInts("dilations"), dilations.contains(where: { $0 != 1 }) {
            return "CrypTen's pooling has no dilations"
        }
        guard site.node.op == "AveragePool" else {
            return site.output(1) == nil ? nil : "CrypTen's MaxPool gives no indices"
        }
        let isPadded = (try? site.node.optionalInts("pads"))?.contains { $0 != 0 } ?? false
        if isPadded, (try? site.node.flag("count_include_pad")) == false {
            return "CrypTen's AveragePool counts the padding"
        }
        return (try? site.node.flag("ceil_mode")) == true ? "CrypTen's AveragePool has no ceil_mode" : nil
    }

    private static let batchNormalization: Check = { site in
        (try? site.node.flag("training_mode")) == true
            ? "CrypTen's importer runs BatchNormalization for inference" : nil
    }
}
