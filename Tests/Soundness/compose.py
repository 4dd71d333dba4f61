"""Puts graphs of rules into random graphs, one behind another, so that what one rule makes is what the next one finds."""

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from draw import Builder
from examples import POSITIVE, Subject
from perturb import FLOATS, finished


class Composer(Builder):
    """A builder that can take in whole graphs."""

    # How often an input of a graph is one of the whole, though there are values that it could read, and how often what it reads is not kept to
    # what the graph asks of it.
    apart, unkept = 0.3, 0.4

    def embed(self, subject):
        """Puts a graph behind the values that there are, where an input fits one, or can be made to fit."""
        prefix, names, graph = f"e{len(self.nodes)}_", {}, subject.model.graph
        for value in graph.input:
            names[value.name] = self.fed(value, subject, prefix)
        for tensor in graph.initializer:
            names[tensor.name] = prefix + tensor.name
            copy = numpy_helper.from_array(numpy_helper.to_array(tensor), prefix + tensor.name)
            self.initializers.append(copy)
        for node in graph.node:
            copy = type(node)()
            copy.CopyFrom(node)
            copy.name = prefix + node.name if node.name else ""
            copy.input[:] = [names.get(name, name) for name in node.input]
            for name in node.output:
                names[name] = prefix + name if name else ""
            copy.output[:] = [names[name] for name in node.output]
            self.nodes.append(copy)
        self.opset = max(self.opset, subject.model.opset_import[0].version)
        kind = helper.np_dtype_to_tensor_dtype(np.dtype(self.dtype))
        for value in graph.output:
            if value.type.tensor_type.elem_type == kind and value.type.tensor_type.HasField("shape"):
                self.keep(names[value.name], [d.dim_value for d in value.type.tensor_type.shape.dim])
            else:
                self.others.append((names[value.name], value.type.tensor_type.elem_type))

    def fed(self, value, subject, prefix):
        """What an input of a graph reads: a value of its shape, one brought into its shape, or an input of the whole."""
        kind, shape = value.type.tensor_type.elem_type, [d.dim_value for d in value.type.tensor_type.shape.dim]
        same = kind == helper.np_dtype_to_tensor_dtype(np.dtype(self.dtype))
        if not same or not self.values or self.chance(self.apart):
            name = prefix + value.name
            self.inputs.append(helper.make_tensor_value_info(name, kind, shape))
            self.shapes[name] = tuple(shape)
            if value.name in subject.limits:
                self.limits[name] = subject.limits[value.name]
                self.told |= {name} & {prefix + told for told in subject.told}
            return name
        x = self.value()
        fitting = [v for v in self.values if self.shapes[v] == tuple(shape)]
        x = self.choice(fitting) if fitting and self.chance(0.8) else self.fitted(x, shape)
        return self.kept_to(x, subject.limits.get(value.name), value.name in subject.told)

    def fitted(self, x, shape):
        """A value's elements, in their order, in another shape; as often as need be."""
        if self.shapes[x] == tuple(shape):
            return x
        count, there = int(np.prod(shape)), int(np.prod(self.shapes[x]))
        if there == 0:
            return self.input(shape)
        if count != there:
            flat = self.add("Reshape", [x, self.constant(np.array([-1], np.int64))], (there,))
            x = self.add("Gather", [flat, self.constant(np.arange(count) % there)], (count,))
        if count == 0:
            return self.input(shape)
        return self.add("Reshape", [x, self.constant(np.array(shape, np.int64))], tuple(shape))

    def kept_to(self, x, limits, strictly):
        """A value within what a graph asks of its input; without it, often enough, it is a near miss."""
        if limits is None or not strictly and self.chance(self.unkept):
            return x
        if limits == POSITIVE:
            return self.add("Add", [self.add("Abs", [x], self.shapes[x]), self.constant(np.array(0.5))], self.shapes[x])
        bounds = [self.constant(np.array(float(bound))) for bound in limits]
        return self.add("Clip", [x, *bounds], self.shapes[x])


def composed(subjects, rng, strictly=False):
    """A random graph with some graphs in it, one behind another; strictly: nothing but those, and each reads the one before."""
    composer = Composer(rng)
    composer.others = []
    # Most graphs of rules have single precision: the type of the first one is that of what is around it.
    kinds = [v.type.tensor_type.elem_type for s in subjects for v in s.model.graph.input if v.type.tensor_type.elem_type in FLOATS]
    composer.dtype = helper.tensor_dtype_to_np_dtype(kinds[0]) if kinds else np.float32
    if strictly:
        composer.apart, composer.unkept = 0, 1
    elif composer.chance(0.6):
        composer.begin()
        composer.grow(int(rng.integers(0, 4)))
    for subject in subjects:
        composer.embed(subject)
        if not strictly and composer.chance(0.3):
            composer.grow(1)
    model = composer.model()
    for name, kind in composer.others[-2:]:
        model.graph.output.append(helper.make_tensor_value_info(name, kind, None))
    if any(value.type.tensor_type.elem_type == TensorProto.BFLOAT16 for value in model.graph.input):
        raise ValueError("numpy has no such numbers")
    return Subject(finished(model), composer.limits, composer.told)
