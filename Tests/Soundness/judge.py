"""Runs models in onnxruntime and tells which differences are more than rounding."""

import numpy as np
import onnxruntime
from onnx import helper

# Units in the last place that an element may be off, in relation to elements of about its size.
UNITS = 4096
GAP = 14
# No framework's fixed-point numbers resolve a difference as small as that.
RESOLUTION = 2.0**-20


def session(model):
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(model.SerializeToString() if not isinstance(model, str) else model, options)


def feeds(model, bounds, rng, style):
    result = {}
    for value in model.graph.input:
        shape = [d.dim_value for d in value.type.tensor_type.shape.dim]
        dtype = helper.tensor_dtype_to_np_dtype(value.type.tensor_type.elem_type)
        if dtype == np.int64:
            rows = bounds[value.name]
            result[value.name] = rng.integers(-rows, rows, shape)
            continue
        array = rng.standard_normal(shape)
        if style == "ties":
            array = np.round(array * 2) / 2
        if style == "large":
            array = array * 100
        result[value.name] = array.astype(dtype)
    return result


def difference(expected, found):
    """What is wrong with an output; None if nothing."""
    if expected.shape != found.shape or expected.dtype != found.dtype:
        return f"{expected.dtype}{expected.shape} became {found.dtype}{found.shape}"
    if expected.dtype.kind != "f" or expected.size == 0:
        return None if np.array_equal(expected, found) else "other integers"
    one, other = expected.astype(np.float64).ravel(), found.astype(np.float64).ravel()
    finite = np.isfinite(one)
    if not np.isfinite(other[finite]).all():
        return f"{one[finite][~np.isfinite(other[finite])][0]} became {other[finite][~np.isfinite(other[finite])][0]}"
    one, other = one[finite], other[finite]
    exponents = np.where(one == 0, -2000, np.floor(np.log2(np.abs(np.where(one == 0, 1, one)))))
    groups, last, top = {}, None, {}
    for exponent in sorted(set(exponents)):
        groups[exponent] = groups.get(last, 0) + (last is not None and last > -2000 and exponent - last > GAP)
        last = exponent
    for value, exponent in zip(one, exponents):
        top[groups[exponent]] = max(top.get(groups[exponent], 0), abs(value))
    unit = np.finfo(expected.dtype).eps
    for value, now, exponent in zip(one, other, exponents):
        if abs(value - now) > UNITS * unit * top[groups[exponent]] + RESOLUTION:
            return f"{value} became {now}"
    return None


def stable(model, bounds, seed):
    """The inputs on which the original says something in its own type, with what it says."""
    rng = np.random.default_rng(seed)
    runner, result = session(model), []
    for style in ("ordinary", "ties", "large"):
        inputs = feeds(model, bounds, rng, style)
        outputs = runner.run(None, inputs)
        # Where a change of the last place changes everything, nothing can be compared.
        nudged = {k: v if v.dtype.kind != "f" else (v * (1 + 4 * np.finfo(v.dtype).eps)).astype(v.dtype) for k, v in inputs.items()}
        again = runner.run(None, nudged)
        if all(difference(a, b) is None for a, b in zip(outputs, again)):
            result.append((inputs, outputs))
    return result
