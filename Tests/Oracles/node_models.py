"""Writes the models of onnx's own node tests as files, and prints the paths, a line each. Of tests that come with the
operator's body in its place, only the operator's own.

usage: node_models.py FOLDER
"""

import os
import sys
import warnings

import onnx
from onnx.backend.test.case.node import collect_testcases

warnings.simplefilter("ignore")
for test in collect_testcases(None):
    if test.model is not None and "_expanded" not in test.name:
        path = os.path.join(sys.argv[1], test.name + ".onnx")
        onnx.save(test.model, path)
        print(path)
