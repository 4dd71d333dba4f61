"""Writes an ONNX model whose names try to break out of a page: hostile_model.py FILE.onnx"""

import sys

import onnx
from onnx import TensorProto, helper

NAMES = [
    "<script>window.broken = true</script>",
    "</script><script>window.broken = true</script>",
    "<!--<script>",
    "-->",
    "<img src=x onerror='window.broken = true'>",
    '" onmouseover="window.broken = true',
    "' onload='window.broken = true",
    "javascript:window.broken=true",
    "a&b&lt;&#60;script&gt;&amp",
    "line\nfeed\r\ttab",
    '"\u0301 onfocus="window.broken = true',
    "{{title}}{{{data}}}",
    "\u2028\u2029",
    "\u202egnp.exe",
    "שלום עולם",
    "日本語 — é 🦅",
    " ",
    "__proto__",
    "constructor",
    "/a<b>/c\"d/e'f/Relu",
    "long/" * 2000,
    "e" + "\u0301" * 500,
]


def main(path):
    nodes, last = [], "input"
    for number, name in enumerate(NAMES):
        output = f"{name}#{number}"
        operator = "Relu" if number % 2 else "Mul"
        nodes.append(helper.make_node(operator, [last] if operator == "Relu" else [last, last], [output], name=name))
        last = output
    # Twice the same name, and a module tree of hostile names.
    for number, name in enumerate(NAMES[:4] * 2):
        output = f"deep {number}"
        scoped = "/" + "/".join([name.replace("/", "|"), "block", NAMES[4].replace("/", "|"), "Relu"])
        nodes.append(helper.make_node("Relu", [last], [output], name=scoped))
        last = output
    shape = [1, 16]
    graph = helper.make_graph(
        nodes, NAMES[0] + NAMES[4],
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info(last, TensorProto.FLOAT, shape)])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)]), path)


main(sys.argv[1])
