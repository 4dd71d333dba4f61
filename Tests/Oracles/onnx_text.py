"""ONNX's own printer and parser.

onnx_text.py print FOLDER MODEL...      writes FOLDER/NAME.onnxtxt for every NAME.onnx
onnx_text.py compare FOLDER MODEL...    checks that FOLDER/NAME.onnxtxt.again parses to the model of NAME.onnx, for every NAME.onnx
onnx_text.py parse TEXT                 parses a model's text and prints it again
onnx_text.py parse_function TEXT        parses a function's text and prints it again
"""

import pathlib
import sys

import onnx
from onnx import numpy_helper, parser, printer

CONSTANT_TYPES = {"value_float": 1, "value_floats": 1, "value_int": 7, "value_ints": 7, "value_string": 8, "value_strings": 8}


def tensor(proto):
    shape = (proto.data_type, tuple(proto.dims))
    if proto.data_location == onnx.TensorProto.EXTERNAL:
        return shape + (tuple(sorted((entry.key, entry.value) for entry in proto.external_data)),)
    array = numpy_helper.to_array(proto)
    return shape + (array.tobytes() if array.dtype != object else tuple(map(str, array.ravel())),)


def attribute(proto):
    if proto.ref_attr_name:
        return (proto.type, "reference", proto.ref_attr_name)
    value = onnx.helper.get_attribute_value(proto)
    if proto.type == onnx.AttributeProto.TENSOR:
        value = tensor(value)
    elif proto.type == onnx.AttributeProto.GRAPH:
        value = graph(value)
    elif isinstance(value, onnx.TypeProto):
        value = value.SerializeToString(deterministic=True)
    elif not isinstance(value, (int, float, bytes)):
        value = tuple(value)
    return (proto.type, value)


def node(proto):
    attributes = {a.name: attribute(a) for a in proto.attribute}
    if proto.op_type == "Constant" and len(attributes) == 1:
        (name, (_, value)), = attributes.items()
        if name in CONSTANT_TYPES:
            # All forms of a constant are one to us.
            import numpy as np

            dtype = {1: np.float32, 7: np.int64, 8: object}[CONSTANT_TYPES[name]]
            array = np.array(value, dtype=dtype)
            attributes = {"value": (onnx.AttributeProto.TENSOR, tensor(numpy_helper.from_array(array)))}
    names = list(proto.input)
    while names and not names[-1]:
        names.pop()
    return (proto.name, proto.domain, proto.op_type, tuple(names), tuple(proto.output), tuple(sorted(attributes.items())))


def infos(protos):
    return {p.name: p.type.SerializeToString(deterministic=True) for p in protos}


def graph(proto):
    initializers = {t.name: tensor(t) for t in proto.initializer}
    constants = {n.output[0] for n in proto.node if n.op_type == "Constant"}
    nodes = sorted((node(n) for n in proto.node), key=repr)
    types = {k: v for k, v in infos(proto.value_info).items() if k not in constants and k not in initializers}
    inputs = [i for i in infos(proto.input).items() if i[0] not in initializers]
    return (tuple(nodes), tuple(sorted(initializers.items())), tuple(inputs), tuple(infos(proto.output).items()), tuple(sorted(types.items())))


def function(proto):
    return (proto.name, proto.domain, tuple(proto.attribute), tuple(attribute(a) for a in proto.attribute_proto),
            tuple(proto.input), tuple(proto.output), tuple(sorted((node(n) for n in proto.node), key=repr)))


def model(proto):
    opsets = {o.domain: o.version for o in proto.opset_import}
    return {
        "header": (proto.ir_version, opsets, proto.producer_name, proto.producer_version, proto.doc_string),
        "metadata": {p.key: p.value for p in proto.metadata_props},
        "name": proto.graph.name,
        "graph": graph(proto.graph),
        "functions": [function(f) for f in proto.functions],
    }


def compare(name, before, after):
    before, after = model(before), model(after)
    for key in before:
        if before[key] == after[key]:
            continue
        if key != "graph":
            raise SystemExit(f"{name}: {key}: {before[key]} became {after[key]}")
        parts = ["nodes", "initializers", "inputs", "outputs", "types"]
        for part, old, new in zip(parts, before[key], after[key]):
            if old != new:
                old, new = set(old) - set(new), set(new) - set(old)
                raise SystemExit(f"{name}: {part}: {str(sorted(old, key=repr)[:2])[:600]} became {str(sorted(new, key=repr)[:2])[:600]}")


def main():
    command, *rest = sys.argv[1:]
    if command == "parse":
        print(printer.to_text(parser.parse_model(pathlib.Path(rest[0]).read_text())))
    elif command == "parse_function":
        print(printer.to_text(parser.parse_function(pathlib.Path(rest[0]).read_text())))
    else:
        folder, *files = rest
        for file in map(pathlib.Path, files):
            proto = onnx.load(file, load_external_data=False)
            text = pathlib.Path(folder) / (file.stem + ".onnxtxt")
            if command == "print":
                text.write_text(printer.to_text(proto))
            else:
                compare(file.stem, proto, parser.parse_model(pathlib.Path(str(text) + ".again").read_text()))
        print(len(files), "models")


main()
