"""Toy networks whose answers are known by hand, and small networks of the zoo."""

import numpy as np
import pytest
import torch
from torch import nn

from cislens.models import spec
from cislens.models.zoo import ARCHITECTURES

SMALL = 0.1


class Linear(nn.Module):
    """Sums weights over the sequence: the gradient is the weights themselves."""

    def __init__(self, length, outputs):
        super().__init__()
        self.weights = nn.Parameter(torch.randn(outputs, 4, length))

    def forward(self, onehot):
        return torch.einsum("bcl,ocl->bo", onehot, self.weights)


class MotifCounter(nn.Module):
    """Counts ACG with a convolution that is exactly 1 on it and at most 0 elsewhere."""

    def __init__(self):
        super().__init__()
        self.scan = nn.Conv1d(4, 1, 3)
        self.hit = nn.ReLU()
        with torch.no_grad():
            self.scan.weight.copy_(torch.eye(4)[:3].T[None])
            self.scan.bias.fill_(-2.0)

    def forward(self, onehot):
        return self.hit(self.scan(onehot)).sum(dim=-1)


@pytest.fixture
def linear():
    return Linear(20, 3)


@pytest.fixture
def motif_counter():
    return MotifCounter()


@pytest.fixture
def random_codes(rng):
    def draw(count, length):
        return rng.integers(0, 5, (count, length), dtype=np.uint8)

    return draw


@pytest.fixture
def small():
    """Build a narrow network of the zoo at a short length, its normalisation not at its start."""

    def build(architecture, *, outputs=2, activation="relu"):
        make = ARCHITECTURES[architecture]
        model = make(
            input_length=least_length(architecture),
            outputs=outputs,
            activation=activation,
            width_multiplier=SMALL,
        )
        for module in model.modules():
            if isinstance(module, nn.BatchNorm1d):
                nn.init.normal_(module.running_mean, std=0.1)
                nn.init.uniform_(module.running_var, 0.5, 1.5)
        return model

    return build


LENGTHS = {"residualbind": 300, "beluga": 320, "deepsea": 180, "basset": 180, "basset-koo": 150}


def least_length(architecture):
    return LENGTHS.get(architecture, 120)


@pytest.fixture
def trace():
    """Run a network of the zoo without memory: its number of weights, and shapes by layer."""

    def run(build, **options):
        shapes = {}
        with torch.device("meta"):
            model = build(**options)
            for name, module in model.named_children():
                module.register_forward_hook(
                    lambda _m, _i, out, name=name: shapes.update({name: tuple(out.shape[1:])})
                )
            model.eval()(torch.empty(1, 4, options["input_length"]))
        return spec.parameters(model), shapes

    return run


@pytest.fixture(params=list(ARCHITECTURES))
def architecture(request):
    return request.param


@pytest.fixture
def length(architecture):
    return least_length(architecture)
