"""One trial of a hunt: draws a graph, optimizes it in some ways, and judges each."""

import copy
import dataclasses
import json
import os
import re
import subprocess
import tempfile
from dataclasses import dataclass, field

import numpy as np
import onnx

from compose import composed
from draw import drawn
from judge import STEPS, difference, is_disputed, is_overflown, is_shaky, is_undefined_inside, session, stable
from perturb import near_miss
from reduce import reduced

FRAMEWORKS = ["crypten", "semi2k", "spu-aby3", "spu-cheetah", "cryptflow2", "cheetah", "delphi", "mp-spdz-ring", "falcon"]
PROTOCOL_FRAMEWORKS = ["crypten", "semi2k", "spu-aby3", "cryptflow2", "cheetah", "mp-spdz-ring", "falcon"]
OBJECTIVES = ["bytes", "rounds", "time"]
# How else a graph can be optimized. What a graph spells out is usually recognised as the operator that it is before any rule sees it, and results
# may usually have operators that the framework's own importer refuses; there are rules for the graphs where that is not so.
SETTINGS = {"": ["--any-operator"], "as spelled": ["--any-operator", "--disable", "recognition"], "importable": ["--disable", "recognition"]}
SECONDS = 120
# How far apart the sides of rounding rules may be, in relation to elements of about the same size, as Harrier's own check has it, and by
# themselves: their files state errors of up to some hundred thousandths, which what follows can enlarge.
ROUNDING = (1e-2, 1e-3)
# The step that raises masks, and how large inputs may be then: a quarter of the mask, which is -64 or lower.
MASKS, SCORES = "masks-within-range", 16


# What makes a small error a large one near some numbers.
SENSITIVE = STEPS | {"Sqrt", "Log", "Reciprocal", "Div", "Pow", "Sign"}
PAIR = re.compile(r"is (\S+) in the first model and (\S+) in the second")


def is_excused(why):
    """Whether Harrier's own check is stricter than this judge: where numbers are narrow, or close to each other, whatever adds up in another
    order is off; where the original is infinite or no number the result has to be so, too; and sums of the largest numbers overflow."""
    if any(word in why for word in ("float16", "differs by inf", " -inf in the second", " inf in the second")):
        return True
    found = PAIR.search(why)
    if not found:
        return False
    one, other = float(found[1]), float(found[2])
    return abs(one) > 1e30 or abs(one - other) <= 1e-2 * abs(one)


@dataclass
class Way:
    """How a graph is optimized."""

    framework: str
    objective: str
    exactness: str = "exact"
    level: str = "portable"
    only: str = ""
    # Whether Harrier checks the result itself, as it does for its users.
    checks: bool = False
    # A search through dearer graphs takes seconds where one that only descends takes a moment, and finds the same faults.
    search: str = "greedy"
    setting: str = ""

    def command(self, harrier, source, target, subject):
        command = [harrier, "optimize", source, "--framework", self.framework, "--objective", self.objective, "--output", target,
                   "--format", "json", "--search", self.search, *SETTINGS[self.setting], *subject.options()]
        command += ["--only", self.only] if self.only else []
        command += {"exact": [], "rounding": ["--rounding"], "approximate": ["--approximate"]}[self.exactness]
        command += ["--level", "protocol"] if self.level == "protocol" else []
        # What the framework's arithmetic makes worse is no fault here, and would leave rules untried.
        return command + (["--max-error", "inf"] if self.checks or self.level == "protocol" else ["--no-check"])

    def __str__(self):
        words = [self.framework, self.objective, self.only and f"only {self.only}", self.exactness if self.exactness != "exact" else "", self.search,
                 self.setting, self.level if self.level == "protocol" else ""]
        return ", ".join(word for word in words if word)


@dataclass
class Place:
    """Where a rule is known to fire on a graph of its own."""

    framework: str
    objective: str
    setting: str = ""
    # The rule behind whose graph it has to stand, because it saves something only as a step of others; the rule itself now and then.
    behind: str = ""

    def alone(self, rule, example):
        """The rule alone, or with all others if that is how it fires."""
        if example.level == "protocol":
            return Way(self.framework, self.objective, level="protocol")
        return Way(self.framework, self.objective, example.exactness, only="" if self.behind else rule, search="global", setting=self.setting)


@dataclass
class Outcome:
    seed: int
    verdict: str = "right"
    changes: list = field(default_factory=list)
    commands: int = 0
    fired: list = field(default_factory=list)
    # (way, what is wrong, rules, the smallest model that shows it)
    failures: list = field(default_factory=list)
    # What Harrier's own check kept from being written: the same.
    caught: list = field(default_factory=list)


class Hunter:
    """What all trials share: the command, the examples of rules, and where rules are known to fire."""

    def __init__(self, harrier, examples, places, passes=()):
        self.harrier, self.examples = harrier, examples
        self.places = {rule: [Place(*words) for words in known] for rule, known in places.items()}
        self.passes = [word for folder in passes for word in ("--passes", folder)]
        self.rules = sorted(name for name, graphs in examples.items() if graphs[0].level == "portable")
        self.protocol = sorted(name for name, graphs in examples.items() if graphs[0].level == "protocol")

    def graph(self, rule, rng):
        """A graph from a rule's file, mostly one on which it fires, whatever the number of the others is."""
        fires = rng.random() < 0.85
        graphs = [example for example in self.examples[rule] if example.fires == fires] or self.examples[rule]
        return graphs[rng.integers(len(graphs))].subject()

    def draw(self, seed, rng):
        """A subject, the rule that it is about, where that is known to fire, and what was done to the subject."""
        kind = rng.random()
        if kind < 0.3:
            return drawn(rng, int(rng.integers(2, 11))), None, None, ["random"]
        rules = self.protocol if kind < 0.34 else self.rules
        rule = rules[seed % len(rules)]
        known = self.places.get(rule)
        place = known[rng.integers(len(known))] if known else None
        subject = self.graph(rule, rng)
        if place and place.behind and rng.random() < 0.8:
            first, subject = (next(e for e in self.examples[name] if e.fires).subject() for name in (place.behind, rule))
            return composed([first, subject], rng, strictly=True), rule, place, [f"behind {place.behind}"]
        if kind < 0.75:
            return subject, rule, place, ["near miss", *near_miss(subject, rng)]
        subjects = [subject]
        for _ in range(int(rng.integers(0, 3))):
            subjects.append(self.graph(rules[rng.integers(len(rules))], rng))
        if rng.random() < 0.4:
            near_miss(subjects[0], rng)
        return composed(subjects, rng), rule, place, [f"chain of {len(subjects)}"]

    def ways(self, rule, place, rng):
        """The ways to optimize a graph that is about a rule: with the rule alone where it fires, and with all rules there or somewhere."""
        def some(frameworks):
            return frameworks[rng.integers(len(frameworks))], OBJECTIVES[rng.integers(len(OBJECTIVES))]
        if rule and self.examples[rule][0].level == "protocol":
            return [(place or Place(*some(PROTOCOL_FRAMEWORKS))).alone(rule, self.examples[rule][0])]
        search, draw = "global" if rng.random() < 0.05 else "greedy", rng.random()
        everything = Way(*some(FRAMEWORKS), search=search, setting=str(rng.choice([*SETTINGS], p=[0.8, 0.1, 0.1])))
        if draw < 0.15:
            everything = Way(*some(PROTOCOL_FRAMEWORKS), level="protocol")
        elif place and draw < (0.8 if place.setting else 0.5):  # in a setting of its own it fires nowhere else
            everything = Way(place.framework, place.objective, search=search, setting=place.setting)
        if rule is None:
            return [everything]
        alone = (place or Place(*some(FRAMEWORKS))).alone(rule, self.examples[rule][0])
        return [alone, everything] if rng.random() < 0.55 else [alone if rng.random() < 0.9 else everything]

    def result(self, subject, samples, way, folder):
        """What is wrong with the result, if anything, and the rules that were used."""
        source, target = os.path.join(folder, "model.onnx"), os.path.join(folder, "result.onnx")
        if os.path.exists(target):
            os.remove(target)
        try:
            run = subprocess.run(
                way.command(self.harrier, source, target, subject) + self.passes, capture_output=True, text=True, timeout=SECONDS)
        except subprocess.TimeoutExpired:
            return f"does not end in {SECONDS} seconds", []
        if run.returncode != 0:
            # What Harrier does not read, and onnxruntime does, says nothing of a rule.
            read = [self.harrier, "profile", source, "--framework", way.framework, "--no-simulation", *subject.options()]
            if subprocess.run(read, capture_output=True, timeout=SECONDS).returncode == run.returncode == 1:
                return None, []
            return f"exit {run.returncode}: {run.stderr.strip().splitlines()[-1] if run.stderr.strip() else ''}", []
        report = json.loads(run.stdout)
        rules = [step["rule"] for step in report["rewrites"] + report.get("protocol_rewrites", [])]
        left_out = [entry for entry in report.get("left_out") or [] if not way.checks and not is_excused(entry["why"])]
        if left_out and not any(is_undefined_inside(subject.model, inputs) for inputs, *_ in samples):
            return f"left out {left_out}", rules
        check = report["check"]
        if way.level == "protocol" and check["status"] != "passed" and "nothing can be compared" not in check["why"]:
            return f"the check is {check['status']}: {check['why']}", rules
        if not rules:
            return None, rules
        # Where masks are raised as far as a framework takes them, scores have to stay away from that.
        if MASKS in rules:
            samples = [sample for sample in samples if all(np.abs(array).max(initial=0) <= SCORES for array in sample[0].values())]
        return self.compared(subject, samples, target, way), rules

    def compared(self, subject, samples, target, way):
        try:
            runner = session(target)
        except Exception as error:  # whatever onnxruntime says
            text = str(error)
            return None if "NOT_IMPLEMENTED" in text or "No Op registered" in text else f"cannot be loaded: {text[:200]}"
        names = {value.name for value in runner.get_inputs()}
        outputs = [value.name for value in subject.model.graph.output]
        relative, absolute = {"exact": (0.0, 0.0), "rounding": ROUNDING, "approximate": (np.inf, 0.0)}[way.exactness]
        is_sensitive = any(node.op_type in SENSITIVE for node in subject.model.graph.node)
        for inputs, expected, resolution in samples:
            try:
                found = runner.run(outputs, {name: array for name, array in inputs.items() if name in names})
            except Exception as error:  # the original runs
                return f"cannot be run: {str(error)[:200]}"
            for name, one, other in zip(outputs, expected, found):
                wrong = difference(one, other, relative, max(absolute, resolution))
                if not wrong or self.says_nothing(subject.model, inputs, expected):
                    continue
                # What approximates a function may well be infinite or none elsewhere, and steps make more of a bounded error.
                if way.exactness == "exact" or way.exactness == "rounding" and not is_sensitive or one.shape != other.shape:
                    return f"output {name}: {wrong}"
        return None

    def says_nothing(self, model, inputs, expected):
        """Whether what the original says of inputs is nothing that a result can be held to."""
        return is_undefined_inside(model, inputs) or is_disputed(model, inputs, expected) or is_overflown(model, inputs) or is_shaky(
            model, inputs, expected, np.random.default_rng(0))

    def judged(self, subject, seed, way):
        with tempfile.TemporaryDirectory() as folder:
            samples = stable(subject, session(subject.model), seed)
            onnx.save(subject.model, os.path.join(folder, "model.onnx"))
            return self.result(subject, samples, way, folder)

    def trial(self, seed):
        rng, outcome = np.random.default_rng(seed), Outcome(seed)
        for _ in range(5):
            try:
                subject, rule, place, outcome.changes = self.draw(seed, rng)
                samples = stable(subject, session(subject.model), seed)
                break
            except Exception as error:  # not a model for onnxruntime: drawn in vain
                outcome.verdict, outcome.changes = "in vain", [str(error)[:200]]
        else:
            return outcome
        outcome.verdict = "right" if samples else "unstable"
        with tempfile.TemporaryDirectory() as folder:
            onnx.save(subject.model, os.path.join(folder, "model.onnx"))
            for way in self.ways(rule, place, rng):
                outcome.commands += 1
                wrong, rules = self.result(subject, samples, way, folder)
                outcome.fired += rules
                if wrong:
                    self.fail(outcome, subject, way, wrong, rules)
        return outcome

    def fail(self, outcome, subject, way, wrong, rules):
        if self.judged(subject, outcome.seed, dataclasses.replace(way, checks=True))[0] is None:
            outcome.verdict = "caught" if outcome.verdict != "wrong" else "wrong"
            outcome.caught.append((way, wrong, rules, subject))
            return
        outcome.verdict = "wrong"
        way = dataclasses.replace(way, checks=True)
        small, why = reduced(copy.deepcopy(subject), lambda candidate: self.judged(candidate, outcome.seed, way)[0])
        if why:
            wrong, rules = self.judged(small, outcome.seed, way)
        outcome.failures.append((way, wrong, rules, small))
