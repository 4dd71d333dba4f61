"""Hunts for rewrites that change what a model computes: random graphs are optimized and run beside the originals in onnxruntime.

hunt.py HARRIER [--graphs N] [--seed S] [--jobs J] [--keep FOLDER] draws N graphs over many operators, element types and shapes, with masks, bounds far
away, places that count from the end and values that are read twice, optimizes each for a framework and an objective drawn at random, and compares the
outputs, element by element, on ordinary inputs, on ties, and on large ones. Ends with 1 if a result differs, is infinite where the original is not, cannot be
loaded, or if a command fails. Failing graphs are made smaller and kept.
"""

import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import onnx

from draw import drawn
from judge import difference, session, stable

FRAMEWORKS = ["crypten", "semi2k", "spu-aby3", "spu-cheetah", "cryptflow2", "cheetah", "delphi", "mp-spdz-ring", "falcon"]
OBJECTIVES = ["bytes", "rounds", "time"]


def trial(harrier, model, bounds, seed, framework, objective, folder):
    """What is wrong with the optimized model, and the rules that were used."""
    samples = stable(model, bounds, seed)
    source, target = os.path.join(folder, "model.onnx"), os.path.join(folder, "result.onnx")
    onnx.save(model, source)
    if os.path.exists(target):
        os.remove(target)
    command = [harrier, "optimize", source, "--framework", framework, "--objective", objective, "--output", target, "--format", "json", "--any-operator",
               "--no-check"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120)
    if run.returncode != 0:
        return f"exit {run.returncode}: {run.stderr.strip().splitlines()[-1] if run.stderr.strip() else ''}", []
    rules = [step["rule"] for step in json.loads(run.stdout)["rewrites"]]
    try:
        runner = session(target)
    except Exception as error:  # whatever onnxruntime says
        text = str(error)
        return (None if "NOT_IMPLEMENTED" in text or "No Op registered" in text else f"cannot be loaded: {text[:200]}"), rules
    for inputs, outputs in samples:
        names = {value.name for value in runner.get_inputs()}
        found = runner.run([o.name for o in model.graph.output], {k: v for k, v in inputs.items() if k in names})
        for output, one, other in zip(model.graph.output, outputs, found):
            wrong = difference(one, other)
            if wrong:
                return f"output {output.name}: {wrong}", rules
    return None, rules


def smaller(harrier, seed, steps, arguments):
    """The fewest steps of the same draw that still fail."""
    for count in range(1, steps):
        with tempfile.TemporaryDirectory() as folder:
            try:
                model, bounds = drawn(np.random.default_rng(seed), count)
                wrong, rules = trial(harrier, model, bounds, seed, *arguments, folder)
            except Exception:  # a shorter draw need not be a model
                continue
            if wrong:
                return model, wrong, rules
    return None


def attempt(harrier, seed):
    rng = np.random.default_rng(seed)
    steps = int(rng.integers(2, 11))
    picks = np.random.default_rng(seed + 10**9)
    arguments = (FRAMEWORKS[picks.integers(len(FRAMEWORKS))], OBJECTIVES[picks.integers(3)])
    with tempfile.TemporaryDirectory() as folder:
        try:
            model, bounds = drawn(np.random.default_rng(seed), steps)
            session(model)
        except Exception as error:  # not a model for onnxruntime: drawn in vain
            return seed, "in vain", str(error)[:200], [], None, arguments
        try:
            wrong, rules = trial(harrier, model, bounds, seed, *arguments, folder)
        except subprocess.TimeoutExpired:
            return seed, "wrong", "does not end in two minutes", [], model, arguments
        except Exception as error:
            return seed, "in vain", str(error)[:200], [], None, arguments
        if not wrong:
            return seed, "right", None, rules, None, arguments
        small = smaller(harrier, seed, steps, arguments)
        if small:
            model, wrong, rules = small
        return seed, "wrong", wrong, rules, model, arguments


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("harrier")
    parser.add_argument("--graphs", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--keep", type=pathlib.Path, default=pathlib.Path(".build/soundness"))
    arguments = parser.parse_args()
    counts, fired = collections.Counter(), collections.Counter()
    with concurrent.futures.ProcessPoolExecutor(arguments.jobs) as pool:
        seeds = range(arguments.seed, arguments.seed + arguments.graphs)
        for seed, verdict, why, rules, model, how in pool.map(attempt, [arguments.harrier] * len(seeds), seeds, chunksize=4):
            counts[verdict] += 1
            fired.update(rules)
            if verdict == "wrong":
                arguments.keep.mkdir(parents=True, exist_ok=True)
                onnx.save(model, str(arguments.keep / f"{seed}.onnx"))
                print(f"{seed}: {how[0]}, {how[1]}: {why}; {rules}", flush=True)
    print(f"{arguments.graphs} graphs: {dict(counts)}")
    for rule, times in sorted(fired.items(), key=lambda pair: (-pair[1], pair[0])):
        print(f"{times:6} {rule}")
    sys.exit(1 if counts["wrong"] else 0)


if __name__ == "__main__":
    main()
