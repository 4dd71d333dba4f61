"""What CrypTen's ONNX importer takes and computes as something else than ONNX says.

    check(model, replaced=())      raises Wrong for the first node of which that is so

Operators that are `replaced` by other modules than CrypTen's own are not looked at.

What the importer refuses by itself is not looked for. `nn/onnx_converter.py` and `nn/module.py` of CrypTen 0.4.1 are what
stands here: attributes that no `from_onnx` reads are ignored there, whatever they say.
"""

import numpy as np
import onnx
from onnx import helper, numpy_helper

# Their results are plain tensors in CrypTen if their operands are.
SOURCES = {"Constant", "ConstantOfShape", "Shape", "Range"}


class Wrong(Exception):
    """A node that CrypTen would not compute as ONNX says. The message names node and attribute."""


class Node:
    """A node with what is known of its operands."""

    def __init__(self, node, graph):
        self.node = node
        self.graph = graph
        self.attributes = {each.name: helper.get_attribute_value(each) for each in node.attribute}

    def ints(self, name):
        return list(self.attributes.get(name, []))

    def has(self, index):
        return index < len(self.node.input) and bool(self.node.input[index])

    def shape(self, index):
        """The lengths of an operand; None if they are not known."""
        return self.graph.shapes.get(self.node.input[index]) if self.has(index) else None

    def is_public(self, index):
        return self.has(index) and self.node.input[index] in self.graph.public

    def constant(self, index):
        """The operand as an array, if it is a Constant."""
        return self.graph.constants.get(self.node.input[index]) if self.has(index) else None


class Graph:
    """What the nodes of a model read, as the importer goes through it."""

    def __init__(self, model):
        self.opset = max((entry.version for entry in model.opset_import if entry.domain in ("", "ai.onnx")), default=1)
        try:
            inferred = onnx.shape_inference.infer_shapes(model, data_prop=True).graph
        except Exception:  # shapes are of use, but not needed
            inferred = model.graph
        self.shapes = {tensor.name: list(tensor.dims) for tensor in model.graph.initializer}
        for value in [*inferred.input, *inferred.value_info, *inferred.output]:
            if value.type.tensor_type.HasField("shape"):
                self.shapes[value.name] = [dim.dim_value for dim in value.type.tensor_type.shape.dim]
        self.constants, self.public = {}, set()
        for node in model.graph.node:
            if node.op_type == "Constant" and node.attribute[0].name == "value":
                self.constants[node.output[0]] = numpy_helper.to_array(node.attribute[0].t)
            if node.op_type in SOURCES or all(name in self.public for name in node.input if name):
                self.public.update(node.output)


def check(model, replaced=()):
    graph = Graph(model)
    for proto in model.graph.node:
        node = Node(proto, graph)
        problem = None
        if proto.domain not in ("", "ai.onnx"):
            problem = f"an operator of {proto.domain}, which CrypTen takes for ONNX's"
        elif proto.op_type in CHECKS and proto.op_type not in replaced:
            problem = CHECKS[proto.op_type](node)
        if problem:
            raise Wrong(f"{proto.op_type} '{proto.name or proto.output[0]}' (opset {graph.opset}): {problem}")


def elementwise(node):
    if node.attributes:
        return f"attribute {next(iter(node.attributes))}, which CrypTen ignores"


def convolution(node):
    pads = node.ints("pads")
    if node.attributes.get("auto_pad", b"NOTSET") not in (b"NOTSET", b"VALID") or (
            node.attributes.get("auto_pad") == b"VALID" and any(pads)):
        return f"attribute auto_pad={node.attributes['auto_pad'].decode()}, which CrypTen ignores"
    # CrypTen takes every second number for the padding of both sides of an axis.
    taken, rank = pads[::2], len(pads) // 2
    if taken != pads[:rank] or taken != pads[rank:]:
        return f"attribute pads={pads}, of which CrypTen takes {taken} for both sides"


def pooling(node):
    if node.attributes.get("auto_pad", b"NOTSET") not in (b"NOTSET", b"VALID") or (
            node.attributes.get("auto_pad") == b"VALID" and any(node.ints("pads"))):
        return f"attribute auto_pad={node.attributes['auto_pad'].decode()}, which CrypTen ignores"
    for name in ("kernel_shape", "strides", "pads"):
        if len(set(node.ints(name))) > 1:
            return f"attribute {name}={node.ints(name)}, of which CrypTen takes the first number for all"
    if any(dilation != 1 for dilation in node.ints("dilations")):
        return f"attribute dilations={node.ints('dilations')}, which CrypTen ignores"
    if len(node.ints("kernel_shape")) != 2:
        return f"attribute kernel_shape={node.ints('kernel_shape')}; CrypTen pools over two axes"
    if node.node.op_type == "AveragePool" and any(node.ints("pads")) and not node.attributes.get("count_include_pad"):
        return "attribute count_include_pad=0; CrypTen counts the padding"
    if node.node.op_type == "MaxPool" and len([name for name in node.node.output if name]) > 1:
        return "output 1; CrypTen gives no indices"


def softmax(node):
    shape = node.shape(0)
    axis = node.attributes.get("axis", 1)
    if node.graph.opset < 13 and axis != -1 and (shape is None or axis % len(shape) != len(shape) - 1):
        return f"attribute axis={axis}; before operator set 13 it is the first of several axes, CrypTen takes one"


def slice_(node):
    bounds = [node.constant(index) for index in (1, 2)] if node.has(1) else [node.ints("starts"), node.ints("ends")]
    if any(bound is None for bound in bounds):
        return None
    for name, bound in zip(("starts", "ends"), bounds):
        for number in np.asarray(bound).reshape(-1):
            if not 0 <= number < 1 << 31:
                return f"{name} of {number}; CrypTen counts from the beginning, in 32 bits"


def expand(node):
    shape, lengths = node.constant(1), node.shape(0)
    if shape is None or lengths is None or len(shape) == len(lengths):
        return None
    if 1 in list(shape):
        return f"a shape of {list(shape)}, which CrypTen compares with the operand's from the first axis on"


def cast(node):
    to = node.attributes["to"]
    floating = to in (onnx.TensorProto.FLOAT, onnx.TensorProto.DOUBLE, onnx.TensorProto.FLOAT16, onnx.TensorProto.BFLOAT16)
    if not node.is_public(0):
        return None if floating else f"attribute to={to}; CrypTen does not round what is secret"
    value = node.constant(0)
    if value is None or np.any(value != np.clip(np.trunc(value), -128, 127)):
        return f"attribute to={to}, which CrypTen takes for a type of PyTorch with the same number"


def equal(node):
    if node.shape(0) is None or node.shape(0) != node.shape(1):
        return f"operands of shapes {node.shape(0)} and {node.shape(1)}; CrypTen does not broadcast them"


def concatenation(node):
    if all(node.is_public(index) for index in range(len(node.node.input))) and node.attributes.get("axis") != 0:
        return f"attribute axis={node.attributes.get('axis')}; CrypTen joins public operands along axis 0"


def gather(node):
    if "axis" not in node.attributes:
        return "attribute axis left out; CrypTen then counts through all elements"
    if node.constant(1) is not None and np.any(node.constant(1) < 0) and node.is_public(0):
        return "negative indices of a public operand"


def clip(node):
    if len(node.node.input) == 1 and node.graph.opset < 11 and not {"min", "max"} <= set(node.attributes):
        return "attribute min or max left out; CrypTen then takes -1 or 1"
    if len(node.node.input) == 1 and node.graph.opset >= 11:
        return "no bounds; CrypTen then takes -1 and 1"
    low, high = node.constant(1), node.constant(2)
    if low is not None and high is not None and low > high:
        return f"bounds {low} and {high}, the lower above the upper"


def power(node):
    exponent, shape = node.constant(1), node.shape(0)
    if exponent is not None and shape is not None and exponent.ndim > len(shape):
        return f"an exponent of rank {exponent.ndim}, which CrypTen does not broadcast to"
    return elementwise(node)


def padding(node):
    return "attribute pads; CrypTen hands them to PyTorch, which counts axes from the last"


def shape_(node):
    for name in ("start", "end"):
        if name in node.attributes:
            return f"attribute {name}, which CrypTen ignores"


def batch_normalization(node):
    if node.attributes.get("training_mode") or node.attributes.get("spatial", 1) != 1:
        return "attribute training_mode or spatial, which CrypTen ignores"


CHECKS = {
    **dict.fromkeys(("Add", "Sub", "Mul", "Div", "Relu", "Exp", "Sqrt", "Sigmoid", "Erf", "MatMul"), elementwise),
    "Conv": convolution, "MaxPool": pooling, "AveragePool": pooling, "Softmax": softmax, "LogSoftmax": softmax,
    "Slice": slice_, "Expand": expand, "Cast": cast, "Equal": equal, "Concat": concatenation, "Gather": gather,
    "Clip": clip, "Pow": power, "Pad": padding, "Shape": shape_, "BatchNormalization": batch_normalization,
}
