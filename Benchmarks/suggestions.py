"""Writes the tables of docs/SUGGESTIONS.md between their markers: what 'harrier suggest' finds, and whether it is right.

    python suggestions.py HARRIER FIXTURES WORK PAGE [fronts] [brute] [digits]

Without a part all three are made. Every file that is suggested goes through onnx.checker, and its divergence is computed again in
onnxruntime; the script fails if one differs by more than 1e-4, a front has dominated points, or fewer than 8 where there are weights.
"""

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

import digits_accuracy
from onnx_runs import outputs

MODELS = [
    ("lenet", True), ("resnet20_w4_cifar", True), ("bert_tiny", True),
    ("resnet50", False), ("bert_base", False), ("mobilenet_v3_small", False),
]
FRAMEWORKS = ["crypten", "semi2k", "spu-cheetah"]
LARGEST_DIFFERENCE = 1e-4
FEWEST_POINTS = 8


def suggest(harrier, model, framework, folder, *options):
    start = time.time()
    command = [harrier, "suggest", model, "--framework", framework, "--format", "json", "--output", folder, *options]
    text = subprocess.run([str(word) for word in command], check=True, stdout=subprocess.PIPE).stdout
    return json.loads(text), time.time() - start


def cost(variant):
    totals = variant["totals"]
    return sum(totals[part]["bytes"] / 44e6 + totals[part]["rounds"] * 0.04 for part in ("online", "offline"))


def relative_l2(originals, variants):
    pairs = [(one[name].astype(np.float64), two[name]) for one, two in zip(originals, variants) for name in one]
    return (sum(((a - b) ** 2).sum() for a, b in pairs) / sum((a**2).sum() for a, _ in pairs)) ** 0.5


def check_front(found):
    """Fails if a variant is dominated."""
    def figures(variant):
        divergence = variant["divergence"]
        rest = [divergence["relative_l2"]] if divergence["status"] == "measured" else [variant["class"], variant["places"]]
        order = ["exact", "rounding", "bounded-error", "needs-fine-tuning", "needs-distillation"]
        return [cost(variant)] + [order.index(figure) if isinstance(figure, str) else figure for figure in rest]

    points = [figures(variant) for variant in found["variants"]]
    for index, one in enumerate(points):
        for other, two in enumerate(points):
            if other != index and all(a <= b for a, b in zip(two, one)):
                sys.exit(f"{found['model']}, {found['framework']}: {index} is dominated by {other}")


def fronts(harrier, fixtures, work):
    lines = [
        "| model | framework | decisions | sets measured | front | shown | saved, exact | saved, cheapest | its rel. L2 "
        "| onnxruntime differs by | seconds |",
        "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for model, has_weights in MODELS:
        path = fixtures / "models" / f"{model}.onnx"
        for framework in FRAMEWORKS:
            folder = work / f"{model}-{framework}"
            found, seconds = suggest(harrier, path, framework, folder, "--no-alternatives")
            check_front(found)
            variants = found["variants"]
            worst = check_files(path, folder, found)
            if has_weights and len(variants) < FEWEST_POINTS:
                sys.exit(f"{model}, {framework}: only {len(variants)} points")
            exact = next(variant for variant in reversed(variants) if variant["exact"])
            search, cheapest = found["search"], variants[0]
            measured = f"{search['measured']:,}" + (" (all)" if search["exhaustive"] else "")
            divergence = cheapest["divergence"].get("relative_l2")
            lines.append(
                f"| {model} | `{framework}` | {search['choices']} ({search['grouping']}) | {measured} | {search['front']} "
                f"| {len(variants)} | {exact['saving']['share']:.1%} | {cheapest['saving']['share']:.1%} "
                f"| {'unknown' if divergence is None else f'{divergence:.3g}'} "
                f"| {'–' if worst is None else f'{worst:.1e}'} | {seconds:.1f} |"
            )
            print(lines[-1], flush=True)
    return "\n".join(lines)


def check_files(path, folder, found):
    """Checks every file, and returns the largest difference of a divergence from onnxruntime's; None without weights."""
    names = [variant.get(kind) for variant in found["variants"] for kind in ("file", "trainable")]
    checker = Path(__file__).parent.parent / "Tests" / "Oracles" / "check_model.py"
    subprocess.run([sys.executable, checker, *(folder / name for name in names if name is not None)], check=True)
    if found["samples"]["count"] == 0:
        return None
    samples = dict(np.load(folder / "samples.npz"))
    originals = outputs(path, samples)
    differences = [
        abs(relative_l2(originals, outputs(folder / variant["file"], samples)) - variant["divergence"]["relative_l2"])
        for variant in found["variants"]
    ]
    if max(differences) > LARGEST_DIFFERENCE:
        sys.exit(f"{path}: onnxruntime's divergence differs by {max(differences)}")
    return max(differences)


def brute(harrier, fixtures, work):
    """The front that is searched for beside the front of all sets of decisions."""
    cases = [
        ("lenet", ["--only", "relu-identity", "relu-quadratic"]),
        ("resnet20_w4_cifar", ["--only", "relu-identity"] + [
            word for block in range(5) for word in ("--place", f"/blocks/blocks.{block}/")]),
        ("resnet20_w4_cifar", ["--only", "relu-quadratic"] + [
            word for block in range(5) for word in ("--place", f"/blocks/blocks.{block}/")]),
    ]
    lines = [
        "| model | rules | decisions | sets | front of all sets | seconds | sets measured by the search | its front | in both | seconds |",
        "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for model, options in cases:
        path = fixtures / "models" / f"{model}.onnx"
        common = ["--no-alternatives", "--sites", "each", "--points", "10000", "--budget", "3000", *options]
        everything, slow = suggest(harrier, path, "crypten", work / "all", *common, "--exhaustive", "4096")
        searched, quick = suggest(harrier, path, "crypten", work / "searched", *common, "--exhaustive", "0")

        def sets(found):
            return {tuple(sorted(at for change in variant["changes"] for at in change["at"])) for variant in found["variants"]}

        rules = ", ".join(f"`{word}`" for word in options if word.startswith("relu-"))
        lines.append(
            f"| {model} | {rules} | {everything['search']['choices']} | {everything['search']['measured']:,} "
            f"| {len(everything['variants'])} | {slow:.1f} | {searched['search']['measured']:,} | {len(searched['variants'])} "
            f"| {len(sets(everything) & sets(searched))} | {quick:.1f} |"
        )
        print(lines[-1], flush=True)
    return "\n".join(lines)


def put(page, name, text):
    """Puts a table between its markers."""
    content = page.read_text()
    pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end of {name} -->)", re.DOTALL)
    if not pattern.search(content):
        sys.exit(f"{page} has no place for '{name}'")
    page.write_text(pattern.sub(lambda match: match.group(1) + text + "\n" + match.group(2), content))


def main():
    harrier, fixtures, work, page = (Path(word) for word in sys.argv[1:5])
    parts = sys.argv[5:] or ["fronts", "brute", "digits"]
    harrier = harrier.resolve()
    work.mkdir(parents=True, exist_ok=True)
    if "fronts" in parts:
        put(page, "fronts", fronts(harrier, fixtures, work))
    if "brute" in parts:
        put(page, "brute", brute(harrier, fixtures, work))
    if "digits" in parts:
        put(page, "digits", digits_accuracy.tables(harrier, work / "digits"))


if __name__ == "__main__":
    main()
