"""Models of one operator for check_runner.py: every attribute that onnx_to_jax.py claims, and every way of saying it.

    for label, model in cases(): ...

Floating-point operands are inputs, which the runner takes for secret; integers are initializers, which it takes for public.
"""

import itertools

import numpy as np
from onnx import TensorProto, helper, numpy_helper

IR_VERSION = 10


def model(operator, operands, opset, outputs=1, **attributes):
    """A model of one node. An operand is a shape (an input of floats), an array (an initializer) or None (left out)."""
    inputs, initializers, names = [], [], []
    for index, operand in enumerate(operands):
        names.append("" if operand is None else f"x{index}")
        if isinstance(operand, tuple):
            inputs.append(helper.make_tensor_value_info(names[-1], TensorProto.FLOAT, operand))
        elif operand is not None:
            initializers.append(numpy_helper.from_array(np.asarray(operand), names[-1]))
    results = [f"y{index}" for index in range(outputs)]
    node = helper.make_node(operator, names, results, name="node", **attributes)
    infos = [helper.make_empty_tensor_value_info(result) for result in results]
    graph = helper.make_graph([node], "case", inputs, infos, initializers)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=IR_VERSION)


def case(operator, operands, opset=17, outputs=1, **attributes):
    shown = ", ".join(f"{name}={value}" for name, value in attributes.items())
    label = f"{operator}-{opset}({', '.join(describe(each) for each in operands)}; {shown})"
    return label, model(operator, operands, opset, outputs, **attributes)


def describe(operand):
    return str(operand.tolist()) if isinstance(operand, np.ndarray) else str(operand)


def integers(*numbers):
    return np.array(numbers, np.int64)


def floats(*numbers):
    return np.array(numbers, np.float32)


def padded(rank, kernel):
    """Ways of padding: none, one side more than the other, and the automatic ones."""
    yield {}
    yield {"pads": [1] * 2 * rank}
    yield {"pads": [0] * rank + [kernel - 1] * rank}
    for automatic in ("SAME_UPPER", "SAME_LOWER", "VALID", "NOTSET"):
        yield {"auto_pad": automatic}


def windows():
    """Convolutions and poolings over one, two and three spatial axes."""
    for rank, stride, length in itertools.product((1, 2, 3), (1, 2, 3), (7, 8)):
        if rank == 3 and (stride, length) not in ((1, 7), (2, 8)):
            continue  # what is left out has been seen over two axes
        lengths = tuple(length + axis for axis in range(rank))
        for padding in padded(rank, 3):
            common = {"strides": [stride] * rank, **padding}
            dilated = {"dilations": [2] * rank, **common}
            for chosen in (common, dilated):
                yield case("Conv", [(1, 2, *lengths), (4, 2, *[3] * rank), (4,)], **chosen)
            yield case("MaxPool", [(1, 2, *lengths)], kernel_shape=[3] * rank, **common)
            yield case("AveragePool", [(1, 2, *lengths)], kernel_shape=[3] * rank, **common)
            if "auto_pad" in padding:
                continue
            for rounding in (0, 1):
                more = {"ceil_mode": rounding, "kernel_shape": [3] * rank, **common}
                yield case("MaxPool", [(1, 2, *lengths)], **more)
                yield case("MaxPool", [(1, 2, *lengths)], dilations=[2] * rank, **more)
                yield case("AveragePool", [(1, 2, *lengths)], count_include_pad=0, **more)
                yield case("AveragePool", [(1, 2, *lengths)], count_include_pad=1, **more)
                yield case("AveragePool", [(1, 2, *lengths)], 19, dilations=[2] * rank, count_include_pad=1, **more)
    yield case("Conv", [(2, 4, 9, 7), (6, 2, 3, 1)], group=2, pads=[1, 0, 2, 1], strides=[2, 1])
    yield case("Conv", [(1, 6, 8), (6, 1, 3), (6,)], group=6, kernel_shape=[3])
    yield case("MaxPool", [(1, 1, 6, 9)], 8, kernel_shape=[2, 3], strides=[1, 2])
    yield case("MaxPool", [(1, 1, 5, 5)], kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1)
    yield case("MaxPool", [(1, 1, 4, 4)], kernel_shape=[1, 1], strides=[3, 3], ceil_mode=1)
    yield case("AveragePool", [(1, 1, 4, 4)], kernel_shape=[1, 1], strides=[3, 3], ceil_mode=1)
    yield case("AveragePool", [(1, 3, 6)], 7, kernel_shape=[2], count_include_pad=1, pads=[1, 0])
    for rank in (1, 2, 3):
        yield case("GlobalAveragePool", [(2, 3, *[4] * rank)])
        yield case("GlobalMaxPool", [(2, 3, *[4] * rank)])


def normalizations():
    for rank, batch in itertools.product((2, 3, 4), (1, 2)):
        shape = (batch, 3, 4, 5)[:rank]
        for axis in range(-rank, rank):
            kept = shape[axis % rank:]
            yield case("LayerNormalization", [shape, kept, kept], axis=axis, epsilon=1e-3)
            yield case("LayerNormalization", [shape, kept], axis=axis)
        yield case("LayerNormalization", [shape, shape[-1:], shape[-1:]])
    yield case("LayerNormalization", [(1, 7), (7,), (7,)], outputs=2)
    for axis in (-1, 1, 0):
        yield case("RMSNormalization", [(1, 3, 4), (1, 3, 4)[axis % 3:]], 23, axis=axis, epsilon=1e-3)
    for rank in (3, 4, 5):
        shape = (2, 3, 4, 5, 2)[:rank]
        yield case("InstanceNormalization", [shape, (3,), (3,)], epsilon=1e-2)
    for rank in (2, 3, 4, 5):
        variance = floats(0.5, 1, 1.5)
        for opset in (8, 9, 14, 15):
            yield case(
                "BatchNormalization", [(2, 3, 4, 5, 2)[:rank], (3,), (3,), (3,), variance], opset, epsilon=1e-2)
    yield case("BatchNormalization", [(2, 3, 4), (3,), (3,), (3,), floats(1, 1, 1)], training_mode=1, outputs=3)
    yield case("BatchNormalization", [(2, 3, 4), (3,), (3,), (3,), floats(1, 1, 1)], 8, momentum=0.5)
    for operator, opset in itertools.product(("Softmax", "LogSoftmax"), (11, 12, 13, 17)):
        yield case(operator, [(2, 3, 4)], opset)
        for axis in range(-3, 3):
            yield case(operator, [(2, 3, 4)], opset, axis=axis)


def reductions():
    names = ("ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2", "ReduceSumSquare")
    for name, keepdims in itertools.product(names, (0, 1)):
        for axes in ([0], [-1], [0, 2], [-2, -1]):
            new = 13 if name == "ReduceSum" else 18
            yield case(name, [(2, 3, 4)], 12, axes=axes, keepdims=keepdims)
            if new == 18:
                yield case(name, [(2, 3, 4)], 17, axes=axes, keepdims=keepdims)
            yield case(name, [(2, 3, 4), integers(*axes)], new, keepdims=keepdims)
        yield case(name, [(2, 3, 4)], 12, keepdims=keepdims)
        yield case(name, [(2, 3, 4)], 18, keepdims=keepdims)
        yield case(name, [(2, 3, 4), integers()], 18, keepdims=keepdims)
        yield case(name, [(2, 3, 4)], 18, keepdims=keepdims, noop_with_empty_axes=1)


def elementwise():
    unary = ("Relu", "Exp", "Tanh", "Sigmoid", "Erf", "Neg", "Abs", "Softplus", "Softsign", "Reciprocal", "Identity")
    for name in unary:
        yield case(name, [(2, 3)])
        yield case(name, [(2, 3)], 13)
    for name in ("Mish", "HardSwish"):
        yield case(name, [(3, 4)], 18)
    for name in ("LeakyRelu", "Elu"):
        yield case(name, [(3, 4)])
        yield case(name, [(3, 4)], alpha=0.3)
    yield case("HardSigmoid", [(3, 4)])
    yield case("HardSigmoid", [(3, 4)], alpha=0.7, beta=0.1)
    for slope in ((1,), (4,), (3, 1), (2, 3, 4)):
        yield case("PRelu", [(2, 3, 4), slope])
    for approximate in ({}, {"approximate": "none"}, {"approximate": "tanh"}):
        yield case("Gelu", [(3, 4)], 20, **approximate)
    for name in ("Add", "Sub", "Mul", "Div", "Less", "Greater", "LessOrEqual", "GreaterOrEqual", "Equal"):
        for left, right in (((2, 3), (2, 3)), ((2, 3), (3,)), ((1,), (2, 3)), ((2, 1), (1, 3)), ((2, 3), ())):
            yield case(name, [left, right])
    for left, right in itertools.product((7, -7), (2, -2)):
        yield case("Div", [integers(left, 6), integers(right, 3)])
    yield case("Equal", [(3,), floats(0, 0, 0)])
    for name in ("And", "Or", "Xor"):
        yield case(name, [np.array([[True], [False]]), np.array([True, False])])
    yield case("Not", [np.array([True, False])])
    yield case("Where", [np.array([[True], [False]]), (2, 3), (3,)])
    yield case("Where", [np.array([True, False, True]), (), (2, 3)])
    for name in ("Max", "Min", "Sum"):
        yield case(name, [(2, 3)])
        yield case(name, [(2, 3), (3,), (2, 1)])
    for low, high in ((-0.5, 0.5), (-0.5, None), (None, 0.5), (None, None), (0.5, -0.5)):
        bounds = [None if bound is None else np.array(bound, np.float32) for bound in (low, high)]
        yield case("Clip", [(3, 4), *bounds])
        yield case("Clip", [(3, 4), *bounds], 12)
        yield case("Clip", [(3, 4)], 6, **{n: b for n, b in (("min", low), ("max", high)) if b is not None})
    for exponent in (floats(2), floats(3), np.float32(2), np.float32(-1), np.int64(3), floats([[2]]), floats(2, 3, 1), np.float32(0)):
        yield case("Pow", [(2, 3), np.asarray(exponent)])
    for exponent in (np.float32(0.5), np.float32(-0.5), np.float32(2.5)):
        yield case("Pow", [floats(0.5, 1.5), np.asarray(exponent)])
    yield case("Pow", [(), floats([[2]])])
    for to in (TensorProto.FLOAT, TensorProto.INT64, TensorProto.INT32, TensorProto.BOOL, TensorProto.FLOAT16):
        yield case("Cast", [(3, 4)], to=to)
        yield case("Cast", [integers(-3, 0, 5)], to=to)
    yield case("Dropout", [(3, 4)], 10, ratio=0.5)
    yield case("Dropout", [(3, 4)], 12)


def products():
    pairs = (((2, 3), (3, 4)), ((3,), (3, 4)), ((2, 3), (3,)), ((3,), (3,)), ((2, 2, 3), (3, 4)), ((2, 1, 2, 3), (3, 3, 4)))
    for left, right in pairs:
        yield case("MatMul", [left, right])
    for transposed_left, transposed_right, bias in itertools.product((0, 1), (0, 1), (None, (4,), (2, 4), (2, 1), ())):
        left, right = ((3, 2) if transposed_left else (2, 3)), ((4, 3) if transposed_right else (3, 4))
        attributes = {"transA": transposed_left, "transB": transposed_right}
        operands = [left, right] if bias is None else [left, right, bias]
        yield case("Gemm", operands, **attributes)
        yield case("Gemm", operands, alpha=0.5, beta=2.0, **attributes)
    for equation, *operands in (
            ("ij,jk->ik", (2, 3), (3, 4)), ("bihd,bjhd->bhij", (1, 2, 3, 4), (1, 5, 3, 4)), ("ij,jk", (2, 3), (3, 4)),
            ("...ij,...jk->...ik", (2, 2, 3), (3, 4)), ("ii->i", (3, 3)), ("ij->", (2, 3)), ("ij->ji", (2, 3)),
            ("i,j->ij", (2,), (3,)), ("bij, bjk -> bik", (2, 2, 3), (2, 3, 4)), ("abc,cd,de->abe", (2, 3, 4), (4, 5), (5, 2))):
        yield case("Einsum", operands, equation=equation)


def movements():
    from runner_cases_movements import movements as more
    yield from more(case, integers, floats)


def cases():
    for group in (windows, normalizations, reductions, elementwise, products, movements):
        yield from group()
