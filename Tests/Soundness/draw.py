"""Draws random graphs: chains of operators over values of one element type, with masks, bounds far away, places that count from the end, integers in
between and values that are read twice."""

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from examples import Subject

FAR = [-1e9, 1e9, -3.4028234663852886e38, -np.inf, -1e4, -100.0]
UNARY = ["Relu", "Sigmoid", "Tanh", "Exp", "Neg", "Abs", "LeakyRelu", "Elu", "HardSwish", "HardSigmoid", "Softplus", "Erf", "Identity", "Floor",
         "Selu", "Celu", "Softsign", "Mish", "Gelu", "Sign", "Square", "Root", "Inverse", "Silu"]
BINARY = ["Add", "Sub", "Mul", "Div", "Max", "Min", "Select", "Less"]


class Builder:
    """A graph while it grows: values with their shapes, of one floating-point type or of integers."""

    def __init__(self, rng):
        self.rng = rng
        self.dtype = rng.choice([np.float32] * 8 + [np.float64, np.float16])
        self.nodes, self.inputs, self.initializers, self.values = [], [], [], []
        self.shapes, self.integers = {}, set()
        self.limits, self.told = {}, set()
        self.opset = 21

    def name(self, stem):
        return f"{stem}{len(self.nodes) + len(self.initializers) + len(self.inputs)}"

    def choice(self, items):
        return items[self.rng.integers(len(items))]

    def chance(self, probability):
        return self.rng.random() < probability

    def input(self, shape, integer=False):
        name = self.name("x")
        kind = TensorProto.INT64 if integer else helper.np_dtype_to_tensor_dtype(np.dtype(self.dtype))
        self.inputs.append(helper.make_tensor_value_info(name, kind, shape))
        self.shapes[name] = tuple(shape)
        (self.integers.add(name) if integer else self.values.append(name))
        return name

    def constant(self, array):
        name = self.name("c")
        array = np.asarray(array)
        if array.dtype.kind == "f":
            with np.errstate(over="ignore"):
                array = array.astype(self.dtype)
        if self.chance(0.5) and array.size <= 8:
            self.nodes.append(helper.make_node("Constant", [], [name], value=numpy_helper.from_array(array)))
        else:
            self.initializers.append(numpy_helper.from_array(array, name))
        self.shapes[name] = array.shape
        return name

    def add(self, op, inputs, shape=None, outputs=1, **attributes):
        name = self.name("v")
        self.nodes.append(helper.make_node(op, inputs, [name], name=f"n_{name}", **attributes))
        self.shapes[name] = shape
        return name

    def weights(self, shape):
        return self.constant(self.rng.standard_normal(shape))

    def value(self, rank=None):
        """A value, the newest most often."""
        known = [v for v in self.values if self.shapes[v] is not None and (rank is None or len(self.shapes[v]) in rank)]
        if not known:
            return None
        return known[-1] if self.chance(0.6) else self.choice(known)

    def keep(self, name, shape):
        self.shapes[name] = tuple(int(length) for length in shape)
        if np.prod(self.shapes[name]) <= 4096:
            self.values.append(name)
        return name

    def step(self):
        kind = self.choice(["unary"] * 4 + ["binary"] * 4 + ["clip"] * 2 + ["mask"] * 2 + [
            "slice", "slice", "concat", "transpose", "reshape", "pad", "reduce", "reduce", "pool", "matmul", "matmul", "conv",
            "norm", "softmax", "gather", "integer", "expand", "argmax"])
        return getattr(self, kind)()

    def unary(self):
        x = self.value()
        op = self.choice(UNARY)
        shape = self.shapes[x]
        if op == "Square":
            return self.keep(self.choice([lambda: self.add("Mul", [x, x]), lambda: self.add("Pow", [x, self.constant(np.array(2.0))])])(), shape)
        if op == "Silu":  # which onnxruntime knows only so
            return self.keep(self.add("Mul", [x, self.add("Sigmoid", [x])]), shape)
        if op == "Root":
            return self.keep(self.add("Sqrt", [self.add("Abs", [x])]), shape)
        if op == "Inverse":
            return self.keep(self.add("Reciprocal", [self.add("Exp", [self.add("Tanh", [x])])]), shape)
        attributes = {"alpha": self.choice([0.01, 0.1, 0.5])} if op in ("LeakyRelu",) and self.chance(0.5) else {}
        return self.keep(self.add(op, [x], **attributes), shape)

    def number(self):
        return float(self.choice([0.0, 1.0, -1.0, 0.5, 2.0, 6.0, 0.25, 3.0, 1e-3, -0.5]))

    def operand(self, shape):
        """Something that broadcasts to a shape: a value, a number, weights, or numbers that are far away."""
        fitting = [v for v in self.values if self.shapes[v] == shape]
        draw = self.rng.random()
        if draw < 0.45 and fitting:
            return self.choice(fitting)
        if draw < 0.65:
            return self.constant(np.array(self.number()))
        some = tuple(1 if self.chance(0.4) else length for length in shape)[self.rng.integers(len(shape) + 1):]
        array = self.rng.standard_normal(some)
        if self.chance(0.2) and array.size:
            array = np.where(self.rng.random(some) < 0.4, self.choice(FAR), 0.0)
        return self.constant(np.asarray(array))

    def binary(self):
        x = self.value()
        y, op, shape = self.operand(self.shapes[x]), self.choice(BINARY), self.shapes[x]
        pair = [x, y] if self.chance(0.7) else [y, x]
        if op == "Select":
            comparison = self.add(self.choice(["Greater", "Less", "GreaterOrEqual", "LessOrEqual"]), pair)
            others = pair if self.chance(0.5) else [x, self.operand(shape)]
            return self.keep(self.add("Where", [comparison, *(others if self.chance(0.5) else others[::-1])]), shape)
        if op == "Less":
            kind = helper.np_dtype_to_tensor_dtype(np.dtype(self.dtype))
            return self.keep(self.add("Cast", [self.add(self.choice(["Less", "Greater"]), pair)], to=kind), shape)
        return self.keep(self.add(op, pair), shape)

    def clip(self):
        x = self.value()
        low, high = sorted([self.choice([0.0, -1.0, -0.5, -1e9, -3.4e38, 1.0]), self.choice([1.0, 6.0, 0.0, 1e9, 3.4e38, 0.5])])
        bounds = [self.constant(np.array(low)), self.constant(np.array(high))]
        if self.chance(0.15):
            bounds = bounds[:1]
        return self.keep(self.add("Clip", [x, *bounds]), self.shapes[x])

    def mask(self):
        x = self.value()
        shape = self.shapes[x]
        some = tuple(1 if self.chance(0.3) else length for length in shape)
        where = self.rng.random(some) < 0.4
        far = self.choice(FAR)
        if self.chance(0.5):
            return self.keep(self.add("Add", [x, self.constant(np.where(where, far, 0.0))]), shape)
        return self.keep(self.add("Where", [self.constant(where), self.constant(np.array(far)), x]), shape)

    def slice(self):
        x = self.value(range(1, 6))
        if x is None:
            return None
        shape = list(self.shapes[x])
        axis = int(self.rng.integers(len(shape)))
        start, end = int(self.rng.integers(-shape[axis] - 2, shape[axis] + 1)), int(self.choice([shape[axis], -1, 2**62, self.rng.integers(0, shape[axis] + 2)]))
        step = self.choice([1, 1, 1, 2, -1])
        length = len(range(*slice(start, end, step).indices(shape[axis])))
        if length == 0 and self.chance(0.9):
            return None
        shape[axis] = length
        inputs = [x, *(self.constant(np.array([n], np.int64)) for n in (start, end, axis if self.chance(0.7) else axis - len(shape)))]
        if step != 1 or self.chance(0.3):
            inputs.append(self.constant(np.array([step], np.int64)))
        return self.keep(self.add("Slice", inputs), shape)

    def concat(self):
        x = self.value(range(1, 6))
        if x is None:
            return None
        axis = int(self.rng.integers(len(self.shapes[x])))
        others = [v for v in self.values if len(self.shapes[v]) == len(self.shapes[x]) and all(
            a == b or i == axis for i, (a, b) in enumerate(zip(self.shapes[v], self.shapes[x])))]
        pair = [x, self.choice(others)]
        shape = list(self.shapes[x])
        shape[axis] = sum(self.shapes[v][axis] for v in pair)
        return self.keep(self.add("Concat", pair, axis=axis if self.chance(0.7) else axis - len(shape)), shape)

    def transpose(self):
        x = self.value(range(2, 6))
        if x is None:
            return None
        order = [int(i) for i in self.rng.permutation(len(self.shapes[x]))]
        return self.keep(self.add("Transpose", [x], perm=order), [self.shapes[x][i] for i in order])

    def reshape(self):
        x = self.value()
        shape = list(self.shapes[x])
        if 0 in shape:
            return None
        if self.chance(0.3):
            axis = int(self.rng.integers(len(shape) + 1))
            return self.keep(self.add("Unsqueeze", [x, self.constant(np.array([axis], np.int64))]), shape[:axis] + [1] + shape[axis:])
        new = [-1] if self.chance(0.3) else [shape[0] * (shape[1] if len(shape) > 1 else 1), *shape[2:]] if shape else [1]
        real = [int(np.prod(shape))] if new == [-1] else new
        return self.keep(self.add("Reshape", [x, self.constant(np.array(new, np.int64))]), real)

    def expand(self):
        x = self.value()
        shape = [int(self.rng.integers(1, 4)), *self.shapes[x]]
        return self.keep(self.add("Expand", [x, self.constant(np.array(shape, np.int64))]), shape)

    def pad(self):
        x = self.value(range(1, 5))
        if x is None:
            return None
        rank = len(self.shapes[x])
        pads = self.rng.integers(0, 3, 2 * rank)
        value = self.constant(np.array(self.choice([0.0, -np.inf, -1e9, 1.0])))
        shape = [n + int(pads[i] + pads[rank + i]) for i, n in enumerate(self.shapes[x])]
        return self.keep(self.add("Pad", [x, self.constant(pads.astype(np.int64)), value]), shape)

    def reduce(self):
        x = self.value(range(1, 6))
        if x is None or 0 in self.shapes[x]:
            return None
        shape = list(self.shapes[x])
        axes = sorted({int(self.rng.integers(len(shape))) for _ in range(self.choice([1, 1, 2]))})
        keeps = int(self.chance(0.6))
        op = self.choice(["ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceL2", "ReduceSumSquare", "ReduceLogSumExp"])
        named = [a if self.chance(0.6) else a - len(shape) for a in axes]
        result = [1 if i in axes else n for i, n in enumerate(shape) if keeps or i not in axes]
        return self.keep(self.add(op, [x, self.constant(np.array(named, np.int64))], keepdims=keeps), result)

    def pool(self):
        x = self.value([3, 4, 5])
        if x is None or min(self.shapes[x]) < 1:
            return None
        shape = list(self.shapes[x])
        if self.chance(0.3):
            return self.keep(self.add(self.choice(["GlobalMaxPool", "GlobalAveragePool"]), [x]), shape[:2] + [1] * (len(shape) - 2))
        kernel = [min(int(self.rng.integers(1, 4)), n) for n in shape[2:]]
        strides = [int(self.rng.integers(1, 3)) for _ in kernel]
        result = shape[:2] + [(n - k) // s + 1 for n, k, s in zip(shape[2:], kernel, strides)]
        return self.keep(self.add(self.choice(["MaxPool", "AveragePool"]), [x], kernel_shape=kernel, strides=strides), result)

    def matmul(self):
        x = self.value(range(1, 5))
        if x is None:
            return None
        shape, columns = self.shapes[x], int(self.rng.integers(1, 6))
        if self.chance(0.25):
            fitting = [v for v in self.values if len(self.shapes[v]) >= 2 and self.shapes[v][-2] == shape[-1]]
            if not fitting:
                return None
            y = self.choice(fitting)
        elif self.chance(0.15):
            y = self.weights((shape[-1],))
        elif self.chance(0.2) and len(shape) > 2:
            y = self.weights((*shape[:-2], shape[-1], columns))
        else:
            y = self.weights((shape[-1], columns))
        try:
            result = np.matmul(np.zeros(shape), np.zeros(self.shapes[y])).shape
        except ValueError:
            return None
        name = self.keep(self.add("MatMul", [x, y]), result)
        if self.chance(0.4) and result:
            name = self.keep(self.add("Add", [name, self.weights((result[-1],))]), result)
        return name

    def conv(self):
        x = self.value([3, 4, 5])
        if x is None or min(self.shapes[x]) < 1:
            return None
        shape = list(self.shapes[x])
        kernel, out = [min(int(self.rng.integers(1, 4)), n) for n in shape[2:]], int(self.rng.integers(1, 5))
        inputs = [x, self.weights((out, shape[1], *kernel))]
        if self.chance(0.5):
            inputs.append(self.weights((out,)))
        result = [shape[0], out, *(n - k + 1 for n, k in zip(shape[2:], kernel))]
        return self.keep(self.add("Conv", inputs, kernel_shape=kernel), result)

    def norm(self):
        x = self.value([2, 3, 4])
        if x is None or min(self.shapes[x]) < 1:
            return None
        shape = self.shapes[x]
        if self.chance(0.5):
            return self.keep(self.add("LayerNormalization", [x, self.weights((shape[-1],)), self.weights((shape[-1],))]), shape)
        parts = [self.weights((shape[1],)) for _ in range(3)] + [self.constant(np.abs(self.rng.standard_normal(shape[1])) + 0.5)]
        return self.keep(self.add("BatchNormalization", [x, *parts]), shape)

    def softmax(self):
        x = self.value(range(1, 5))
        if x is None or 0 in self.shapes[x]:
            return None
        axis = int(self.rng.integers(-len(self.shapes[x]), len(self.shapes[x])))
        return self.keep(self.add(self.choice(["Softmax", "Softmax", "LogSoftmax"]), [x], axis=axis), self.shapes[x])

    def gather(self):
        rows, columns, count = int(self.rng.integers(2, 7)), int(self.rng.integers(1, 5)), int(self.rng.integers(1, 4))
        places = self.input([count], integer=True)
        self.limits[places] = (-rows, rows - 1)
        return self.keep(self.add("Gather", [self.weights((rows, columns)), places]), (count, columns))

    def integer(self):
        x = self.value()
        kind = helper.np_dtype_to_tensor_dtype(np.dtype(self.dtype))
        whole = self.add("Cast", [self.add("Clip", [x, self.constant(np.array(-9.0)), self.constant(np.array(9.0))])], to=TensorProto.INT32)
        op = self.choice(["Add", "Mul", "Div", "Sub", "Max"])
        whole = self.add(op, [whole, self.constant(np.array(self.choice([2, 3, -2]), np.int32))])
        if len(self.shapes[x]) > 0 and self.chance(0.5) and 0 not in self.shapes[x]:
            axes = self.constant(np.array([len(self.shapes[x]) - 1], np.int64))
            whole = self.add(self.choice(["ReduceSum", "ReduceMean", "ReduceMax"]), [whole, axes], keepdims=1)
            return self.keep(self.add("Cast", [whole], to=kind), (*self.shapes[x][:-1], 1))
        return self.keep(self.add("Cast", [whole], to=kind), self.shapes[x])

    def argmax(self):
        x = self.value(range(1, 5))
        if x is None or 0 in self.shapes[x]:
            return None
        kind = helper.np_dtype_to_tensor_dtype(np.dtype(self.dtype))
        index = self.add("ArgMax", [self.add("Floor", [x])], axis=-1, keepdims=1)
        return self.keep(self.add("Cast", [index], to=kind), (*self.shapes[x][:-1], 1))

    def begin(self):
        for _ in range(self.choice([1, 1, 2])):
            rank = int(self.rng.integers(1, 5))
            self.input([int(self.rng.integers(1, 6)) if not self.chance(0.02) else 0 for _ in range(rank)])

    def grow(self, steps):
        grown = 0
        while grown < steps:
            grown += self.step() is not None

    def model(self):
        used = {i for node in self.nodes for i in node.input}
        ends = [v for v in self.values if v not in used and any(v in node.output for node in self.nodes)]
        if self.chance(0.3):
            ends += [v for v in self.values[-3:] if v not in ends and any(v in node.output for node in self.nodes)][:1]
        kind = helper.np_dtype_to_tensor_dtype(np.dtype(self.dtype))
        outputs = [helper.make_tensor_value_info(v, kind, self.shapes[v]) for v in ends[-3:]]
        graph = helper.make_graph(self.nodes, "hunt", self.inputs, outputs, self.initializers)
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", self.opset)], ir_version=10)


def drawn(rng, steps):
    builder = Builder(rng)
    builder.begin()
    builder.grow(steps)
    return Subject(builder.model(), builder.limits)
