"""Writes what PyTorch computes of losses, optimizers and training steps, as fixtures for AutogradTests.

    python torch_training.py FOLDER

PyTorch is too large an install for every run of the tests: its answers are kept in Tests/Fixtures/training and made again by this
script (torch 2.13.0, CPU). Everything is float64. Numbers that both sides can make are not written but drawn from the
generator below, which TrainingFixtures.swift has, too.
"""

import json
import pathlib
import sys

import torch
from torch.nn import functional

torch.set_default_dtype(torch.float64)


class Draws:
    """Numbers from -1 to 1 by the linear congruential generator of Numerical Recipes."""

    def __init__(self, seed):
        self.state = seed

    def number(self):
        self.state = (self.state * 1664525 + 1013904223) % 2**32
        return self.state / 2**31 - 1

    def tensor(self, shape):
        count = 1
        for length in shape:
            count *= length
        return torch.tensor([self.number() for _ in range(count)]).reshape(shape)


def numbers(tensor):
    return [float(f"{value:.12g}") for value in tensor.detach().flatten().tolist()]


# Losses

SHAPES = [[4, 3], [5], [2, 3, 2, 2]]


def probabilities(draws, shape):
    return torch.softmax(draws.tensor(shape), dim=1 if len(shape) > 1 else 0)


def operands(name, shape, form, draws):
    prediction = draws.tensor(shape) * 3
    if name == "binary_cross_entropy":
        prediction = torch.sigmoid(prediction)
    if name in ("nll_loss", "kl_div"):
        prediction = torch.log_softmax(prediction, dim=1 if len(shape) > 1 else 0)
    if form == "indices":
        classes = shape[1] if len(shape) > 1 else shape[0]
        rest = shape[:1] + shape[2:] if len(shape) > 1 else []
        target = ((draws.tensor(rest) + 1) / 2 * classes).long()
    elif name in ("cross_entropy", "kl_div"):
        target = probabilities(draws, shape)
    elif name.startswith("binary"):
        target = (draws.tensor(shape) + 1) / 2
    else:
        target = draws.tensor(shape) * 2
    return prediction, target


def loss_cases():
    forms = {
        "cross_entropy": ["values", "indices"], "nll_loss": ["indices"], "mse_loss": ["values"], "l1_loss": ["values"],
        "binary_cross_entropy": ["values"], "binary_cross_entropy_with_logits": ["values"], "kl_div": ["values"],
    }
    draws = Draws(1)
    for name, kinds in forms.items():
        for form in kinds:
            for shape in SHAPES:
                for reduction in ["mean", "sum", "none"]:
                    prediction, target = operands(name, shape, form, draws)
                    prediction = prediction.detach().requires_grad_()
                    value = getattr(functional, name)(prediction, target, reduction=reduction)
                    value.sum().backward()
                    yield {
                        "loss": name, "form": form, "reduction": reduction, "shape": shape,
                        "targetShape": list(target.shape), "prediction": numbers(prediction),
                        "target": numbers(target), "value": numbers(value), "gradient": numbers(prediction.grad),
                    }


# Optimizers

OPTIMIZERS = [
    ("sgd", torch.optim.SGD, {}),
    ("sgd", torch.optim.SGD, {"lr": 0.1, "momentum": 0.9, "weight_decay": 0.01}),
    ("sgd", torch.optim.SGD, {"lr": 0.1, "momentum": 0.8, "dampening": 0.3}),
    ("momentum", torch.optim.SGD, {"lr": 0.05, "momentum": 0.9}),
    ("nesterov", torch.optim.SGD, {"lr": 0.05, "momentum": 0.9, "nesterov": True, "weight_decay": 0.1}),
    ("adagrad", torch.optim.Adagrad, {}),
    ("adagrad", torch.optim.Adagrad, {
        "lr": 0.1, "lr_decay": 0.1, "weight_decay": 0.1, "initial_accumulator_value": 0.5, "eps": 1e-3}),
    ("adadelta", torch.optim.Adadelta, {}),
    ("adadelta", torch.optim.Adadelta, {"lr": 0.5, "rho": 0.7, "eps": 1e-3, "weight_decay": 0.1}),
    ("rmsprop", torch.optim.RMSprop, {}),
    ("rmsprop", torch.optim.RMSprop, {
        "lr": 0.02, "alpha": 0.9, "momentum": 0.5, "centered": True, "weight_decay": 0.1, "eps": 0.1}),
    ("adam", torch.optim.Adam, {}),
    ("adam", torch.optim.Adam, {"lr": 0.02, "betas": [0.8, 0.9], "eps": 1e-4, "weight_decay": 0.1}),
    ("adamw", torch.optim.AdamW, {}),
    ("adamw", torch.optim.AdamW, {"lr": 0.1, "weight_decay": 0.2}),
    ("amsgrad", torch.optim.Adam, {"lr": 0.1, "amsgrad": True}),
    ("adafactor", torch.optim.Adafactor, {}),
    ("adafactor", torch.optim.Adafactor, {"lr": 0.05, "d": 2.0, "weight_decay": 0.1, "beta2_decay": -0.5}),
]
PARAMETERS = [[3, 4], [5], [2, 3, 2, 2]]


def optimizer_cases():
    for name, kind, options in OPTIMIZERS:
        draws = Draws(7)
        parameters = [draws.tensor(shape).requires_grad_() for shape in PARAMETERS]
        settings = {key: tuple(value) if isinstance(value, list) else value for key, value in options.items()}
        if kind is torch.optim.Adafactor:
            settings["eps"] = (2.0**-23, 1e-3)
        optimizer = kind(parameters, **settings)
        steps = []
        for _ in range(10):
            for parameter in parameters:
                parameter.grad = draws.tensor(parameter.shape)
            optimizer.step()
            steps.append([numbers(parameter) for parameter in parameters])
        yield {
            "optimizer": name,
            "options": {key: text(value) for key, value in options.items()},
            "shapes": PARAMETERS,
            # The first steps tell bias corrections apart, the last one everything that adds up.
            "steps": {"1": steps[0], "2": steps[1], "10": steps[9]},
        }


def text(value):
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


# LeNet

def lenet(weights, images):
    x = functional.avg_pool2d(functional.conv2d(images, weights[0], weights[1]).relu(), 2)
    x = functional.avg_pool2d(functional.conv2d(x, weights[2], weights[3]).relu(), 2).flatten(1)
    x = functional.linear(x, weights[4], weights[5]).relu()
    x = functional.linear(x, weights[6], weights[7]).relu()
    return functional.linear(x, weights[8], weights[9])


LENET = [
    [6, 1, 5, 5], [6], [16, 6, 5, 5], [16], [120, 256], [120], [84, 120], [84], [10, 84], [10],
]
RUNS = [
    ("sgd", torch.optim.SGD, {"lr": 0.05}), ("momentum", torch.optim.SGD, {"lr": 0.05, "momentum": 0.9}),
    ("adam", torch.optim.Adam, {"lr": 0.003}), ("adamw", torch.optim.AdamW, {"lr": 0.003, "weight_decay": 0.1}),
]
BATCH = 4


def lenet_runs():
    for name, kind, options in RUNS:
        draws = Draws(11)
        weights = []
        for shape in LENET:
            fan = max(1, torch.Size(shape[1:]).numel())
            weights.append((draws.tensor(shape) / fan**0.5).requires_grad_())
        optimizer = kind(weights, **options)
        losses = []
        for step in range(10):
            images = draws.tensor([BATCH, 1, 28, 28])
            labels = torch.tensor([(step + sample) % 10 for sample in range(BATCH)])
            loss = functional.cross_entropy(lenet(weights, images), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss)
        yield {
            "optimizer": name, "options": {key: text(value) for key, value in options.items()}, "batch": BATCH,
            "losses": numbers(torch.stack(losses)),
            # Of large tensors every 97th element, and the sum of squares of all.
            "samples": [numbers(weight.flatten()[::97]) for weight in weights],
            "squares": numbers(torch.stack([weight.square().sum() for weight in weights])),
        }


def main():
    folder = pathlib.Path(sys.argv[1])
    for name, cases in [("losses", loss_cases()), ("optimizers", optimizer_cases()), ("lenet", lenet_runs())]:
        text = json.dumps({"torch": torch.__version__, "cases": list(cases)}, separators=(",", ":"))
        # A line a case, so that changes can be read.
        (folder / f"{name}.json").write_text(text.replace('},{"', '},\n{"') + "\n")


main()
