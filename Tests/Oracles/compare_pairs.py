"""Checks many pairs of small ONNX files with onnx.checker, runs them in onnxruntime on the same inputs, and prints JSON.

usage: compare_pairs.py PAIRS.json

PAIRS.json is a list of {"before": path, "after": path, "ranges": {input: [low, high]}}; what is printed is a list, in the same order, of
{"max_abs_error": 0.0, "max_abs_output": 3.1}, or {"skipped": why} where onnxruntime does not run the first file, or
{"failed": why} where something is wrong with the second.
"""

import json
import sys

import numpy as np
import onnx
from compare_models import TYPES, difference, session

SAMPLES = 3


def inputs_of(model, ranges, generator, sample):
    feeds = {}
    for value in model.get_inputs():
        kind = np.dtype(TYPES[value.type])
        if kind.kind != "f":
            numbers = generator.integers(0, 2, value.shape)
        elif value.name in ranges:
            numbers = generator.uniform(*ranges[value.name], value.shape)
        else:
            numbers = generator.standard_normal(value.shape)
        # Every other sample has zeros and ties.
        if kind.kind == "f" and sample % 2 == 1 and value.name not in ranges:
            numbers = np.round(numbers * 2) / 2
        feeds[value.name] = np.asarray(numbers).astype(kind)
    return feeds


def compare(pair, generator):
    try:
        onnx.checker.check_model(pair["before"], full_check=True)
        before = session(pair["before"])
    except Exception as error:
        return {"skipped": str(error).splitlines()[0]}
    try:
        onnx.checker.check_model(pair["after"], full_check=True)
        after = session(pair["after"])
        names = {value.name for value in after.get_inputs()}
        error, largest = 0.0, 0.0
        for sample in range(SAMPLES):
            feeds = inputs_of(before, pair["ranges"], generator, sample)
            expected = before.run(None, feeds)
            found = after.run(None, {name: feeds[name] for name in names})
            if len(expected) != len(found):
                return {"failed": f"{len(expected)} and {len(found)} outputs"}
            for one, other in zip(expected, found):
                one, other = np.asarray(one), np.asarray(other)
                error = max(error, difference(one, other))
                if one.size and one.dtype.kind == "f" and np.isfinite(one).any():
                    largest = max(largest, float(np.max(np.abs(one[np.isfinite(one)]))))
        return {"max_abs_error": error if np.isfinite(error) else 1e300, "max_abs_output": largest}
    except (Exception, SystemExit) as error:
        return {"failed": (str(error) or type(error).__name__).splitlines()[0]}


def main():
    generator = np.random.default_rng(1)
    with open(sys.argv[1], encoding="utf-8") as file:
        pairs = json.load(file)
    print(json.dumps([compare(pair, generator) for pair in pairs]))


if __name__ == "__main__":
    main()
