"""Says where ONNX files differ in meaning from copies of them. Prints a line a difference.

usage: same_model.py A.onnx B.onnx [C.onnx D.onnx ...]

Compared are operator sets, inputs, outputs, nodes with their attributes and names of values, and the data of constants.
Constant nodes may stand elsewhere and say their value in another attribute. Without arguments the models of onnx's own node
tests are listed, a path a line.
"""

import glob
import os
import sys

import numpy as np
import onnx
from onnx import numpy_helper


def tensor(proto):
    array = numpy_helper.to_array(proto)
    return (proto.data_type, tuple(proto.dims), array.tobytes() if array.dtype != object else tuple(array.flat))


def attribute(proto):
    if proto.ref_attr_name:
        return ("reference", proto.ref_attr_name, proto.type)
    value = onnx.helper.get_attribute_value(proto)
    if proto.type == onnx.AttributeProto.TENSOR:
        return tensor(value)
    if proto.type == onnx.AttributeProto.GRAPH:
        return graph(value)
    if proto.type == onnx.AttributeProto.FLOAT:
        return np.float32(value).tobytes()
    if proto.type == onnx.AttributeProto.FLOATS:
        return np.array(value, np.float32).tobytes()
    if isinstance(value, (bytes, int)):
        return value
    return tuple(v.SerializeToString() if hasattr(v, "SerializeToString") else v for v in value) if hasattr(
        value, "__iter__"
    ) else value.SerializeToString(deterministic=True)


def constant(node):
    value = node.attribute[0]
    kind = value.type
    if kind == onnx.AttributeProto.TENSOR:
        return tensor(value.t)
    if kind == onnx.AttributeProto.SPARSE_TENSOR or value.ref_attr_name:
        return attribute(value)
    types = {
        onnx.AttributeProto.INT: np.int64, onnx.AttributeProto.INTS: np.int64, onnx.AttributeProto.FLOAT: np.float32,
        onnx.AttributeProto.FLOATS: np.float32,
    }
    raw = onnx.helper.get_attribute_value(value)
    if kind in types:
        return tensor(numpy_helper.from_array(np.array(raw, types[kind])))
    return tensor(numpy_helper.from_array(np.array(raw, object)))


def graph(proto):
    constants = {t.name: tensor(t) for t in proto.initializer}
    constants.update({n.output[0]: constant(n) for n in proto.node if n.op_type == "Constant" and not n.domain})
    nodes = [
        (n.op_type, n.domain, n.overload, trimmed(n.input), trimmed(n.output),
         tuple(sorted((a.name, attribute(a)) for a in n.attribute)))
        for n in proto.node if n.op_type != "Constant" or n.domain
    ]
    used = {name for node in nodes for name in node[3]} | {o.name for o in proto.output}
    inputs = [(i.name, i.type.SerializeToString(deterministic=True)) for i in proto.input if i.name not in constants]
    outputs = [(o.name, o.type.SerializeToString(deterministic=True)) for o in proto.output]
    names = sorted(name for name in constants if name in used)
    return (tuple(inputs), tuple(outputs), tuple(nodes), tuple((name, constants[name]) for name in names))


def trimmed(names):
    names = list(names)
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def differences(one, two):
    first, second = onnx.load(one), onnx.load(two)
    opsets = [{(o.domain, o.version) for o in model.opset_import} for model in (first, second)]
    if opsets[0] - opsets[1]:
        yield f"operator sets {opsets[0]} and {opsets[1]}"
    for part, a, b in zip(("inputs", "outputs", "nodes", "constants"), graph(first.graph), graph(second.graph)):
        if a != b:
            yield f"{part}: {a} and {b}"
    functions = [[(f.domain, f.name, tuple(f.input), tuple(f.output), len(f.node)) for f in m.functions]
                 for m in (first, second)]
    if functions[0] != functions[1]:
        yield f"functions {functions[0]} and {functions[1]}"


def main():
    paths = sys.argv[1:]
    if not paths:
        folder = os.path.join(os.path.dirname(onnx.__file__), "backend", "test", "data", "node")
        print("\n".join(sorted(glob.glob(os.path.join(folder, "*", "model.onnx")))))
    for one, two in zip(paths[::2], paths[1::2], strict=True):
        for line in differences(one, two):
            print(f"{one}: {line}"[:600])


main()
