import IR

/// What the bodies of `ai.onnx.ml`'s operators do not say.
let classicalKernels: [KernelRow] = [
    // A map from labels to numbers for each row: its numbers, in the order of the labels.
    KernelRow(OperatorName("ZipMap", domain: "ai.onnx.ml")) { call in try call.input(0) }
]
