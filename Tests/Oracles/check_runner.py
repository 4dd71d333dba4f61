"""Holds onnx_to_jax.py against onnxruntime and against ONNX's own tests, operator by operator.

usage: check_runner.py FOLDER     (with the Python that SPU is in)

FOLDER is what runner_expectations.py wrote. Every model runs as a JAX function, eagerly and as JAX compiles it for SPU, where
secret operands are tracers, and must compute what stands beside it. A model may be refused, but only with a message that
names its node; what is refused is printed. Exit code 1 if anything differs.
"""

import collections
import json
import os
import sys
import warnings

import jax
import numpy as np
import onnx

import onnx_to_jax

# Of the largest output, at least 1: 32-bit floats added up in another order. ONNX's tests write some results with 4 digits.
TOLERANCES = {"cases": 2e-5, "files": 2e-5, "node tests": 1e-4}


class Tally:
    """What has been compared so far."""

    def __init__(self):
        self.counts = collections.Counter()
        self.refusals = collections.Counter()

    def compare(self, kind, label, path, inputs, expected):
        """Runs the file and compares its first output."""
        try:
            outputs = run(path, inputs)
        except onnx_to_jax.Refused as refusal:
            self.counts[kind, "refused"] += 1
            self.refusals[str(refusal)] += 1
            return
        except Exception as error:  # a traceback instead of a refusal is a failure like a wrong number
            outputs, problem = [], f"{type(error).__name__}: {error}"
        else:
            problem = next(filter(None, (difference(output, expected, TOLERANCES[kind]) for output in outputs)), None)
        self.counts[kind, "differ" if problem else "agree"] += 1
        if problem:
            print(f"{label}: {problem}", flush=True)


def run(path, inputs):
    """The output as JAX computes it eagerly and compiled. Floats are secret, integers public."""
    function, weights = onnx_to_jax.load(path)
    arguments = [*inputs, *weights]
    secret = [index for index, value in enumerate(arguments) if value.dtype.kind == "f"]

    def of_secrets(*values):
        given = dict(zip(secret, values))
        return function(*[given.get(index, value) for index, value in enumerate(arguments)])

    values = [jax.numpy.asarray(arguments[index]) for index in secret]
    eager = of_secrets(*values)
    return [np.asarray(eager), np.asarray(jax.jit(of_secrets)(*values))]


def difference(output, expected, tolerance):
    """What is different, in words; None if nothing is."""
    if output.shape != expected.shape:
        return f"shape {output.shape}, not {expected.shape}"
    if output.dtype.kind != expected.dtype.kind:
        return f"type {output.dtype}, not {expected.dtype}"
    output, expected = np.asarray(output, np.float64), np.asarray(expected, np.float64)
    finite = np.isfinite(expected)
    if not np.array_equal(output[~finite], expected[~finite], equal_nan=True):
        return "infinities elsewhere"
    largest = max(1.0, float(np.max(np.abs(expected[finite]), initial=0)))
    error = float(np.max(np.abs(output[finite] - expected[finite]), initial=0))
    return f"error {error:.2g} of {largest:.2g}" if not error <= tolerance * largest else None


def claimed(path):
    """Whether onnx_to_jax.py has every operator of the file."""
    return all(not node.domain and node.op_type in onnx_to_jax.OPERATORS for node in onnx.load(path).graph.node)


def main(folder):
    warnings.simplefilter("ignore")
    tally = Tally()
    with open(os.path.join(folder, "index.json")) as file:
        index = json.load(file)
    for kind, label, number in index:
        path = os.path.join(folder, number + ".onnx")
        if kind == "node tests" and not claimed(path):
            tally.counts[kind, "of other operators"] += 1
            continue
        arrays = np.load(os.path.join(folder, number + ".npz"))
        *inputs, expected = [arrays[name] for name in arrays.files]
        tally.compare(kind, label, path, inputs, expected)
    for (kind, verdict), count in sorted(tally.counts.items()):
        print(f"{kind}: {count} {verdict}")
    for message, count in sorted(tally.refusals.items()):
        print(f"refused {count}: {message}")
    if any(verdict == "differ" for _, verdict in tally.counts):
        raise SystemExit(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
