"""Writes what onnx_to_jax.py must compute: models, inputs and the outputs of onnxruntime or of ONNX's own tests.

usage: runner_expectations.py FOLDER [MODEL...]

The models are those of runner_cases.py, ONNX's node tests, and the files given. FOLDER gets NUMBER.onnx and NUMBER.npz (inputs
in order, then the first output), and `index.json`, a list of [kind, label, NUMBER]. This runs with a recent onnxruntime,
because that of SPU's environment (1.19) has windows of ceil_mode begin where ONNX no longer lets them; JAX is not needed.
"""

import json
import os
import sys
import warnings

import numpy as np
import onnx
from onnx import numpy_helper

import measure_errors
import runner_cases

PLAIN = {getattr(onnx.TensorProto, name) for name in (
    "FLOAT", "DOUBLE", "FLOAT16", "INT8", "INT16", "INT32", "INT64", "UINT8", "UINT16", "UINT32", "UINT64", "BOOL")}


class Writer:
    def __init__(self, folder):
        self.folder = folder
        self.index = []

    def write(self, kind, label, model, inputs, output):
        number = f"{len(self.index):05}"
        onnx.save(model, os.path.join(self.folder, number + ".onnx"))
        np.savez(os.path.join(self.folder, number + ".npz"), *inputs, output)
        self.index.append([kind, label, number])

    def run(self, kind, label, model):
        """Writes the model with onnxruntime's output, if it takes the model."""
        try:
            session = measure_errors.open_session(model.SerializeToString())
            inputs = measure_errors.random_inputs(session, 0)
            self.write(kind, label, model, inputs, measure_errors.plaintext(session, inputs))
        except Exception as error:
            print(f"{label}: not run by onnxruntime: {str(error)[:160]}")


def node_tests():
    """ONNX's node tests whose operands and results are plain tensors: name, model, inputs and the first output."""
    from onnx.backend.test.case.node import collect_testcases

    for test in collect_testcases(None):
        values = [*test.model.graph.input, *test.model.graph.output]
        if not all(value.type.tensor_type.elem_type in PLAIN for value in values) or not test.data_sets:
            continue
        inputs, outputs = ([each if isinstance(each, np.ndarray) or np.isscalar(each) else numpy_helper.to_array(each)
                            for each in some] for some in test.data_sets[0])
        if len(inputs) == len(test.model.graph.input):
            yield test.name, test.model, inputs, outputs[0]


def main(folder, *files):
    warnings.simplefilter("ignore")
    os.makedirs(folder, exist_ok=True)
    writer = Writer(folder)
    for label, model in runner_cases.cases():
        writer.run("cases", label, model)
    for test in node_tests():
        writer.write("node tests", *test)
    for path in files:
        writer.run("files", os.path.basename(path), onnx.load(path))
    with open(os.path.join(folder, "index.json"), "w") as file:
        json.dump(writer.index, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
