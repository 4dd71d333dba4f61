"""Lays out docs/RESULTS.md."""

import itertools
import os

TITLES = {
    "crypten": "CrypTen 0.4.1, 2 parties", "semi2k": "SecretFlow SPU 0.9.5, SEMI2K, 2 parties",
    "cheetah": "OpenCheetah, 2 parties", "spu-aby3": "SecretFlow SPU 0.9.5, ABY3, 3 parties",
    "aby3": "ABY3 (the paper), 3 parties", "cryptflow2": "CryptFlow2 (SCI over oblivious transfer), 2 parties",
}
LARGEST = 4

INTRODUCTION = """# What is saved

Made by `make results` with the release build; nothing on this page is written by hand. Only exact rules are used, but for the
column *bytes, rounding*, where rules are allowed whose two sides differ by a stated bound (`--rounding`). Searches run without the check of their results, and so
without the bound on the framework's error (`--max-error`), which leaves some rules out in SPU. Bytes are summed over all parties, and
bytes, rounds and time are online and offline together, as the search counts them. Time is
on the network `wan` (44 MB a second, 40 ms a round). Every objective is a search of its own: the columns *bytes* are those of
the graph that was made for few bytes, and so on. *s* is the seconds of the search, alone on a core of the machine that made
the page but with another search on the other core, and *graphs* the graphs that it looked at. Nodes that a framework
cannot run and that have no price count as nothing, before and after; *unpriced* says how many there are before, and *more priced* stands
where rewrites gave some of them a price, so that the sums cannot be compared.

The generator fails if any result is dearer than the graph it was made from, than the graph that onnxsim and onnxruntime's
offline optimizer make, or than what a greedy search with the same rules finds, or if a floor below is missed.

"""

REST = """## Where the rest goes

Of the graph that was made for few bytes: its bytes by operator, and how far they are from a lower bound.

The bound is for networks that are written with ONNX's operators and run by the framework as it is; MPC as such may do
better. It is the sum of two parts.

* *Non-linear functions.* No exact rule makes a comparison, an exponential or a root out of linear operators, so each
  element of such a function that the network states must be paid for, at the lowest price at which any form of the function
  that the rules know (searched for by itself, on a large tensor) computes an element. Counted are only elements that no
  exact rewriting saves: a Relu before a MaxPool counts at the pool's outputs (one for all windows that share an element);
  the maximum over a window needs one maximum of two less than it has elements; where windows overlap, a channel is one
  connected whole of n elements and needs n - 1. A softmax counts one exponential an element and one reciprocal a row but no
  maximum (it is the same function without), a normalization one root a row.
* *Linear layers*: convolutions and matrix products as they stand in the result. The bound does not ask whether fewer
  would do.

Left out, so that the bound is not the optimum: products and squares (of attention weights, gates, normalizations),
truncations, and everything that depends on the order of operators. *Distance* is the result over the bound; 1.00 means that
no exact rule can save more than was left out.

"""

OTHERS = """## Against other optimizers

Bytes and rounds of three graphs each, made for bytes and for rounds where the optimizer has a choice: by Harrier, by a
greedy search with the same rules (improving rewrites only, the steepest first, and no joining of nodes that share no value),
and by onnxsim followed by onnxruntime's offline optimizer at the level *basic*, which know nothing of prices. At the level
*extended* onnxruntime writes operators of its own (`com.microsoft::FusedConv` and others), which no MPC framework has: the
last column counts them.

"""


def size(count):
    for unit, factor in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= factor:
            return f"{count / factor:.3g} {unit}" if count < 999.5 * factor else f"{count / factor:.0f} {unit}"
    return f"{count} B"


def duration(seconds):
    return f"{seconds:.3g} s" if seconds < 999.5 else f"{seconds:,.0f} s"


FORMATS = {"bytes": size, "rounds": lambda rounds: f"{rounds:,}", "time": duration}


def percent(share):
    if share is None:
        return "more priced"
    return f"{100 * share:.1f} %"


def table(header, rows):
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    return "\n".join(lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]) + "\n"


def summary(rows, saving):
    def cells(framework, group):
        yield TITLES[framework]
        for objective in FORMATS:
            savings = sorted(share for row in group if (share := saving(row, objective)) is not None)
            yield f"{percent(savings[0])} … **{percent(savings[len(savings) // 2])}** … {percent(savings[-1])}"
        yield f"{max(seconds for row in group for _, seconds, _ in row.runs.values()):.2f} s"
    groups = [(name, list(group)) for name, group in itertools.groupby(rows, key=lambda row: row.framework)]
    header = ["least … **median** … most saved", "bytes", "rounds", "time on wan", "longest search"]
    return table(header, [list(cells(name, group)) for name, group in groups])


def framework(rows, figure, saving):
    def cells(row):
        yield row.name
        for objective, text in FORMATS.items():
            after, seconds, states = row.runs[objective]
            yield f"{text(figure(row.before, objective))} → {text(figure(after, objective))}"
            yield percent(saving(row, objective))
            yield f"{seconds:.2f}, {states}"
            if objective == "bytes":
                yield percent(saving(row, objective, rounded=True))
        yield row.before.unpriced or ""
    header = ["model"]
    for objective in ("bytes", "rounds", "time on wan"):
        header += [objective, "saved", "s, graphs"] + (["bytes, rounding"] if objective == "bytes" else [])
    return table(header + ["unpriced"], [list(cells(row)) for row in rows])


def rest(rows):
    def cells(row):
        total = max(1, sum(row.operators.values()))
        largest = [(name, count) for name, count in row.operators.most_common(LARGEST) if count > 0.005 * total]
        after = row.runs["bytes"][0].bytes
        yield row.name
        yield size(after)
        yield ", ".join(f"{name} {100 * count / total:.0f} %" for name, count in largest)
        yield size(row.bound)
        yield f"{after / row.bound:.2f}" if row.bound else ""
    header = ["model", "bytes", "largest operators", "lower bound", "distance"]
    return table(header, [list(cells(row)) for row in rows])


def others(rows):
    def cells(row):
        yield row.name
        basic = row.others.get("basic")
        for objective in ("bytes", "rounds"):
            text = FORMATS[objective]
            yield text(getattr(row.runs[objective][0], objective))
            yield text(getattr(row.greedy[objective], objective))
            fewer = basic and basic.unpriced > row.runs[objective][0].unpriced
            yield text(getattr(basic, objective)) + (f" and {basic.unpriced} unpriced" if fewer else "") if basic else ""
        yield row.others["extended"].unpriced if "extended" in row.others else ""
    header = ["model", "bytes: Harrier", "greedy", "onnxsim, onnxruntime", "rounds: Harrier", "greedy",
              "onnxsim, onnxruntime", "unpriced in *extended*"]
    return table(header, [list(cells(row)) for row in rows])


def write(page, rows, limits, figure, saving):
    """Writes the page, whole or not at all."""
    groups = [(name, list(group)) for name, group in itertools.groupby(rows, key=lambda row: row.framework)]
    text = INTRODUCTION + summary(rows, saving) + "\n## Floors\n\n"
    text += table(["what", "floor", "saved"], [(what, f"{floor:.0%}", percent(saved)) for what, floor, saved in limits])
    for name, group in groups:
        text += f"\n## {TITLES[name]}\n\n" + framework(group, figure, saving)
    text += "\n" + REST
    for name, group in groups:
        text += f"### {TITLES[name]}\n\n{rest(group)}\n"
    text += OTHERS
    for name, group in groups:
        text += f"### {TITLES[name]}\n\n{others(group)}\n"
    with open(page + ".part", "w", encoding="utf-8") as file:
        file.write(text.rstrip("\n") + "\n")
    os.replace(page + ".part", page)
