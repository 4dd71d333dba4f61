"""Prints, as JSON, the element types and axis lengths that the onnx package infers for the values of a model.

Usage: model_types.py MODEL.onnx

Lengths that stay open are null; values whose rank stays open are left out.
"""

import json
import sys

import onnx
import onnx.shape_inference


def main():
    model = onnx.load(sys.argv[1], load_external_data=False)
    model = onnx.shape_inference.infer_shapes(model, data_prop=True)
    types = {}
    for value in list(model.graph.value_info) + list(model.graph.output):
        tensor = value.type.tensor_type
        if not tensor.HasField("shape"):
            continue
        types[value.name] = {
            "type": tensor.elem_type,
            "shape": [
                dimension.dim_value if dimension.HasField("dim_value") else None for dimension in tensor.shape.dim
            ],
        }
    json.dump(types, sys.stdout)


main()
