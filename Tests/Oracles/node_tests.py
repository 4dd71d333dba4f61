"""Writes the node tests that ship with the onnx package into a folder.

Usage: node_tests.py FOLDER

For each test NAME.onnx, the model, and NAME.D.data.onnx for its data set number D: a model without nodes whose initializers are the operands,
`input/I`, and the results, `output/I`. An element of a sequence or optional is `input/I/E`, and an empty one is said by an initializer `input/I/-`.
`index.tsv` has a line a test: name, operator that is tested, data sets, relative and absolute tolerance.
"""

import os
import sys
import warnings

import numpy as np
import onnx
import onnx.helper
import onnx.numpy_helper
from onnx.backend.test.case.node import collect_testcases


def tensors(value, name):
    """The initializers that say what an operand is."""
    if isinstance(value, onnx.TensorProto):
        copy = onnx.TensorProto()
        copy.CopyFrom(value)
        copy.name = name
        return [copy]
    if value is None:
        value = []
    if isinstance(value, (list, tuple)):
        if not value:
            return [onnx.numpy_helper.from_array(np.zeros(0, np.float32), name + "/-")]
        return [each for index, item in enumerate(value) for each in tensors(item, f"{name}/{index}")]
    return [onnx.numpy_helper.from_array(np.asarray(value), name)]


def operators(graph):
    for node in graph.node:
        yield node.op_type if not node.domain else f"{node.domain}::{node.op_type}"
        for attribute in node.attribute:
            for body in [attribute.g, *attribute.graphs]:
                yield from operators(body)


def write_data(path, inputs, outputs):
    initializers = []
    for kind, values in (("input", inputs), ("output", outputs)):
        for index, value in enumerate(values):
            initializers += tensors(value, f"{kind}/{index}")
    # A graph must have an output, and an initializer may be one.
    first = initializers[0]
    output = onnx.helper.make_tensor_value_info(first.name, first.data_type, first.dims)
    graph = onnx.helper.make_graph([], "data", [], [output], initializers)
    onnx.save(onnx.helper.make_model(graph), path)


def main(folder):
    warnings.simplefilter("ignore")
    subjects = {}
    lines = []
    for case in sorted(collect_testcases(None), key=lambda case: len(case.name)):
        name = case.name.removeprefix("test_")
        used = list(dict.fromkeys(operators(case.model.graph)))
        base = name.split("_expanded")[0]
        subjects.setdefault(name, next((op for op in used if op != "Constant"), "Constant"))
        subject = subjects.get(base, subjects[name])
        onnx.save(case.model, os.path.join(folder, name + ".onnx"))
        for number, (inputs, outputs) in enumerate(case.data_sets):
            write_data(os.path.join(folder, f"{name}.{number}.data.onnx"), inputs, outputs)
        lines.append(
            "\t".join([name, subject, str(len(case.data_sets)), str(case.rtol), str(case.atol)])
        )
    with open(os.path.join(folder, "index.tsv"), "w") as file:
        file.write("\n".join(sorted(lines)) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
