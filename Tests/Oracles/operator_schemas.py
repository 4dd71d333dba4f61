"""Prints, as JSON, what the onnx package says of every operator of ONNX's own domain at an operator-set version, of the
optimizers of its domain for training, and of classical learning at the version that scikit-learn's exporter writes.

Usage: operator_schemas.py VERSION

The answer maps an operator's name (DOMAIN::NAME outside of the own domain) to the version it is from, the
first version that has the operator, the least and greatest numbers of its inputs and outputs
(null: any number), and its attributes with kind, whether they are required, and default.
"""

import json
import sys

import onnx.defs
import onnx.helper


TRAINING = "ai.onnx.preview.training"
CLASSICAL, CLASSICAL_VERSION = "ai.onnx.ml", 3


def least_count(parameters, least):
    """The fewest operands a node can have if operands left out at the end are not written as empty names."""
    optional = onnx.defs.OpSchema.FormalParameterOption.Optional
    variadic = onnx.defs.OpSchema.FormalParameterOption.Variadic
    count = least
    while count > 0 and parameters:
        last = parameters[min(count, len(parameters)) - 1]
        if last.option == optional or (last.option == variadic and last.min_arity == 0):
            count -= 1
        else:
            break
    return count


def greatest_count(count):
    return None if count >= 2**31 - 1 else count


def default(attribute):
    if not attribute.default_value.type:
        return None
    value = onnx.helper.get_attribute_value(attribute.default_value)
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, (int, float)):
        return value
    return [item.decode() if isinstance(item, bytes) else item for item in value]


def describe(schema, first):
    return {
        "version": schema.since_version,
        "first": first,
        "inputs": [least_count(schema.inputs, schema.min_input), greatest_count(schema.max_input)],
        "outputs": [least_count(schema.outputs, schema.min_output), greatest_count(schema.max_output)],
        "attributes": {
            name: {
                "kind": int(attribute.type),
                "required": attribute.required,
                "default": default(attribute),
            }
            for name, attribute in schema.attributes.items()
        },
    }


def main():
    version = int(sys.argv[1])
    newest, first = {}, {}
    for schema in onnx.defs.get_all_schemas_with_history():
        newest_version = CLASSICAL_VERSION if schema.domain == CLASSICAL else version
        if schema.domain in ("", TRAINING, CLASSICAL) and schema.since_version <= newest_version:
            name = f"{schema.domain}::{schema.name}" if schema.domain else schema.name
            first[name] = min(first.get(name, schema.since_version), schema.since_version)
            if name not in newest or newest[name].since_version < schema.since_version:
                newest[name] = schema
    json.dump({name: describe(schema, first[name]) for name, schema in sorted(newest.items())}, sys.stdout)


main()
