import IR

extension FunctionBodyTests {
    /// Selection by indices, quantized numbers, and sums of products by letters.
    static let indexedCases: [Case] = [
        Case(op: "Gather", shapes: [[5, 3, 4]], constants: [1: Tensor(int64: [0, -1, 4, 2], shape: [2, 2])]),
        Case(
            op: "Gather", shapes: [[2, 3, 4]], attributes: ["axis": .int(-1)],
            constants: [1: Tensor(int64: [0, -4, 3])]),
        Case(
            op: "Gather", shapes: [[2, 3, 4]], attributes: ["axis": .int(1)],
            constants: [1: Tensor(int64: [2], shape: [])]),
        // ONNX has no matrix products of 8 bits.
        Case(
            op: "Gather", shapes: [],
            constants: [
                0: Tensor(.uint8, shape: [3, 2], payload: .bytes([1, 2, 3, 4, 5, 250])), 1: Tensor(int64: [2, 0]),
            ]),
        Case(
            op: "GatherElements", shapes: [],
            constants: [
                0: Tensor(.int8, shape: [3, 2], payload: .bytes([1, 2, 3, 4, 5, 250])),
                1: Tensor(int64: [2, 0], shape: [1, 2]),
            ]),
        Case(
            op: "GatherND", shapes: [],
            constants: [
                0: Tensor(.uint8, shape: [3, 2], payload: .bytes([1, 2, 3, 4, 5, 250])),
                1: Tensor(int64: [2, 0], shape: [2, 1]),
            ]),
        Case(
            op: "GatherElements", shapes: [[3, 4]], attributes: ["axis": .int(1)],
            constants: [1: Tensor(int64: [0, 2, -1, 1], shape: [2, 2])]),
        Case(
            op: "GatherElements", shapes: [[3, 4]], constants: [1: Tensor(int64: [0, 2, -3, 1, 1, 0], shape: [2, 3])]),
        Case(
            op: "GatherElements", shapes: [], attributes: ["axis": .int(1)],
            constants: [
                0: Tensor(int64: [7, 8, 9, 4, 5, 6], shape: [2, 3]), 1: Tensor(int64: [2, 0, -1, 1], shape: [2, 2]),
            ]),
        Case(op: "GatherND", shapes: [[3, 4, 2]], constants: [1: Tensor(int64: [0, 1, -1, 3], shape: [2, 2])]),
        Case(op: "GatherND", shapes: [[3, 4]], constants: [1: Tensor(int64: [2, 0, -2], shape: [3, 1])]),
        Case(
            op: "OneHot", shapes: [],
            constants: [
                0: Tensor(int64: [0, -1, 2, 7]), 1: Tensor(int64: [4], shape: []), 2: Tensor(float32: [0.5, 2]),
            ]),
        Case(
            op: "OneHot", shapes: [], attributes: ["axis": .int(0)],
            constants: [
                0: Tensor(int64: [0, 3, 2, 1], shape: [2, 2]), 1: Tensor(int64: [4]), 2: Tensor(float32: [0, 1]),
            ]),
        Case(
            op: "Einsum", shapes: [[2, 3, 4], [2, 4, 5]], attributes: ["equation": .string("bij,bjk->bik")]),
        Case(op: "Einsum", shapes: [[2, 3, 4], [3, 5, 2]], attributes: ["equation": .string("abc,bda->dcb")]),
        Case(op: "Einsum", shapes: [[3, 4]], attributes: ["equation": .string("ij->ji")]),
        Case(op: "Einsum", shapes: [[3], [4], [3, 4]], attributes: ["equation": .string("i,j,ij->")]),
        Case(
            op: "DequantizeLinear", shapes: [], attributes: ["axis": .int(1)],
            constants: [
                0: bytes([0, 7, 255, 128, 3, 9], [2, 3]), 1: Tensor(float32: [0.5, 0.25, 2]),
                2: bytes([1, 2, 128], [3]),
            ]),
        Case(
            op: "QuantizeLinear", shapes: [[3, 40]],
            constants: [1: Tensor(float32: [0.01], shape: []), 2: bytes([100], [])]),
        Case(
            op: "QuantizeLinear", shapes: [[3, 4]], attributes: ["axis": .int(0)],
            constants: [1: Tensor(float32: [0.25, 0.5, 1])]),
        Case(op: "DynamicQuantizeLinear", shapes: [[3, 40]], outputCount: 3),
        Case(
            op: "MatMulInteger", shapes: [],
            constants: [
                0: bytes([1, 2, 3, 200, 5, 6], [2, 3]), 1: bytes([7, 8, 9, 10, 11, 255], [3, 2]), 2: bytes([3], []),
                3: bytes([5, 6], [2]),
            ]),
        Case(
            op: "ConvInteger", shapes: [], attributes: ["pads": .ints([1, 1, 0, 0])],
            constants: [
                0: bytes((0..<18).map { UInt8($0 * 13) }, [1, 2, 3, 3]),
                1: bytes((0..<8).map { UInt8($0 * 29) }, [1, 2, 2, 2]), 2: bytes([7], []),
            ]),
        Case(
            op: "QLinearMatMul", shapes: [],
            constants: [
                0: bytes([1, 2, 3, 200, 5, 6], [2, 3]), 1: real(0.1), 2: bytes([3], []),
                3: bytes([7, 8, 9, 10, 11, 255], [3, 2]), 4: real(0.2), 5: bytes([128], []), 6: real(0.9),
                7: bytes([100], []),
            ]),
        Case(
            op: "QLinearConv", shapes: [],
            constants: [
                0: bytes((0..<18).map { UInt8($0 * 13) }, [1, 2, 3, 3]), 1: real(0.1), 2: bytes([100], []),
                3: bytes((0..<16).map { UInt8($0 * 15) }, [2, 2, 2, 2]), 4: Tensor(float32: [0.3, 0.2]),
                5: bytes([110, 120], [2]),
                6: real(3), 7: bytes([90], []),
                8: Tensor(.int32, shape: [2], payload: .bytes([5, 0, 0, 0, 250, 255, 255, 255])),
            ]),
    ]

    /// Operators of classical learning. What exporters write of them is in `ClassicalModelTests`.
    static let classicalCases: [Case] = [
        classical(
            "ArrayFeatureExtractor", shapes: [[3, 4]], constants: [1: Tensor(int64: [0, 3, 2], shape: [1, 3])]),
        classical(
            "ArrayFeatureExtractor", shapes: [],
            constants: [0: Tensor(int64: [7, 8, 9]), 1: Tensor(int64: [2, 0], shape: [2])]),
        classical("Binarizer", shapes: [[3, 4]], ["threshold": .float(0.25)]),
        classical("FeatureVectorizer", shapes: [[2, 3], [2, 1]], ["inputdimensions": .ints([3, 1])]),
        classical(
            "LinearClassifier", shapes: [[4, 2]],
            [
                "coefficients": .floats([1, 2, -1, 0.5, 0, -2]), "intercepts": .floats([0.1, -0.1, 0]),
                "classlabels_ints": .ints([3, 1, 4]), "post_transform": .string("SOFTMAX"),
            ], outputCount: 2),
        classical(
            "LinearRegressor", shapes: [[4, 2]],
            ["coefficients": .floats([1, 2, -1, 0.5]), "intercepts": .floats([0.1, -0.1]), "targets": .int(2)]),
        classical("Normalizer", shapes: [[4, 5]], ["norm": .string("L2")]),
        classical("Normalizer", shapes: [[4, 5]], ["norm": .string("L1")]),
        classical("Scaler", shapes: [[4, 2]], ["offset": .floats([0.5, -1]), "scale": .floats([2, 3])]),
        classical("Scaler", shapes: [[4, 2]], ["offset": .floats([0.5]), "scale": .floats([2])]),
        classical("SVMRegressor", shapes: [[4, 2]], supportVectors("RBF")),
        classical("SVMRegressor", shapes: [[4, 2]], supportVectors("POLY")),
        classical("SVMRegressor", shapes: [[4, 2]], supportVectors("LINEAR")),
        classical(
            "TreeEnsembleClassifier", shapes: [[6, 2]],
            trees.merging([
                "class_treeids": .ints([0, 0, 1, 1, 1]), "class_nodeids": .ints([1, 2, 1, 3, 4]),
                "class_ids": .ints([0, 1, 1, 2, 0]), "class_weights": .floats([0.5, 1, 0.25, 2, 3]),
                "classlabels_int64s": .ints([5, 6, 7]), "post_transform": .string("SOFTMAX"),
            ]) { $1 }, outputCount: 2),
        classical(
            "TreeEnsembleRegressor", shapes: [[6, 2]],
            trees.merging([
                "target_treeids": .ints([0, 0, 1, 1, 1]), "target_nodeids": .ints([1, 2, 1, 3, 4]),
                "target_ids": .ints([0, 0, 0, 0, 0]), "target_weights": .floats([0.5, 1, 0.25, -2, 3]),
                "n_targets": .int(1), "base_values": .floats([0.125]),
            ]) { $1 }),
    ]

    private static func classical(
        _ type: String, shapes: [[Int]], _ attributes: [String: Attribute] = [:], constants: [Int: Tensor] = [:],
        outputCount: Int = 1
    ) -> Case {
        Case(
            op: OperatorName(type, domain: "ai.onnx.ml"), shapes: shapes, attributes: attributes, constants: constants,
            outputCount: outputCount)
    }

    private static func supportVectors(_ kernel: String) -> [String: Attribute] {
        [
            "coefficients": .floats([0.5, -1, 0.75]), "kernel_params": .floats([0.5, 0.25, 3]),
            "kernel_type": .string(kernel),
            "n_supports": .int(3), "rho": .floats([0.2]), "support_vectors": .floats([1, 0, -1, 0.5, 0.25, 2]),
        ]
    }

    /// Two trees, of one and of two decisions.
    private static let trees: [String: Attribute] = [
        "nodes_treeids": .ints([0, 0, 0, 1, 1, 1, 1, 1]), "nodes_nodeids": .ints([0, 1, 2, 0, 1, 2, 3, 4]),
        "nodes_featureids": .ints([0, 0, 0, 1, 0, 0, 0, 0]), "nodes_values": .floats([0.25, 0, 0, -0.5, 0, 1, 0, 0]),
        "nodes_modes": .strings(["BRANCH_LEQ", "LEAF", "LEAF", "BRANCH_LEQ", "LEAF", "BRANCH_LEQ", "LEAF", "LEAF"]),
        "nodes_truenodeids": .ints([1, 0, 0, 1, 0, 3, 0, 0]), "nodes_falsenodeids": .ints([2, 0, 0, 2, 0, 4, 0, 0]),
    ]

    private static func bytes(_ values: [UInt8], _ shape: [Int]) -> Tensor {
        Tensor(.uint8, shape: shape, payload: .bytes(values))
    }

    private static func real(_ value: Float) -> Tensor { Tensor(float32: [value], shape: []) }
}
