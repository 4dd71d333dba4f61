"""Operators of onnx_to_jax.py that slide a window: convolutions and poolings, over any number of spatial axes."""

import jax.numpy as jnp
import numpy as np
from jax import lax

from jax_calls import operator


def geometry(call, lengths, kernel, has_ceil_mode):
    """Strides, dilations and padding of a window; the padding twice: as ONNX says, and with what ceil_mode adds behind.

    A window must begin within the operand or the padding before it (ONNX's AveragePool, operator set 22).
    """
    rank = len(lengths)
    strides = list(call.take("strides") or [1] * rank)
    dilations = list(call.take("dilations") or [1] * rank)
    spans = [(length - 1) * dilation + 1 for length, dilation in zip(kernel, dilations)]
    automatic = call.take("auto_pad", "NOTSET")
    rounds_up = has_ceil_mode and call.take("ceil_mode", 0)
    explicit = call.take("pads") or [0] * 2 * rank
    if automatic == "NOTSET":
        pads = list(zip(explicit[:rank], explicit[rank:]))
    elif automatic == "VALID":
        pads = [(0, 0)] * rank
    elif automatic in ("SAME_UPPER", "SAME_LOWER"):
        pads = []
        for length, stride, span in zip(lengths, strides, spans):
            total = max((-(-length // stride) - 1) * stride + span - length, 0)
            less, more = total // 2, total - total // 2
            pads.append((less, more) if automatic == "SAME_UPPER" else (more, less))
    else:
        raise call.refused(f"attribute auto_pad={automatic}")
    reached = list(pads)
    if rounds_up and not automatic.startswith("SAME"):
        for axis, (length, stride, span, (before, after)) in enumerate(zip(lengths, strides, spans, pads)):
            count = -(-(length + before + after - span) // stride) + 1
            if (count - 1) * stride >= length + before:
                count -= 1
            reached[axis] = (before, max(after, (count - 1) * stride + span - length - before))
    return strides, dilations, pads, reached


@operator("Conv")
def convolution(call, x, kernel, bias=None):
    lengths = list(kernel.shape[2:])
    if list(call.take("kernel_shape") or lengths) != lengths:
        raise call.refused(f"attribute kernel_shape={call.take('kernel_shape')}, which is not the kernel's shape,")
    strides, dilations, pads, _ = geometry(call, x.shape[2:], lengths, has_ceil_mode=False)
    result = lax.conv_general_dilated(
        x, kernel, strides, pads, rhs_dilation=dilations, feature_group_count=call.take("group", 1))
    return result if bias is None else result + bias.reshape([-1] + [1] * len(lengths))


def pooled(x, start, function, kernel, strides, dilations, pads):
    return lax.reduce_window(
        x, start, function, (1, 1, *kernel), (1, 1, *strides), [(0, 0), (0, 0), *pads],
        window_dilation=(1, 1, *dilations))


@operator("MaxPool")
def max_pool(call, x):
    call.take("storage_order")  # of the indices, which are not computed
    kernel = call.take("kernel_shape")
    strides, dilations, _, pads = geometry(call, x.shape[2:], kernel, has_ceil_mode=True)
    start = -jnp.inf if x.dtype.kind == "f" else np.array(jnp.iinfo(x.dtype).min, x.dtype)
    return pooled(x, start, lax.max, kernel, strides, dilations, pads)


@operator("AveragePool")
def average_pool(call, x):
    kernel = call.take("kernel_shape")
    strides, dilations, pads, reached = geometry(call, x.shape[2:], kernel, has_ceil_mode=True)
    includes_padding = bool(call.take("count_include_pad", 0))
    total = pooled(x, 0.0, lax.add, kernel, strides, dilations, reached)
    counts = counted(x.shape[2:], kernel, strides, dilations, pads, reached, includes_padding)
    return total / (float(counts.flat[0]) if np.all(counts == counts.flat[0]) else counts)


def counted(lengths, kernel, strides, dilations, pads, reached, includes_padding):
    """How many elements each window averages: those of the operand, and of its padding if that counts.

    What ceil_mode lets a window reach behind the padding never counts.
    """
    result = np.ones((1, 1), np.float32)
    for axis, length in enumerate(lengths):
        (before, after), (_, behind) = pads[axis], reached[axis]
        weight = 1.0 if includes_padding else 0.0
        line = np.concatenate([
            np.full(before, weight), np.ones(length), np.full(after, weight), np.zeros(behind - after)])
        span = (kernel[axis] - 1) * dilations[axis] + 1
        starts = range(0, len(line) - span + 1, strides[axis])
        counts = np.array([line[start:start + span:dilations[axis]].sum() for start in starts], np.float32)
        result = result[..., None] * counts
    return result


@operator("GlobalAveragePool")
def global_average_pool(call, x):
    return jnp.mean(x, axis=tuple(range(2, x.ndim)), keepdims=True)


@operator("GlobalMaxPool")
def global_max_pool(call, x):
    return jnp.max(x, axis=tuple(range(2, x.ndim)), keepdims=True)
