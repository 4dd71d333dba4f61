"""Runs models in onnxruntime and tells which differences are more than rounding."""

import copy
import signal

import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper, shape_inference
from onnx.reference import ReferenceEvaluator

# Units in the last place that an element may be off, in relation to elements of about its size.
UNITS = 4096
GAP = 14
# No framework's fixed-point numbers resolve a difference as small as that.
RESOLUTION = 2.0**-20
STEPS = {"ArgMax", "ArgMin", "Floor", "Ceil", "Round", "Cast", "Sign", "Greater", "Less", "GreaterOrEqual", "LessOrEqual", "Equal", "TopK"}
SATURATING = {"Sigmoid", "Tanh", "Softmax", "LogSoftmax", "Erf", "Exp", "Softplus", "Elu", "Selu", "Celu", "Mish", "Gelu", "Softsign", "Swish", "Pow"}


# After that, a run ends the process, as an assertion of onnxruntime does: some windows send it round in circles.
SECONDS = 20


class Session(onnxruntime.InferenceSession):
    """A session whose runs end."""

    def run(self, *arguments):
        signal.alarm(SECONDS)
        try:
            return super().run(*arguments)
        finally:
            signal.alarm(0)


def session(model):
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    # What is set aside for later runs is not worth its time for three of them.
    options.enable_cpu_mem_arena = False
    options.enable_mem_pattern = False
    return Session(model.SerializeToString() if not isinstance(model, str) else model, options, providers=["CPUExecutionProvider"])


def numbers(value, limits, told, rng, style):
    """Random numbers for an input, within what it keeps to."""
    shape = [d.dim_value for d in value.type.tensor_type.shape.dim]
    dtype = np.dtype(helper.tensor_dtype_to_np_dtype(value.type.tensor_type.elem_type))
    if dtype.kind in "iub":
        low, high = limits or ((0, 1) if dtype.kind in "bu" else (-4, 4))
        return rng.integers(int(low), int(high) + 1, shape).astype(dtype)
    array = rng.uniform(*limits, shape) if limits else rng.standard_normal(shape)
    if style == "ties":
        array = np.round(array * 2) / 2 + 0.0
    if style == "large":
        array = array * 100
    if limits and (told or style == "ties"):
        array = np.clip(array, *limits)
    return array.astype(dtype)


def feeds(subject, rng, style):
    return {value.name: numbers(value, subject.limits.get(value.name), value.name in subject.told, rng, style)
            for value in subject.model.graph.input}


def sized(one):
    """For each element, the largest magnitude among those of about its size."""
    magnitudes = np.abs(one)
    order = np.argsort(magnitudes, kind="stable")
    ordered = magnitudes[order]
    exponents = np.frexp(ordered)[1]
    begins = np.zeros(len(ordered), bool)
    begins[1:] = (np.diff(exponents) > GAP) & (ordered[:-1] > 0)
    groups = np.cumsum(begins)
    ends = np.append(np.flatnonzero(begins) - 1, len(ordered) - 1)
    top = np.empty(len(ordered))
    top[order] = ordered[ends[groups]]
    return top


def difference(expected, found, relative=0.0, absolute=RESOLUTION):
    """What is wrong with an output; None if nothing.

    relative: how far apart elements may be in relation to those of about their size, beyond rounding; absolute: and by themselves.
    """
    if expected.shape != found.shape or expected.dtype != found.dtype:
        return f"{expected.dtype}{expected.shape} became {found.dtype}{found.shape}"
    if expected.dtype.kind != "f" or expected.size == 0:
        return None if np.array_equal(expected, found) else "other integers"
    one, other = expected.astype(np.float64).ravel(), found.astype(np.float64).ravel()
    finite = np.isfinite(one)
    one, other = one[finite], other[finite]
    lost = ~np.isfinite(other)
    if lost.any():
        return f"{one[lost][0]} became {other[lost][0]}"
    if not one.size or relative == np.inf:
        return None
    error = np.abs(one - other)
    # Most outputs are equal or nearly so, which is told without a look at the sizes.
    tolerance = UNITS * float(np.finfo(expected.dtype).eps) + relative
    wrong = error > tolerance * np.abs(one) + absolute
    if wrong.any():
        wrong &= error > tolerance * sized(one) + absolute
    if wrong.any():
        place = np.argmax(wrong)
        return f"{one[place]} became {other[place]}"
    return None


def between(model, inputs):
    """The floating-point values in between, and the results, by name."""
    inferred = shape_inference.infer_shapes(model)
    whole = copy.deepcopy(model)
    given = {value.name for value in whole.graph.output}
    whole.graph.output.extend(value for value in inferred.graph.value_info if value.name not in given)
    arrays = session(whole).run(None, inputs)
    return {value.name: array for value, array in zip(whole.graph.output, arrays) if array.dtype.kind == "f"}


def inner(model, inputs):
    """The floating-point values in between, and the results."""
    return list(between(model, inputs).values())


def is_undefined_inside(model, inputs):
    """Whether something in between is no number: what a maximum, a Clip or a Cast makes of that says nothing."""
    return any(np.isnan(array).any() for array in inner(model, inputs))


def constants(model):
    """The floating-point numbers of a model."""
    tensors = [*model.graph.initializer] + [a.t for node in model.graph.node for a in node.attribute if a.type == a.TENSOR]
    arrays = [numpy_helper.to_array(tensor) for tensor in tensors]
    return [array for array in arrays if array.dtype.kind == "f"]


def is_overflown(model, inputs):
    """Whether something in between is infinite in its own type only, which no fixed-point number is: elements beside it say nothing. Where the
    model's own numbers are as large, as masks are, rules have to take care of that."""
    if any(np.abs(array[np.isfinite(array)]).max(initial=0) > 1e30 or np.isinf(array).any() for array in constants(model)):
        return False
    wide = widened(model)
    doubles = {name: array.astype(np.float64) if array.dtype.kind == "f" else array for name, array in inputs.items()}
    try:
        exact = between(wide, doubles)
    except Exception:  # onnxruntime does not run it so
        return False
    return any((np.isinf(array) & np.isfinite(exact[name])).any() for name, array in between(model, inputs).items() if name in exact)


def magnitude(model, inputs):
    """The largest finite number in between."""
    finite = [np.abs(array[np.isfinite(array)]).max(initial=0) for array in inner(model, inputs)]
    return max([1.0, *map(float, finite)])


def nudged(array, rng):
    """The numbers, each some units in the last place larger or smaller."""
    if array.dtype.kind != "f":
        return array
    return (array * (1 + rng.choice([-4, 4], array.shape) * np.finfo(array.dtype).eps)).astype(array.dtype)


def shaken(model, inputs, rng):
    """What the original says where each number in between is some units in the last place larger or smaller."""
    shaking, given = copy.deepcopy(model), {value.name for value in model.graph.output}
    nodes, arrays = list(shaking.graph.node), between(model, inputs)
    del shaking.graph.node[:]
    for node in nodes:
        shaking.graph.node.append(node)
        for place, name in enumerate(node.output):
            if name not in arrays or name in given or node.op_type == "Constant":
                continue
            array = arrays[name]
            factors = (1 + rng.choice([-4, 4], array.shape) * np.finfo(array.dtype).eps).astype(array.dtype)
            shaking.graph.node[-1].output[place] = name + "_still"
            shaking.graph.initializer.append(numpy_helper.from_array(np.asarray(factors), name + "_factors"))
            shaking.graph.node.append(helper.make_node("Mul", [name + "_still", name + "_factors"], [name]))
    return session(shaking).run(None, inputs)


def is_shaky(model, inputs, outputs, rng):
    """Whether rounding in between changes what the original says: a normalization of equal numbers is 0, or what the last place of their mean
    is over the root of its epsilon."""
    return any(difference(one, array) for one, array in zip(outputs, shaken(model, inputs, rng)))


def widened(model):
    """The model with 64 bits in the place of fewer."""
    model = copy.deepcopy(model)
    fewer = (TensorProto.FLOAT, TensorProto.FLOAT16)
    for value in [*model.graph.input, *model.graph.output]:
        if value.type.tensor_type.elem_type in fewer:
            value.type.tensor_type.elem_type = TensorProto.DOUBLE
    tensors = list(model.graph.initializer)
    for node in model.graph.node:
        for attribute in node.attribute:
            if attribute.type == attribute.TENSOR:
                tensors.append(attribute.t)
            if attribute.name == "to" and attribute.i in fewer:
                attribute.i = TensorProto.DOUBLE
    for tensor in tensors:
        if tensor.data_type in fewer:
            tensor.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(tensor).astype(np.float64), tensor.name))
    return model


def in_doubles(model):
    """A session in 64 bits; None if there are no fewer in the model, or onnxruntime does not run it so."""
    wide = widened(model)
    try:
        return session(wide) if wide != model else None
    except Exception:  # no such kernel
        return None


def is_noise(outputs, wide, inputs):
    """Whether what the original says is not what it means: in 64 bits it says something else."""
    if wide is None:
        return False
    doubles = {name: array.astype(np.float64) if array.dtype.kind == "f" else array for name, array in inputs.items()}
    with np.errstate(over="ignore"):
        again = [array.astype(one.dtype) for one, array in zip(outputs, wide.run(None, doubles))]
    return any(difference(one, array) for one, array in zip(outputs, again))


def is_disputed(model, inputs, outputs):
    """Whether ONNX's reference implementation says something else, in the same type or in 64 bits: what cancels, or is lost beside a mask, is
    noise for which no rule has to answer."""
    for evaluated in (model, widened(model)):
        try:
            kinds = {value.name: helper.tensor_dtype_to_np_dtype(value.type.tensor_type.elem_type) for value in evaluated.graph.input}
            with np.errstate(all="ignore"):
                found = ReferenceEvaluator(evaluated).run(None, {name: array.astype(kinds[name]) for name, array in inputs.items()})
                found = [np.asarray(array).astype(one.dtype) for one, array in zip(outputs, found)]
        except Exception:  # it does not have every operator, either
            continue
        if any(difference(one, array) for one, array in zip(outputs, found)):
            return True
    return False


def styles(model):
    """Where steps follow on what saturates, large numbers make ties that are none over the reals."""
    operators = {node.op_type for node in model.graph.node}
    return ("ordinary", "ties") if operators & STEPS and operators & SATURATING else ("ordinary", "ties", "large")


def is_garbage(model):
    """Whether onnxruntime gives out memory that nobody has written: a product with a vector of length 0."""
    shapes = [list(tensor.dims) for tensor in model.graph.initializer]
    shapes += [list(attribute.t.dims) for node in model.graph.node for attribute in node.attribute if attribute.type == attribute.TENSOR]
    shapes += [[d.dim_value for d in value.type.tensor_type.shape.dim] for value in model.graph.input]
    return [0] in shapes and any(node.op_type == "MatMul" for node in model.graph.node)


def has_declared_shapes(model, outputs):
    """Whether the results have the shapes that are declared: those of a sum over a tensor without elements have not."""
    declared = [[d.dim_value for d in value.type.tensor_type.shape.dim] for value in model.graph.output]
    return [list(array.shape) for array in outputs] == declared


def stable(subject, runner, seed):
    """The inputs on which the original says something in its own type, with what it says, and the smallest difference that counts: rounding
    grows with what large inputs make larger, and not with masks, which are large on ordinary ones."""
    if is_garbage(subject.model):
        return []
    rng, wide = np.random.default_rng(seed), in_doubles(subject.model)
    result, usual = [], None
    for style in styles(subject.model):
        inputs = feeds(subject, rng, style)
        outputs = runner.run(None, inputs)
        if not has_declared_shapes(subject.model, outputs):
            return []
        # Where a change of the last place changes everything, nothing can be compared.
        again = runner.run(None, {name: nudged(array, rng) for name, array in inputs.items()})
        if all(difference(a, b) is None for a, b in zip(outputs, again)) and not is_noise(outputs, wide, inputs):
            size = magnitude(subject.model, inputs)
            usual = usual or size
            result.append((inputs, outputs, RESOLUTION * max(1.0, size / usual)))
    return result
