"""What `suggest` and `optimize` come to for every spelling of one function: the rows of a function should be equal.

    python3 Benchmarks/spellings.py --harrier .build/release/harrier [--function gelu] [--framework crypten]
"""

import argparse
import json
import pathlib
import subprocess
import sys

FRAMEWORKS = ["crypten", "semi2k", "spu-cheetah", "spu-aby3", "cryptflow2", "cheetah"]
FOLDER = pathlib.Path(__file__).resolve().parent.parent / "Tests" / "Fixtures" / "spellings"
FUNCTIONS = {entry["name"]: entry["files"] for entry in json.loads((FOLDER / "functions.json").read_text())}


def run(harrier, command, file, framework, *options):
    """The answer of a command in JSON."""
    answer = subprocess.run(
        [harrier, command, str(FOLDER / f"{file}.onnxtxt"), "--framework", framework, "--format", "json", *options],
        capture_output=True, text=True,
    )
    if answer.returncode != 0:
        return {"error": answer.stderr.strip().splitlines()[-1] if answer.stderr else "failed"}
    return json.loads(answer.stdout)


def traffic(cost):
    """Bytes and rounds, online and offline together."""
    parts = [cost["online"], cost["offline"]]
    return f"{sum(part['bytes'] for part in parts):,} B, {sum(part['rounds'] for part in parts)}"


def figures(harrier, file, framework):
    """What suggest and optimize come to, as text."""
    cells = []
    suggested = run(harrier, "suggest", file, framework, "--objective", "bytes")
    if "error" in suggested:
        cells.append(suggested["error"])
    else:
        variants = suggested["variants"]
        cells.append(traffic(min((v["totals"] for v in variants), key=lambda t: t["online"]["bytes"] + t["offline"]["bytes"])))
    for options in [[], ["--rounding"]]:
        for objective in ["bytes", "rounds"]:
            result = run(harrier, "optimize", file, framework, "--objective", objective, *options)
            cells.append(result["error"] if "error" in result else traffic(result["after"]))
    return cells


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--harrier", required=True)
    parser.add_argument("--function")
    parser.add_argument("--framework")
    arguments = parser.parse_args()
    differing = 0
    print("| function | spelling | framework | suggest | bytes | rounds | rounding, bytes | rounding, rounds |")
    print("|---|---|---|---|---|---|---|---|")
    for function, files in FUNCTIONS.items():
        if arguments.function not in (None, function):
            continue
        for framework in [arguments.framework] if arguments.framework else FRAMEWORKS:
            rows = [figures(arguments.harrier, file, framework) for file in files]
            for file, row in zip(files, rows):
                mark = "" if row == rows[0] else " **differs**"
                differing += row != rows[0]
                print(f"| {function} | {file}{mark} | {framework} | " + " | ".join(row) + " |", flush=True)
    print(f"{differing} rows differ", file=sys.stderr)
    sys.exit(1 if differing else 0)


if __name__ == "__main__":
    main()
