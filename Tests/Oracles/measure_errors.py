"""Measures how far a framework's output is from onnxruntime's, on random inputs.

usage: measure_errors.py crypten|semi2k MODEL [MODEL...] [--runs N] [--extended]     (with the Python that the framework is in)

Models keep their own weights. Prints a JSON list, an object a model:

    {"model": "mixer.op12", "largest_output": 0.45, "errors": [5.7e-05, ...], "median": 5.7e-05,
     "bytes": 1236224, "rounds": 57}

An error is the largest absolute difference from onnxruntime's output in 32-bit floats. Floating inputs are drawn from the
standard normal distribution, integer inputs from 0 to 8; run number N draws its inputs and, in CrypTen, the shares from
seed N. `--extended` gives CrypTen's importer the operators of crypten_modules.py; without it the importer is CrypTen's
own. A model that the framework does not run has "refused" with the reason instead of numbers.
"""

import argparse
import functools
import importlib
import json
import os
import statistics
import sys

import numpy as np
import onnxruntime

RUNNERS = {"crypten": "crypten_run", "semi2k": "spu_run"}


def random_inputs(session, seed):
    """Inputs for the session's model: normal, or small indices where it wants integers."""
    generator = np.random.default_rng(seed)
    inputs = []
    for value in session.get_inputs():
        shape = [length if isinstance(length, int) else 1 for length in value.shape]
        if value.type == "tensor(int64)":
            inputs.append(generator.integers(0, 9, shape))
        elif value.type == "tensor(int32)":
            inputs.append(generator.integers(0, 9, shape).astype(np.int32))
        elif value.type == "tensor(bool)":
            inputs.append(generator.integers(0, 2, shape).astype(bool))
        else:
            inputs.append(generator.standard_normal(shape).astype(np.float32))
    return inputs


def open_session(model):
    """The model in onnxruntime, without its warnings."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def plaintext(session, inputs):
    """The first output for the inputs."""
    return session.run(None, dict(zip([value.name for value in session.get_inputs()], inputs)))[0]


def measure(run_model, failed, model, runs):
    """One model's object of the list."""
    result = {"model": os.path.basename(model).removesuffix(".onnx")}
    session = open_session(model)
    largest, errors = 0.0, []
    for seed in range(runs):
        inputs = random_inputs(session, seed)
        expected = plaintext(session, inputs)
        try:
            run = run_model(model, inputs, seed)
        except failed as failure:
            return {**result, "refused": str(failure)}
        measured = run["output"]
        if measured.shape != expected.shape:
            return {**result, "refused": f"the output is {measured.shape}, not {expected.shape}"}
        largest = max(largest, float(np.max(np.abs(expected))))
        errors.append(float(np.max(np.abs(measured - expected))))
    counts = {"bytes": run["bytes"], "rounds": run["rounds"]}
    return {**result, "largest_output": largest, "errors": errors, "median": statistics.median(errors), **counts}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("framework", choices=RUNNERS)
    parser.add_argument("models", nargs="+")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--extended", action="store_true")
    arguments = parser.parse_args()
    runner = importlib.import_module(RUNNERS[arguments.framework])
    run_model = functools.partial(runner.run, extended=True) if arguments.extended else runner.run
    rows = []
    for model in arguments.models:
        rows.append(measure(run_model, runner.Failed, model, arguments.runs))
        print(rows[-1]["model"], rows[-1].get("median", "refused"), file=sys.stderr)
    print(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
