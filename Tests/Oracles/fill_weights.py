"""Makes a runnable copy of a model whose external weights are missing, with plausible random weights.

usage: fill_weights.py MODEL OUT.onnx [--seed N]

Weights of convolutions and matrix products are scaled by their fan-in (He et al. 2015), scales and variances are near 1,
biases and means near 0, so that outputs stay finite. Weights over 1 KiB go to OUT.onnx.data. Weights that are there stay.
"""

import argparse
import os

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SCALES = {"BatchNormalization": 1, "LayerNormalization": 1, "InstanceNormalization": 1, "GroupNormalization": 1, "Mul": 1}


def roles(graph):
    """What each weight is for: (operator, input position, node)."""
    aliases = {}
    for node in graph.node:
        if node.op_type in ("Identity", "Transpose", "Cast"):
            aliases[node.output[0]] = aliases.get(node.input[0], node.input[0])
    result = {}
    for node in graph.node:
        if node.op_type in ("Identity", "Transpose", "Cast"):
            continue
        for position, name in enumerate(node.input):
            result.setdefault(aliases.get(name, name), (node.op_type, position, node))
    return result


def fan_in(role, shape):
    operator, position, node = role
    if operator == "Conv" and position == 1:
        return int(np.prod(shape[1:]))
    if operator == "ConvTranspose" and position == 1:
        return int(shape[0] * np.prod(shape[2:]))
    if operator == "Gemm" and position == 1:
        transposed = any(a.name == "transB" and a.i for a in node.attribute)
        return shape[1] if transposed else shape[0]
    if operator == "MatMul" and len(shape) >= 2:
        return shape[-2]
    return None


def plausible(role, shape, generator):
    noise = generator.standard_normal(shape)
    fan = fan_in(role, shape)
    operator, position, _ = role
    if fan:
        return noise * np.sqrt(2.0 / max(fan, 1)) * (0.7 if operator == "MatMul" else 1.0)
    if operator in SCALES and position == 1:
        return 1 + 0.1 * noise
    if operator == "BatchNormalization" and position == 4:
        return 1 + 0.2 * np.abs(noise)
    if operator == "Gather":
        return noise * 0.5
    return 0.05 * noise


def is_missing(tensor, folder):
    if tensor.data_location != TensorProto.EXTERNAL:
        return False
    location = next(entry.value for entry in tensor.external_data if entry.key == "location")
    return not os.path.exists(os.path.join(folder, location))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("output")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    folder = os.path.dirname(arguments.model)
    model = onnx.load(arguments.model, load_external_data=False)
    generator = np.random.default_rng(arguments.seed)
    uses = roles(model.graph)
    for index, tensor in enumerate(model.graph.initializer):
        if not is_missing(tensor, folder):
            if tensor.data_location == TensorProto.EXTERNAL:
                onnx.external_data_helper.load_external_data_for_tensor(tensor, folder)
                tensor.data_location = TensorProto.DEFAULT
                del tensor.external_data[:]
            continue
        shape = list(tensor.dims)
        kind = helper.tensor_dtype_to_np_dtype(tensor.data_type)
        role = uses.get(tensor.name, ("", 0, None))
        if np.issubdtype(kind, np.floating):
            data = plausible(role, shape, generator).astype(kind)
        else:
            data = np.zeros(shape, kind)
        model.graph.initializer[index].CopyFrom(numpy_helper.from_array(np.ascontiguousarray(data), tensor.name))
    data_file = os.path.basename(arguments.output) + ".data"
    if os.path.exists(arguments.output + ".data"):
        os.remove(arguments.output + ".data")
    onnx.save_model(
        model, arguments.output, save_as_external_data=True, all_tensors_to_one_file=True, location=data_file,
        size_threshold=1024)


main()
