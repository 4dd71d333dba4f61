"""Has the tools that they are for read Harrier's exports: HARRIER MODELS SCHEMA FOLDER [MODEL:FRAMEWORK ...]

speedscope's schema; flamegraph-textual's readers of speedscope files, folded stacks and pprof files; and `go tool pprof`, pprof
itself. Every reader must find the totals that `harrier profile --format json` tells.
"""

import json
import pathlib
import shutil
import subprocess
import sys

from flamegraph_textual.parsers import parse

import speedscope_file

CASES = ["resnet18:crypten", "bert_base:semi2k", "gpt2.dynamo:crypten", "mobilenet_v3_small:cheetah"]
TYPES = {
    "online_bytes": ("online", "bytes"), "online_rounds": ("online", "rounds"),
    "offline_bytes": ("offline", "bytes"), "offline_rounds": ("offline", "rounds"),
}  # fmt: skip


def exports(harrier, model, framework, folder):
    """The totals of a profile, and its files by format."""
    files = {}
    for form in ["json", "speedscope", "folded", "pprof"]:
        files[form] = folder / f"{model.stem}.{framework}.{form}"
        command = [harrier, "profile", model, "--framework", framework, "--format", form, "--output", files[form]]
        subprocess.run(command, check=True)
    totals = json.loads(files["json"].read_text())["totals"]
    return {name: totals[phase][unit] for name, (phase, unit) in TYPES.items()}, files


def flamegraph_sums(path, kind):
    """What flamegraph-textual finds in a file: the sum of each sample type."""
    profile = parse(path.read_bytes(), path.name, profile_type=kind)
    return dict(zip((kind.sample_type for kind in profile.sample_types), profile.root_stack.values))


def pprof_sum(path, sample_type):
    """What pprof finds in a file: the sum of the values of that type in its list of samples."""
    listing = subprocess.run(
        ["go", "tool", "pprof", "-raw", f"-sample_index={sample_type}", str(path)],
        check=True, capture_output=True, text=True,
    ).stdout.splitlines()  # fmt: skip
    header = listing.index("Samples:") + 1
    column = [name.split("/")[0] for name in listing[header].split()].index(sample_type)
    rows = listing[header + 1 : listing.index("Locations")]
    return sum(int(row.split(":")[0].split()[column]) for row in rows)


def check(harrier, model, framework, schema, folder):
    """The readers that read the exports of one profile, each with what it found."""
    totals, files = exports(harrier, model, framework, folder)
    online = [totals["online_bytes"], totals["online_rounds"]]
    assert speedscope_file.check(schema, files["speedscope"]) == online
    assert list(flamegraph_sums(files["speedscope"], "speedscope").values())[0] == online[0]
    assert list(flamegraph_sums(files["folded"], "stackcollapse").values()) == online[:1]
    assert flamegraph_sums(files["pprof"], "pprof") == totals
    if not shutil.which("go"):
        return f"{online[0]:,} bytes, {online[1]:,} rounds; go is not here, so pprof itself did not read it"
    assert {name: pprof_sum(files["pprof"], name) for name in TYPES} == totals
    return f"{online[0]:,} bytes, {online[1]:,} rounds in every reader"


def main():
    harrier, models, schema, folder = sys.argv[1:5]
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    document = json.loads(pathlib.Path(schema).read_text())
    for case in sys.argv[5:] or CASES:
        name, framework = case.split(":")
        print(f"{case:32}", check(harrier, pathlib.Path(models) / f"{name}.onnx", framework, document, folder))


main()
