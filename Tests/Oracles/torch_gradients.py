"""Writes the gradients that PyTorch computes of the cases in Tests/AutogradTests/GradientCases.swift.

    python torch_gradients.py CASES.json Tests/Fixtures/training/gradients.json

The test TorchGradientTests says how to make CASES.json. PyTorch is too large an install for every run of the tests, so that its
answers are kept (torch 2.13.0, CPU). Everything is float64; operands are drawn from the generator below, which
GradientCase.swift has, too.
"""

import json
import math
import sys

import torch
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)

# ONNX's attributes have 32 bits.
EPSILON = torch.tensor(1e-5, dtype=torch.float32).item()
TYPES = {"double": torch.float64, "float": torch.float64, "int64": torch.int64, "bool": torch.bool}


class Numbers:
    """Knuth's linear congruential generator."""

    def __init__(self, seed):
        self.state = seed * 0x9E3779B97F4A7C15 % 2**64

    def next(self, low, high):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return low + (self.state >> 11) / 2**53 * (high - low)

    def tensor(self, shape, low, high):
        return torch.tensor([self.next(low, high) for _ in range(math.prod(shape))]).reshape(shape)


# Operators. Each takes the operands and the attributes and returns the outputs.


def axes_of(x, rest, a):
    axes = rest[0].tolist() if rest else []
    return axes or list(range(x.dim()))


def reduction(function):
    def run(x, *rest, **a):
        return function(x, axes_of(x, rest, a), a.get("keepdims", 1) == 1)

    return run


def one_at_a_time(function):
    def run(x, axes, keepdim):
        for axis in sorted((axis % x.dim() for axis in axes), reverse=True):
            x = function(x, axis, keepdim)
        return x

    return reduction(run)


def same_pads(size, kernel, stride, dilation, lower):
    total = max(0, (-(-size // stride) - 1) * stride + (kernel - 1) * dilation + 1 - size)
    return (total - total // 2, total // 2) if lower else (total // 2, total - total // 2)


def padded(x, pads, value=0.0):
    half = len(pads) // 2
    flat = []
    for axis in reversed(range(half)):
        flat += [pads[axis], pads[half + axis]]
    return F.pad(x, flat, value=value)


def conv(x, w, b=None, **a):
    rank = x.dim() - 2
    strides, dilations = a.get("strides", [1] * rank), a.get("dilations", [1] * rank)
    pads = a.get("pads", [0] * 2 * rank)
    if a.get("auto_pad", "NOTSET").startswith("SAME"):
        sides = [
            same_pads(x.shape[i + 2], w.shape[i + 2], strides[i], dilations[i], a["auto_pad"] == "SAME_LOWER")
            for i in range(rank)
        ]
        pads = [side[0] for side in sides] + [side[1] for side in sides]
    function = [F.conv1d, F.conv2d, F.conv3d][rank - 1]
    return function(padded(x, pads), w, b, strides, 0, dilations, a.get("group", 1))


def conv_transpose(x, w, b=None, **a):
    rank = x.dim() - 2
    strides, dilations = a.get("strides", [1] * rank), a.get("dilations", [1] * rank)
    pads, extra = a.get("pads", [0] * 2 * rank), a.get("output_padding", [0] * rank)
    function = [F.conv_transpose1d, F.conv_transpose2d, F.conv_transpose3d][rank - 1]
    y = function(x, w, None, strides, 0, 0, a.get("group", 1), dilations)
    y = padded(y, [-pads[i] for i in range(rank)] + [extra[i] - pads[rank + i] for i in range(rank)])
    return y if b is None else y + b.reshape([-1] + [1] * rank)


def window_lengths(x, a):
    rank = x.dim() - 2
    kernel, strides = a["kernel_shape"], a.get("strides", [1] * rank)
    dilations, pads = a.get("dilations", [1] * rank), a.get("pads", [0] * 2 * rank)
    counts = []
    for i in range(rank):
        room = x.shape[i + 2] + pads[i] + pads[rank + i] - (kernel[i] - 1) * dilations[i] - 1
        count = room // strides[i] + 1
        if a.get("ceil_mode") and room % strides[i] and count * strides[i] < x.shape[i + 2] + pads[i]:
            count += 1
        counts.append(count)
    return rank, kernel, strides, dilations, pads, counts


def windows(x, a, value, beyond=None):
    """The elements of all windows along a new last axis, with a value for padding and one for what lies beyond it."""
    beyond = value if beyond is None else beyond
    rank, kernel, strides, dilations, pads, counts = window_lengths(x, a)
    ends = [
        max(0, (counts[i] - 1) * strides[i] + (kernel[i] - 1) * dilations[i] + 1 - x.shape[i + 2] - pads[i])
        for i in range(rank)
    ]
    x = padded(padded(x, pads, value), [0] * rank + [max(0, ends[i] - pads[rank + i]) for i in range(rank)], beyond)
    for i in range(rank):
        index = torch.tensor(
            [[o * strides[i] + k * dilations[i] for k in range(kernel[i])] for o in range(counts[i])])
        x = x.index_select(i + 2, index.flatten())
        x = x.unflatten(i + 2, index.shape).movedim(i + 3, -1)
    return x.flatten(2 + rank)


def max_pool(x, **a):
    if not a.keys() - {"kernel_shape", "strides"}:
        return [F.max_pool1d, F.max_pool2d, F.max_pool3d][x.dim() - 3](x, a["kernel_shape"], a.get("strides", 1))
    return windows(x, a, -math.inf).max(-1).values


def average_pool(x, **a):
    counted = windows(torch.ones_like(x), a, 1.0 if a.get("count_include_pad") else 0.0, 0.0)
    return windows(x, a, 0.0).sum(-1) / counted.sum(-1)


def batch_norm(x, scale, bias, mean, variance, **a):
    shape = [1, -1] + [1] * (x.dim() - 2)
    if not a.get("training_mode"):
        mean, factor = mean.reshape(shape), ((variance + EPSILON).rsqrt() * scale).reshape(shape)
        return (x - mean) * factor + bias.reshape(shape)
    axes = [0] + list(range(2, x.dim()))
    new, spread = x.mean(axes), x.var(axes, unbiased=False)
    y = F.batch_norm(x, None, None, scale, bias, True, 0, EPSILON)
    momentum = a.get("momentum", 0.9)
    return y, mean * momentum + new * (1 - momentum), variance * momentum + spread * (1 - momentum)


def layer_norm(x, scale, bias=None, **a):
    axis = a.get("axis", -1) % x.dim()
    y = F.layer_norm(x, x.shape[axis:], None, None, EPSILON) * scale
    axes = list(range(axis, x.dim()))
    mean = x.mean(axes, keepdim=True)
    return (y if bias is None else y + bias), mean, (x.var(axes, unbiased=False, keepdim=True) + EPSILON).rsqrt()


def clip(x, low=None, high=None):
    return torch.clamp(x, low, high)


def slicing(x, starts, ends, axes, steps):
    for start, end, axis, step in zip(*(t.tolist() for t in (starts, ends, axes, steps))):
        index = list(range(x.shape[axis]))
        length = len(index)
        if step < 0 and end < -length:
            index = index[start::step]
        else:
            index = index[start:end:step]
        x = x.index_select(axis, torch.tensor(index))
    return x


def pad(x, pads, mode="constant"):
    pads = pads.tolist()
    half = len(pads) // 2
    if mode == "constant":
        return padded(x, pads)
    for axis in range(half):
        length = x.shape[axis]
        places = range(-pads[axis], length + pads[half + axis])
        if mode == "edge":
            index = [min(max(p, 0), length - 1) for p in places]
        elif mode == "wrap":
            index = [p % length for p in places]
        else:
            period = 2 * (length - 1)
            index = [min(p % period, period - p % period) for p in places]
        x = x.index_select(axis, torch.tensor(index))
    return x


def resize(x, _roi=None, scales=None, sizes=None, **a):
    if scales is not None:
        return F.interpolate(x, scale_factor=scales.tolist()[2:], mode="nearest-exact")
    return F.interpolate(x, size=sizes.tolist()[2:], mode="nearest")


def cumulative(x, axis, exclusive=0, reverse=0):
    axis = int(axis)
    x = x.flip(axis) if reverse else x
    y = x.cumsum(axis)
    y = y - x if exclusive else y
    return y.flip(axis) if reverse else y


def gather(x, index, axis=0):
    index = index % x.shape[axis]
    rest = x.index_select(axis, index.flatten())
    return rest.unflatten(axis, index.shape) if index.dim() else rest.squeeze(axis)


def gemm(x, y, z=None, **a):
    x = x.T if a.get("transA") else x
    y = y.T if a.get("transB") else y
    product = a.get("alpha", 1) * (x @ y)
    return product if z is None else product + a.get("beta", 1) * z


def blocks(x, blocksize, mode="DCR"):
    n, c, h, w = x.shape
    if mode == "CRD":
        return F.pixel_shuffle(x, blocksize)
    x = x.reshape(n, blocksize, blocksize, c // blocksize**2, h, w).permute(0, 3, 4, 1, 5, 2)
    return x.reshape(n, c // blocksize**2, h * blocksize, w * blocksize)


def deblocks(x, blocksize):
    n, c, h, w = x.shape
    x = x.reshape(n, c, h // blocksize, blocksize, w // blocksize, blocksize).permute(0, 3, 5, 1, 2, 4)
    return x.reshape(n, c * blocksize**2, h // blocksize, w // blocksize)


def nll(x, target, reduction="mean"):
    return F.nll_loss(x, target, reduction=reduction)


def normalized_mean_variance(x):
    centred = x - x.mean([0, 2, 3], keepdim=True)
    return centred / ((centred * centred).mean([0, 2, 3], keepdim=True).sqrt() + 1e-9)


def rms_norm(x, scale):
    return F.rms_norm(x, x.shape[-1:], scale, EPSILON)


def selu(x):
    # The operator's own constants, which have 32 bits.
    return 1.05070102214813232421875 * torch.where(x > 0, x, 1.67326319217681884765625 * torch.expm1(x))


def fourier(x, inverse=0):
    """The transform along axis 1; the last axis holds the real and the imaginary part."""
    transform = torch.fft.ifft if inverse else torch.fft.fft
    return torch.view_as_real(transform(torch.view_as_complex(x.contiguous()), dim=1))


OPERATORS = {
    "Add": torch.add, "Sub": torch.sub, "Mul": torch.mul, "Div": torch.div, "Neg": torch.neg, "Pow": torch.pow,
    "Reciprocal": torch.reciprocal, "Sqrt": torch.sqrt, "Abs": torch.abs,
    "Max": lambda *x: torch.stack(torch.broadcast_tensors(*x)).amax(0),
    "Min": lambda *x: torch.stack(torch.broadcast_tensors(*x)).amin(0),
    "Sum": lambda *x: sum(x), "Mean": lambda *x: sum(x) / len(x), "Where": torch.where,
    "Identity": lambda x: x, "Cast": lambda x, to: x,
    "CastLike": lambda x, y: x, "Swish": lambda x, alpha: x * torch.sigmoid(alpha * x),
    "Exp": torch.exp, "Sigmoid": torch.sigmoid, "Tanh": torch.tanh, "Erf": torch.erf, "Softplus": F.softplus,
    "Softsign": F.softsign, "Sin": torch.sin, "Cos": torch.cos, "Sinh": torch.sinh, "Cosh": torch.cosh,
    "Asinh": torch.asinh, "Atan": torch.atan, "Asin": torch.asin, "Acos": torch.acos, "Atanh": torch.atanh,
    "Tan": torch.tan, "Log": torch.log, "Acosh": torch.acosh,
    "Relu": F.relu, "LeakyRelu": lambda x, alpha=0.009999999776482582: F.leaky_relu(x, alpha),
    "Elu": F.elu, "Celu": F.celu, "Selu": selu, "HardSwish": F.hardswish, "Mish": F.mish,
    "Gelu": lambda x, approximate="none": F.gelu(x, approximate=approximate),
    "Shrink": lambda x: torch.where(x < -0.5, x, torch.where(x > 0.5, x, 0.0)),
    "ThresholdedRelu": lambda x: F.threshold(x, 1.0, 0.0),
    "HardSigmoid": lambda x, alpha: torch.clamp(alpha * x + 0.5, 0, 1),
    "PRelu": lambda x, slope: torch.where(x > 0, x, slope * x),
    "Clip": clip, "Softmax": lambda x, axis=-1: F.softmax(x, axis),
    "LogSoftmax": lambda x, axis=-1: F.log_softmax(x, axis),
    "MatMul": torch.matmul, "Gemm": gemm, "Einsum": lambda *x, equation: torch.einsum(equation, *x),
    "Conv": conv, "ConvTranspose": conv_transpose, "AveragePool": average_pool, "MaxPool": max_pool,
    "GlobalAveragePool": lambda x: x.mean(list(range(2, x.dim())), keepdim=True),
    "GlobalMaxPool": lambda x: F.adaptive_max_pool2d(x, 1),
    "BatchNormalization": batch_norm, "LayerNormalization": layer_norm,
    "GroupNormalization": lambda x, s, b, num_groups: F.group_norm(x, num_groups, s, b, EPSILON),
    "InstanceNormalization": lambda x, s, b: F.instance_norm(x, None, None, s, b, eps=EPSILON), "RMSNormalization": rms_norm,
    "LpNormalization": lambda x, axis=-1, p=2: F.normalize(x, p, axis, 0.0),
    "MeanVarianceNormalization": normalized_mean_variance,
    "SoftmaxCrossEntropyLoss": F.cross_entropy, "NegativeLogLikelihoodLoss": nll,
    "ReduceSum": reduction(lambda x, d, k: x.sum(d, k)), "ReduceMean": reduction(lambda x, d, k: x.mean(d, k)),
    "ReduceMax": reduction(lambda x, d, k: x.amax(d, k)), "ReduceMin": reduction(lambda x, d, k: x.amin(d, k)),
    "ReduceProd": one_at_a_time(lambda x, d, k: x.prod(d, k)),
    "ReduceL1": reduction(lambda x, d, k: x.abs().sum(d, k)),
    "ReduceL2": reduction(lambda x, d, k: torch.linalg.vector_norm(x, 2, d, k)),
    "ReduceSumSquare": reduction(lambda x, d, k: (x * x).sum(d, k)),
    "ReduceLogSum": reduction(lambda x, d, k: x.sum(d, k).log()),
    "ReduceLogSumExp": reduction(lambda x, d, k: x.logsumexp(d, k)), "CumSum": cumulative,
    "Transpose": lambda x, perm=None: x.permute(perm or list(reversed(range(x.dim())))),
    "Reshape": lambda x, shape: x.reshape(shape.tolist()), "Flatten": lambda x: x.flatten(1),
    "Squeeze": lambda x, axes: x.squeeze(axes.tolist()),
    "Unsqueeze": lambda x, axes: x.unsqueeze(0).unsqueeze(-1),
    "Concat": lambda *x, axis: torch.cat(x, axis),
    "Split": lambda x, sizes, axis: torch.split(x, sizes.tolist(), axis), "Slice": slicing, "Pad": pad,
    "Expand": lambda x, shape: x.expand(torch.broadcast_shapes(x.shape, shape.tolist())),
    "Tile": lambda x, repeats: x.tile(repeats.tolist()), "Trilu": lambda x, upper: torch.tril(x),
    "SpaceToDepth": deblocks, "DepthToSpace": blocks, "Gather": gather,
    "GatherElements": lambda x, index: x.gather(0, index),
    "GatherND": lambda x, index: x[tuple(index.T)], "Resize": resize, "DFT": fourier,
}


def operand(spec, draws):
    if spec is None:
        return None
    if "constant" in spec:
        return torch.tensor(spec["constant"], dtype=TYPES[spec["type"]]).reshape(spec["shape"])
    if "values" in spec:
        tensor = torch.tensor(spec["values"], dtype=torch.float64).reshape(spec["shape"])
    else:
        tensor = draws.tensor(spec["shape"], *spec["range"])
    return tensor.requires_grad_()


def gradients(case):
    draws = Numbers(len(case["operands"]) + 7)
    operands = [operand(spec, draws) for spec in case["operands"]]
    outputs = OPERATORS[case["op"]](*operands, **case["attributes"])
    outputs = outputs if isinstance(outputs, (tuple, list)) else [outputs]
    weights = Numbers(3)
    loss = sum((outputs[i] * weights.tensor(outputs[i].shape, -1, 1)).sum() for i in case["used"])
    sources = [x for x in operands if x is not None and x.requires_grad]
    found = torch.autograd.grad(loss, sources, allow_unused=True)
    return [
        [0.0] * x.numel() if g is None else [float(f"{v:.12g}") for v in g.flatten().tolist()]
        for x, g in zip(sources, found)
    ]


def main(cases, answers):
    with open(cases) as file:
        cases = json.load(file)
    result = {case["name"]: gradients(case) for case in cases if case["op"] in OPERATORS}
    with open(answers, "w") as file:
        file.write("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in result.items()) + "\n}\n")
    print(f"{len(result)} cases, without {sorted({c['op'] for c in cases} - OPERATORS.keys())}")


main(*sys.argv[1:])
