"""What a network needs whatever the rules: a lower bound on bytes for networks written with ONNX's operators.

    functions = count(MODEL)                       {"relu": elements, "exp": elements, ...}
    price = PriceList(run, FRAMEWORK)[FUNCTION]    bytes an element, at the cheapest form that the rules know

The bound is the sum over the non-linear functions, counted so that no exact rewriting can do with fewer elements, plus the
linear layers as they stand in the optimized graph. docs/RESULTS.md argues why.
"""

import collections
import math
import os

import onnx
from onnx import TensorProto, helper

# Functions of one operand that a network states, as the operators that state them.
ELEMENTWISE = {
    "Erf": "erf", "Tanh": "tanh", "Sigmoid": "sigmoid", "Exp": "exp", "Log": "log", "Gelu": "gelu",
    "HardSwish": "hard swish", "HardSigmoid": "hard sigmoid", "Clip": "clip", "Sqrt": "root",
}
LINEAR = {"Conv", "ConvTranspose", "Gemm", "MatMul", "Einsum"}

# A graph for each function, in ONNX's textual syntax; where there are several, the cheapest counts.
FORMS = {
    "relu": ["y = Relu (s)"],
    "max": ["y = Relu (s)", "t = Sub (s, x)  y = Max (s, t)"],
    "exp": ["y = Exp (s)"],
    "log": ["y = Log (s)"],
    "erf": ["y = Erf (s)"],
    "tanh": ["y = Tanh (s)"],
    "sigmoid": ["y = Sigmoid (s)"],
    "gelu": ["y = Gelu (s)"],
    "hard swish": ["y = HardSwish (s)"],
    "hard sigmoid": ["y = HardSigmoid (s)"],
    "clip": ["low = Constant <value = float {0.0}> ()  high = Constant <value = float {6.0}> ()  y = Clip (s, low, high)"],
    "root": ["y = Sqrt (s)", "t = Sqrt (s)  one = Constant <value = float {1.0}> ()  y = Div (one, t)"],
    "reciprocal": ["y = Reciprocal (s)"],
}
ELEMENTS = 1 << 18


def form(text):
    """A model of the function, on a sum of the user's input and the owner's weight, so that nobody knows the operand."""
    graph = f"g (float[1,{ELEMENTS}] x) => (float[1,{ELEMENTS}] y) {{ s = Add (x, w)  {text} }}"
    model = onnx.parser.parse_model('<ir_version: 8, opset_import: ["" : 17]>\n' + graph)
    weight = TensorProto(name="w", dims=[1, ELEMENTS], data_type=TensorProto.FLOAT)
    weight.data_location = TensorProto.EXTERNAL
    entry = weight.external_data.add()
    entry.key, entry.value = "location", "w.bin"
    model.graph.initializer.append(weight)
    return model


class PriceList:
    """Bytes an element of each function under a framework, asked for when needed.

    `run(file, framework)` gives (unpriced nodes, bytes) of the file's optimized form.
    """

    def __init__(self, run, framework, folder):
        self.run, self.framework, self.folder = run, framework, folder
        self.known = {}

    def __getitem__(self, function):
        if function not in self.known:
            self.known[function] = min(self.price(function, index) for index in range(len(FORMS[function])))
        return self.known[function]

    def price(self, function, index):
        file = os.path.join(self.folder, f"{self.framework}.{function.replace(' ', '-')}.{index}.onnx")
        onnx.save(form(FORMS[function][index]), file)
        unpriced, total = self.run(file, self.framework)
        # What the framework cannot compute counts as nothing, here and in the graphs.
        return 0 if unpriced else total / ELEMENTS


def count(model):
    """Elements of each non-linear function that depend on the network's input."""
    graph = onnx.shape_inference.infer_shapes(model, data_prop=True).graph
    shapes = {
        value.name: [dimension.dim_value for dimension in value.type.tensor_type.shape.dim]
        for value in [*graph.input, *graph.value_info, *graph.output]
    }
    weights = {tensor.name for tensor in graph.initializer}
    secret = {value.name for value in graph.input if value.name not in weights}
    consumers = collections.defaultdict(list)
    for node in graph.node:
        for name in node.input:
            consumers[name].append(node)
    outputs = {value.name for value in graph.output}
    result = collections.Counter()
    for node in graph.node:
        if secret.isdisjoint(node.input):
            continue
        secret.update(node.output)
        size = math.prod(shapes.get(node.output[0], [0]))
        attributes = {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}
        if node.op_type == "Relu":
            readers = consumers[node.output[0]]
            pools = [reader for reader in readers if reader.op_type == "MaxPool"]
            if readers and len(pools) == len(readers) and node.output[0] not in outputs:
                result["relu"] += min(size, sum(relus_behind(pool, shapes) for pool in pools))
            else:
                result["relu"] += size
        elif node.op_type == "MaxPool":
            result["max"] += maxima(shapes[node.input[0]], shapes[node.output[0]], attributes)
        elif node.op_type in ("Max", "Min"):
            result["max"] += size * (sum(name in secret for name in node.input) - 1 or 1)
        elif node.op_type in ("Softmax", "LogSoftmax"):
            result["exp"] += size
            rows = size // max(1, shapes[node.output[0]][attributes.get("axis", -1)])
            result["reciprocal" if node.op_type == "Softmax" else "log"] += rows
        elif node.op_type in ("LayerNormalization", "InstanceNormalization"):
            first = attributes.get("axis", -1) if node.op_type == "LayerNormalization" else 2
            result["root"] += math.prod(shapes[node.output[0]][:first])
        elif node.op_type in ELEMENTWISE:
            result[ELEMENTWISE[node.op_type]] += size
    return result


def window(attributes):
    kernel = attributes["kernel_shape"]
    return kernel, attributes.get("strides", [1] * len(kernel)), attributes.get("pads", [0] * 2 * len(kernel))


def relus_behind(pool, shapes):
    """Comparisons with zero that the maxima of windows need: one a window, or one for all windows that share an element."""
    attributes = {attribute.name: helper.get_attribute_value(attribute) for attribute in pool.attribute}
    kernel, strides, _ = window(attributes)
    shared = math.prod(math.ceil(length / stride) for length, stride in zip(kernel, strides))
    return math.prod(shapes[pool.output[0]]) // shared


def maxima(before, after, attributes):
    """Maxima of two that a pooling needs.

    Each joins two values, so that a window of k elements needs k - 1; where windows overlap, they are one connected whole
    a channel, which its elements join with one less. And every window that is not a single element needs a last one.
    """
    kernel, strides, pads = window(attributes)
    axes = len(kernel)
    if math.prod(kernel) == 1:
        return 0
    covered = math.prod(
        min(length, (count - 1) * stride + size - pad)
        for length, count, stride, size, pad in zip(before[2:], after[2:], strides, kernel, pads[:axes]))
    windows = math.prod(after[2:])
    wholes = 1 if all(stride < size for stride, size in zip(strides, kernel)) else windows
    return math.prod(before[:2]) * max(covered - wholes, windows)
