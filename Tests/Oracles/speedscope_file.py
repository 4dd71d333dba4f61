"""Holds files to speedscope's file format: SCHEMA FILE... Prints the sum of each profile's weights, a line a file.

Beyond what a schema can say: indices name frames that are there, every sample has a weight, and the weights fill the profile.
"""

import json
import sys

from jsonschema import Draft7Validator


def check(schema, path):
    """The sums of the weights of the profiles in a file."""
    with open(path, encoding="utf-8") as file:
        document = json.load(file)
    Draft7Validator(schema).validate(document)
    frames = len(document["shared"]["frames"])
    sums = []
    for profile in document["profiles"]:
        assert len(profile["samples"]) == len(profile["weights"]), f"{path}: samples without weights"
        assert all(frame < frames for stack in profile["samples"] for frame in stack), f"{path}: unknown frames"
        sums.append(sum(profile["weights"]))
        assert profile["endValue"] - profile["startValue"] == sums[-1], f"{path}: the profile is not filled"
    return sums


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    Draft7Validator.check_schema(schema)
    for path in sys.argv[2:]:
        print(*check(schema, path))
