"""Operators of onnx_to_jax.py that compute with numbers: elementwise, products, reductions and normalizations."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import onnx
from jax import lax

from jax_calls import PLAIN_TYPES, operator


def elementwise(name, function):
    operator(name)(lambda call, *operands: function(*operands))


for name, function in {
    "Add": lambda a, b: a + b, "Sub": lambda a, b: a - b, "Mul": lambda a, b: a * b, "MatMul": jnp.matmul,
    "Relu": jax.nn.relu, "Exp": jnp.exp, "Log": jnp.log, "Tanh": jnp.tanh, "Sigmoid": jax.nn.sigmoid, "Erf": lax.erf,
    "Sqrt": jnp.sqrt, "Reciprocal": lambda a: 1 / a, "Neg": lambda a: -a, "Abs": jnp.abs, "Softplus": jax.nn.softplus,
    "Softsign": jax.nn.soft_sign, "Mish": lambda a: a * jnp.tanh(jax.nn.softplus(a)), "Where": jnp.where,
    "Less": lambda a, b: a < b, "Greater": lambda a, b: a > b, "LessOrEqual": lambda a, b: a <= b,
    "GreaterOrEqual": lambda a, b: a >= b, "Equal": lambda a, b: a == b, "Not": jnp.logical_not, "And": jnp.logical_and,
    "Or": jnp.logical_or, "Xor": jnp.logical_xor,
    "PRelu": lambda a, slope: jnp.where(a >= 0, a, slope * a),
    "HardSwish": lambda a: a * jnp.maximum(0.0, jnp.minimum(1.0, a / 6 + 0.5)),
    "Max": lambda *all: functools.reduce(jnp.maximum, all), "Min": lambda *all: functools.reduce(jnp.minimum, all),
    "Sum": lambda *all: functools.reduce(jnp.add, all),
}.items():
    elementwise(name, function)


@operator("Div")
def divide(call, left, right):
    if left.dtype.kind == "f":
        return left / right
    return jnp.sign(left) * jnp.sign(right) * (jnp.abs(left) // jnp.abs(right))  # towards zero


@operator("LeakyRelu")
def leaky_relu(call, x):
    return jax.nn.leaky_relu(x, call.take("alpha", 0.01))


@operator("Elu")
def elu(call, x):
    return jax.nn.elu(x, call.take("alpha", 1.0))


@operator("HardSigmoid")
def hard_sigmoid(call, x):
    return jnp.maximum(0.0, jnp.minimum(1.0, x * call.take("alpha", 0.2) + call.take("beta", 0.5)))


@operator("Gelu")
def gelu(call, x):
    call.only("approximate", "none", "tanh")
    return jax.nn.gelu(x, approximate=call.take("approximate", "none") == "tanh")


@operator("Clip")
def clip(call, x, low=None, high=None):
    low, high = call.take("min", low), call.take("max", high)
    value = x if low is None else jnp.maximum(x, low)
    return value if high is None else jnp.minimum(value, high)


@operator("Pow")
def power(call, base, exponent):
    shape = jnp.broadcast_shapes(base.shape, exponent.shape)
    if isinstance(exponent, np.ndarray) and exponent.size == 1 and exponent.item() == int(exponent.item()):
        return jnp.broadcast_to(lax.integer_pow(base, int(exponent.item())), shape)
    return jnp.power(base, exponent).astype(base.dtype)


@operator("Cast")
def cast(call, x):
    call.take("saturate")  # matters for 8-bit floats only
    to = call.take("to")
    if to not in PLAIN_TYPES:
        raise call.refused(f"attribute to={onnx.TensorProto.DataType.Name(to)}")
    return x.astype(onnx.helper.tensor_dtype_to_np_dtype(to))


@operator("Identity")
def identity(call, x):
    return x


@operator("Dropout")
def dropout(call, x, ratio=None, training=None):
    call.take("ratio"), call.take("seed")
    call.only("is_test", 1)
    if training is not None and call.array(training, "training_mode").item():
        raise call.refused("training_mode")
    return x


def softmax_axes(call, x):
    """Before operator set 13, all axes from the given one on are one."""
    if call.opset >= 13:
        return call.take("axis", -1)
    first = call.take("axis", 1) % x.ndim
    return first if first == x.ndim - 1 else tuple(range(first, x.ndim))


@operator("Softmax")
def softmax(call, x):
    return jax.nn.softmax(x, axis=softmax_axes(call, x))


@operator("LogSoftmax")
def log_softmax(call, x):
    return jax.nn.log_softmax(x, axis=softmax_axes(call, x))


@operator("Gemm")
def gemm(call, left, right, bias=None):
    left = left.T if call.take("transA", 0) else left
    right = right.T if call.take("transB", 0) else right
    result = left @ right
    alpha, beta = call.take("alpha", 1.0), call.take("beta", 1.0)
    if alpha != 1.0:
        result = result * alpha
    if bias is None:
        return result
    return result + (bias if beta == 1.0 else bias * beta)


@operator("Einsum")
def einsum(call, *operands):
    return jnp.einsum(call.take("equation"), *operands)


def normalized(x, axes, epsilon):
    """The operand with mean 0 and variance 1 along the axes; its mean and the inverse of its deviation."""
    mean = jnp.mean(x, axis=axes, keepdims=True)
    centred = x - mean
    variance = jnp.mean(centred * centred, axis=axes, keepdims=True)
    inverse = lax.rsqrt(variance + epsilon)
    return centred * inverse, mean, inverse


def trailing_axes(call, x):
    call.only("stash_type", 1)
    return tuple(range(call.take("axis", -1) % x.ndim, x.ndim))


@operator("LayerNormalization")
def layer_normalization(call, x, scale, bias=None):
    result, mean, inverse = normalized(x, trailing_axes(call, x), call.take("epsilon", 1e-5))
    result = result * scale
    return (result if bias is None else result + bias), mean, inverse


@operator("RMSNormalization")
def rms_normalization(call, x, scale):
    squares = jnp.mean(x * x, axis=trailing_axes(call, x), keepdims=True)
    return x * lax.rsqrt(squares + call.take("epsilon", 1e-5)) * scale


def of_channels(value, rank):
    """A value a channel, as an operand of images."""
    return value.reshape([-1] + [1] * (rank - 2))


@operator("InstanceNormalization")
def instance_normalization(call, x, scale, bias):
    result, _, _ = normalized(x, tuple(range(2, x.ndim)), call.take("epsilon", 1e-5))
    return result * of_channels(scale, x.ndim) + of_channels(bias, x.ndim)


@operator("BatchNormalization")
def batch_normalization(call, x, *channels):
    call.only("training_mode", 0)
    call.only("spatial", 1)
    call.take("momentum")
    if call.opset < 7:
        call.only("is_test", 0, 1)
        if not call.take("is_test", 0):
            raise call.refused("attribute is_test=0")
    if x.ndim < 2:
        raise call.refused(f"an operand of rank {x.ndim}")
    scale, bias, mean, variance = (of_channels(value, x.ndim) for value in channels)
    return (x - mean) * (scale * lax.rsqrt(variance + call.take("epsilon", 1e-5))) + bias


def reduction(name, function):
    @operator(name)
    def reduce(call, x, axes=None):
        axes = call.axes(axes)
        keepdims = bool(call.take("keepdims", 1))
        keeps_all = call.take("noop_with_empty_axes", 0)
        if not axes and keeps_all:
            if name not in ("ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceProd"):
                raise call.refused("attribute noop_with_empty_axes=1")
            return x
        if not x.size:
            raise call.refused("an operand without elements")
        return function(x, axis=tuple(axes) if axes else None, keepdims=keepdims)


reduction("ReduceMean", jnp.mean)
reduction("ReduceSum", jnp.sum)
reduction("ReduceMax", jnp.max)
reduction("ReduceMin", jnp.min)
reduction("ReduceProd", jnp.prod)
reduction("ReduceSumSquare", lambda x, axis, keepdims: jnp.sum(x * x, axis=axis, keepdims=keepdims))
reduction("ReduceL1", lambda x, axis, keepdims: jnp.sum(jnp.abs(x), axis=axis, keepdims=keepdims))
reduction("ReduceL2", lambda x, axis, keepdims: jnp.sqrt(jnp.sum(x * x, axis=axis, keepdims=keepdims)))
