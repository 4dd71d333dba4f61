"""Faults that are seeded into a copy of the package, each switched on by its number in the variable HARRIER_MUTANT.

A fault is an entry of a file in `faults/`:

    [[fault]]
    name = "short-name"                     # unique
    file = "Sources/IR/Some.swift"          # or a rule, a framework's file, a script of reports
    at = 'let size = rows * columns'        # text that is in the file once; may be left out if `right` is
    right = 'rows * columns'                # the part of it that gets wrong, once in `at`
    wrong = 'rows + columns'
    tests = "SomeTests"                     # a regular expression of the tests that should notice
    says = "What it does wrong, in a sentence."

In Swift, `right` and `wrong` are expressions of one type, or statements if `kind = "statement"`; in other files they are texts.
Tests of scripts are run by node. `known` says why nothing can notice a fault that is kept all the same.
"""

import dataclasses
import pathlib
import tomllib
import zlib

# The test target that has a module's tests, where it is not called after the module.
TEST_TARGETS = {
    "Frameworks": "PricingTests", "Calibration": "PricingTests", "DataFiles": "RewriteTests", "Passes": "RewriteTests",
    "harrier-command": "CommandLineTests",
}


@dataclasses.dataclass
class Fault:
    name: str
    file: str
    right: str
    wrong: str
    tests: str
    says: str
    at: str = ""
    kind: str = "expression"
    known: str = ""

    @property
    def number(self):
        """What switches it on: of the name alone, so that a new fault leaves the code of the others as it was built."""
        return zlib.crc32(self.name.encode()) >> 1

    @property
    def is_script(self):
        return self.file.endswith(".js")

    @property
    def target(self):
        """The test target whose tests are run where the ones that are named notice nothing."""
        parts = pathlib.PurePath(self.file).parts
        module = parts[1] if parts[0] == "Sources" else parts[0]
        return TEST_TARGETS.get(module, f"{module}Tests")

    def place(self, text):
        """The text around the fault, checked to be in the file once."""
        at = self.at or self.right
        if text.count(at) != 1:
            raise FaultError(f"{self.name}: {self.file} has {text.count(at)} times, not once:\n{at}")
        if at.count(self.right) != 1:
            raise FaultError(f"{self.name}: 'at' has {at.count(self.right)} times, not once:\n{self.right}")
        return at

    def switched(self):
        """Swift that is right unless the fault is switched on."""
        isOn = f"harrierMutant == {self.number}"
        if self.kind == "statement":
            return f"if {isOn} {{ {self.wrong} }} else {{ {self.right} }}"
        return f"({isOn} ? ({self.wrong}) : ({self.right}))"


class FaultError(Exception):
    """A fault that does not fit the sources any more."""


def read_faults(folder):
    """All faults, in the order of files and entries."""
    faults = [
        Fault(**entry) for path in sorted(folder.glob("*.toml")) for entry in tomllib.loads(path.read_text())["fault"]]
    seen = {}
    for fault in faults:
        other = seen.setdefault(fault.number, fault)
        if other is not fault:
            raise FaultError(f"'{fault.name}' and '{other.name}' are switched on by one number: rename one of them")
    return faults


SWITCH = '''\
import Foundation

/// The fault that is switched on; 0 for none.
package let harrierMutant = Int(ProcessInfo.processInfo.environment["HARRIER_MUTANT"] ?? "") ?? 0

/// A data file with the fault that is switched on, if it is one of these.
package func harrierFaulted(_ text: String, _ faults: [(number: Int, right: String, wrong: String)]) -> String {
    faults.first { $0.number == harrierMutant }.map { text.replacing($0.right, with: $0.wrong) } ?? text
}
'''


def swift_with_faults(path, text, faults):
    """A Swift file with its faults in it."""
    for fault in faults:
        at = fault.place(text)
        text = text.replace(at, at.replace(fault.right, fault.switched()))
    if not path.startswith("Sources/IR/") and "\nimport IR\n" not in "\n" + text:
        text = "import IR\n" + text
    return text


def embedding_with_faults(path, text, faults_by_file):
    """A file of the tool that puts data files into the program, changed so that their faults can be switched on there."""
    table = "".join(
        f'    "{name}": [{", ".join(f"({fault.number}, {literal(right)}, {literal(wrong)})" for fault, right, wrong in found)}],\n'
        for name, found in sorted(faults_by_file.items()))
    header = EMBEDDING_HEADER.replace("TABLE", table or ":")
    for old, replacement in EMBEDDING_CHANGES[path]:
        if text.count(old) != 1:
            raise FaultError(f"{path} does not have this once:\n{old}")
        text = text.replace(old, replacement.replace("HEADER", header))
    return text


# What is changed in the files of that tool. The texts of rules come from digests of their files.
EMBEDDING_CHANGES = {
    "Sources/embed-files/main.swift": [
        (r"\(literal(text))", r"\(faulted(text, path))"), ("let arguments = ", "HEADERlet arguments = "),
        ("try source.write(", r'try ("import IR\n" + source).write('),
    ],
    "Sources/embed-files/RuleDigest.swift": [
        (r"\(literal(digest.head))", r'\(faulted(digest.head, "Passes/\(family)/\(name).yaml"))'),
    ],
}

EMBEDDING_HEADER = r"""let faults: [String: [(number: Int, right: String, wrong: String)]] = [
TABLE]
/// A call that gives the text with the fault of it that is switched on.
func faulted(_ text: String, _ path: String) -> String {
    let own = faults.first { path.hasSuffix($0.key) }?.value ?? []
    let list = own.map { "(\($0.number), \(literal($0.right)), \(literal($0.wrong)))" }.joined(separator: ", ")
    return "harrierFaulted(\(literal(text)), [\(list)])"
}

"""


def literal(text):
    """A text as a Swift literal."""
    return f'####"""\n{text}\n"""####'
