"""Tables of what was found of many models: compact, in Markdown, so that they read the same printed and kept."""

import collections
import re


def short(text, length=220):
    """A message in one line, without what terminals colour it with."""
    line = " ".join(re.sub(r"\x1b\[[0-9;]*m", "", text).split())
    return line if len(line) <= length else line[: length - 1] + "…"


def cause(reason):
    """A reason without what is one model's own: shapes and names of nodes made by numbers."""
    reason = re.sub(r"\w+\[[^\]]*,[^\]]*\]", "T[…]", reason)
    reason = re.sub(r"'[^' ]*[./_][^' ]*'", "'…'", reason)
    return short(reason)


def table(header, rows):
    """A table in Markdown."""
    cells = [[str(cell).replace("|", "\\|") for cell in row] for row in rows]
    lines = [header, ["---"] * len(header), *cells]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def counted(groups):
    """Groups of files, by what they have in common: largest first, each with its size and one of them."""
    return [(*key, len(files), min(files)) for key, files in sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))]


def percent(part, whole):
    return f"{part} ({100 * part / whole:.0f} %)" if whole else "0"


def exporter(path):
    return path.split(".")[-2]


def totals_of_coverage(found, frameworks):
    """Of each exporter's files, how many were read, and how many each framework prices whole."""
    rows = []
    for group in [*sorted({exporter(name) for name in found}), "both"]:
        files = [result for name, result in found.items() if group in (exporter(name), "both")]
        read = [result for result in files if not any("refused" in one for one in result.values())]
        whole = [sum(result[framework]["unpriced"] == [] for result in read) for framework in frameworks]
        rows.append([group, len(files), percent(len(read), len(files)), *(percent(count, len(files)) for count in whole)])
    return table(["exporter", "files", "read", *(f"whole: {framework}" for framework in frameworks)], rows)


def causes_of_coverage(found, frameworks):
    """For each framework the operators without a price: why, in how many files, in how many as the only cause, and in which."""
    text = ""
    for framework in frameworks:
        groups, alone = collections.defaultdict(set), collections.Counter()
        for name, result in found.items():
            causes = {(op, cause(reason)) for op, reason in result[framework].get("unpriced", [])}
            for one in causes:
                groups[one].add(name)
            alone.update(causes if len(causes) == 1 else [])
        rows = [(op, why, files, alone[op, why], example) for op, why, files, example in counted(groups)]
        text += f"\n### {framework}\n\n" + table(["operator", "reason", "files", "alone", "such as"], rows)
    return text


def coverage(found, frameworks):
    """What is read and priced, and what is not, and why."""
    refused = collections.defaultdict(set)
    for name, result in found.items():
        for one in result.values():
            if "refused" in one:
                refused[(cause(one["refused"]),)].add(name)
    names = sorted(name for name in found if any(one.get("unpriced") != [] for one in found[name].values()))
    rows = [
        [name, *("refused" if "refused" in (one := found[name][framework]) else len(one["unpriced"]) for framework in frameworks)]
        for name in names
    ]
    return (
        "## Totals\n\n" + totals_of_coverage(found, frameworks)
        + "\n## Refused\n\n" + table(["message", "files", "such as"], counted(refused))
        + "\n## Without a price\n" + causes_of_coverage(found, frameworks)
        + "\n## Nodes without a price, by file\n\n" + table(["file", *frameworks], rows)
    )  # fmt: skip


def check(found, frameworks):
    """What became of optimized files: a count of each outcome, then what went wrong or has a reason."""
    outcomes, details = collections.defaultdict(set), collections.defaultdict(set)
    for name, result in found.items():
        for framework in frameworks:
            one = result[framework]
            outcomes[framework, one["outcome"]].add(name)
            if one["why"]:
                details[framework, one["outcome"], cause(one["why"])].add(name)
    return (
        "## Outcomes\n\n" + table(["framework", "outcome", "files", "such as"], counted(outcomes))
        + "\n## Reasons\n\n" + table(["framework", "outcome", "why", "files", "such as"], counted(details))
    )  # fmt: skip
