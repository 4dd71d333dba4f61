"""Compares what Harrier predicts for small programs with what SPU sent for them, and prints how many are exact.

usage: compare_spu_pairs.py HARRIER ROWS.json [FRAMEWORK]

ROWS.json holds {"rows": [{"name", "onnx", "bytes_total_all_parties", "send_actions", ...}]}; files are relative to it. Sets are told apart
by how names begin: p_ and t are ordered pairs and triples drawn uniformly, r common layers, q written by hand to find rewrites.
"""

import json
import os
import subprocess
import sys
from collections import defaultdict


def predicted(harrier, path, framework):
    """Bytes and rounds of a file."""
    command = [harrier, "profile", path, "--framework", framework, "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        return done.stderr.strip().splitlines()[-1:], None
    total = json.loads(done.stdout)["totals"]["online"]
    return total["bytes"], total["rounds"]


def main(harrier, rows_file, framework="semi2k"):
    folder = os.path.dirname(rows_file)
    with open(rows_file, encoding="utf-8") as file:
        rows = json.load(file)["rows"]
    counts = defaultdict(lambda: [0, 0])
    for row in rows:
        real = row["bytes_total_all_parties"], max(row["send_actions"])
        found = predicted(harrier, os.path.join(folder, row["onnx"]), framework)
        for kind in (row.get("name", "-")[0], "all"):
            counts[kind][0] += found == real
            counts[kind][1] += 1
        if found != real:
            print(f"{row.get('name', row['onnx'])}: {found} predicted, {real} sent; {row.get('cause', '')[:40]}")
    for kind, (exact, total) in sorted(counts.items()):
        print(f"{kind}: {exact} of {total} exact ({100 * exact / total:.1f} %)")


if __name__ == "__main__":
    main(*sys.argv[1:])
