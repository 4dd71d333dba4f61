"""Checks the files that 'harrier suggest' wrote, and prints their divergences from the model in onnxruntime as JSON.

    python suggestion_divergence.py MODEL FOLDER
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime


def outputs(path, samples):
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    count = len(next(iter(samples.values())))
    runs = [session.run(None, {name: array[index] for name, array in samples.items()}) for index in range(count)]
    return np.concatenate([output.ravel().astype(np.float64) for run in runs for output in run])


def main():
    model, folder = sys.argv[1], Path(sys.argv[2])
    samples = dict(np.load(folder / "samples.npz"))
    original = outputs(model, samples)
    divergences = {}
    for variant in json.loads((folder / "index.json").read_text())["variants"]:
        file = folder / variant["file"]
        for name in [variant["file"], variant.get("trainable")]:
            if name is not None:
                onnx.checker.check_model(str(folder / name), full_check=True)
        difference = outputs(file, samples) - original
        divergences[variant["name"]] = float(np.linalg.norm(difference) / np.linalg.norm(original))
    print(json.dumps(divergences))


if __name__ == "__main__":
    main()
