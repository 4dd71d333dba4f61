"""Runs pairs of ONNX files in onnxruntime on the same random inputs and prints the largest difference as JSON, a line each.

usage: compare_models.py A.onnx B.onnx [C.onnx D.onnx ...] [--samples N] [--seed N] [--dim NAME=VALUE ...]

{"max_abs_error": 0.0, "max_abs_output": 3.1, "outputs": 1}; integers and booleans differ by 1 where they are not equal.
"""

import argparse
import json

import numpy as np
import onnxruntime

TYPES = {
    "tensor(float)": np.float32,
    "tensor(double)": np.float64,
    "tensor(float16)": np.float16,
    "tensor(int64)": np.int64,
    "tensor(int32)": np.int32,
    "tensor(uint8)": np.uint8,
    "tensor(int8)": np.int8,
    "tensor(bool)": np.bool_,
}


def session(path):
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    # The graph as it is written: an optimizer would hide differences and add its own.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def random_inputs(inputs, dimensions, generator):
    feeds = {}
    for value in inputs:
        shape = [d if isinstance(d, int) else dimensions.get(d, 1) for d in value.shape]
        kind = np.dtype(TYPES[value.type])
        if kind.kind == "f":
            feeds[value.name] = generator.standard_normal(shape).astype(kind)
        else:
            feeds[value.name] = generator.integers(0, 2, shape).astype(kind)
    return feeds


def difference(one, two):
    if one.shape != two.shape or one.dtype != two.dtype:
        raise SystemExit(f"outputs differ in type: {one.dtype}{one.shape} and {two.dtype}{two.shape}")
    if one.size == 0:
        return 0.0
    if one.dtype.kind != "f":
        return float(np.max(one != two))
    same = (one == two) | (np.isnan(one) & np.isnan(two))
    return float(np.max(np.where(same, 0, np.abs(one.astype(np.float64) - two.astype(np.float64)))))


def compare(one, two, dimensions, samples, generator):
    first, second = session(one), session(two)
    names = {value.name for value in second.get_inputs()}
    error, largest, count = 0.0, 0.0, 0
    for _ in range(samples):
        feeds = random_inputs(first.get_inputs(), dimensions, generator)
        results = first.run(None, feeds)
        others = second.run(None, {name: feeds[name] for name in names})
        count = len(results)
        if count != len(others):
            raise SystemExit(f"{count} and {len(others)} outputs")
        for result, other in zip(results, others):
            error = max(error, difference(np.asarray(result), np.asarray(other)))
            if np.asarray(result).size and np.asarray(result).dtype.kind == "f":
                largest = max(largest, float(np.max(np.abs(result))))
    return {"max_abs_error": error, "max_abs_output": largest, "outputs": count}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("models", nargs="+")
    parser.add_argument("--samples", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--dim", action="append", default=[])
    arguments = parser.parse_args()
    dimensions = {name: int(value) for name, value in (text.split("=") for text in arguments.dim)}
    for one, two in zip(arguments.models[::2], arguments.models[1::2], strict=True):
        generator = np.random.default_rng(arguments.seed)
        print(json.dumps(compare(one, two, dimensions, arguments.samples, generator)))


if __name__ == "__main__":
    main()
