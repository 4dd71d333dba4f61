"""Runs original and optimized models in the real framework and holds them against Harrier's prediction.

usage: verify_measured.py crypten|semi2k HARRIER FIXTURES FOLDER     (with the Python that the framework is in)

Every model gets random weights, is rewritten by the command HARRIER, and runs as it was and as rewritten: bytes and rounds
must be the predicted ones, and outputs the original's in plaintext (onnxruntime). Prints a table; exit code 1 if anything
differs. Models and weights go to FOLDER.
"""

import json
import os
import subprocess
import sys

import numpy as np
import onnxruntime

# Each framework's models (names, files under FIXTURES, deviation of the weights of matrix products), and the largest
# error of an output that is about 1. CrypTen keeps 16 fractional bits, and its exponentials, roots and reciprocals are a
# few steps of an iteration: its own unchanged networks are within 0.02 of PyTorch's. SEMI2K keeps 18 bits.
# BERT is initialized with a deviation of 0.02. With 0.006 the argument of GELU stays below 1, beyond which CrypTen's
# error function is wrong, in the original as well.
FRAMEWORKS = {
    "crypten": (0.02, [
        ("lenet", "truth/crypten_models/lenet.onnx", 0.02),
        ("minionn", "truth/crypten_models/minionn.onnx", 0.02),
        ("resnet18 64x64", "truth/crypten_models/resnet18_64.onnx", 0.02),
        ("vgg16 32x32", "truth/crypten_models/vgg16_cifar.onnx", 0.02),
        ("vgg16 with norms", "truth/crypten_models/vgg16_cifar_bn.onnx", 0.02),
        ("bert layer, relu", "truth/crypten_models/bert_l1_s128_relu_softmax.onnx", 0.02),
        ("bert layer, gelu", "truth/crypten_models/bert_l1_s128_gelu_softmax.onnx", 0.006),
    ]),
    "semi2k": (0.01, [
        ("lenet", "truth/spu_models/lenet_b1.onnx", 0.02),
        ("minionn", "truth/spu_models/minionn_b1.onnx", 0.02),
        ("bert layer, gelu", "truth/spu_models/bert_layer_32_128.onnx", 0.02),
    ]),
}
OBJECTIVES = ["bytes", "rounds"]


def with_weights(model, output, deviation):
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fill_weights.py")
    subprocess.run([sys.executable, script, model, output, "--deviation", str(deviation)], check=True)


def optimized(harrier, framework, model, objective):
    """Lets Harrier rewrite the model. Gives the file and the report."""
    output = model.replace(".onnx", f".{objective}.onnx")
    command = [harrier, "optimize", model, "--framework", framework, "--objective", objective]
    report = subprocess.run(command + ["--format", "json", "--output", output], capture_output=True, text=True)
    if report.returncode != 0:
        raise SystemExit(f"{' '.join(command)}\n{report.stderr}")
    return output, json.loads(report.stdout)


def plaintext(model):
    """Random inputs, and the output that onnxruntime gives for them."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    generator = np.random.default_rng(5)
    inputs = [generator.standard_normal(value.shape).astype(np.float32) for value in session.get_inputs()]
    return inputs, session.run(None, dict(zip([value.name for value in session.get_inputs()], inputs)))[0]


class Comparison:
    """One framework's runs, as rows of a table."""

    def __init__(self, framework):
        self.tolerance, self.models = FRAMEWORKS[framework]
        self.failures = 0
        if framework == "crypten":
            import crypten_run as runner
        else:
            import spu_run as runner
        self.run = runner.run
        print(f"{'':30} {'bytes':>25} {'rounds':>11} {'error against':>13}")
        print(f"{'model':18} {'graph':10} {'predicted':>12} {'measured':>13} {'pred.':>5} {'meas.':>5} {'plaintext':>13}")

    def measure(self, model, inputs, expected):
        """Runs the file. Gives the counts and the error relative to the largest output.

        Truncating shares locally goes badly wrong once in some 2^32 elements, at random: a run that is far off is
        repeated with other randomness. An error of the graph's own stays.
        """
        for seed in range(3):
            measured = self.run(model, inputs, seed)
            error = float(np.max(np.abs(measured["output"] - expected))) / max(1.0, float(np.max(np.abs(expected))))
            if error <= self.tolerance:
                break
            print(f"{os.path.basename(model)}: error {error:.2g} in run {seed + 1}", file=sys.stderr)
        return measured, error

    def row(self, name, graph, predicted, measured, error):
        online = predicted["online"]
        agrees = (online["bytes"], online["rounds"]) == (measured["bytes"], measured["rounds"])
        agrees = agrees and error <= self.tolerance
        self.failures += not agrees
        print(
            f"{name:18} {graph:10} {online['bytes']:12,} {measured['bytes']:13,}"
            f" {online['rounds']:5} {measured['rounds']:5} {error:13.2g}{'' if agrees else '  DIFFERS'}", flush=True)


def main(framework, harrier, fixtures, folder):
    os.makedirs(folder, exist_ok=True)
    comparison = Comparison(framework)
    for name, file, deviation in comparison.models:
        original = os.path.join(folder, os.path.basename(file))
        with_weights(os.path.join(fixtures, file), original, deviation)
        inputs, expected = plaintext(original)
        for objective in OBJECTIVES:
            rewritten, report = optimized(harrier, framework, original, objective)
            if objective == OBJECTIVES[0]:
                comparison.row(name, "original", report["before"], *comparison.measure(original, inputs, expected))
            comparison.row(name, objective, report["after"], *comparison.measure(rewritten, inputs, expected))
    if comparison.failures:
        raise SystemExit(f"{comparison.failures} runs differ from what was predicted")
    print(f"all as predicted; errors relative to the largest output, at most {comparison.tolerance}")


if __name__ == "__main__":
    main(*sys.argv[1:])
