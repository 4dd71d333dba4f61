"""Seeds faults into a copy of the package, builds it once, and says which test notices which fault.

run.py [--jobs N] [--flags FLAGS] [--all] [--list] [NAME...] runs for each fault (or for those named) the tests that should notice it, and where they
do not, all tests of the module. With --all, every other test has a try, too. Ends with 1 if fewer than 90 % are noticed.
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

from faults import EMBEDDING_CHANGES, SWITCH, FaultError, embedding_with_faults, read_faults, swift_with_faults

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".build" / "mutants"
TREE = FOLDER / "tree"
LEAST_PERCENT = 90
# Seconds after which a run counts as one that does not end.
TIME_LIMIT = 900


def write_if_new(path, text):
    """Leaves what is the same alone, so that only what changed is built again."""
    if path.is_file() and path.read_bytes() == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text)


def make_tree(faults):
    """A copy of the package with all faults of Swift and data files in it."""
    by_file = {}
    for fault in faults:
        by_file.setdefault(fault.file, []).append(fault)
    data = {}
    for path, found in by_file.items():
        text = (ROOT / path).read_text()
        places = [(fault, fault.place(text)) for fault in found]
        if not path.endswith((".swift", ".js")):
            data[path] = [(fault, at, at.replace(fault.right, fault.wrong)) for fault, at in places]
    files = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True)
    names = [name for name in files.stdout.decode().split("\0") if name and (ROOT / name).is_file()]
    for name in names:
        content = (ROOT / name).read_bytes()
        if name.endswith(".swift") and name in by_file:
            content = swift_with_faults(name, content.decode(), by_file[name]).encode()
        elif name in EMBEDDING_CHANGES:
            content = embedding_with_faults(name, content.decode(), data).encode()
        write_if_new(TREE / name, content)
        if os.access(ROOT / name, os.X_OK):
            (TREE / name).chmod(0o755)
    write_if_new(TREE / "Sources/IR/HarrierMutant.swift", SWITCH.encode())
    known = set(names) | {"Sources/IR/HarrierMutant.swift"}
    for folder in ("Sources", "Tests", "Passes", "Frameworks"):
        for path in (TREE / folder).rglob("*"):
            if path.is_file() and str(path.relative_to(TREE)) not in known and "__pycache__" not in path.parts:
                path.unlink()
    for name in ("checkouts", "repositories", "workspace-state.json"):
        source, copy = ROOT / ".build" / name, TREE / ".build" / name
        if source.exists() and not copy.exists():
            copy.parent.mkdir(exist_ok=True)
            shutil.copytree(source, copy, symlinks=True) if source.is_dir() else shutil.copy(source, copy)


def build(flags):
    """Builds the copy with its tests and returns the program that runs them."""
    start = time.monotonic()
    if subprocess.run(["swift", "build", *flags, "--build-tests"], cwd=TREE).returncode != 0:
        sys.exit("the copy with faults does not build: a fault is no Swift, or not of the right type")
    command = ["swift", "build", *flags, "--show-bin-path"]
    path = subprocess.run(command, cwd=TREE, capture_output=True, check=True, text=True)
    print(f"built in {time.monotonic() - start:.0f} s", flush=True)
    return pathlib.Path(path.stdout.strip()) / "harrierPackageTests.xctest"


def environment(number):
    """Variables for a run with one fault. What tests need beside the package is that of the package itself."""
    variables = {**os.environ, "HARRIER_MUTANT": str(number)}
    variables.setdefault("HARRIER_PYTHON", str(ROOT / ".build/oracle/bin/python"))
    variables.setdefault("HARRIER_SHARED", str(ROOT.parent / "shared"))
    return variables


def failures(command, folder, variables, pattern, limit=TIME_LIMIT):
    """The names of tests that fail; empty if all pass. A crash or a run that does not end is a failure, too."""
    try:
        done = subprocess.run(
            command, cwd=folder, env=variables, capture_output=True, text=True, errors="replace", timeout=limit)
    except subprocess.TimeoutExpired:
        return [f"does not end in {limit} s"]
    output = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout + done.stderr)
    found = list(dict.fromkeys(re.findall(pattern, output, re.MULTILINE)))
    if done.returncode != 0 and not found:
        started = re.findall(r"Test (.+?)(?:\(| started)", output)
        return [f"crash, after {started[-1]}"] if started else ["crash"]
    return found if done.returncode != 0 else []


def run_swift(program, tests, number, limit=TIME_LIMIT):
    command = [program, "--testing-library", "swift-testing", "--filter", tests]
    return failures(command, TREE, environment(number), r"^. Test (?!run with)(.+?)(?: with \d+ test cases?)? failed after", limit)


def run_node(fault):
    """Runs the tests of scripts on a copy of them with the fault in it."""
    folder = FOLDER / "scripts" / fault.name
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("Sources/Report/Assets", "Tests/JavaScript"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / "Tests/Fixtures").mkdir()
    shutil.copy(ROOT / "Tests/Fixtures/formats.json", folder / "Tests/Fixtures")
    path = folder / fault.file
    text = path.read_text()
    at = fault.place(text)
    path.write_text(text.replace(at, at.replace(fault.right, fault.wrong)))
    tests = sorted(str(test) for test in (folder / "Tests/JavaScript").glob("*.test.mjs") if re.search(fault.tests, test.name))
    return failures(["node", "--test", "--test-reporter=tap", *tests], folder, os.environ, r"^not ok \d+ - (.+)")


def stages(fault, runs_all):
    """Tests that have a try, one after another."""
    if fault.is_script:
        return [fault.tests]
    return [fault.tests, rf"^{fault.target}\."] + ([r"."] if runs_all else [])


def noticed_by(fault, program, runs_all):
    for stage, tests in enumerate(stages(fault, runs_all)):
        found = run_node(fault) if fault.is_script else run_swift(program, tests, fault.number)
        if found:
            return found, stage
    return [], -1


def check_without_faults(faults, program):
    """A test that fails without any fault notices nothing."""
    tests = "|".join(sorted({fault.tests for fault in faults if not fault.is_script}))
    found = run_swift(program, tests, 0, limit=None) if tests else []
    if found:
        sys.exit(f"without any fault tests fail: {', '.join(found)}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*", help="faults to try; all if there are none")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="runs at a time")
    parser.add_argument("--flags", default="", help="options of swift build")
    parser.add_argument("--all", action="store_true", help="let every test have a try")
    parser.add_argument("--list", action="store_true", help="only list the faults")
    options = parser.parse_args()
    faults = read_faults(pathlib.Path(__file__).with_name("faults"))
    chosen = [fault for fault in faults if not options.names or fault.name in options.names]
    if options.list:
        for fault in chosen:
            print(f"{fault.number:10} {fault.name}: {fault.says} ({fault.file})")
        return 0
    make_tree(faults)
    program = build(options.flags.split()) if any(not fault.is_script for fault in chosen) else None
    check_without_faults(chosen, program)
    survivors = []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        results = pool.map(lambda fault: noticed_by(fault, program, options.all), chosen)
        for fault, (found, stage) in zip(chosen, results):
            if found:
                more = f" and {len(found) - 1} more" if len(found) > 1 else ""
                late = "" if stage == 0 else f" (but not by {fault.tests})"
                print(f"noticed   {fault.name}: {found[0]}{more}{late}", flush=True)
            else:
                survivors.append(fault)
                print(f"SURVIVES  {fault.name}: {fault.says}", flush=True)
    for fault in survivors:
        print(f"\n{fault.name} in {fault.file}: {fault.says}\n  {fault.known or 'No test notices it.'}")
    count = len(chosen) - len(survivors)
    percent = 100 * count / max(1, len(chosen))
    print(f"\n{count} of {len(chosen)} faults noticed ({percent:.0f} %)")
    return 0 if percent >= LEAST_PERCENT else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except FaultError as error:
        sys.exit(f"a fault does not fit the sources: {error}")
