"""Current architectures from PyTorch's both exporters: exports them, and tells what Harrier reads, prices and optimizes of them.

Usage: architectures.py export FOLDER [NAME ...]
       architectures.py coverage FOLDER HARRIER [--markdown FILE]
       architectures.py check FOLDER HARRIER [--markdown FILE]

The networks are narrow and their weights random (requirements-architectures.txt says of which versions); batches, and lengths
of sequences where there are some, stay open. `export` goes on after a failure, skips files that exist, and writes
NAME.torchscript.onnx and NAME.dynamo.onnx. `coverage` prices every file with the open dimensions set. `check` optimizes every
file with them open and runs the result and the original in onnxruntime at two lengths of each open dimension.
"""

import argparse
import contextlib
import inspect
import json
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import warnings

import architectures_report as report
import numpy as np
from architectures_kit import LENGTHS, stirred

FRAMEWORKS = ["crypten", "semi2k", "cheetah"]
EXPORTERS = {"torchscript": False, "dynamo": True}
# How long one export, profile or optimization may take.
SECONDS = {"export": 240, "profile": 60, "optimize": 150}
TOLERANCE = 1e-4


def architectures():
    """All architectures; imported late, for only exporting needs torchvision, timm and transformers."""
    from architectures_modules import MODULES
    from architectures_transformers import TRANSFORMERS
    from architectures_vision import VISION

    return MODULES + VISION + TRANSFORMERS


def open_dimensions(inputs):
    """The names of the open dimensions of each input, by axis."""
    return {
        name: {axis: length for axis, length in enumerate(one.shape) if isinstance(length, str)} for name, one in inputs.items()
    }


def write(module, architecture, path, dynamo):
    """Exports one network into a file, as whole as the exporter leaves it."""
    import torch

    inputs = {name: one.example() for name, one in architecture.inputs.items()}
    axes = open_dimensions(architecture.inputs)
    options = {"input_names": list(inputs), "dynamo": dynamo}
    if dynamo:
        # An argument that gathers several tensors takes the dimensions of all of them in one tuple.
        dimensions = {name: torch.export.Dim(name, min=2) for one in axes.values() for name in one.values()}
        shapes = [{axis: dimensions[name] for axis, name in one.items()} for one in axes.values()]
        parameters = inspect.signature(module.forward).parameters.values()
        named = sum(parameter.kind != inspect.Parameter.VAR_POSITIONAL for parameter in parameters)
        options["dynamic_shapes"] = (*shapes[:named], *([tuple(shapes[named:])] if named < len(parameters) else []))
        options |= {"external_data": False, "verbose": False}
    else:
        options["dynamic_axes"] = axes
    with torch.no_grad():
        torch.onnx.export(module, tuple(inputs.values()), str(path), **options)


def export_one(architecture, folder):
    """Exports one network by both exporters; how many files it wrote, and what failed."""
    import torch

    written, failures = 0, []
    for exporter, dynamo in EXPORTERS.items():
        path = folder / f"{architecture.name}.{exporter}.onnx"
        if path.exists():
            continue
        torch.manual_seed(1)
        scratch = path.with_suffix(".partial")
        signal.alarm(SECONDS["export"])
        try:
            write(stirred(architecture.make().eval()), architecture, scratch, dynamo)
            scratch.rename(path)
            written += 1
        except Exception as error:
            failures.append((path.name, f"{type(error).__name__}: {error}".strip()))
        finally:
            signal.alarm(0)
            scratch.unlink(missing_ok=True)
    return written, failures


def export(folder, names):
    """Exports all, or those named; tells each as it comes."""
    import torch

    torch.set_num_threads(1)
    # PyTorch's fused encoder layer, which eval mode takes, is no operator that exporters know.
    torch.backends.mha.set_fastpath_enabled(False)
    warnings.filterwarnings("ignore")
    signal.signal(signal.SIGALRM, lambda *_: (_ for _ in ()).throw(TimeoutError("too slow")))
    folder.mkdir(parents=True, exist_ok=True)
    failed, total = [], 0
    for architecture in architectures():
        if names and architecture.name not in names:
            continue
        start = time.monotonic()
        written, failures = export_one(architecture, folder)
        total, failed = total + written, failed + failures
        print(f"{architecture.name}: {written} written, {time.monotonic() - start:.0f} s", flush=True)
        for name, why in failures:
            print(f"  {name} failed: {report.short(why)}", flush=True)
    (folder / "failures.json").write_text(json.dumps(dict(failed), indent=1))
    print(f"{total} files written, {len(failed)} failed")


def open_inputs(path):
    """The shapes of a file's inputs; an open dimension is its name."""
    import onnx

    graph = onnx.load(path, load_external_data=False).graph
    weights = {tensor.name for tensor in graph.initializer}
    return {
        value.name: [length.dim_param or length.dim_value for length in value.type.tensor_type.shape.dim]
        for value in graph.input
        if value.name not in weights
    }


def names_of(shapes):
    """The open dimensions of some shapes, each once."""
    return list(dict.fromkeys(length for shape in shapes.values() for length in shape if isinstance(length, str)))


def run(command, seconds):
    """What a command prints, or why it failed."""
    try:
        done = subprocess.run(["nice", "-n", "15", *map(str, command)], capture_output=True, text=True, timeout=seconds)
    except subprocess.TimeoutExpired:
        return None, f"took more than {seconds} s"
    if done.returncode:
        return None, (done.stderr.strip().splitlines() or [f"exit {done.returncode}"])[-1]
    return done.stdout, None


def price(harrier, path):
    """What each framework has no price for in a file. Its open dimensions are set: a batch to 1, others as they were exported."""
    lengths = {name: 1 if name == "batch" else LENGTHS.get(name, (16,))[0] for name in names_of(open_inputs(path))}
    dimensions = [text for name, length in lengths.items() for text in ("--dim", f"{name}={length}")]
    found = {}
    for framework in FRAMEWORKS:
        command = [harrier, "profile", path, "--framework", framework, "--format", "json", "--no-simulation", *dimensions]
        printed, refusal = run(command, SECONDS["profile"])
        if refusal:
            found[framework] = {"refused": refusal.replace(f"{path}: ", "")}
        else:
            found[framework] = {"unpriced": [(node["op"], node["reason"]) for node in json.loads(printed)["unpriced"]]}
    return found


def coverage(folder, harrier):
    """Prices all files of a folder."""
    found = {path.name: price(harrier, path) for path in sorted(folder.glob("*.onnx"))}
    return found, report.coverage(found, FRAMEWORKS)


def random_inputs(shapes, types, lengths, generator):
    """Inputs of those lengths. Masks of attention hide the last word of the last sentence only."""
    feeds = {}
    for name, shape in shapes.items():
        sizes = [lengths[length] if isinstance(length, str) else length for length in shape]
        if "float" in types[name]:
            feeds[name] = generator.standard_normal(sizes).astype(np.float32)
        else:
            feeds[name] = generator.integers(0, 2 if name == "mask" else 40, sizes)
        if name == "attention_mask":
            feeds[name] = np.ones(sizes, np.int64)
            feeds[name][-1, -1] = 0
    return feeds


def session(path):
    """A file in onnxruntime, its graph as it is written."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def error_between(one, two):
    """How far two lists of outputs are apart, relative to the largest number of each output; infinite where shapes differ."""
    worst = 0.0
    for first, second in zip(one, two, strict=True):
        if first.shape != second.shape:
            return float("inf")
        if first.size:
            scale = max(1.0, float(np.max(np.abs(first.astype(np.float64)))))
            worst = max(worst, float(np.max(np.abs(first.astype(np.float64) - second))) / scale)
    return worst


def difference(path, optimized, shapes, choices):
    """The largest error at those choices of lengths at which the original runs, and why the other or both do not run. Exports
    can hold the lengths that they were made with."""
    original, other = session(path), session(optimized)
    types = {value.name: value.type for value in original.get_inputs()}
    generator = np.random.default_rng(7)
    worst, runs = 0.0, 0
    for lengths in choices:
        feeds = random_inputs(shapes, types, lengths, generator)
        try:
            expected = original.run(None, feeds)
            runs += 1
        except Exception as error:
            refusal = f"the original does not run: {error}"
            continue
        try:
            worst = max(worst, error_between(expected, other.run(None, {v.name: feeds[v.name] for v in other.get_inputs()})))
        except Exception as error:
            return worst, f"at {lengths}: {error}"
    return worst, None if runs else refusal


def optimize_one(harrier, path, framework, optimized):
    """What becomes of one file: the outcome in few words, and why."""
    command = [harrier, "optimize", path, "--framework", framework, "--format", "json", "--budget", "30", "--output", optimized]
    printed, refusal = run(command, SECONDS["optimize"])
    if refusal:
        return {"outcome": "refused", "why": refusal.replace(f"{path}: ", "")}
    shapes, after = open_inputs(path), open_inputs(optimized)
    fixed = {
        length: other
        for name, shape in after.items()
        for length, other in zip(shapes[name], shape)
        if isinstance(length, str) and other != length
    }
    names = names_of(shapes)
    choices = [{name: fixed.get(name, LENGTHS.get(name, (16, 24))[which]) for name in names} for which in (0, 1)]
    error, why = difference(path, optimized, shapes, choices if set(names) - set(fixed) else choices[:1])
    state = "open" if not fixed else "frozen"
    said = json.loads(printed)["check"]["status"]
    kept = f"{state} ({', '.join(f'{name}={length}' for name, length in sorted(fixed.items()))})" if fixed else state
    if why:
        return {"outcome": f"{kept}, does not run", "why": why, "check": said}
    if not error <= TOLERANCE:
        return {"outcome": f"{kept}, differs", "why": f"relative error {error:.1e}", "check": said}
    return {"outcome": f"{kept}, agrees; Harrier's check {said}", "why": "", "check": said, "error": error}


def check_one(harrier, path, frameworks, scratch):
    """What becomes of one file under each framework; told as it comes, for this takes long."""
    results, start = {}, time.monotonic()
    for framework in frameworks:
        optimized = pathlib.Path(scratch) / f"{framework}.onnx"
        optimized.unlink(missing_ok=True)
        try:
            results[framework] = optimize_one(harrier, path, framework, optimized)
        except Exception as error:
            results[framework] = {"outcome": "does not load", "why": f"{type(error).__name__}: {error}"}
    outcomes = "; ".join(result["outcome"] for result in results.values())
    print(f"{path.name}: {outcomes}; {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)
    return results


def check(folder, harrier):
    """Optimizes all files of a folder with their dimensions open, small ones first, and runs what came out against them.
    An interrupt ends it early: what was found until then is told."""
    frameworks, found = FRAMEWORKS[:2], {}
    with tempfile.TemporaryDirectory() as scratch, contextlib.suppress(KeyboardInterrupt):
        for path in sorted(folder.glob("*.onnx"), key=lambda path: path.stat().st_size):
            found[path.name] = check_one(harrier, path, frameworks, scratch)
    return found, report.check(found, frameworks)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    exporting = commands.add_parser("export")
    exporting.add_argument("folder", type=pathlib.Path)
    exporting.add_argument("names", nargs="*")
    for name in ("coverage", "check"):
        command = commands.add_parser(name)
        command.add_argument("folder", type=pathlib.Path)
        command.add_argument("harrier", type=pathlib.Path)
        command.add_argument("--markdown", type=pathlib.Path)
    arguments = parser.parse_args()
    if arguments.command == "export":
        return export(arguments.folder, arguments.names)
    found, text = {"coverage": coverage, "check": check}[arguments.command](arguments.folder, arguments.harrier.absolute())
    print(text)
    if arguments.markdown:
        arguments.markdown.write_text(text)
        arguments.markdown.with_suffix(".json").write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
