"""Hunts for rewrites that change what a model computes: graphs are optimized and run beside the originals in onnxruntime.

hunt.py HARRIER [--graphs N] [--seed S] [--jobs J] [--keep FOLDER] [--least K] draws N graphs: random ones over many operators, element types and
shapes, with masks, bounds far away, places that count from the end and values that are read twice; near misses of the patterns of all rules,
which begin from the graphs in the rules' own files; and chains of both. Each is optimized for a framework and an objective, by one rule alone or by
all, now and then for runtimes that help (`--level protocol`), without the recognition of operators that a graph spells out, or in operators that
the framework's importer reads only, and compared, element by element, on ordinary inputs, on ties, and on large ones.
What differs without Harrier's own check is tried with it: a rule that only the check keeps away is told.
Ends with 1 if a result differs, is infinite where the original is not, or cannot be loaded, if a command fails, or if a portable rule fires
less than K times. Failing graphs are made smaller and kept.

`--learn` writes the file beside this one that says where rules fire, and behind which others those that save nothing by themselves; that steers
the draw and nothing else.
"""

import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import resource
import sys
import tempfile
import time

import onnx

from examples import exported
from learn import learned
from trial import Hunter, Outcome

PLACES = pathlib.Path(__file__).with_name("places.json")
MEMORY = 8 << 30
hunter = None


def begin(*arguments):
    global hunter
    # A length that is off by one can be a length of 2^63.
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    hunter = Hunter(*arguments)


def attempt(seed):
    return hunter.trial(seed)


def outcomes(arguments, shared):
    """What comes of each seed, some at a time: where onnxruntime takes a process with it, the others of its group are lost, too."""
    begun, seeds = time.monotonic(), list(range(arguments.seed, arguments.seed + arguments.graphs))
    group = 16 * arguments.jobs
    pool = None
    for start in range(0, len(seeds), group):
        if arguments.seconds and time.monotonic() - begun > arguments.seconds:
            break
        pool = pool or concurrent.futures.ProcessPoolExecutor(arguments.jobs, initializer=begin, initargs=shared)
        running = [pool.submit(attempt, seed) for seed in seeds[start:start + group]]
        for seed, future in zip(seeds[start:], running):
            try:
                yield future.result()
            except concurrent.futures.BrokenExecutor:
                yield Outcome(seed, "lost")
                pool = None
    if pool:
        pool.shutdown()


def report(arguments, counts, fired, rules, seconds):
    print(f"{counts['graphs']} of {arguments.graphs} graphs in {seconds:.0f} s: {dict(counts)}")
    for rule, times in sorted(fired.items(), key=lambda pair: (-pair[1], pair[0])):
        print(f"{times:6} {rule}")
    rare = [f"{rule} ({fired[rule]})" for rule in rules if fired[rule] < arguments.least]
    if rare:
        print(f"fired less than {arguments.least} times: {', '.join(rare)}")
    return rare


def run(arguments, examples):
    places = json.loads(PLACES.read_text()) if PLACES.exists() else {}
    shared = (arguments.harrier, examples, places, arguments.passes)
    rules = Hunter(*shared).rules
    if arguments.learn:
        return learned(Hunter(*shared), arguments.jobs, PLACES)
    counts, fired, begun = collections.Counter(), collections.Counter(), time.monotonic()
    for outcome in outcomes(arguments, shared):
        counts["graphs"] += 1
        counts[outcome.verdict] += 1
        counts["commands"] += outcome.commands
        fired.update(outcome.fired)
        for way, why, used, _ in outcome.caught:
            print(f"caught by the check, {outcome.seed}: {way}; {outcome.changes}: {why}; {used}", flush=True)
        for number, (way, why, used, subject) in enumerate(outcome.failures):
            arguments.keep.mkdir(parents=True, exist_ok=True)
            path = arguments.keep / f"{outcome.seed}-{number}.onnx"
            onnx.save(subject.model, str(path))
            print(f"{path.name}: {way}; {' '.join(subject.options())} {outcome.changes}: {why}; {used}", flush=True)
    rare = report(arguments, counts, fired, rules, time.monotonic() - begun)
    return bool(counts["wrong"] or rare)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("harrier")
    parser.add_argument("--graphs", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--seconds", type=float, help="end after that time")
    parser.add_argument("--least", type=int, default=0)
    parser.add_argument("--keep", type=pathlib.Path, default=pathlib.Path(".build/soundness"))
    parser.add_argument("--passes", action="append", default=[], help="a folder with rules in the place of built-in ones")
    parser.add_argument("--learn", action="store_true", help="find out where rules fire")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        sys.exit(1 if run(arguments, exported(arguments.harrier, folder)) else 0)


if __name__ == "__main__":
    main()
