"""What suggestions do to the accuracy on scikit-learn's digits, before and after fine-tuning, beside what was predicted.

Training steps are made by 'harrier train' and run in onnxruntime.
"""

import json
import shutil
import subprocess

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from scipy.stats import spearmanr
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from onnx_runs import session

BATCH = 32
EPOCHS = 15
FINE_TUNING_EPOCHS = 3
SAMPLES = 64


def network(name, layers, size):
    """A network of the given layers on images of so many pixels a side, with random weights."""
    random = np.random.default_rng(3)
    nodes, weights, value = [], {}, "x"

    def weighted(op, layer, shape, fan_in, **attributes):
        weights[f"{layer}.weight"] = random.normal(0, (2 / fan_in) ** 0.5, shape).astype(np.float32)
        weights[f"{layer}.bias"] = np.zeros(shape[0], np.float32)
        return helper.make_node(
            op, [value, f"{layer}.weight", f"{layer}.bias"], [layer], name=f"/{layer}/{op}", **attributes)

    for index, (op, *arguments) in enumerate(layers):
        layer = f"{op.lower()}{index}"
        if op == "Conv":
            outputs, inputs, kernel, padding = arguments
            node = weighted(op, layer, (outputs, inputs, kernel, kernel), inputs * kernel * kernel, pads=[padding] * 4)
        elif op == "Gemm":
            node = weighted(op, layer, tuple(arguments), arguments[1], transB=1)
        elif op.endswith("Pool"):
            node = helper.make_node(op, [value], [layer], name=f"/{layer}/{op}", kernel_shape=[2, 2], strides=[2, 2])
        else:
            node = helper.make_node(op, [value], [layer], name=f"/{layer}/{op}")
        nodes.append(node)
        value = layer
    nodes[-1].output[0] = "logits"
    graph = helper.make_graph(
        nodes, name,
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 1, size, size])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, 10])],
        [numpy_helper.from_array(array, key) for key, array in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    return model


NETWORKS = {
    "LeNet": (28, [
        ("Conv", 6, 1, 5, 2), ("Relu",), ("AveragePool",), ("Conv", 16, 6, 5, 0), ("Relu",), ("AveragePool",), ("Flatten",),
        ("Gemm", 120, 400), ("Relu",), ("Gemm", 84, 120), ("Relu",), ("Gemm", 10, 84)]),
    "small CNN": (8, [
        ("Conv", 8, 1, 3, 1), ("Relu",), ("MaxPool",), ("Conv", 16, 8, 3, 1), ("Relu",), ("MaxPool",), ("Flatten",),
        ("Gemm", 32, 64), ("Relu",), ("Gemm", 10, 32)]),
}


def data(size):
    """Training and test images, an axis for samples and the model's own batch of one, and labels."""
    images, labels = load_digits(return_X_y=True)
    images = (images / 16).astype(np.float32).reshape(-1, 8, 8)
    if size == 28:
        images = np.pad(images.repeat(3, 1).repeat(3, 2), ((0, 0), (2, 2), (2, 2)))
    return train_test_split(images[:, None, None], labels, test_size=0.25, random_state=0)


def train(harrier, model, step, x, y, epochs, rate):
    """Trains a model file in place."""
    subprocess.run(
        [harrier, "train", model, "--loss", "ce", "--optimizer", "adam", "--lr", str(rate), "--batch", str(BATCH), "--output", step],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    runner = session(step)
    loaded = onnx.load(model)
    known = {tensor.name: numpy_helper.to_array(tensor) for tensor in loaded.graph.initializer}
    values = {}
    for value in runner.get_inputs():
        if value.name not in ("x", "target"):
            fill = np.ones if value.name == "step" else np.zeros
            values[value.name] = known.get(value.name, fill(value.shape, np.float32))
    names = [output.name for output in runner.get_outputs()]
    random = np.random.default_rng(0)
    for _ in range(epochs):
        order = random.permutation(len(x))
        for first in range(0, len(x) - BATCH + 1, BATCH):
            batch = order[first : first + BATCH]
            target = np.eye(10, dtype=np.float32)[y[batch]]
            results = dict(zip(names, runner.run(names, {"x": x[batch, 0], "target": target, **values})))
            values = {name: results[name + ".next"] for name in values}
    for tensor in loaded.graph.initializer:
        if tensor.name in values:
            tensor.CopyFrom(numpy_helper.from_array(np.asarray(values[tensor.name]), tensor.name))
    onnx.save(loaded, model)


def accuracy(model, x, y):
    runner = session(model)
    found = [runner.run(None, {"x": image})[0].argmax() for image in x]
    return float((np.array(found) == y).mean())


def table(harrier, work, name):
    size, layers = NETWORKS[name]
    x, x_test, y, y_test = data(size)
    model, step = work / f"{name.replace(' ', '_')}.onnx", work / "step.onnx"
    onnx.save(network(name, layers, size), model)
    train(harrier, model, step, x, y, EPOCHS, 1e-3)
    np.savez(work / "samples.npz", x=x[:SAMPLES])
    folder = work / f"{name.replace(' ', '_')}-variants"
    command = [harrier, "suggest", model, "--framework", "semi2k", "--samples", work / "samples.npz", "--output", folder,
               "--no-alternatives", "--format", "json"]
    found = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    whole = accuracy(model, x_test, y_test)
    lines = [
        f"{name}, trained for {EPOCHS} epochs: test accuracy {whole:.1%}.", "",
        "| variant | saved | predicted rel. L2 | top-1 agreement | KL | test accuracy | after 3 epochs |", "|---|---:|---:|---:|---:|---:|---:|",
    ]
    divergences, before, after = [], [], []
    for variant in found["variants"]:
        file, divergence = folder / variant["file"], variant["divergence"]
        first = accuracy(file, x_test, y_test)
        if variant["trainable"] is not None:
            file = folder / variant["trainable"]
        else:
            file = work / "exact.onnx"
            shutil.copy(model, file)
        train(harrier, file, step, x, y, FINE_TUNING_EPOCHS, 1e-3)
        second = accuracy(file, x_test, y_test)
        divergences.append(divergence["relative_l2"])
        before.append(first)
        after.append(second)
        rules = {}
        for change in variant["changes"]:
            rules[change["rule"]] = rules.get(change["rule"], 0) + max(1, len(change["at"]))
        what = ", ".join(f"`{rule}` × {count}" for rule, count in rules.items()) or "exact"
        lines.append(
            f"| {what} | {variant['saving']['share']:.1%} | {divergence['relative_l2']:.3g} | {divergence['top1_agreement']:.1%} "
            f"| {divergence['kl']:.2g} | {first:.1%} | {second:.1%} |")
        print(lines[-1], flush=True)
    lines += [
        "", "Spearman's rank correlation of the predicted divergence with the loss of accuracy: "
        f"{spearmanr(divergences, [-value for value in before]).statistic:.2f} before fine-tuning, "
        f"{spearmanr(divergences, [-value for value in after]).statistic:.2f} after.",
    ]
    print(lines[-1], flush=True)
    return "\n".join(lines)


def tables(harrier, work):
    work.mkdir(parents=True, exist_ok=True)
    return "\n\n".join(table(harrier, work, name) for name in NETWORKS)
