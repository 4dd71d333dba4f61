"""Near misses: changes that leave a rule's pattern almost as it was, of which its author may not have thought."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper, shape_inference

FLOATS = {TensorProto.FLOAT, TensorProto.DOUBLE, TensorProto.FLOAT16}
TYPES = [TensorProto.FLOAT16, TensorProto.DOUBLE, TensorProto.DOUBLE, TensorProto.INT32, TensorProto.INT64]
NUMBERS = [0.0, -0.0, 1.0, -1.0, -1e9, 1e9, -np.inf, np.inf, -3.4028234663852886e38, 3.4028234663852886e38, 1e-8, 60.0, -60.0]
# What can well be in a matrix of weights.
WEIGHTS = [0.0, 1.0, -1.0, 1e-8, 100.0, -1e4]
ENDS = [2**63 - 1, -(2**63), 2**31 - 1]
SIBLINGS = [
    ["Max", "Min"], ["Add", "Sub", "Mul", "Div"], ["Greater", "Less", "GreaterOrEqual", "LessOrEqual"], ["ReduceMax", "ReduceMin", "ReduceMean", "ReduceSum"],
    ["MaxPool", "AveragePool"], ["GlobalMaxPool", "GlobalAveragePool"], ["Softmax", "LogSoftmax"], ["ArgMax", "ArgMin"],
    ["Relu", "LeakyRelu", "Sigmoid", "Tanh", "Exp", "Abs", "Neg", "Elu", "Softplus", "Identity", "Erf", "Floor", "Sign"],
]


class Perturber:
    """Changes one subject, several times if need be."""

    def __init__(self, subject, rng):
        self.subject, self.rng = subject, rng
        self.graph = subject.model.graph

    def choice(self, items):
        items = list(items)
        return items[self.rng.integers(len(items))] if items else None

    def perturb(self):
        """Changes something; says what, or nothing if there was nothing of the kind."""
        kinds = [self.rank, self.axis, self.types, self.types, self.number, self.number, self.attribute, self.constant, self.constant, self.constant,
                 self.length, self.length, self.broadcast, self.broadcast, self.repeated, self.repeated, self.given_out, self.given_out, self.read_twice,
                 self.to_input, self.to_weight, self.swapped, self.sibling, self.before, self.before]
        return self.choice(kinds)()

    # Shapes

    def floats(self):
        return [value for value in self.graph.input if value.type.tensor_type.elem_type in FLOATS]

    def reshaped(self, value, shape):
        dimensions = value.type.tensor_type.shape
        del dimensions.dim[:]
        for length in shape:
            dimensions.dim.add().dim_value = length

    def shape(self, value):
        return [d.dim_value for d in value.type.tensor_type.shape.dim]

    def rank(self):
        """More axes in front, of one input or of all; axes that count from the front go with them, or not."""
        values, length = self.floats(), int(self.rng.integers(1, 4))
        chosen = values if self.rng.random() < 0.6 else [self.choice(values)]
        for value in chosen:
            if value is not None:
                self.reshaped(value, [length, *self.shape(value)])
        if self.rng.random() < 0.6:
            self.shift_axes()
        return "rank"

    def shift_axes(self):
        for node in self.graph.node:
            for attribute in node.attribute:
                if attribute.name == "axis" and attribute.i >= 0:
                    attribute.i += 1
                if attribute.name == "perm":
                    order = [0] + [i + 1 for i in attribute.ints]
                    attribute.ints[:] = order

    def length(self):
        """Another length in the place of one, wherever it is; none at all now and then."""
        arrays = {value.name: self.shape(value) for value in self.graph.input} | {t.name: list(t.dims) for t in self.graph.initializer}
        old = self.choice({n for shape in arrays.values() for n in shape})
        if old is None:
            return None
        new = 0 if self.rng.random() < 0.25 else int(self.rng.integers(1, 8))
        for value in self.graph.input:
            self.reshaped(value, [new if n == old else n for n in self.shape(value)])
        for tensor in self.graph.initializer:
            if old in tensor.dims and tensor.data_type in FLOATS:
                array = numpy_helper.to_array(tensor)
                new_shape = [new if n == old else n for n in tensor.dims]
                drawn = np.resize(array, new_shape) if array.size else np.zeros(new_shape)
                tensor.CopyFrom(numpy_helper.from_array(np.asarray(drawn, array.dtype), tensor.name))
        return f"length {old} {new}"

    def broadcast(self):
        """An axis of length 1, or an axis fewer."""
        value = self.choice([v for v in self.floats() if self.shape(v)])
        if value is None:
            return None
        shape = self.shape(value)
        if self.rng.random() < 0.3:
            self.reshaped(value, shape[int(self.rng.integers(1, len(shape) + 1)):])
        else:
            shape[self.rng.integers(len(shape))] = 1
            self.reshaped(value, shape)
        return "broadcast"

    # Types

    def types(self):
        """Another element type for all floating-point numbers."""
        kind = self.choice(TYPES)
        dtype = helper.tensor_dtype_to_np_dtype(kind)
        for value in self.floats():
            value.type.tensor_type.elem_type = kind
        for array, put in self.constants():
            if array.dtype.kind == "f":
                with np.errstate(all="ignore"):
                    put((array if np.dtype(dtype).kind == "f" else np.clip(np.nan_to_num(array * 3), -1e6, 1e6)).astype(dtype))
        for node in self.graph.node:
            for attribute in node.attribute:
                if attribute.name == "to" and attribute.i in FLOATS:
                    attribute.i = kind
        return f"type {kind}"

    # Constants and attributes

    def constants(self):
        """All constants: the array, and what puts another one in its place."""
        found = [(numpy_helper.to_array(t), lambda a, t=t: t.CopyFrom(numpy_helper.from_array(a, t.name))) for t in self.graph.initializer]
        for node in self.graph.node:
            if node.op_type == "Constant":
                tensor = node.attribute[0].t
                found.append((numpy_helper.to_array(tensor), lambda a, t=tensor: t.CopyFrom(numpy_helper.from_array(a))))
        return found

    def constant(self):
        """Another number in a constant, or in all of its elements."""
        array, put = self.choice(self.constants()) or (None, None)
        if array is None or array.size == 0:
            return None
        whole, changed = array.dtype.kind in "iu", array.copy()
        numbers = NUMBERS if array.size < 5 else WEIGHTS
        draw, where = self.rng.random(), self.rng.random(array.shape) < self.choice([0.3, 1.1])
        if array.dtype.kind == "b":
            changed = np.logical_xor(array, where)
        elif whole:
            number = self.choice([array + 1, array - 1, -array, array * 2, np.full_like(array, self.choice(ENDS) if array.dtype == np.int64 else 9)])
            changed = np.where(where, number, array).astype(array.dtype)
        elif draw < 0.3:
            changed = -array
        else:
            with np.errstate(all="ignore"):
                changed = np.where(where, self.choice(numbers), array).astype(array.dtype)
        put(changed)
        return "constant"

    def attributes(self, *kinds):
        return [a for node in self.graph.node for a in node.attribute if a.type in kinds and node.op_type not in ("Constant", "Cast")]

    def number(self):
        """A number of an attribute is off by one, or has the other sign."""
        attribute = self.choice(self.attributes(onnx.AttributeProto.INTS, onnx.AttributeProto.INT))
        if attribute is None:
            return None
        change = self.choice([lambda n: n + 1, lambda n: n - 1, lambda n: -n, lambda n: 0, lambda n: 1])
        if attribute.type == onnx.AttributeProto.INT:
            attribute.i = int(change(attribute.i))
        elif attribute.name == "perm":
            attribute.ints[:] = [int(i) for i in self.rng.permutation(len(attribute.ints))]
        elif len(attribute.ints):
            place = int(self.rng.integers(len(attribute.ints)))
            attribute.ints[place] = int(change(attribute.ints[place]))
        return f"attribute {attribute.name}"

    def attribute(self):
        """Another number for an attribute that is one, or none."""
        attribute = self.choice(self.attributes(onnx.AttributeProto.FLOAT))
        if attribute is None:
            return self.without()
        attribute.f = float(self.choice([-attribute.f, 0.0, 1.0, attribute.f * 1.5, 2.0, 1e-3, 100.0]))
        return f"attribute {attribute.name}"

    def without(self):
        node = self.choice([n for n in self.graph.node if n.attribute and n.op_type not in ("Constant", "Cast")])
        if node is None:
            return None
        del node.attribute[int(self.rng.integers(len(node.attribute)))]
        return "no attribute"

    def axis(self):
        """Another axis."""
        found = [a for a in self.attributes(onnx.AttributeProto.INT) if a.name == "axis"]
        if not found:
            return None
        self.choice(found).i = int(self.rng.integers(-3, 3))
        return "axis"

    # Who reads what

    def kinds(self):
        """Element types and shapes of all values that ONNX can tell."""
        model = shape_inference.infer_shapes(self.subject.model)
        found = {v.name: (v.type.tensor_type.elem_type, tuple(self.shape(v))) for v in [*model.graph.input, *model.graph.value_info, *model.graph.output]}
        return found | {t.name: (t.data_type, tuple(t.dims)) for t in self.graph.initializer}

    def repeated(self):
        """The same value at two places."""
        kinds = self.kinds()
        uses = [(node, i) for node in self.graph.node for i, name in enumerate(node.input) if name in kinds]
        order = {name: place for place, node in enumerate(self.graph.node) for name in node.output}
        use = self.choice(uses)
        if use is None:
            return None
        node, i = use
        place = list(self.graph.node).index(node)
        others = [n for n, kind in kinds.items() if kind[0] == kinds[node.input[i]][0] and n != node.input[i] and order.get(n, -1) < place
                  and (kind[1] == kinds[node.input[i]][1] or self.rng.random() < 0.1)]
        other = self.choice(others)
        if other is None:
            return None
        if self.rng.random() < 0.5:
            node.input[i] = other
        else:
            old = node.input[i]
            for n in list(self.graph.node)[place:]:
                n.input[:] = [other if name == old else name for name in n.input]
        return "repeated"

    def inner(self):
        given = {value.name for value in self.graph.output}
        kinds = self.kinds()
        return [(n, kinds[n][0]) for node in self.graph.node if node.op_type != "Constant" for n in node.output if n in kinds and n not in given]

    def give_out(self, name, kind):
        self.graph.output.append(helper.make_tensor_value_info(name, kind, None))

    def given_out(self):
        """What is computed in between is an output, too."""
        found = self.choice(self.inner())
        if found is None:
            return None
        self.give_out(*found)
        return "given out"

    def read_twice(self):
        found = self.choice([f for f in self.inner() if f[1] in FLOATS])
        if found is None:
            return None
        name = f"{found[0]}_again"
        self.graph.node.append(helper.make_node(self.choice(["Relu", "Neg", "Identity", "Abs"]), [found[0]], [name]))
        self.give_out(name, found[1])
        return "read twice"

    def to_input(self):
        """A weight becomes an input."""
        tensor = self.choice([t for t in self.graph.initializer if t.data_type in FLOATS])
        if tensor is None:
            return None
        self.graph.input.append(helper.make_tensor_value_info(tensor.name, tensor.data_type, list(tensor.dims)))
        self.graph.initializer.remove(tensor)
        return "input"

    def to_weight(self):
        """An input becomes a weight, or one number."""
        value = self.choice(self.floats() if len(self.graph.input) > 1 else [])
        if value is None:
            return None
        shape = self.shape(value) if self.rng.random() < 0.7 else []
        array = self.rng.standard_normal(shape)
        limits = self.subject.limits.pop(value.name, None)
        self.subject.told.discard(value.name)
        array = np.clip(np.abs(array) if limits else array, *(limits or (-9, 9)))
        self.graph.initializer.append(numpy_helper.from_array(
            np.asarray(array, helper.tensor_dtype_to_np_dtype(value.type.tensor_type.elem_type)), value.name))
        self.graph.input.remove(value)
        return "weight"

    def swapped(self):
        node = self.choice([n for n in self.graph.node if len(n.input) > 1])
        if node is None:
            return None
        node.input[0], node.input[1] = node.input[1], node.input[0]
        return "swapped"

    def sibling(self):
        """A similar operator in the place of one."""
        node = self.choice([n for n in self.graph.node if any(n.op_type in row for row in SIBLINGS)])
        if node is None:
            return None
        row = next(row for row in SIBLINGS if node.op_type in row)
        node.op_type = self.choice([op for op in row if op != node.op_type])
        return "sibling"

    def before(self):
        """Something stands before an operand: a mask, an activation, a factor."""
        kinds = self.kinds()
        uses = [(node, i) for node in self.graph.node for i, name in enumerate(node.input) if kinds.get(name, (0,))[0] in FLOATS]
        use = self.choice(uses)
        if use is None:
            return None
        node, i = use
        place, old, new = list(self.graph.node).index(node), node.input[i], f"{node.input[i]}_{len(self.graph.node)}"
        dtype = helper.tensor_dtype_to_np_dtype(kinds[old][0])
        inputs, op = [old], self.choice(["Relu", "Neg", "Abs", "Exp", "Identity", "Add", "Add", "Mul", "Softmax"])
        if op in ("Add", "Mul"):
            with np.errstate(all="ignore"):
                number = self.choice(WEIGHTS if op == "Mul" else NUMBERS)
                far = np.asarray(np.where(self.rng.random(kinds[old][1]) < 0.4, number, float(op == "Mul")), dtype)
            self.graph.initializer.append(numpy_helper.from_array(far, f"{new}_c"))
            inputs.append(f"{new}_c")
        self.graph.node.insert(place, helper.make_node(op, inputs, [new]))
        self.graph.node[place + 1].input[i] = new
        return f"before {op}"


def finished(model):
    """The model with the types of its outputs as they are now.

    Raises whatever onnx says where the graph is none any more.
    """
    del model.graph.value_info[:]
    for value in model.graph.output:
        value.type.tensor_type.ClearField("shape")
        value.type.tensor_type.elem_type = 0
    inferred = shape_inference.infer_shapes(model, strict_mode=True, data_prop=True)
    known = {v.name: v for v in [*inferred.graph.value_info, *inferred.graph.output]}
    for value in model.graph.output:
        value.CopyFrom(known[value.name])
        if value.type.tensor_type.elem_type == 0:
            raise ValueError(f"the type of {value.name} is not known")
    return model


def near_miss(subject, rng):
    """The subject after some changes, and what they were."""
    done, perturber = [], Perturber(subject, rng)
    for _ in range(int(rng.choice([0, 0, 1, 1, 1, 2, 2, 3]))):
        for _ in range(5):
            change = perturber.perturb()
            if change:
                done.append(change)
                break
    finished(subject.model)
    return done
