"""Toy networks for the methods, and sequences to explain."""

import jaxtyping
import numpy as np
import pytest
import torch
from torch import nn

from cislens.sequence import onehot as onehots

LENGTH = 24


class Linear(nn.Module):
    """Sums weights over the sequence: every method is exact."""

    def __init__(self, length, outputs):
        super().__init__()
        self.weights = nn.Parameter(torch.randn(outputs, 4, length))
        self.bias = nn.Parameter(torch.randn(outputs))

    def forward(self, onehot):
        return torch.einsum("bcl,ocl->bo", onehot, self.weights) + self.bias


class Overlaps(nn.Module):
    """Multiplies neighbouring bases: smooth, so derivatives are right everywhere."""

    def __init__(self):
        super().__init__()
        self.scan = nn.Conv1d(4, 6, 5)
        self.mix = nn.Linear(6, 3)

    def forward(self, onehot):
        return self.mix(torch.tanh(self.scan(onehot)).square().sum(dim=-1))


@pytest.fixture
def linear():
    return Linear(LENGTH, 3)


@pytest.fixture
def smooth():
    return Overlaps().double().eval()


@pytest.fixture
def network():
    """Build a network of layers with every kind of state mixed."""
    model = nn.Sequential(
        nn.Conv1d(4, 6, 5),
        nn.BatchNorm1d(6),
        nn.ReLU(),
        nn.MaxPool1d(4),
        nn.Dropout(0.5),
        nn.Flatten(),
        nn.Linear(30, 3),
    )
    nn.init.normal_(model[1].running_mean, std=0.1)
    nn.init.uniform_(model[1].running_var, 0.5, 1.5)
    model[1].eval()
    model[0].weight.requires_grad_(False)
    return model


@pytest.fixture
def onehot(rng):
    """Give sequences of which the first and the last have an N each."""
    codes = rng.integers(0, 4, (5, LENGTH), dtype=np.uint8)
    codes[0, 3] = codes[4, LENGTH - 1] = 4
    return onehots.from_codes(codes)


@pytest.fixture
def unchecked_shapes():
    """Let wrong shapes through to the checks that users meet, who run without jaxtyping's."""
    jaxtyping.config.update("jaxtyping_disable", True)
    yield
    jaxtyping.config.update("jaxtyping_disable", False)


@pytest.fixture
def slope(smooth, onehot):
    """Differentiate by central differences, one element at a time: slow and obvious."""

    def number(x, target):
        with torch.no_grad():
            return smooth(x[None])[0, target].item()

    def differentiate(target, *, step=1e-5):
        gradient = torch.zeros(onehot.shape, dtype=torch.float64)
        for row, base, position in np.ndindex(*onehot.shape):
            up, down = onehot[row].double(), onehot[row].double()
            up[base, position] += step
            down[base, position] -= step
            gradient[row, base, position] = (number(up, target) - number(down, target)) / (2 * step)
        return gradient

    return differentiate
