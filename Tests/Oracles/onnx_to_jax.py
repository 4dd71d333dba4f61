"""Turns an ONNX file into a JAX function, with what SPU needs and no more.

    function, weights = load(MODEL)
    output = function(*inputs, *weights)

Initializers are arguments, so that SPU can share them; Constant nodes are part of the program and public. Operators are
written as `jax.numpy`, `jax.lax` and `jax.nn` have them, which is what Harrier's prices for SPU are of.
"""

import jax
import jax.numpy as jnp
import numpy as np
import onnx
from jax import lax
from onnx import numpy_helper


def load(path):
    """The function (of inputs, then weights, both positional) and the weights as arrays."""
    model = onnx.load(path)
    graph = model.graph
    weights = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    names = [value.name for value in graph.input if value.name not in weights] + list(weights)

    def function(*arguments):
        values = dict(zip(names, arguments))
        for node in graph.node:
            attributes = {attribute.name: onnx.helper.get_attribute_value(attribute) for attribute in node.attribute}
            if node.op_type not in OPERATORS:
                raise NotImplementedError(f"{path}: onnx_to_jax.py has no {node.op_type}")
            operands = [values[name] if name else None for name in node.input]
            results = OPERATORS[node.op_type](operands, attributes, len(node.output))
            values.update(zip(node.output, results if isinstance(results, (list, tuple)) else [results]))
        return values[graph.output[0].name]

    return function, list(weights.values())


OPERATORS = {}


def operator(name):
    def register(function):
        OPERATORS[name] = function
        return function
    return register


def elementwise(name, function):
    OPERATORS[name] = lambda operands, attributes, outputs: function(*operands)


def numbers(value):
    """A public operand as integers."""
    return [int(number) for number in np.asarray(value).reshape(-1)]


for name, function in {
    "Add": lambda a, b: a + b, "Sub": lambda a, b: a - b, "Mul": lambda a, b: a * b, "Div": lambda a, b: a / b,
    "MatMul": jnp.matmul, "Relu": jax.nn.relu, "Max": jnp.maximum, "Min": jnp.minimum, "Exp": jnp.exp, "Tanh": jnp.tanh,
    "Sigmoid": jax.nn.sigmoid, "Erf": lax.erf, "Sqrt": jnp.sqrt, "Reciprocal": lambda a: 1 / a, "Neg": lambda a: -a,
    "Abs": jnp.abs, "Identity": lambda a: a, "Where": jnp.where, "Less": lambda a, b: a < b,
    "Greater": lambda a, b: a > b,
}.items():
    elementwise(name, function)


@operator("Constant")
def constant(operands, attributes, outputs):
    value = next(iter(attributes.values()))
    if isinstance(value, onnx.TensorProto):
        return numpy_helper.to_array(value)
    is_float = any(name in attributes for name in ("value_float", "value_floats"))
    return np.array(value, np.float32 if is_float else np.int64)


@operator("Pow")
def power(operands, attributes, outputs):
    exponent = np.asarray(operands[1]).reshape(-1)
    if len(exponent) == 1 and exponent[0] == int(exponent[0]):
        return lax.integer_pow(operands[0], int(exponent[0]))
    return jnp.power(*operands)


@operator("Cast")
def cast(operands, attributes, outputs):
    return operands[0].astype(onnx.helper.tensor_dtype_to_np_dtype(attributes["to"]))


@operator("Clip")
def clip(operands, attributes, outputs):
    low, high = (operands + [None, None])[1:3]
    value = operands[0] if low is None else jnp.maximum(operands[0], low)
    return value if high is None else jnp.minimum(value, high)


@operator("Gelu")
def gelu(operands, attributes, outputs):
    return jax.nn.gelu(operands[0], approximate=attributes.get("approximate", b"none") == b"tanh")


@operator("Softmax")
def softmax(operands, attributes, outputs):
    return jax.nn.softmax(operands[0], axis=attributes.get("axis", -1))


@operator("LayerNormalization")
def layer_normalization(operands, attributes, outputs):
    x, scale, *bias = operands
    first = attributes.get("axis", -1) % x.ndim
    axes = tuple(range(first, x.ndim))
    centred = x - jnp.mean(x, axis=axes, keepdims=True)
    variance = jnp.mean(centred * centred, axis=axes, keepdims=True)
    result = centred * lax.rsqrt(variance + attributes.get("epsilon", 1e-5)) * scale
    return result + bias[0] if bias else result


@operator("BatchNormalization")
def batch_normalization(operands, attributes, outputs):
    x, *channels = operands
    scale, bias, mean, variance = (value.reshape([-1] + [1] * (x.ndim - 2)) for value in channels)
    return (x - mean) * (scale * lax.rsqrt(variance + attributes.get("epsilon", 1e-5))) + bias


@operator("Gemm")
def gemm(operands, attributes, outputs):
    left, right, *bias = operands
    left = left.T if attributes.get("transA") else left
    right = right.T if attributes.get("transB") else right
    result = left @ right
    if attributes.get("alpha", 1.0) != 1.0:
        result = result * attributes["alpha"]
    if bias and bias[0] is not None:
        beta = attributes.get("beta", 1.0)
        result = result + (bias[0] if beta == 1.0 else bias[0] * beta)
    return result


def padding(attributes, rank):
    pads = attributes.get("pads", [0] * 2 * rank)
    return list(zip(pads[:rank], pads[rank:]))


@operator("Conv")
def convolution(operands, attributes, outputs):
    x, kernel, *bias = operands
    rank = x.ndim - 2
    result = lax.conv_general_dilated(
        x, kernel, attributes.get("strides", [1] * rank), padding(attributes, rank),
        rhs_dilation=attributes.get("dilations", [1] * rank), feature_group_count=attributes.get("group", 1))
    return result + bias[0].reshape([-1] + [1] * rank) if bias else result


def pooled(x, start, function, attributes):
    rank = x.ndim - 2
    window = (1, 1, *attributes["kernel_shape"])
    strides = (1, 1, *attributes.get("strides", [1] * rank))
    return lax.reduce_window(x, start, function, window, strides, [(0, 0), (0, 0)] + padding(attributes, rank))


@operator("MaxPool")
def max_pool(operands, attributes, outputs):
    return pooled(operands[0], -jnp.inf, lax.max, attributes)


@operator("AveragePool")
def average_pool(operands, attributes, outputs):
    if any(attributes.get("pads", [])) and not attributes.get("count_include_pad"):
        raise NotImplementedError("onnx_to_jax.py pads an AveragePool only if the padding counts")
    return pooled(operands[0], 0.0, lax.add, attributes) / float(np.prod(attributes["kernel_shape"]))


@operator("GlobalAveragePool")
def global_average_pool(operands, attributes, outputs):
    return jnp.mean(operands[0], axis=tuple(range(2, operands[0].ndim)), keepdims=True)


def reduction(name, function):
    def reduce(operands, attributes, outputs):
        axes = numbers(operands[1]) if len(operands) > 1 else attributes.get("axes")
        return function(operands[0], axis=tuple(axes) if axes else None, keepdims=bool(attributes.get("keepdims", 1)))
    OPERATORS[name] = reduce


reduction("ReduceMean", jnp.mean)
reduction("ReduceSum", jnp.sum)
reduction("ReduceMax", jnp.max)


@operator("Flatten")
def flatten(operands, attributes, outputs):
    axis = attributes.get("axis", 1)
    return operands[0].reshape(int(np.prod(operands[0].shape[:axis])), -1)


@operator("Reshape")
def reshape(operands, attributes, outputs):
    shape = numbers(operands[1])
    return operands[0].reshape([operands[0].shape[i] if length == 0 else length for i, length in enumerate(shape)])


@operator("Transpose")
def transpose(operands, attributes, outputs):
    return jnp.transpose(operands[0], attributes.get("perm"))


@operator("Squeeze")
def squeeze(operands, attributes, outputs):
    return jnp.squeeze(operands[0], tuple(numbers(operands[1])) if len(operands) > 1 else None)


@operator("Unsqueeze")
def unsqueeze(operands, attributes, outputs):
    return jnp.expand_dims(operands[0], tuple(numbers(operands[1])))


@operator("Expand")
def expand(operands, attributes, outputs):
    return jnp.broadcast_to(operands[0], np.broadcast_shapes(operands[0].shape, tuple(numbers(operands[1]))))


@operator("Concat")
def concatenate(operands, attributes, outputs):
    return jnp.concatenate(operands, axis=attributes["axis"])


@operator("Slice")
def slice_(operands, attributes, outputs):
    x, starts, ends, axes, steps = (operands + [None] * 2)[:5]
    axes = numbers(axes) if axes is not None else range(len(numbers(starts)))
    steps = numbers(steps) if steps is not None else [1] * len(numbers(starts))
    index = [slice(None)] * x.ndim
    for axis, start, end, step in zip(axes, numbers(starts), numbers(ends), steps):
        index[axis] = slice(start, end if abs(end) < 1 << 40 else None, step)
    return x[tuple(index)]


@operator("Pad")
def pad(operands, attributes, outputs):
    x, pads, value, axes = (operands + [None] * 2)[:4]
    if attributes.get("mode", b"constant") != b"constant":
        raise NotImplementedError("onnx_to_jax.py pads with constants only")
    pads = numbers(pads)
    axes = numbers(axes) if axes is not None else range(x.ndim)
    width = [(0, 0)] * x.ndim
    for place, axis in enumerate(axes):
        width[axis] = (pads[place], pads[place + len(pads) // 2])
    return jnp.pad(x, width, constant_values=0.0 if value is None else float(np.asarray(value).item()))


@operator("Split")
def split(operands, attributes, outputs):
    axis = attributes.get("axis", 0)
    if len(operands) > 1:
        return jnp.split(operands[0], np.cumsum(numbers(operands[1]))[:-1], axis=axis)
    return jnp.split(operands[0], outputs, axis=axis)


@operator("Gather")
def gather(operands, attributes, outputs):
    axis = attributes.get("axis", 0)
    indices = np.asarray(operands[1])
    taken = indices % operands[0].shape[axis]
    pieces = [lax.index_in_dim(operands[0], int(i), axis, keepdims=True) for i in taken.reshape(-1)]
    shape = operands[0].shape[:axis] + indices.shape + operands[0].shape[axis + 1:]
    return jnp.concatenate(pieces, axis=axis).reshape(shape)
