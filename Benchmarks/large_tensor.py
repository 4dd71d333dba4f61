"""Writes a model in ONNX's textual syntax with one large initializer. Usage: large_tensor.py OUT.onnxtxt ELEMENTS"""

import sys
from pathlib import Path

path, count = Path(sys.argv[1]), int(sys.argv[2])
numbers = ", ".join(f"{index / 7:.7g}" for index in range(count))
path.write_text(
    f'<ir_version: 10, opset_import: ["" : 21]>\n'
    f"large (float[{count}] x) => (float[{count}] y)\n<float[{count}] w = {{{numbers}}}>\n{{ y = Add (x, w) }}\n"
)
