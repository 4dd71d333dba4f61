"""Gives a model of the fixtures weights scaled as training leaves them, so that it can run in a framework.

    prepare(FIXTURE, OUT.onnx)

Weights of layers are scaled by their fan-in, scales of normalizations are about 1 (fill_weights.py). Means and variances of
a BatchNormalization are what its operand has on random inputs, which is what training would have counted: with any others a
deep network grows or dies from layer to layer. Of a text file, every input of the graph after the first is a weight.
"""

import os
import subprocess
import sys

import numpy as np
import onnx
from onnx import TensorProto, numpy_helper, parser

import measure_errors

FILL_WEIGHTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fill_weights.py")
SAMPLES = 8


def prepare(fixture, output):
    source = fixture
    if fixture.endswith(".onnxtxt"):
        source = output.replace(".onnx", ".bare.onnx")
        onnx.save(without_weights(fixture), source)
    subprocess.run([sys.executable, FILL_WEIGHTS, source, output], check=True)
    settle(output)


def without_weights(path):
    """The model of a text file, whose inputs after the first are initializers that stand in a file that is missing."""
    with open(path) as file:
        model = parser.parse_model(file.read())
    for value in model.graph.input[1:]:
        kind = value.type.tensor_type
        tensor = TensorProto(
            name=value.name, data_type=kind.elem_type, dims=[dim.dim_value for dim in kind.shape.dim],
            data_location=TensorProto.EXTERNAL)
        tensor.external_data.add(key="location", value=f"{model.graph.name}.missing")
        model.graph.initializer.append(tensor)
    del model.graph.input[1:]
    return model


def settle(path):
    """Sets the statistics of every BatchNormalization, in order, to those of its operand; writes the file again if it has any."""
    model = onnx.load(path)
    graph = model.graph
    norms = [node for node in graph.node if node.op_type == "BatchNormalization"]
    tensors = {tensor.name: tensor for tensor in graph.initializer}
    for node in norms:
        if any(name not in tensors for name in node.input[3:5]):
            continue
        values = np.concatenate([operand(model, node.input[0], seed) for seed in range(SAMPLES)])
        axes = (0, *range(2, values.ndim))
        for name, statistic in zip(node.input[3:5], (values.mean(axes), values.var(axes) + 1e-3)):
            tensors[name].CopyFrom(numpy_helper.from_array(statistic.astype(np.float32), name))
    if norms:
        os.remove(path + ".data")
        onnx.save_model(model, path, save_as_external_data=True, location=os.path.basename(path) + ".data", size_threshold=1024)


def operand(model, name, seed):
    """The value of that name, on random inputs."""
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    del copy.graph.output[:]
    copy.graph.output.append(onnx.helper.make_empty_tensor_value_info(name))
    session = measure_errors.open_session(copy.SerializeToString())
    return measure_errors.plaintext(session, measure_errors.random_inputs(session, seed))
