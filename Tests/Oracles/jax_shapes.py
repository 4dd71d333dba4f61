"""Operators of onnx_to_jax.py that move numbers, make them or say how many there are."""

import math

import jax.numpy as jnp
import numpy as np
from jax import lax
from onnx import numpy_helper

from jax_calls import operator


@operator("Constant")
def constant(call):
    for name, kind in (("value_float", np.float32), ("value_floats", np.float32),
                       ("value_int", np.int64), ("value_ints", np.int64)):
        if name in call.attributes:
            return np.array(call.take(name), kind)
    if "value" not in call.attributes:
        raise call.refused(f"attribute {next(iter(call.attributes), 'value')}")
    return numpy_helper.to_array(call.take("value"))


@operator("ConstantOfShape")
def constant_of_shape(call, shape):
    value = call.take("value")
    number = np.zeros(1, np.float32) if value is None else numpy_helper.to_array(value)
    return np.full(call.integers(shape, "a shape"), number.item(), number.dtype)


@operator("Shape")
def shape_(call, x):
    start, end = call.take("start", 0), call.take("end")
    return np.array(x.shape[start:end], np.int64)


@operator("Range")
def range_(call, start, limit, step):
    first, last, stride = (call.array(operand, "a bound").item() for operand in (start, limit, step))
    return np.arange(first, last, stride).astype(start.dtype)


@operator("Flatten")
def flatten(call, x):
    axis = call.take("axis", 1)
    axis += x.ndim if axis < 0 else 0
    return x.reshape(math.prod(x.shape[:axis]), math.prod(x.shape[axis:]))


@operator("Reshape")
def reshape(call, x, shape=None):
    given = call.take("shape")
    lengths = given if shape is None else call.integers(shape, "a shape")
    if call.take("allowzero", 0):
        if 0 in lengths and -1 in lengths:
            raise call.refused("a shape with 0 and -1")
        return x.reshape(lengths)
    return x.reshape([x.shape[axis] if length == 0 else length for axis, length in enumerate(lengths)])


@operator("Transpose")
def transpose(call, x):
    return jnp.transpose(x, call.take("perm"))


@operator("Squeeze")
def squeeze(call, x, axes=None):
    axes = call.axes(axes)
    return jnp.squeeze(x, None if axes is None else tuple(axes))


@operator("Unsqueeze")
def unsqueeze(call, x, axes=None):
    return jnp.expand_dims(x, tuple(call.axes(axes)))


@operator("Expand")
def expand(call, x, shape):
    return jnp.broadcast_to(x, np.broadcast_shapes(x.shape, tuple(call.integers(shape, "a shape"))))


@operator("Concat")
def concatenate(call, *operands):
    return jnp.concatenate(operands, axis=call.take("axis", 1))


@operator("Slice")
def slice_(call, x, starts=None, ends=None, axes=None, steps=None):
    # An operator set before 10 has attributes only.
    first = call.take("starts") if starts is None else call.integers(starts, "starts")
    last = call.take("ends") if ends is None else call.integers(ends, "ends")
    axes = call.axes(axes) or range(len(first))
    steps = call.integers(steps, "steps") or [1] * len(first)
    index = [slice(None)] * x.ndim
    for axis, start, end, step in zip(axes, first, last, steps):
        start, end, step = slice(start, end, step).indices(x.shape[axis])
        index[axis] = slice(start, None if end < 0 else end, step)
    return x[tuple(index)]


@operator("Pad")
def pad(call, x, pads=None, value=None, axes=None):
    mode = call.take("mode", "constant")
    given = call.take("pads")
    amounts = given if pads is None else call.integers(pads, "pads")
    number = call.take("value", 0.0) if value is None else call.array(value, "the padding").item()
    axes = call.integers(axes, "axes") or range(x.ndim)
    widths = [(0, 0)] * x.ndim
    for place, axis in enumerate(axes):
        widths[axis] = (amounts[place], amounts[place + len(amounts) // 2])
    if mode == "constant":
        # lax.pad, unlike jnp.pad, takes negative widths as ONNX does.
        return lax.pad(x, np.array(number, x.dtype), [(before, after, 0) for before, after in widths])
    if mode not in ("reflect", "edge", "wrap") or min(map(min, widths), default=0) < 0:
        raise call.refused(f"attribute mode={mode} with pads={amounts}")
    return jnp.pad(x, widths, mode=mode)


@operator("Split")
def split(call, x, lengths=None):
    axis = call.take("axis", 0)
    given = call.take("split")
    sizes = given if lengths is None else call.integers(lengths, "lengths")
    if sizes is None:
        count = call.take("num_outputs", len(call.node.output))
        size = -(-x.shape[axis] // count)  # the last part is shorter
        bounds = [size * part for part in range(1, count)]
    else:
        bounds = [int(bound) for bound in np.cumsum(sizes)[:-1]]
    return jnp.split(x, bounds, axis=axis)


@operator("Gather")
def gather(call, x, indices):
    axis = call.take("axis", 0) % x.ndim
    indices = call.array(indices, "indices")
    shape = x.shape[:axis] + indices.shape + x.shape[axis + 1:]
    taken = indices.reshape(-1) % x.shape[axis]
    if not len(taken):
        raise call.refused("an empty list of indices")
    pieces = [lax.index_in_dim(x, int(index), axis, keepdims=True) for index in taken]
    return jnp.concatenate(pieces, axis=axis).reshape(shape)


@operator("DepthToSpace")
def depth_to_space(call, x):
    size, mode = call.take("blocksize"), call.take("mode", "DCR")
    batch, depth, height, width = x.shape
    if mode == "DCR":
        blocks = x.reshape(batch, size, size, depth // size**2, height, width).transpose(0, 3, 4, 1, 5, 2)
    elif mode == "CRD":
        blocks = x.reshape(batch, depth // size**2, size, size, height, width).transpose(0, 1, 4, 2, 5, 3)
    else:
        raise call.refused(f"attribute mode={mode}")
    return blocks.reshape(batch, depth // size**2, height * size, width * size)


@operator("SpaceToDepth")
def space_to_depth(call, x):
    size, mode = call.take("blocksize"), call.take("mode", "DCR")
    if mode not in ("DCR", "CRD"):
        raise call.refused(f"attribute mode={mode}")
    batch, depth, height, width = x.shape
    blocks = x.reshape(batch, depth, height // size, size, width // size, size)
    blocks = blocks.transpose((0, 3, 5, 1, 2, 4) if mode == "DCR" else (0, 1, 3, 5, 2, 4))
    return blocks.reshape(batch, depth * size**2, height // size, width // size)
