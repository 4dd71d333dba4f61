"""Holds crypten_run.py against onnxruntime and ONNX's node tests: CrypTen's importer computes what ONNX says, or is refused.

usage: check_importer.py FOLDER     (with the Python that CrypTen is in)

FOLDER is what runner_expectations.py wrote. One party runs every model that CrypTen's importer takes, with its arithmetic of
fixed points; crypten_checks.py must refuse those that come out wrong. Exit code 1 if one does that is not refused.
"""

import collections
import io
import json
import os
import sys
import warnings

import numpy as np
import onnx
import torch

import crypten
import crypten.nn

import crypten_checks

TOLERANCE = 0.02  # of the largest output, at least 1: CrypTen's functions are approximations
# Operands for which those do not converge: variances near 0, numbers beyond 2.
DIVERGING = {"test_batchnorm_example", "test_batchnorm_epsilon", "test_erf"}


def with_constants(model, inputs):
    """The model with integer operands as Constant nodes, the only form in which the importer takes them; and the other inputs."""
    public = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    secret = []
    for value, array in zip(list(model.graph.input), inputs):
        if array.dtype.kind == "f":
            secret.append(array.astype(np.float32))
        else:
            public[value.name] = array
            model.graph.input.remove(value)
    del model.graph.initializer[:]
    for name, array in public.items():
        if array.dtype == bool:
            array = array.astype(np.float32)
        constant = onnx.helper.make_node("Constant", [], [name], value=onnx.numpy_helper.from_array(array, name))
        model.graph.node.insert(0, constant)
    return model, secret


def run(model, secret):
    network = crypten.nn.from_onnx(io.BytesIO(model.SerializeToString()))
    network.eval()
    network.encrypt()
    with crypten.no_grad():
        result = network(*[crypten.cryptensor(torch.from_numpy(array)) for array in secret])
    return result.get_plain_text().numpy() if crypten.is_encrypted_tensor(result) else np.asarray(result)


def verdict(model, inputs, expected):
    """What comes of the model, in a word or two, and what is wrong."""
    model, secret = with_constants(model, inputs)
    if not secret:
        return "without secrets", None
    try:
        crypten_checks.check(model)
    except crypten_checks.Wrong as wrong:
        return "refused", str(wrong)
    try:
        output = run(model, secret)
    except Exception as error:
        return "refused by CrypTen", f"{type(error).__name__}: {error}"
    if output.shape != expected.shape:
        return "differ", f"shape {output.shape}, not {expected.shape}"
    error = float(np.max(np.abs(output - expected.astype(np.float32)), initial=0))
    largest = max(1.0, float(np.max(np.abs(expected), initial=0)))
    return ("agree", None) if error <= TOLERANCE * largest else ("differ", f"error {error:.2g} of {largest:.2g}")


def main(folder):
    warnings.simplefilter("ignore")
    crypten.init()
    counts, messages = collections.Counter(), collections.Counter()
    with open(os.path.join(folder, "index.json")) as file:
        index = json.load(file)
    for kind, label, number in index:
        model = onnx.load(os.path.join(folder, number + ".onnx"))
        if kind == "files" or not all(imported(node.op_type) for node in model.graph.node):
            continue
        arrays = np.load(os.path.join(folder, number + ".npz"))
        *inputs, expected = [arrays[name] for name in arrays.files]
        if label in DIVERGING or not all(np.all(np.isfinite(array)) for array in [*inputs, expected]):
            counts[kind, "beyond CrypTen's numbers"] += 1
            continue
        word, problem = verdict(model, inputs, expected)
        counts[kind, word] += 1
        if word == "differ":
            print(f"{label}: {problem}", flush=True)
        elif word == "refused":
            messages[problem.replace(problem.split("'")[1], "…")] += 1
    for (kind, word), count in sorted(counts.items()):
        print(f"{kind}: {count} {word}")
    for message, count in sorted(messages.items()):
        print(f"refused {count}: {message}")
    if any(word == "differ" for _, word in counts):
        raise SystemExit(1)


def imported(operator):
    """Whether CrypTen's importer has the operator."""
    try:
        return crypten.nn.onnx_converter._get_operator_class(operator, {}) is not None
    except ValueError:
        return False


if __name__ == "__main__":
    main(*sys.argv[1:])
