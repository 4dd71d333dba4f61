"""Trains a network on scikit-learn's digits, with training steps that Harrier wrote and onnxruntime runs.

    python digits.py model MODEL            writes a network of 64 pixels, 32 hidden units and 10 classes
    python digits.py train MODEL STEP       loops a training step of it, and prints the accuracy as JSON
"""

import json
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

BATCH = 32
EPOCHS = 20


def write_model(path):
    random = np.random.default_rng(3)
    weights = {}
    for name, rows, columns in [("hidden", 32, 64), ("out", 10, 32)]:
        weights[f"{name}.weight"] = random.normal(0, columns**-0.5, (rows, columns)).astype(np.float32)
        weights[f"{name}.bias"] = np.zeros(rows, np.float32)
    graph = helper.make_graph(
        [
            helper.make_node("Gemm", ["x", "hidden.weight", "hidden.bias"], ["h"], name="/hidden/Gemm", transB=1),
            helper.make_node("Relu", ["h"], ["r"], name="/relu/Relu"),
            helper.make_node("Gemm", ["r", "out.weight", "out.bias"], ["y"], name="/out/Gemm", transB=1),
        ],
        "digits",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 64])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 10])],
        [numpy_helper.from_array(value, name) for name, value in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, path)


def logits(weights, x):
    hidden = np.maximum(x @ weights["hidden.weight"].T + weights["hidden.bias"], 0)
    return hidden @ weights["out.weight"].T + weights["out.bias"]


def start(session, model):
    """What goes round in the loop: parameters as the model has them, the number of the step, and zeros."""
    known = {tensor.name: numpy_helper.to_array(tensor) for tensor in onnx.load(model).graph.initializer}
    values = {}
    for value in session.get_inputs():
        if value.name in ("x", "target"):
            continue
        fill = np.ones if value.name == "step" else np.zeros
        values[value.name] = known.get(value.name, fill(value.shape, np.float32))
    return values


def train(model, step):
    onnx.checker.check_model(onnx.load(step), full_check=True)
    session = onnxruntime.InferenceSession(step, providers=["CPUExecutionProvider"])
    images, labels = load_digits(return_X_y=True)
    images = (images / 16).astype(np.float32)
    x, x_test, y, y_test = train_test_split(images, labels, test_size=0.25, random_state=0)
    values = start(session, model)
    names = [output.name for output in session.get_outputs()]
    random = np.random.default_rng(0)
    losses = []
    for _ in range(EPOCHS):
        order = random.permutation(len(x))
        for first in range(0, len(x) - BATCH + 1, BATCH):
            batch = order[first : first + BATCH]
            target = np.eye(10, dtype=np.float32)[y[batch]]
            results = dict(zip(names, session.run(names, {"x": x[batch], "target": target, **values})))
            values = {name: results[name + ".next"] for name in values}
            losses.append(float(results["loss"]))
    accuracy = float((logits(values, x_test).argmax(1) == y_test).mean())
    print(json.dumps({"accuracy": accuracy, "first_loss": losses[0], "last_loss": float(np.mean(losses[-10:]))}))


if __name__ == "__main__":
    if sys.argv[1] == "model":
        write_model(sys.argv[2])
    else:
        train(sys.argv[2], sys.argv[3])
