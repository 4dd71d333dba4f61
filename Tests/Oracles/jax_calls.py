"""What the operators of onnx_to_jax.py share: the table they are in, and the node that one is called for."""

import numpy as np
import onnx

OPERATORS = {}

# What numpy has, and jax computes with, possibly in 32 bits.
PLAIN_TYPES = {getattr(onnx.TensorProto, name) for name in (
    "FLOAT", "DOUBLE", "FLOAT16", "INT8", "INT16", "INT32", "INT64", "UINT8", "UINT16", "UINT32", "UINT64", "BOOL")}


class Refused(NotImplementedError):
    """A node that would not be computed as ONNX says. The message names the node."""


class Call:
    """One node, as its operator sees it.

    Attributes are taken by name; one that is there and that no operator takes means something that the operator does not
    compute, so that `finish` refuses it.
    """

    def __init__(self, node, opset):
        self.node = node
        self.opset = opset
        self.attributes = {each.name: onnx.helper.get_attribute_value(each) for each in node.attribute}
        self.taken = set()

    def take(self, name, default=None):
        self.taken.add(name)
        value = self.attributes.get(name, default)
        return value.decode() if isinstance(value, bytes) else value

    def only(self, name, *values):
        """Refuses the attribute if it is there with a value other than these."""
        value = self.take(name, values[0])
        if value not in values:
            raise self.refused(f"attribute {name}={value!r}")

    def refused(self, what):
        node = self.node
        return Refused(f"{node.op_type} '{node.name or node.output[0]}' (opset {self.opset}): {what} is not supported")

    def array(self, operand, what):
        """A public operand as an array; a secret one is refused."""
        if not isinstance(operand, (np.ndarray, np.generic)):
            raise self.refused(f"a secret operand as {what}")
        return np.asarray(operand)

    def integers(self, operand, what):
        """A public operand as a list of integers; None if it is not there."""
        return None if operand is None else [int(number) for number in self.array(operand, what).reshape(-1)]

    def axes(self, operand):
        """The axes that newer operator sets give as an operand and older ones as an attribute; None if not given."""
        given = self.take("axes")
        return self.integers(operand, "axes") if operand is not None else given

    def finish(self):
        extra = sorted(set(self.attributes) - self.taken)
        if extra:
            raise self.refused(f"attribute {extra[0]}={self.attributes[extra[0]]!r}")


def operator(*names):
    """Registers a function of a Call and its operands for the operators."""
    def register(function):
        OPERATORS.update(dict.fromkeys(names, function))
        return function
    return register
