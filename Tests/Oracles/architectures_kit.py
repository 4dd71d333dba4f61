"""What the lists of architectures share: how one is described, and how a wide one is made narrow.

Importing this file also declares the two operators of torchvision's compiled half that importing torchvision asks for: PyPI's
torchvision is built for CUDA and cannot load that half beside a torch without CUDA. No architecture here uses them.
"""

import contextlib
import functools
import importlib.util
import inspect
from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import nn

# The lengths of open dimensions: those that a model is exported with, and others that it must do as well with.
LENGTHS = {
    "batch": (2, 3),
    "sequence": (8, 11),
    "target": (6, 9),
    "past": (5, 7),
    "total": (13, 18),  # past + sequence
    "frames": (32, 48),
    "nodes": (12, 7),
    "height": (32, 48),
    "width": (40, 24),
}


class Input(NamedTuple):
    """An input: its shape, where a name is an open dimension; and for integers, what they are less than."""

    shape: tuple
    below: int | None = None

    def example(self):
        """A random tensor of the lengths that models are exported with; masks, the integers below 2, let everything through."""
        shape = [LENGTHS[length][0] if isinstance(length, str) else length for length in self.shape]
        if self.below is None:
            return torch.randn(shape)
        return torch.ones(shape, dtype=torch.int64) if self.below == 2 else torch.randint(0, self.below, shape)


class Architecture(NamedTuple):
    """A network to be exported: its name, what makes it, and its inputs by name in the order of its arguments."""

    name: str
    make: Callable[[], nn.Module]
    inputs: dict[str, Input]


def image(size=64, channels=3):
    """The input of most vision models: square images in an open batch."""
    return {"image": Input(("batch", channels, size, size))}


WIDTHS = {
    nn.Conv2d: ("in_channels", "out_channels", "groups"),
    nn.BatchNorm2d: ("num_features",),
    nn.Linear: ("in_features", "out_features"),
}


@contextlib.contextmanager
def narrow(divisor):
    """Within it every layer made has so many times fewer channels; counts that are no multiple (3 colours, 10 classes) stay."""
    originals = {layer: layer.__init__ for layer in WIDTHS}

    def narrowed(original, names):
        signature = inspect.signature(original)

        @functools.wraps(original)
        def make(*positional, **named):
            call = signature.bind(*positional, **named)
            for name in names:
                width = call.arguments.get(name, 1)
                if isinstance(width, int) and width % divisor == 0:
                    call.arguments[name] = width // divisor
            original(*call.args, **call.kwargs)

        return make

    try:
        for layer, names in WIDTHS.items():
            layer.__init__ = narrowed(originals[layer], names)
        yield
    finally:
        for layer, original in originals.items():
            layer.__init__ = original


def stirred(module):
    """The module, with every parameter and running statistic that begins as a constant off it: zeros and ones hide differences."""
    statistics = [(name, one) for name, one in module.named_buffers() if name.rsplit(".")[-1] in ("running_mean", "running_var")]
    with torch.no_grad():
        for name, one in [*module.named_parameters(), *statistics]:
            if one.is_floating_point() and one.numel() and one.min() == one.max():
                change = 0.1 * torch.randn_like(one)
                one += change.abs() if name.endswith("running_var") else change
    return module


def declare_missing_operators():
    """Declares what importing torchvision asks for where its compiled half cannot be loaded."""
    if torch.version.cuda is not None or importlib.util.find_spec("torchvision") is None:
        return None
    library = torch.library.Library("torchvision", "DEF")
    for name in ("nms", "qnms"):
        library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    return library


# Kept: the declarations end with the object.
DECLARED = declare_missing_operators()
