"""Makes a failing model smaller: fewer outputs, and inputs in the place of what computes something."""

import copy

from onnx import shape_inference

from examples import Subject
from perturb import finished


def kinds(model):
    inferred = shape_inference.infer_shapes(model)
    return {v.name: v for v in [*inferred.graph.value_info, *inferred.graph.output]}


def cleared(model):
    """Without what nobody reads."""
    graph = model.graph
    while True:
        read = {name for node in graph.node for name in node.input} | {value.name for value in graph.output}
        dead = [node for node in graph.node if not any(name in read for name in node.output)]
        if not dead:
            break
        for node in dead:
            graph.node.remove(node)
    for part in (graph.input, graph.initializer):
        for item in [item for item in part if item.name not in read]:
            part.remove(item)
    return model


def smaller(subject):
    """Smaller subjects, the smallest first."""
    outputs = [value.name for value in subject.model.graph.output]
    if len(outputs) > 1:
        for name in outputs:
            model = copy.deepcopy(subject.model)
            for value in [v for v in model.graph.output if v.name != name]:
                model.graph.output.remove(value)
            yield cleared(model)
    known = kinds(subject.model)
    nodes = [node for node in subject.model.graph.node if node.op_type != "Constant" and node.output[0] in known]
    for end in nodes:  # what is in between is the output
        if end.output[0] not in outputs:
            model = copy.deepcopy(subject.model)
            del model.graph.output[:]
            model.graph.output.append(known[end.output[0]])
            yield cleared(model)
    for node in reversed(nodes):  # what is in between is an input
        if node.output[0] not in outputs:
            model = copy.deepcopy(subject.model)
            model.graph.input.append(known[node.output[0]])
            model.graph.node.remove(next(n for n in model.graph.node if n.output[0] == node.output[0]))
            yield cleared(model)


def reduced(subject, wrong, budget=60):
    """The smallest subject found of which `wrong` still says something, and what it says."""
    why, tries = wrong(subject), 0
    progress = True
    while progress and why:
        progress = False
        for model in smaller(subject):
            tries += 1
            if tries > budget:
                return subject, why
            try:
                candidate = Subject(finished(model), subject.limits, subject.told)
                said = wrong(candidate)
            except Exception:  # a part of a model need not be one
                continue
            if said:
                subject, why, progress = candidate, said, True
                break
    return subject, why
