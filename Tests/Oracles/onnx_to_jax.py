"""Turns an ONNX file into a JAX function, with what SPU needs and no more.

    function, weights = load(MODEL)
    output = function(*inputs, *weights)

Floating-point initializers are arguments, so that SPU can share them, those of rank zero if somebody trained them; every other initializer
and the Constant nodes are part of the program and public, as in Harrier's prices. What depends on nothing but public values and
shapes is computed while the program is built. Operators are written as `jax.numpy`, `jax.lax` and `jax.nn` have them, which
is what Harrier's prices for SPU are of. A node that would not be computed as ONNX says is refused (`Refused`).
"""

import re

import jax
import numpy as np
import onnx
from jax.experimental import enable_x64
from onnx import numpy_helper

import jax_math  # noqa: F401  registers its operators, as do the next two
import jax_shapes  # noqa: F401
import jax_windows  # noqa: F401
from jax_calls import OPERATORS, PLAIN_TYPES, Call, Refused


def load(path):
    """The function (of inputs, then weights, both positional) and the weights as arrays."""
    model = onnx.load(path)
    graph = model.graph
    opset = max((entry.version for entry in model.opset_import if entry.domain in ("", "ai.onnx")), default=1)
    for node in graph.node:
        check(node)
    for name, type_ in [(tensor.name, tensor.data_type) for tensor in graph.initializer] + [
            (value.name, value.type.tensor_type.elem_type) for value in graph.input]:
        if type_ not in PLAIN_TYPES:
            raise Refused(f"'{name}': type {onnx.TensorProto.DataType.Name(type_)} is not supported")
    constants = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    trained = trained_scalars(model)
    weights = {name: array for name, array in constants.items() if array.dtype.kind == "f" and (array.ndim or name in trained)}
    public = {name: array for name, array in constants.items() if name not in weights}
    names = [value.name for value in graph.input if value.name not in constants] + list(weights)

    def function(*arguments):
        values = {**public, **dict(zip(names, arguments))}
        for node in graph.node:
            operands = [values[name] if name else None for name in node.input]
            values.update(zip(node.output, results(node, opset, operands)))
        return values[graph.output[0].name]

    return function, list(weights.values())


# How names begin that PyTorch's exporters make up for numbers.
MADE_UP = re.compile("(val|zeros|ones|full|scalar_tensor|lift_fresh|clone|const|_tensor_constant|_to_copy)(_.*|[0-9].*)?")
KIND = "pkg.torch.export.graph_signature.InputSpec.kind"


def trained_scalars(model):
    """The names of scalars that are parameters, by Harrier's rule (`ScalarParameters`): those of which PyTorch's newer exporter says so, and in
    files of its older one all but those whose names it makes up."""
    if not model.producer_name.lower().startswith("pytorch"):
        return set()
    stated = {value.name: entry.value for value in [*model.graph.value_info, *model.graph.input]
              for entry in value.metadata_props if entry.key == KIND}
    if stated:
        return {name for name, kind in stated.items() if kind in ("PARAMETER", "BUFFER")}
    names = {tensor.name for tensor in model.graph.initializer}
    return {name for name in names if "/" not in name and "::" not in name and not MADE_UP.fullmatch(name)}


def check(node):
    """Refuses an operator that is not in the table."""
    if node.domain not in ("", "ai.onnx") or node.op_type not in OPERATORS:
        name = f"{node.domain}::{node.op_type}" if node.domain else node.op_type
        raise Refused(f"{name} '{node.name or next(iter(node.output), '')}': the operator is not supported")


def results(node, opset, operands):
    """What the node computes, a value an output; arrays of numpy if all operands are."""
    call = Call(node, opset)
    if all(operand is None or is_public(operand) for operand in operands):
        # JAX would make a tracer of it inside of a function that is being compiled, and shapes must be numbers.
        with jax.ensure_compile_time_eval(), enable_x64():
            values = listed(OPERATORS[node.op_type](call, *operands))
            values = [np.asarray(value) for value in values]
    elif node.op_type == "Shape":
        values = [OPERATORS["Shape"](call, operands[0])]
    else:
        values = listed(OPERATORS[node.op_type](call, *operands))
    call.finish()
    if any(node.output[len(values):]):
        raise call.refused(f"output {len(values)}")
    return values


def is_public(value):
    return isinstance(value, (np.ndarray, np.generic))


def listed(result):
    return list(result) if isinstance(result, (list, tuple)) else [result]
