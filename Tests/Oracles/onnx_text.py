"""ONNX's own printer and parser.

onnx_text.py print FOLDER MODEL...      writes FOLDER/NAME.onnxtxt for every NAME.onnx
onnx_text.py compare FOLDER MODEL...    checks that FOLDER/NAME.onnxtxt.again parses to the model of NAME.onnx, for every NAME.onnx
onnx_text.py unusual FOLDER             writes models with all that is unusual as FOLDER/NAME.onnx, and prints their paths
onnx_text.py same TEXT OTHER            checks that two files parse to the same model
onnx_text.py parse TEXT                 parses a model's text and prints it again
onnx_text.py parse_function TEXT        parses a function's text and prints it again
"""

import pathlib
import sys

import numpy as np
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


def names(operands):
    """Without those left out at the end, which means the same."""
    result = list(operands)
    while result and not result[-1]:
        result.pop()
    return tuple(result)


def node(proto):
    attributes = {a.name: attribute(a) for a in proto.attribute}
    if proto.op_type == "Constant" and len(attributes) == 1:
        name, (_, *values) = next(iter(attributes.items()))
        if name in CONSTANT_TYPES:
            # All forms of a constant are one to us.
            dtype = {1: np.float32, 7: np.int64, 8: object}[CONSTANT_TYPES[name]]
            array = np.array(values[0], dtype=dtype)
            attributes = {"value": (onnx.AttributeProto.TENSOR, tensor(numpy_helper.from_array(array)))}
    return (proto.name, proto.domain, proto.op_type, names(proto.input), names(proto.output), tuple(sorted(attributes.items())))


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


def constant_model(name, tensors, **kwargs):
    """A model that gives back its initializers."""
    nodes = [onnx.helper.make_node("Identity", [t.name], [f"output {i}"]) for i, t in enumerate(tensors)]
    outputs = [onnx.helper.make_tensor_value_info(f"output {i}", t.data_type, list(t.dims)) for i, t in enumerate(tensors)]
    return onnx.helper.make_model(onnx.helper.make_graph(nodes, name, [], outputs, tensors), **kwargs)


def element_types():
    """Every element type that onnx's printer has a text for, as typed and as raw data."""
    tensors = []
    for number in onnx.TensorProto.DataType.values():
        name = onnx.TensorProto.DataType.Name(number).lower()
        if number in (onnx.TensorProto.UNDEFINED, onnx.TensorProto.STRING) or "complex" in name or "float6" in name:
            continue
        dtype = onnx.helper.tensor_dtype_to_np_dtype(number)
        values = np.array([0, 1, 0, 1, 1] if number == onnx.TensorProto.BOOL else [0, 1, 1, 0, 1]).astype(dtype)
        if np.dtype(dtype).kind in "iu":
            limits = np.iinfo(dtype)
            values = np.array([0, 1, limits.min, limits.max, 1], dtype=dtype)
        raw = numpy_helper.from_array(values, f"raw_{name}")
        if any(small in name for small in ("int4", "int2", "float4")):
            continue
        tensors += [raw, onnx.helper.make_tensor(f"typed_{name}", number, [5], values)]
    return constant_model("types", tensors)


def special_numbers():
    numbers = [0.0, -0.0, 1e-45, -1.17549435e-38, 3.4028235e38, 1e10, 123456789.0, 0.1, float("inf"), float("-inf"), float("nan")]
    tensors = [numpy_helper.from_array(np.array(numbers, dtype=np.float32), "f"),
               numpy_helper.from_array(np.array(numbers + [5e-324, 1.7976931348623157e308], dtype=np.float64), "d"),
               numpy_helper.from_array(np.array(2.5, dtype=np.float32), "scalar"),
               numpy_helper.from_array(np.zeros((0, 3), dtype=np.float32), "empty"),
               numpy_helper.from_array(np.zeros((0,), dtype=np.int64), "none")]
    model = constant_model("numbers", tensors)
    model.graph.node.append(onnx.helper.make_node("F", ["f"], ["y"], domain="some.domain", f=1e-7, i=-(2**63), j=2**63 - 1, fs=numbers[:8], whole=2.0, wholes=[1.0, 2.0], infinite=float("-inf")))
    model.graph.node[-1].attribute.append(onnx.helper.make_attribute("nothing", [], attr_type=onnx.AttributeProto.INTS))
    return model


def names_and_strings():
    odd = ["", "a \"quote\"", "back\\slash", "\\\"", "new\nline", "tab\t", "\u00fcber \U0001f43e", "#no comment", "float", "inf"]
    tensors = [onnx.helper.make_tensor("strings", onnx.TensorProto.STRING, [len(odd)], [s.encode() for s in odd])]
    model = constant_model("a graph of names", tensors, producer_name='the "producer"', doc_string="two\nlines")
    model.model_version = 3
    model.metadata_props.add(key='k"ey', value="v\\alue")
    source = "strings"
    for name in odd[1:]:
        model.graph.node.append(onnx.helper.make_node("Identity", [source], [name], name=name, s=name, ss=odd, float=1))
        source = name
    model.graph.node.append(onnx.helper.make_node("Clip", ["strings", "", "inf"], ["last", ""]))
    return model


def types_and_bodies():
    value = onnx.helper.make_value_info
    tensor = onnx.helper.make_tensor_type_proto
    floats = tensor(1, ["N", None, 3, "a name"])
    inputs = [
        value("x", floats), value("unknown", tensor(1, None)), value("scalar", tensor(9, [])),
        value("list", onnx.helper.make_sequence_type_proto(floats)),
        value("maybe", onnx.helper.make_optional_type_proto(onnx.helper.make_sequence_type_proto(tensor(7, [])))),
        value("table", onnx.helper.make_map_type_proto(8, onnx.helper.make_sequence_type_proto(floats))),
        value("sparse", onnx.helper.make_sparse_tensor_type_proto(1, [2, 3])),
    ]
    def branch(name, operator, operand):
        inner = onnx.helper.make_graph([onnx.helper.make_node(operator, [operand], [name + "_y"])], name, [], [value(name + "_y", tensor(1, None))],
                                       [numpy_helper.from_array(np.array([1.5], dtype=np.float32), name + "_weight")])
        return inner
    deep = onnx.helper.make_graph(
        [onnx.helper.make_node("If", ["scalar"], ["deep_y"], then_branch=branch("one", "Exp", "x"), else_branch=branch("two", "Log", "e"))],
        "deep", [], [value("deep_y", tensor(1, None))])
    nodes = [
        onnx.helper.make_node("Exp", ["x"], ["e"]),
        onnx.helper.make_node("If", ["scalar"], ["y"], name="choice", then_branch=deep, else_branch=branch("three", "Neg", "e")),
        onnx.helper.make_node("Optional", [], ["z"], type=onnx.helper.make_optional_type_proto(floats)),
        onnx.helper.make_node("Constant", [], ["c"], value_floats=[1.0, 2.0]),
        onnx.helper.make_node("Constant", [], ["w"], name="named", value_string=b"text"),
    ]
    return onnx.helper.make_model(onnx.helper.make_graph(nodes, "types", inputs, [value("y", tensor(1, None)), value("c", tensor(1, [2]))],
                                                         value_info=[value("e", floats)]))


def functions():
    alpha = onnx.AttributeProto(name="alpha", type=onnx.AttributeProto.FLOAT, ref_attr_name="slope")
    nodes = [onnx.helper.make_node("LeakyRelu", ["x"], ["a b"]), onnx.helper.make_node("Constant", [], ["k"]), onnx.helper.make_node("Mul", ["a b", "k"], ["y"])]
    nodes[0].attribute.append(alpha)
    nodes[1].attribute.append(onnx.AttributeProto(name="value", type=onnx.AttributeProto.TENSOR, ref_attr_name="factor"))
    opsets = [onnx.helper.make_opsetid("", 21), onnx.helper.make_opsetid("d.e", 1)]
    one = onnx.helper.make_function("d.e", "Scaled", ["x"], ["y"], nodes, opsets, ["slope", "factor"], overload="first")
    two = onnx.helper.make_function("d.e", "two words", ["x", "unused"], ["y"], [onnx.helper.make_node("Exp", ["x"], ["y"])], opsets)
    call = onnx.helper.make_node("Scaled", ["x"], ["y"], domain="d.e", overload="first", slope=0.5, factor=numpy_helper.from_array(np.array(2.0, dtype=np.float32), "two"))
    x, y = (onnx.helper.make_tensor_value_info(n, 1, [2]) for n in "xy")
    return onnx.helper.make_model(onnx.helper.make_graph([call], "calls", [x], [y]), functions=[one, two], opset_imports=opsets)


def external():
    tensor = onnx.TensorProto(name="w", data_type=1, dims=[2, 2], data_location=onnx.TensorProto.EXTERNAL)
    for key, value in (("location", "data/w.bin"), ("offset", "16"), ("length", "16")):
        tensor.external_data.add(key=key, value=value)
    return constant_model("elsewhere", [tensor])


def unusual(folder):
    for make in (element_types, special_numbers, names_and_strings, types_and_bodies, functions, external):
        path = str(pathlib.Path(folder) / (make.__name__ + ".onnx"))
        onnx.save(make(), path)
        print(path)


def main():
    command, *rest = sys.argv[1:]
    if command == "parse":
        print(printer.to_text(parser.parse_model(pathlib.Path(rest[0]).read_text())))
    elif command == "parse_function":
        print(printer.to_text(parser.parse_function(pathlib.Path(rest[0]).read_text())))
    elif command == "unusual":
        unusual(rest[0])
    elif command == "same":
        compare(rest[1], *(parser.parse_model(pathlib.Path(path).read_text()) for path in rest))
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
