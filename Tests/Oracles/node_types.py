"""Prints, as JSON, the node tests that ship with the onnx package: operators, operands and the types of the results.

Usage: node_types.py VERSION

Tests of operators as they were before that version of the operator set, of several nodes, of nodes with bodies, and on sequences and optionals are left out. Operands of few elements
come with their values.
"""

import json
import math
import sys
import warnings

import onnx
import onnx.defs
import onnx.helper
import onnx.numpy_helper
from onnx.backend.test.case.node import collect_testcases

MOST_VALUES = 64
VALUE_TYPES = [
    onnx.TensorProto.DataType.Value(name)
    for name in ("FLOAT", "DOUBLE", "FLOAT16", "BFLOAT16", "INT32", "INT64", "BOOL")
]


def tensor_type(value_type):
    if not value_type.HasField("tensor_type"):
        raise ValueError("no tensor")
    tensor = value_type.tensor_type
    return {
        "type": tensor.elem_type,
        "shape": [dimension.dim_value for dimension in tensor.shape.dim],
    }


def tensor_of(proto):
    return {
        "type": proto.data_type,
        "shape": list(proto.dims),
        "values": onnx.numpy_helper.to_array(proto).astype(float).flatten().tolist(),
    }


def attribute(proto):
    value = onnx.helper.get_attribute_value(proto)
    kind = proto.type
    names = onnx.AttributeProto
    if kind == names.STRING:
        value = value.decode()
    elif kind == names.STRINGS:
        value = [item.decode() for item in value]
    elif kind == names.TENSOR:
        value = tensor_of(value)
    elif kind in (names.FLOAT, names.INT):
        pass
    elif kind in (names.FLOATS, names.INTS):
        value = list(value)
    else:
        raise ValueError("an attribute that is no plain value")
    return {"kind": kind, "value": value}


def operand(value_info, array):
    described = tensor_type(value_info.type)
    size = 1
    for length in described["shape"]:
        size *= length
    element_type = described["type"]
    if size <= MOST_VALUES and element_type in VALUE_TYPES:
        if isinstance(array, onnx.TensorProto):
            array = onnx.numpy_helper.to_array(array)
        values = array.astype(float).flatten().tolist()
        # JSON has no infinities.
        if all(math.isfinite(value) for value in values):
            described["values"] = values
    return described


def describe(case):
    graph = case.model.graph
    (node,) = graph.node
    arrays = case.data_sets[0][0]
    inputs = {info.name: operand(info, array) for info, array in zip(graph.input, arrays)}
    outputs = {info.name: tensor_type(info.type) for info in graph.output}
    version = next(entry.version for entry in case.model.opset_import if entry.domain == node.domain)
    return {
        "name": case.name,
        "version": version,
        "operator": node.op_type,
        "inputs": [inputs[name] if name else None for name in node.input],
        "attributes": {entry.name: attribute(entry) for entry in node.attribute},
        "outputs": [outputs.get(name) if name else None for name in node.output],
    }


def is_current(case, version):
    """Whether the test is of its operator as it is in that version of the operator set, or later."""
    (node,) = case.model.graph.node
    if not onnx.defs.has(node.op_type):
        return False
    try:
        schema = onnx.defs.get_schema(node.op_type, version, "")
    except onnx.defs.SchemaError:
        return True
    return next(entry.version for entry in case.model.opset_import if not entry.domain) >= schema.since_version


def main():
    version = int(sys.argv[1])
    warnings.simplefilter("ignore")
    cases = []
    for case in collect_testcases(None):
        if case.kind != "node" or len(case.model.graph.node) != 1 or case.model.graph.node[0].domain:
            continue
        if not is_current(case, version):
            continue
        try:
            cases.append(describe(case))
        except ValueError:
            continue
    json.dump(cases, sys.stdout)


main()
