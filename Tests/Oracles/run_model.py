"""Runs models in onnxruntime on inputs of its own making and writes inputs and outputs.

Usage: run_model.py MODEL DATA [MODEL DATA ...]

The data files are as `node_tests.py` writes them. Open dimensions are 1; integers are 0 or 1, for they may be indices.
"""

import sys

import numpy as np
import onnxruntime
from node_tests import write_data

TYPES = {"tensor(float)": np.float32, "tensor(int64)": np.int64}


def main(arguments):
    random = np.random.default_rng(7)
    for model, data in zip(arguments[::2], arguments[1::2]):
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 4
        session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        inputs = {}
        for value in session.get_inputs():
            shape = [length if isinstance(length, int) else 1 for length in value.shape]
            element = TYPES[value.type]
            inputs[value.name] = (
                random.standard_normal(shape).astype(element)
                if element == np.float32
                else random.integers(0, 2, shape).astype(element)
            )
        outputs = session.run(None, inputs)
        write_data(data, list(inputs.values()), outputs)


if __name__ == "__main__":
    main(sys.argv[1:])
