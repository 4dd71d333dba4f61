"""Writes a model with a tensor of each element type, once as raw data and once element by element, and a large one of each.

usage: typed_tensors.py OUT.onnx

The constants are called TYPE_raw, TYPE_typed and, with 500 elements, TYPE_raw_large, TYPE_typed_large.
"""

import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

TYPES = [
    name for name in TensorProto.DataType.keys()
    if name not in ("UNDEFINED", "STRING") and not name.startswith("FLOAT6")
]


def tensors(name, count):
    kind = TensorProto.DataType.Value(name)
    dtype = helper.tensor_dtype_to_np_dtype(kind)
    numbers = np.arange(count) % 4
    values = (numbers % 2 if name in ("BOOL", "UINT2", "INT2") else numbers).astype(dtype)
    suffix = "_large" if count > 100 else ""
    raw = numpy_helper.from_array(values, f"{name}_raw{suffix}")
    typed = helper.make_tensor(f"{name}_typed{suffix}", kind, [count], values)
    assert raw.HasField("raw_data") and not typed.HasField("raw_data")
    return [raw, typed]


initializers = [tensor for name in TYPES for count in (8, 500) for tensor in tensors(name, count)]
output = helper.make_tensor_value_info("FLOAT_raw", TensorProto.FLOAT, [8])
graph = helper.make_graph([], "typed", [], [output], initializers)
onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)]), sys.argv[1])
