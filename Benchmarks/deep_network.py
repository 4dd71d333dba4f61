"""Writes a deep network without weights: OUT NODES. Residual blocks, attention and feed-forward in turn, of a few widths."""

import sys

from onnx import TensorProto, helper, save_model

TOKENS, WIDTH, HEADS = 64, 256, 4

nodes, weights = [], []
stream = "x"


def weight(shape):
    name = f"w{len(weights)}"
    tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=shape, data_location=TensorProto.EXTERNAL)
    tensor.external_data.add(key="location", value="weights.bin")
    tensor.external_data.add(key="offset", value=str(len(weights)))
    weights.append(tensor)
    return name


def node(op, *inputs, **attributes):
    name = f"{op}_{len(nodes)}"
    nodes.append(helper.make_node(op, inputs, [name], name=name, **attributes))
    return name


def integers(*values):
    name = f"c{len(nodes)}"
    nodes.append(helper.make_node("Constant", [], [name], name=name, value_ints=values))
    return name


def linear(x, inputs, outputs):
    return node("Add", node("MatMul", x, weight([inputs, outputs])), weight([outputs]))


def normalized(x):
    return node("LayerNormalization", x, weight([WIDTH]), weight([WIDTH]), axis=-1)


def heads(x):
    split = node("Reshape", x, integers(1, TOKENS, HEADS, WIDTH // HEADS))
    return node("Transpose", split, perm=[0, 2, 1, 3])


def attention(x):
    q, k, v = (heads(linear(x, WIDTH, WIDTH)) for _ in range(3))
    scores = node("MatMul", q, node("Transpose", k, perm=[0, 1, 3, 2]))
    scale = helper.make_node("Constant", [], [f"s{len(nodes)}"], value_float=8.0)
    nodes.append(scale)
    mixed = node("MatMul", node("Softmax", node("Div", scores, scale.output[0]), axis=-1), v)
    joined = node("Reshape", node("Transpose", mixed, perm=[0, 2, 1, 3]), integers(1, TOKENS, WIDTH))
    return linear(joined, WIDTH, WIDTH)


def feed_forward(x, block):
    width = WIDTH * (2 + block % 3)
    inner = linear(x, WIDTH, width)
    activated = node("Relu", inner) if block % 2 else node("Mul", inner, node("Sigmoid", inner))
    return linear(activated, width, WIDTH)


block = 0
while sum(n.op_type != "Constant" for n in nodes) < int(sys.argv[2]):
    stream = node("Add", stream, attention(normalized(stream)))
    stream = node("Add", stream, feed_forward(normalized(stream), block))
    block += 1

shape = [1, TOKENS, WIDTH]
graph = helper.make_graph(
    nodes,
    "deep_network",
    [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
    [helper.make_tensor_value_info(stream, TensorProto.FLOAT, shape)],
    initializer=weights,
)
save_model(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)]), sys.argv[1])
