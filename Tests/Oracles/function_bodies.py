"""Runs operators and their bodies in onnxruntime on the same random inputs.

Usage: function_bodies.py FOLDER

FOLDER has pairs of files NAME.operator.onnx and NAME.body.onnx. Prints, as JSON, the largest difference by NAME.
"""

import json
import pathlib
import sys

import numpy as np
from compare_models import difference, random_inputs, session


def main():
    errors = {}
    for path in sorted(pathlib.Path(sys.argv[1]).glob("*.operator.onnx")):
        name = path.name.removesuffix(".operator.onnx")
        first, second = session(str(path)), session(str(path.with_name(name + ".body.onnx")))
        feeds = random_inputs(first.get_inputs(), {}, np.random.default_rng(0))
        results = zip(first.run(None, feeds), second.run(None, feeds))
        errors[name] = max(difference(np.asarray(one), np.asarray(two)) for one, two in results)
    json.dump(errors, sys.stdout)


main()
