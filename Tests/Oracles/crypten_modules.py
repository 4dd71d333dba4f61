"""Operators that CrypTen computes but its ONNX importer does not know, as modules for the importer.

    crypten_modules.install()

After this the importer takes them. Each is written in CrypTen's own functions, as the bodies that Harrier prices are:
`Max(a, b)` is `b + relu(a - b)`, `LeakyRelu` one `relu` and a product with a public number. Unsqueeze, Squeeze, Slice,
Reshape, Expand, Cast, Gemm, ReduceMean and ReduceSum, which the importer has, are replaced: its own take one axis, count from the
beginning only, know no 0 in a shape, cast to a wrong type, and want every attribute written out.
"""

import functools

import torch

import crypten.nn.module as modules
from crypten import is_encrypted_tensor


class Call(modules.Module):
    """A module that is one function of its attributes and operands."""

    SUPPORTS_PLAINTEXT_INPUTS = True
    function = None

    def __init__(self, attributes):
        super().__init__()
        self.attributes = attributes

    def forward(self, operands):
        operands = operands if isinstance(operands, (list, tuple)) else [operands]
        return type(self).function(self.attributes, *operands)

    @classmethod
    def from_onnx(cls, attributes=None):
        return cls(attributes or {})


INSTALLED = {}


def module(name):
    def register(function):
        INSTALLED[name] = type(name, (Call,), {"function": staticmethod(function)})
        return function
    return register


def install():
    for name, each in INSTALLED.items():
        setattr(modules, name, each)


def simple(name, function):
    module(name)(lambda attributes, *operands: function(*operands))


def compared(method):
    """A comparison; the secret operand must be first, so that a public one before it mirrors the comparison."""
    mirrored = {"lt": "gt", "gt": "lt", "le": "ge", "ge": "le"}
    return lambda a, b: getattr(a, method)(b) if is_encrypted_tensor(a) else getattr(b, mirrored[method])(a)


simple("Identity", lambda x: x)
simple("Neg", lambda x: -x)
simple("Abs", lambda x: x.abs())
simple("Tanh", lambda x: x.tanh())
simple("Log", lambda x: x.log())
simple("Reciprocal", lambda x: x.reciprocal())
simple("Softplus", lambda x: (x.exp() + 1).log())
simple("Less", compared("lt"))
simple("Greater", compared("gt"))
simple("LessOrEqual", compared("le"))
simple("GreaterOrEqual", compared("ge"))
simple("PRelu", lambda x, slope: (lambda above: above + (x - above) * slope)(x.relu()))


def larger(a, b):
    return b + (a - b).relu() if is_encrypted_tensor(a) else a + (b - a).relu()


def smaller(a, b):
    return a - (a - b).relu() if is_encrypted_tensor(a) else b - (b - a).relu()


simple("Max", lambda *operands: functools.reduce(larger, operands))
simple("Min", lambda *operands: functools.reduce(smaller, operands))


def secret_first(name, function, mirrored):
    """A method of a plain tensor does not take a secret one: the operands change places."""
    simple(name, lambda a, b: function(a, b) if is_encrypted_tensor(a) or not is_encrypted_tensor(b) else mirrored(a, b))


secret_first("Add", lambda a, b: a + b, lambda a, b: b + a)
secret_first("Sub", lambda a, b: a - b, lambda a, b: -b + a)
secret_first("Mul", lambda a, b: a * b, lambda a, b: b * a)
secret_first("Div", lambda a, b: a.div(b), lambda a, b: b.reciprocal() * a)


@module("LeakyRelu")
def leaky_relu(attributes, x):
    above = x.relu()
    return above + (x - above) * attributes.get("alpha", 0.01)


@module("ReduceMax")
def reduce_max(attributes, x):
    axes = attributes["axes"]
    if len(axes) != 1:
        raise ValueError("the module ReduceMax reduces one axis")
    return x.max(axes[0], keepdim=bool(attributes.get("keepdims", 1)))[0]


def reduction(name, method):
    @module(name)
    def reduce(attributes, x, *axes):
        axes = given_axes({"axes": list(range(x.dim())), **attributes}, axes)
        return getattr(x, method)(axes, keepdim=bool(attributes.get("keepdims", 1)))


reduction("ReduceMean", "mean")
reduction("ReduceSum", "sum")


def standardized(attributes, x, axes):
    """The operand with mean 0 and variance 1 along the axes."""
    centred = x - x.mean(axes, keepdim=True)
    deviation = (centred.square().mean(axes, keepdim=True) + attributes.get("epsilon", 1e-5)).sqrt()
    return centred.div(deviation)


@module("InstanceNormalization")
def instance_normalization(attributes, x, scale, bias):
    axes = list(range(2, x.dim()))
    shape = [-1] + [1] * len(axes)
    return standardized(attributes, x, axes) * scale.reshape(shape) + bias.reshape(shape)


@module("LayerNormalization")
def layer_normalization(attributes, x, scale, *bias):
    result = standardized(attributes, x, list(range(attributes.get("axis", -1) % x.dim(), x.dim()))) * scale
    return result + bias[0] if bias else result


@module("Gemm")
def gemm(attributes, left, right, *bias):
    left = left.t() if attributes.get("transA") else left
    right = right.t() if attributes.get("transB") else right
    product = left.matmul(right)
    alpha, beta = attributes.get("alpha", 1.0), attributes.get("beta", 1.0)
    product = product if alpha == 1 else product * alpha
    return product + (bias[0] if beta == 1 else bias[0] * beta) if bias else product


@module("DepthToSpace")
def depth_to_space(attributes, x):
    size = attributes["blocksize"]
    batch, depth, height, width = x.size()
    if attributes.get("mode", b"DCR") == b"DCR":
        blocks = x.reshape(batch, size, size, depth // size**2, height, width).permute(0, 3, 4, 1, 5, 2)
    else:
        blocks = x.reshape(batch, depth // size**2, size, size, height, width).permute(0, 1, 4, 2, 5, 3)
    return blocks.reshape(batch, depth // size**2, height * size, width * size)


@module("Einsum")
def einsum(attributes, left, right):
    """A product of two tensors as a batched matrix product."""
    inputs, result = attributes["equation"].decode().replace(" ", "").split("->")
    a, b = inputs.split(",")
    batch = [letter for letter in a if letter in b and letter in result]
    summed = [letter for letter in a if letter in b and letter not in result]
    rows = [letter for letter in a if letter not in b]
    columns = [letter for letter in b if letter not in a]
    if len(set(a)) < len(a) or len(set(b)) < len(b) or set(rows + columns + batch) != set(result) or "." in inputs:
        raise ValueError(f"the module Einsum takes matrix products, not {inputs}->{result}")
    lengths = {**dict(zip(a, left.size())), **dict(zip(b, right.size()))}
    count = lambda letters: functools.reduce(lambda total, letter: total * lengths[letter], letters, 1)
    matrices = [lengths[letter] for letter in batch]
    left = left.permute([a.index(letter) for letter in batch + rows + summed])
    right = right.permute([b.index(letter) for letter in batch + summed + columns])
    product = left.reshape(*matrices, count(rows), count(summed)).matmul(
        right.reshape(*matrices, count(summed), count(columns)))
    order = batch + rows + columns
    return product.reshape(*[lengths[letter] for letter in order]).permute([order.index(letter) for letter in result])


def given_axes(attributes, operands):
    return [int(axis) for axis in operands[0].reshape(-1)] if operands else attributes["axes"]


@module("Unsqueeze")
def unsqueeze(attributes, x, *axes):
    axes = given_axes(attributes, axes)
    rank = x.dim() + len(axes)
    for axis in sorted(axis % rank for axis in axes):
        x = x.unsqueeze(axis)
    return x


@module("Squeeze")
def squeeze(attributes, x, *axes):
    for axis in sorted((axis % x.dim() for axis in given_axes(attributes, axes)), reverse=True):
        x = x.squeeze(axis)
    return x


@module("Slice")
def slice_(attributes, x, *bounds):
    bounds = [[int(number) for number in bound] for bound in bounds] or [attributes["starts"], attributes["ends"]]
    starts, ends, axes, steps = (bounds + [None, None])[:4]
    axes = axes or attributes.get("axes") or range(len(starts))
    if any(step != 1 for step in steps or []):
        raise ValueError("the module Slice has no steps")
    for axis, start, end in zip(axes, starts, ends):
        start, end, _ = slice(start, end).indices(x.size(axis))
        x = x.narrow(axis, start, max(end - start, 0))
    return x


@module("Reshape")
def reshape(attributes, x, shape):
    lengths = [int(length) for length in shape]
    return x.reshape([x.size(axis) if length == 0 else length for axis, length in enumerate(lengths)])


@module("Expand")
def expand(attributes, x, shape):
    return x.expand(torch.broadcast_shapes(tuple(x.size()), tuple(int(length) for length in shape)))


@module("Cast")
def cast(attributes, x):
    """Public numbers are 32-bit floats to CrypTen, whatever their type; what a cast to integers cuts off is refused."""
    if is_encrypted_tensor(x) or attributes["to"] in (1, 10, 11, 16):
        return x
    if torch.any(x.float() != torch.trunc(x.float())):
        raise ValueError("the module Cast does not round")
    return x
