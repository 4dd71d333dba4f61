"""Runs what others have for making ONNX files smaller: onnxsim and then onnxruntime's offline optimizer.

usage: other_optimizers.py MODELS OUTPUT

Writes OUTPUT/NAME.basic.onnx and OUTPUT/NAME.extended.onnx, by the optimization level of onnxruntime, without weights
(prices do not depend on them). Files that are newer than their model are left alone: this takes minutes.
"""

import os
import subprocess
import sys
import tempfile

import onnx
import onnxruntime
import onnxsim
from onnx import TensorProto, numpy_helper

LEVELS = {
    "basic": onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC,
    "extended": onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED,
}
FILL_WEIGHTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Tests", "Oracles", "fill_weights.py")
# A larger tensor is a weight whose data can go.
KEPT_BYTES = 1024


def optimized(model, level, folder):
    """What onnxruntime writes at that level."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = LEVELS[level]
    options.optimized_model_filepath = os.path.join(folder, level + ".onnx")
    options.log_severity_level = 3
    onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    return onnx.load(options.optimized_model_filepath)


def restore_constants(model, names):
    """onnxruntime makes initializers of Constant nodes; MPC frameworks would take them for secret weights."""
    graph = model.graph
    constants = [tensor for tensor in graph.initializer if tensor.name in names or not tensor.dims]
    for tensor in constants:
        graph.initializer.remove(tensor)
    nodes = [onnx.helper.make_node("Constant", [], [tensor.name], value=tensor) for tensor in constants]
    nodes += graph.node
    del graph.node[:]
    graph.node.extend(nodes)


def strip(model):
    """Drops the data of weights and leaves where it was."""
    for tensor in model.graph.initializer:
        size = numpy_helper.to_array(tensor).nbytes
        if size <= KEPT_BYTES:
            continue
        for field in ("raw_data", "float_data", "double_data", "int32_data", "int64_data", "uint64_data"):
            tensor.ClearField(field)
        tensor.data_location = TensorProto.EXTERNAL
        for key, value in (("location", "weights.bin"), ("length", str(size))):
            entry = tensor.external_data.add()
            entry.key, entry.value = key, value


def write(path, output):
    name = os.path.basename(path).removesuffix(".onnx")
    targets = {level: os.path.join(output, f"{name}.{level}.onnx") for level in LEVELS}
    if all(os.path.exists(file) and os.path.getmtime(file) > os.path.getmtime(path) for file in targets.values()):
        return
    with tempfile.TemporaryDirectory() as folder:
        filled = os.path.join(folder, "filled.onnx")
        subprocess.run([sys.executable, FILL_WEIGHTS, path, filled], check=True)
        model = onnx.load(filled)
        constants = {output for node in model.graph.node if node.op_type == "Constant" for output in node.output}
        shapes = {
            value.name: [dimension.dim_value or 1 for dimension in value.type.tensor_type.shape.dim]
            for value in model.graph.input
        }
        simplified, _ = onnxsim.simplify(model, overwrite_input_shapes=shapes)
        constants |= {output for node in simplified.graph.node if node.op_type == "Constant" for output in node.output}
        file = os.path.join(folder, "simplified.onnx")
        onnx.save(simplified, file)
        for level, target in targets.items():
            result = optimized(file, level, folder)
            restore_constants(result, constants)
            strip(result)
            onnx.save(result, target + ".part")
            os.replace(target + ".part", target)
    print(f"{name}: {len(model.graph.node)} nodes, onnxsim {len(simplified.graph.node)}", file=sys.stderr, flush=True)


def main(models, output):
    os.makedirs(output, exist_ok=True)
    for file in sorted(os.listdir(models)):
        if file.endswith(".onnx"):
            write(os.path.join(models, file), output)


if __name__ == "__main__":
    main(*sys.argv[1:])
