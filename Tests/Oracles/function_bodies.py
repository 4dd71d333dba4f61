"""Runs operators and their bodies in onnxruntime on the same random inputs; where it has no such version of the operator set yet,
in onnx's own reference evaluator.

Usage: function_bodies.py FOLDER

FOLDER has pairs of files NAME.operator.onnx and NAME.body.onnx. Prints, as JSON, the largest difference by NAME.
"""

import json
import pathlib
import sys

import numpy as np
import onnx
from compare_models import difference, random_inputs, session
from onnx.reference import ReferenceEvaluator

NEWEST_OF_ONNXRUNTIME = 26


class Input:
    def __init__(self, value):
        self.name = value.name
        self.shape = [dimension.dim_value for dimension in value.type.tensor_type.shape.dim]
        self.type = {1: "tensor(float)", 11: "tensor(double)"}[value.type.tensor_type.elem_type]


class Reference:
    """onnx's reference evaluator as a session of onnxruntime."""

    def __init__(self, model):
        self.evaluator = ReferenceEvaluator(model)
        self.inputs = [Input(value) for value in model.graph.input]

    def get_inputs(self):
        return self.inputs

    def run(self, names, feeds):
        return self.evaluator.run(names, feeds)


def runner(path):
    model = onnx.load(path)
    newest = max(opset.version for opset in model.opset_import if opset.domain in ("", "ai.onnx"))
    return Reference(model) if newest > NEWEST_OF_ONNXRUNTIME else session(path)


def main():
    errors = {}
    for path in sorted(pathlib.Path(sys.argv[1]).glob("*.operator.onnx")):
        name = path.name.removesuffix(".operator.onnx")
        first, second = runner(str(path)), runner(str(path.with_name(name + ".body.onnx")))
        feeds = random_inputs(first.get_inputs(), {}, np.random.default_rng(0))
        results = zip(first.run(None, feeds), second.run(None, feeds))
        errors[name] = max(difference(np.asarray(one), np.asarray(two)) for one, two in results)
    json.dump(errors, sys.stdout)


main()
