"""Finds out for each rule a few frameworks and objectives for which it fires on a graph of its own file, or behind that of another rule."""

import concurrent.futures
import dataclasses
import itertools
import json
import os
import tempfile

import numpy as np
import onnx

from compose import composed
from trial import FRAMEWORKS, OBJECTIVES, PROTOCOL_FRAMEWORKS, SETTINGS, Place

# So many are enough; more would only make the file longer.
ENOUGH = 3


class Learner:
    """What is tried for one rule."""

    def __init__(self, hunter, rule):
        self.hunter, self.rule = hunter, rule
        self.graphs = [example for example in hunter.examples[rule] if example.fires][:4]
        self.level = self.graphs[0].level
        self.pairs = list(itertools.product(FRAMEWORKS if self.level == "portable" else PROTOCOL_FRAMEWORKS, OBJECTIVES[:2]))
        np.random.default_rng(len(rule)).shuffle(self.pairs)

    def fires(self, subject, place):
        with tempfile.TemporaryDirectory() as folder:
            onnx.save(subject.model, os.path.join(folder, "model.onnx"))
            return self.rule in self.hunter.result(subject, [], place.alone(self.rule, self.graphs[0]), folder)[1]

    def places(self):
        """Those of the first setting in which there are any; else those behind other rules."""
        for setting in SETTINGS if self.level == "portable" else [""]:
            tries = ((example.subject(), Place(*map(str, pair), setting)) for example in self.graphs for pair in self.pairs)
            found = self.first(tries)
            if found:
                return found
        return self.first(self.behind_others()) if self.level == "portable" else []

    def behind_others(self):
        """A graph of the rule behind one of each rule, itself among them."""
        for pair, other in itertools.product(self.pairs[:3], self.hunter.rules):
            graphs = [example for example in self.hunter.examples[other] if example.fires]
            try:
                yield composed([graphs[0].subject(), self.graphs[0].subject()], np.random.default_rng(0), True), Place(*map(str, pair), behind=other)
            except Exception:  # whatever onnx says of what is no graph
                continue

    def first(self, tries):
        found = []
        for subject, place in tries:
            if place not in found and self.fires(subject, place):
                found.append(place)
            if len(found) == ENOUGH:
                break
        return found


def words(place):
    """A place as short as it can be written."""
    fields = list(dataclasses.astuple(place))
    while not fields[-1]:
        fields.pop()
    return fields


def learned(hunter, jobs, path):
    """Writes the file; says which rules never fired."""
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        found = dict(pool.map(lambda rule: (rule, sorted(map(words, Learner(hunter, rule).places()))), hunter.rules + hunter.protocol))
    lines = [f"  {json.dumps(rule)}: {json.dumps(places)}" for rule, places in sorted(found.items())]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    print("never: " + ", ".join(rule for rule, places in sorted(found.items()) if not places))
