"""Finds out for each rule a few frameworks and objectives for which it fires on a graph of its own file."""

import concurrent.futures
import itertools
import json
import os
import tempfile

import numpy as np
import onnx

from trial import FRAMEWORKS, OBJECTIVES, PROTOCOL_FRAMEWORKS, Way

# So many are enough; more would only make the file longer.
ENOUGH = 3


def places(hunter, rule):
    found, graphs = [], [example for example in hunter.examples[rule] if example.fires]
    rng = np.random.default_rng(len(rule))
    level, exactness = graphs[0].level, graphs[0].exactness
    pairs = list(itertools.product(FRAMEWORKS if level == "portable" else PROTOCOL_FRAMEWORKS, OBJECTIVES[:2]))
    rng.shuffle(pairs)
    with tempfile.TemporaryDirectory() as folder:
        for example, (framework, objective) in itertools.product(graphs[:4], pairs):
            pair = [str(framework), str(objective)]
            if pair in found:
                continue
            subject = example.subject()
            onnx.save(subject.model, os.path.join(folder, "model.onnx"))
            way = Way(*pair, exactness, level, rule if level == "portable" else "")
            if rule in hunter.result(subject, [], way, folder)[1]:
                found.append(pair)
            if len(found) == ENOUGH:
                break
    return rule, sorted(found)


def learned(hunter, jobs, path):
    """Writes the file; says which rules never fired."""
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        found = dict(pool.map(lambda rule: places(hunter, rule), hunter.rules + hunter.protocol))
    lines = [f"  {json.dumps(rule)}: {json.dumps(pairs)}" for rule, pairs in sorted(found.items())]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    print("never: " + ", ".join(rule for rule, pairs in sorted(found.items()) if not pairs))
