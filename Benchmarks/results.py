"""Writes docs/RESULTS.md: what the search saves on every model, under every framework, for every objective.

usage: results.py HARRIER FIXTURES OTHERS PAGE

HARRIER is the command (release build), FIXTURES the folder Tests/Fixtures, OTHERS what `other_optimizers.py` wrote. Exit
code 1, with the reasons, if a result is dearer than what it was made from, than another optimizer's, or than its lower
bound allows, or if a floor is missed; the page is written in any case.
"""

import collections
import concurrent.futures
import json
import os
import subprocess
import sys
import tempfile

import onnx

import lower_bound
import results_page

FRAMEWORKS = ["crypten", "semi2k", "cheetah", "spu-aby3", "aby3", "cryptflow2"]
OBJECTIVES = ["bytes", "rounds", "time"]
# Those that a greedy search is compared for.
COMPARED = ["bytes", "rounds"]
# Bytes a second and seconds a round, of the network `wan`.
WAN = (44e6, 0.040)
MORE_MODELS = {
    "resnet18 (64×64)": "truth/crypten_models/resnet18_64.onnx",
    "vgg16 (32×32)": "truth/crypten_models/vgg16_cifar.onnx",
}

# A result, a comparison or a part of either.
Figures = collections.namedtuple("Figures", "unpriced bytes rounds")


def figure(figures, objective):
    """What the objective makes small, online and offline together."""
    seconds = figures.bytes / WAN[0] + figures.rounds * WAN[1]
    return {"bytes": figures.bytes, "rounds": figures.rounds, "time": seconds}[objective]


def figures(totals, unpriced):
    return Figures(unpriced, *(totals["online"][key] + totals["offline"][key] for key in ("bytes", "rounds")))


class Harrier:
    """The command."""

    def __init__(self, path, folder):
        self.path, self.folder = path, folder

    def json(self, *arguments):
        process = subprocess.run([self.path, *arguments, "--format", "json"], capture_output=True, text=True)
        if process.returncode != 0:
            raise SystemExit(f"harrier {' '.join(arguments)}\n{process.stderr}")
        return json.loads(process.stdout)

    def optimize(self, model, framework, objective, search="global", output=None, rounding=False):
        arguments = ["optimize", model, "--framework", framework, "--objective", objective, "--no-check",
                     "--search", search]
        arguments += ["--network", f"{WAN[0] / 1e6:g}MBps,{WAN[1] * 1e3:g}ms"]
        arguments += ["--output", output] if output else []
        return self.json(*arguments, *(["--rounding"] if rounding else []))

    def profile(self, model, framework):
        """Unpriced nodes and costs of a file, and its bytes by operator."""
        profile = self.json("profile", model, "--framework", framework)
        operators = collections.Counter()
        for node in profile["nodes"]:
            operators[node["op"]] += node["online"]["bytes"] + node["offline"]["bytes"]
        return figures(profile["totals"], len(profile["unpriced"])), operators

    def cheapest(self, model, framework):
        """Unpriced nodes and bytes of a small model's optimized form."""
        output = model.replace(".onnx", ".out.onnx")
        self.optimize(model, framework, "bytes", output=output)
        total, _ = self.profile(output, framework)
        return total.unpriced, total.bytes

    def tidied(self, model, name):
        """The model with shapes known and equal nodes joined, but no rewrite of substance."""
        output = os.path.join(self.folder, f"{name}.tidied.onnx")
        self.json("optimize", model, "--framework", "semi2k", "--only", "cast-removal", "--any-operator", "--no-check",
                  "--output", output)
        return onnx.load(output, load_external_data=False)


class Row:
    """One model under one framework."""

    def __init__(self, name, framework):
        self.name, self.framework = name, framework
        self.before = None
        self.runs = {}       # objective: (figures, seconds, states)
        self.rounded = None  # figures for bytes, with rounding rules
        self.greedy = {}     # objective: figures
        self.others = {}     # level of onnxruntime: figures
        self.operators = {}  # of the result for bytes: bytes
        self.bound = None


def measure(harrier, row, model, others, prices, functions):
    """Everything about one model under one framework."""
    row.before, _ = harrier.profile(model, row.framework)
    for objective in OBJECTIVES:
        output = os.path.join(harrier.folder, f"{row.name}.{row.framework}.onnx")
        report = harrier.optimize(model, row.framework, objective, output=output)
        priced, operators = harrier.profile(output, row.framework)
        row.runs[objective] = (priced, report["seconds"], report["states"])
        if objective == "bytes":
            row.operators = operators
        os.remove(output)
    rounded = harrier.optimize(model, row.framework, "bytes", rounding=True)
    row.rounded = figures(rounded["after"], row.before.unpriced)
    for objective in COMPARED:
        greedy = harrier.optimize(model, row.framework, objective, search="greedy")
        row.greedy[objective] = figures(greedy["after"], row.before.unpriced)
    for level in ["basic", "extended"]:
        file = os.path.join(others, f"{row.name}.{level}.onnx")
        if os.path.exists(file):
            row.others[level], _ = harrier.profile(file, row.framework)
    needed = sum(elements * prices[function] for function, elements in functions.items())
    row.bound = needed + sum(row.operators[operator] for operator in lower_bound.LINEAR)
    print(f"{row.name} under {row.framework}", file=sys.stderr, flush=True)


def problems(row):
    """What must not be."""
    where = f"{row.name} under {row.framework}"
    for objective in OBJECTIVES:
        ours = row.runs[objective][0]
        rivals = {"the original": row.before, "greedy search": row.greedy.get(objective, row.before)}
        rivals |= {f"onnxsim and onnxruntime ({level})": other for level, other in row.others.items()}
        for rival, theirs in rivals.items():
            # Where another graph has more nodes without a price, its sum says less than it costs.
            if theirs.unpriced <= ours.unpriced and figure(theirs, objective) < figure(ours, objective) * (1 - 1e-9):
                yield f"{where}: {rival} has {figure(theirs, objective):.9g} {objective}, not {figure(ours, objective):.9g}"
    if row.rounded.bytes > row.runs["bytes"][0].bytes * (1 + 1e-9):
        yield f"{where}: with rounding rules {row.rounded.bytes} bytes, without {row.runs['bytes'][0].bytes}"
    # The price of an element is that in a large tensor of its own; packing into blocks makes it differ a little by size.
    if row.bound > row.runs["bytes"][0].bytes * (1 + 1e-5):
        yield f"{where}: its lower bound is {row.bound:.9g} bytes, above {row.runs['bytes'][0].bytes}"


def saving(row, objective, rounded=False):
    """The share saved; nothing to compare with (None) where nodes have a price only afterwards."""
    before = figure(row.before, objective)
    after = row.rounded if rounded else row.runs[objective][0]
    if row.runs[objective][0].unpriced < row.before.unpriced:
        return None
    return 1 - figure(after, objective) / before if before else 0.0


def floors(rows, has_batch_normalization):
    """The least that must be saved: (what, floor, saving). For transformers rounding rules count."""
    for row in rows:
        is_transformer = row.name.startswith(("bert", "gpt"))
        if row.framework == "crypten":
            if row.name == "resnet18":
                yield "CrypTen resnet18, bytes", 0.55, saving(row, "bytes")
                yield "CrypTen resnet18, rounds", 0.60, saving(row, "rounds")
            if row.name in ("vgg16", "vgg16 (32×32)"):
                yield f"CrypTen {row.name}, bytes", 0.50 if row.name == "vgg16" else 0.30, saving(row, "bytes")
            if has_batch_normalization[row.name]:
                yield f"CrypTen {row.name} with BatchNormalization, rounds", 0.55, saving(row, "rounds")
        if is_transformer and row.framework in ("crypten", "semi2k"):
            title = {"crypten": "CrypTen", "semi2k": "SEMI2K"}[row.framework]
            floor = {"crypten": 0.15, "semi2k": 0.18}[row.framework]
            yield f"{title} {row.name}, bytes, with rounding rules", floor, saving(row, "bytes", rounded=True)


def main(command, fixtures, others, page):
    models = {
        file.removesuffix(".onnx"): os.path.join(fixtures, "models", file)
        for file in sorted(os.listdir(os.path.join(fixtures, "models"))) if file.endswith(".onnx")
    }
    models |= {name: os.path.join(fixtures, file) for name, file in MORE_MODELS.items()}
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        harrier = Harrier(command, folder)
        tidied = dict(zip(models, pool.map(lambda name: harrier.tidied(models[name], name), models)))
        functions = {name: lower_bound.count(model) for name, model in tidied.items()}
        has_batch_normalization = {
            name: any(node.op_type == "BatchNormalization" for node in model.graph.node)
            for name, model in tidied.items()
        }
        prices = {name: lower_bound.PriceList(harrier.cheapest, name, folder) for name in FRAMEWORKS}
        rows = [Row(name, framework) for framework in FRAMEWORKS for name in models]
        jobs = [
            pool.submit(measure, harrier, row, models[row.name], others, prices[row.framework], functions[row.name])
            for row in rows
        ]
        for job in jobs:
            job.result()
    limits = list(floors(rows, has_batch_normalization))
    failures = [problem for row in rows for problem in problems(row)]
    failures += [f"{what}: {saved:.1%} saved, not {floor:.0%}" for what, floor, saved in limits if saved < floor]
    results_page.write(page, rows, limits, figure, saving)
    if failures:
        raise SystemExit("\n".join(failures))


if __name__ == "__main__":
    main(*sys.argv[1:])
