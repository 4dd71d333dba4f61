"""Makes a copy of a structure-only model that holds weights: MODEL OUT. What they are does not matter here."""

import sys

import numpy as np
import onnx
from onnx import TensorProto, helper

model = onnx.load(sys.argv[1], load_external_data=False)
random = np.random.default_rng(1)
for tensor in model.graph.initializer:
    if tensor.data_location == TensorProto.EXTERNAL:
        kind = helper.tensor_dtype_to_np_dtype(tensor.data_type)
        tensor.raw_data = random.standard_normal(tuple(tensor.dims)).astype(kind).tobytes()
        del tensor.external_data[:]
        tensor.data_location = TensorProto.DEFAULT
onnx.save_model(model, sys.argv[2])
