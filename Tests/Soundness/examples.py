"""The graphs that rules' own files have, which `harrier passes export` writes: what a hunt for near misses begins with."""

import json
import pathlib
import subprocess
from dataclasses import dataclass, field

import numpy as np
import onnx
from onnx import helper, numpy_helper

# Where a rule says no more than that an input is positive.
POSITIVE = (0.5, 2.0)


@dataclass
class Subject:
    """A model to optimize, with what its inputs keep to."""

    model: onnx.ModelProto
    # What random numbers of inputs keep to, least and greatest.
    limits: dict = field(default_factory=dict)
    # The inputs whose limits Harrier is told.
    told: set = field(default_factory=set)

    def options(self):
        """What tells Harrier of the limits."""
        there = {value.name for value in self.model.graph.input}
        return [word for name in sorted(self.told & there) for word in ("--range", "%s=%r,%r" % (name, *map(float, self.limits[name])))]


@dataclass
class Example:
    rule: str
    exactness: str
    level: str
    fires: bool
    path: pathlib.Path
    positive: list
    ranges: dict

    def subject(self):
        model = onnx.load(str(self.path))
        spelled(model)
        without_swish(model)
        inputs = {value.name for value in model.graph.input}
        ranges = {name: opened(*pair) for name, pair in self.ranges.items() if name in inputs}
        limits = {name: POSITIVE for name in self.positive} | ranges
        for value in model.graph.input:
            # Most integers that examples read are places, and most of the axes are as short as that.
            if value.type.tensor_type.elem_type in (onnx.TensorProto.INT32, onnx.TensorProto.INT64):
                limits.setdefault(value.name, (0, 1))
        return Subject(model, limits, set(ranges))


def opened(low, high):
    """A range with ends: an open one is as wide as ordinary numbers are."""
    low, high = (None if end is not None and abs(end) > 1e30 else end for end in (low, high))
    if low is None:
        low = -5.0 if high is None else high - 5.0
    return (low, low + 5.0 if high is None else high)


def spelled(model):
    """Gives all Constant nodes a tensor, so that those who change constants need one case."""
    for node in model.graph.node:
        if node.op_type != "Constant" or node.attribute[0].name == "value":
            continue
        value = helper.get_attribute_value(node.attribute[0])
        array = np.array(value, np.int64 if "int" in node.attribute[0].name else np.float32)
        del node.attribute[:]
        node.attribute.append(helper.make_attribute("value", numpy_helper.from_array(array)))


def without_swish(model):
    """Writes Swish as what it is defined as, where Harrier recognises it: onnxruntime does not run it."""
    nodes = list(model.graph.node)
    del model.graph.node[:]
    for node in nodes:
        if node.op_type != "Swish":
            model.graph.node.append(node)
            continue
        (x,), (y,) = node.input, node.output
        inner, slope = x, [attribute.f for attribute in node.attribute if attribute.f != 1]
        if slope:
            inner = f"{y}_steeper"
            model.graph.initializer.append(numpy_helper.from_array(np.array(slope[0], np.float32), f"{y}_slope"))
            model.graph.node.append(helper.make_node("Mul", [x, f"{y}_slope"], [inner]))
        model.graph.node.extend([helper.make_node("Sigmoid", [inner], [f"{y}_share"]), helper.make_node("Mul", [x, f"{y}_share"], [y])])


def exported(harrier, folder):
    """The examples of all rules, by rule, written to a folder."""
    subprocess.run([harrier, "passes", "export", str(folder)], check=True)
    return read(folder)


def read(folder):
    folder, rules = pathlib.Path(folder), {}
    for entry in json.loads((folder / "index.json").read_text()):
        rules.setdefault(entry["rule"], []).append(Example(
            entry["rule"], entry["exactness"], entry["level"], entry["fires"], folder / entry["file"], entry["positive"], entry["ranges"]))
    return rules
