"""Runs original and optimized models in the real framework and holds them against Harrier's prediction.

usage: verify_measured.py crypten|semi2k HARRIER FIXTURES FOLDER [NAME...]     (with the Python that the framework is in)

Every model gets weights scaled as trained (trained_models.py), is rewritten by the command HARRIER, and runs as it was and as
rewritten on the same random inputs. Bytes and rounds must be the predicted ones. The error against onnxruntime's output must
be at most twice the original's in the same framework, or four units in the last place of the framework's fixed point,
whichever is more. Errors are medians of a few runs: truncating shares locally goes badly wrong once in some 2^32 elements,
at random. Prints a table; exit code 1 if anything differs. Models and weights go to FOLDER; NAMEs choose some of the models.
"""

import importlib
import json
import os
import statistics
import subprocess
import sys

import numpy as np

import measure_errors
import trained_models

# Files under FIXTURES that each framework takes. An original that its importer refuses is run as rewritten only.
FRAMEWORKS = {
    "crypten": [
        "truth/crypten_models/logreg.onnx", "truth/crypten_models/mlp.onnx", "truth/crypten_models/lenet.onnx",
        "truth/crypten_models/minionn.onnx", "truth/crypten_models/resnet18_64.onnx",
        "truth/crypten_models/vgg16_cifar.onnx", "truth/crypten_models/vgg16_cifar_bn.onnx",
        "truth/crypten_models/bert_l1_s128_relu_softmax.onnx",
        "truth/crypten_models/bert_l1_s128_gelu_softmax.onnx", "runners/conv1d.onnxtxt", "runners/ceil_pools.onnxtxt",
        "runners/norm_spelled.onnxtxt",
    ],
    "semi2k": [
        "truth/spu_models/lenet_b1.onnx", "truth/spu_models/minionn_b1.onnx", "truth/spu_models/mlp_b128.onnx",
        "truth/spu_models/bert_layer_32_128.onnx", "truth/spu_models/resnet18_64_bninfer_b1.onnx",
        "runners/conv1d.onnxtxt", "runners/ceil_pools.onnxtxt", "runners/auto_pad.onnxtxt", "runners/norm_batch1.onnxtxt",
        "runners/norm_rank3.onnxtxt", "runners/norm_spelled.onnxtxt",
    ],
}
FRACTION_BITS = {"crypten": 16, "semi2k": 18}
OBJECTIVES = ["bytes", "rounds"]
RUNS = 3
UNITS = 4  # in the last place, which no error need be below


def optimized(harrier, framework, model, objective):
    """Lets Harrier rewrite the model. Gives the file and the report, with what has no price as its "note"."""
    output = model.replace(".onnx", f".{objective}.onnx")
    command = [harrier, "optimize", model, "--framework", framework, "--objective", objective]
    report = subprocess.run(command + ["--format", "json", "--output", output], capture_output=True, text=True)
    if report.returncode != 0:
        raise SystemExit(f"{' '.join(command)}\n{report.stderr}")
    notes = [line.removeprefix("harrier: ") for line in report.stderr.splitlines() if "no price" in line]
    return output, {**json.loads(report.stdout), "note": " ".join(notes)}


class Comparison:
    """One framework's runs, as rows of a table."""

    def __init__(self, framework):
        self.framework = framework
        self.runner = importlib.import_module(measure_errors.RUNNERS[framework])
        self.unit = 2.0 ** -FRACTION_BITS[framework]
        self.differing, self.exceeding = [], []
        print(f"{'':40} {'bytes':>27} {'rounds':>11} {'largest':>9} {'error':>17}")
        print(f"{'model':24} {'framework':9} {'graph':11} {'predicted':>13} {'measured':>13} {'pred.':>5} {'meas.':>5}"
              f" {'output':>9} {'before':>8} {'after':>8}  within bound")

    def run(self, model, samples):
        """Counts of the last run and the median error; what the runner says instead if it refuses the file."""
        errors = []
        for seed, (inputs, expected) in enumerate(samples):
            try:
                measured = self.runner.run(model, inputs, seed)
            except self.runner.Failed as failure:
                return None, str(failure).strip().splitlines()[-1]
            errors.append(float(np.max(np.abs(measured["output"] - expected))))
        return measured, statistics.median(errors)

    def row(self, name, graph, report, model, samples, before):
        """Runs the file and prints its row; gives its error. `before` is the original's error, None for the original."""
        measured, error = self.run(model, samples)
        online = report["before" if graph == "as exported" else "after"]["online"]
        label = f"{name}, {graph}"
        start = f"{name:24} {self.framework:9} {graph:11} {online['bytes']:13,}"
        if measured is None:
            print(f"{start} does not run: {error}", flush=True)
            if graph != "as exported":
                self.differing.append(label)
            return None
        agrees = (online["bytes"], online["rounds"]) == (measured["bytes"], measured["rounds"])
        if not agrees:
            self.differing.append(f"{label} {report['note'] and '(' + report['note'] + ')'}".strip())
        largest = max(float(np.max(np.abs(expected))) for _, expected in samples)
        verdict = ""
        if graph != "as exported":
            bound = max(UNITS * self.unit, 2 * before if before is not None else 0)
            verdict = "yes" if error <= bound else f"NO, over {bound:.2g}"
            if error > bound:
                self.exceeding.append(f"{label}: error {error:.2g}, bound {bound:.2g}")
        shown = [f"{number:8.2g}" if number is not None else f"{'':8}"
                 for number in ((error, None) if graph == "as exported" else (before, error))]
        print(f"{start} {measured['bytes']:13,} {online['rounds']:5} {measured['rounds']:5} {largest:9.3g} {' '.join(shown)}"
              f"  {verdict}{'' if agrees else '  COUNTS DIFFER'}", flush=True)
        return error


def main(framework, harrier, fixtures, folder, *names):
    os.makedirs(folder, exist_ok=True)
    comparison = Comparison(framework)
    for file in FRAMEWORKS[framework]:
        name = os.path.basename(file).rsplit(".onnx", 1)[0]
        if names and name not in names:
            continue
        original = os.path.join(folder, name + ".onnx")
        trained_models.prepare(os.path.join(fixtures, file), original)
        session = measure_errors.open_session(original)
        inputs = [measure_errors.random_inputs(session, seed) for seed in range(RUNS)]
        samples = [(each, measure_errors.plaintext(session, each)) for each in inputs]
        reports = {objective: optimized(harrier, framework, original, objective) for objective in OBJECTIVES}
        before = comparison.row(name, "as exported", reports[OBJECTIVES[0]][1], original, samples, None)
        for objective, (rewritten, report) in reports.items():
            comparison.row(name, objective, report, rewritten, samples, before)
    print(f"errors: medians of {RUNS} runs, absolute; the bound is twice the error before or {UNITS} units of"
          f" 2^-{FRACTION_BITS[framework]}, whichever is more")
    for label in comparison.differing:
        print(f"not as predicted: {label}")
    for label in comparison.exceeding:
        print(f"exceeds the bound: {label}")
    if comparison.differing or comparison.exceeding:
        raise SystemExit(1)
    print("all as predicted and within the bound")


if __name__ == "__main__":
    main(*sys.argv[1:])
