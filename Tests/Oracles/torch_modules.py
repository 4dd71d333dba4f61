"""Runs PyTorch's modules in 64 bits and prints what their Swift twins must compute, as JSON.

Usage: torch_modules.py > Tests/Fixtures/torch_modules.json

Made once and kept, for PyTorch is too large to install for every run of the tests (torch 2.13.0, CPU). Parameters and inputs are
a formula of their names and places, which the tests know, too.
"""

import json

import numpy as np
import torch
from torch import nn


def numbers(name, shape):
    """0.4 sin(1.7 i + length of the name), and 1 more for variances."""
    places = np.arange(int(np.prod(shape)), dtype=np.float64)
    values = 0.4 * np.sin(1.7 * places + len(name)) + (1 if name.endswith("running_var") else 0)
    return torch.tensor(values.reshape(shape))


class Attention(nn.Module):
    """Attention without its weights as a second output."""

    def __init__(self, **options):
        super().__init__()
        self.attention = nn.MultiheadAttention(8, 2, **options)

    def forward(self, query, *memory):
        key, value = memory or (query, query)
        return self.attention(query, key, value)[0]


class Recurrent(nn.Module):
    """A recurrent layer: all states, and the last hidden ones in one list."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, x):
        states, last = self.layer(x)
        hidden = last[0] if isinstance(last, tuple) else last
        return torch.cat([states.flatten(), hidden.flatten()])


IMAGE = [2, 4, 6, 8]
CASES = {
    "Linear": (nn.Linear(6, 5), [[3, 6]]),
    "Linear of sequences": (nn.Linear(6, 5), [[2, 3, 6]]),
    "Linear without bias": (nn.Linear(6, 5, bias=False), [[3, 6]]),
    "Conv1d": (nn.Conv1d(4, 6, 3, stride=2, padding=1), [[2, 4, 9]]),
    "Conv2d": (nn.Conv2d(4, 6, (3, 2), stride=(2, 1), padding=(1, 0), dilation=(1, 2), groups=2), [IMAGE]),
    "Conv3d": (nn.Conv3d(2, 3, 2, bias=False), [[1, 2, 3, 4, 5]]),
    "ConvTranspose2d": (nn.ConvTranspose2d(4, 6, 3, stride=2, padding=1, output_padding=1, groups=2), [IMAGE]),
    "BatchNorm1d": (nn.BatchNorm1d(6), [[3, 6]]),
    "BatchNorm2d": (nn.BatchNorm2d(4, eps=1e-3), [IMAGE]),
    "BatchNorm3d": (nn.BatchNorm3d(3), [[2, 3, 2, 3, 2]]),
    "BatchNorm2d without affine": (nn.BatchNorm2d(4, affine=False), [IMAGE]),
    "LayerNorm": (nn.LayerNorm([3, 6]), [[2, 3, 6]]),
    "LayerNorm without affine": (nn.LayerNorm(6, elementwise_affine=False), [[2, 3, 6]]),
    "GroupNorm": (nn.GroupNorm(2, 4), [IMAGE]),
    "ReLU": (nn.ReLU(), [[3, 9]]),
    "ReLU6": (nn.ReLU6(), [[3, 9]]),
    "LeakyReLU": (nn.LeakyReLU(), [[3, 9]]),
    "ELU": (nn.ELU(), [[3, 9]]),
    "Softplus": (nn.Softplus(), [[3, 9]]),
    "Mish": (nn.Mish(), [[3, 9]]),
    "PReLU": (nn.PReLU(), [[3, 9]]),
    "PReLU of channels": (nn.PReLU(4), [IMAGE]),
    "GELU": (nn.GELU(), [[3, 9]]),
    "GELU with tanh": (nn.GELU(approximate="tanh"), [[3, 9]]),
    "SiLU": (nn.SiLU(), [[3, 9]]),
    "Hardswish": (nn.Hardswish(), [[3, 9]]),
    "Hardsigmoid": (nn.Hardsigmoid(), [[3, 9]]),
    "Sigmoid": (nn.Sigmoid(), [[3, 9]]),
    "Tanh": (nn.Tanh(), [[3, 9]]),
    "Softmax": (nn.Softmax(dim=1), [[3, 9, 2]]),
    "LogSoftmax": (nn.LogSoftmax(dim=-1), [[3, 9]]),
    "MaxPool2d": (nn.MaxPool2d(3, stride=2, padding=1), [IMAGE]),
    "MaxPool2d rounding up": (nn.MaxPool2d(3, ceil_mode=True), [IMAGE]),
    "AvgPool2d": (nn.AvgPool2d((3, 2), padding=1), [IMAGE]),
    "AvgPool2d of images alone": (nn.AvgPool2d(3, stride=2, padding=1, count_include_pad=False), [IMAGE]),
    "AdaptiveAvgPool2d": (nn.AdaptiveAvgPool2d((3, 2)), [IMAGE]),
    "AdaptiveAvgPool2d of one": (nn.AdaptiveAvgPool2d(1), [IMAGE]),
    "Flatten": (nn.Flatten(), [IMAGE]),
    "Sequential": (nn.Sequential(nn.Linear(6, 4), nn.ReLU(), nn.Dropout(), nn.Linear(4, 2)), [[3, 6]]),
    "MultiheadAttention": (Attention(), [[5, 2, 8]]),
    "MultiheadAttention, batch first": (Attention(batch_first=True, bias=False), [[2, 5, 8]]),
    "MultiheadAttention to memory": (Attention(batch_first=True), [[2, 3, 8], [2, 5, 8], [2, 5, 8]]),
    "TransformerEncoderLayer": (nn.TransformerEncoderLayer(8, 2, 16, batch_first=True), [[2, 5, 8]]),
    "TransformerEncoderLayer, norm first": (
        nn.TransformerEncoderLayer(8, 2, 16, activation="gelu", norm_first=True),
        [[5, 2, 8]],
    ),
    "TransformerEncoder": (
        nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16), 2, norm=nn.LayerNorm(8)),
        [[5, 2, 8]],
    ),
    "RNN": (Recurrent(nn.RNN(3, 4)), [[5, 2, 3]]),
    "RNN with ReLU": (Recurrent(nn.RNN(3, 4, nonlinearity="relu", bias=False)), [[5, 2, 3]]),
    "LSTM": (Recurrent(nn.LSTM(3, 4, num_layers=2, batch_first=True, bidirectional=True)), [[2, 5, 3]]),
    "GRU": (Recurrent(nn.GRU(3, 4, num_layers=2)), [[5, 2, 3]]),
}


def main():
    result = []
    for name, (module, shapes) in CASES.items():
        module = module.double().eval()
        state = {key: numbers(key, value.shape) for key, value in module.state_dict().items() if value.dim() > 0}
        module.load_state_dict(state, strict=False)
        with torch.no_grad():
            output = module(*(numbers(f"input{i}", shape) * 5 for i, shape in enumerate(shapes)))
        result.append(
            {
                "name": name,
                "inputs": shapes,
                "parameters": {key: list(value.shape) for key, value in state.items()},
                "output": [round(value, 9) for value in output.flatten().tolist()],
            }
        )
    print("[\n" + ",\n".join(json.dumps(case) for case in result) + "\n]")


main()
