"""Undoes in copies of rules what once made them right: `harrier passes check` has to fail, and not by the counter-examples that came with the fix.

undone.py HARRIER [PASSES] takes the wrong rules of the past back, one after another, and ends with 1 if one is not noticed on a drawn graph.
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile

# Rule, its file, and texts of its part of the file with what stood there before.
UNDONE = [
    ("max-as-relu", "comparison-reduction/maximum.yaml",
     [("      - computed(a) and computed(b)\n", ""), ("      - moderate(a)\n", ""), ("      - moderate(b)\n", "")]),
    ("min-as-relu", "comparison-reduction/minimum.yaml",
     [("      - computed(a) and computed(b)\n", ""), ("      - moderate(a)\n", ""), ("      - moderate(b)\n", "")]),
    ("reducemax-tree", "comparison-reduction/reducemax-tree.yaml", [("  - moderate(x)\n", "")]),
    ("clip-by-one-relu", "comparison-reduction/clip.yaml",
     [("      - abs(scalar(low)) <= 10000 and abs(scalar(high)) <= 10000\n", ""), ("      - moderate(x)\n", "")]),
    ("slice-of-concat-second", "broadcast-rewriting/slice-of-concat.yaml", [("      - first >= dim(a, axis)\n", "      - first + 1 >= 1\n")]),
    ("slice-pair-merged", "broadcast-rewriting/slice-pair-merged.yaml",
     [("max(given + length, 0), min(given, length)", "given + length, given")]),
    ("secret-lookup-as-matmul", "visibility/secret-lookup-as-matmul.yaml", [("      - nonnegative(places)\n", "")]),
    ("product-associated-left", "linear-algebra/product-associated-left.yaml", [("  - rank(c) >= 2 or rank(b) == 2\n", "")]),
    ("mean-into-next-conv", "linear-algebra/mean-into-next-conv.yaml", [("  - rank(x) == 4\n", "")]),
]


def part(text, rule):
    """Where a rule's own part of a file with several results is; the whole file if there is one."""
    found = re.search(rf"^  {rule}:\n(?:    .*\n|\n)*", text, re.MULTILINE)
    return found.span() if found else (0, text.find("\nexamples:") + 1)


def undone(text, rule, changes):
    begin, end = part(text, rule)
    own = text[begin:end]
    for old, new in changes:
        if old not in own:
            sys.exit(f"{rule}: '{old.strip()}' is not there any more")
        own = own.replace(old, new, 1)
    return text[:begin] + own + text[end:]


def noticed(harrier, rule, file, text):
    """What the check says of drawn graphs."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, file)
        path.parent.mkdir()
        path.write_text(text, encoding="utf-8")
        command = [harrier, "passes", "check", rule, "--passes", folder, "--format", "json"]
        run = subprocess.run(command, capture_output=True, text=True)
        if run.returncode not in (0, 1) or not run.stdout:
            sys.exit(f"{rule}: {run.stderr.strip()}")
        problems = json.loads(run.stdout)["rules"][0]["problems"]
    # What is drawn stands behind a comma; counter-examples were written for the fix.
    return [problem for problem in problems if re.match(r"line \d+[^:]*, ", problem) and not problem.endswith("must not")]


def main():
    harrier, passes = sys.argv[1], pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else "Passes")
    missed = []
    for rule, file, changes in UNDONE:
        found = noticed(harrier, rule, file, undone((passes / file).read_text(encoding="utf-8"), rule, changes))
        print(f"{rule}: {found[0] if found else 'not noticed'}")
        missed += [] if found else [rule]
    sys.exit(f"not noticed: {', '.join(missed)}" if missed else 0)


if __name__ == "__main__":
    main()
