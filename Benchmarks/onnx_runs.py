"""Runs ONNX files in onnxruntime."""

import onnxruntime


def session(path):
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def outputs(path, samples):
    """The outputs for samples, whose arrays count them along their first axis, a dictionary a sample."""
    runner = session(path)
    names = [output.name for output in runner.get_outputs()]
    count = len(next(iter(samples.values())))
    return [
        dict(zip(names, runner.run(names, {name: array[index] for name, array in samples.items()})))
        for index in range(count)
    ]
