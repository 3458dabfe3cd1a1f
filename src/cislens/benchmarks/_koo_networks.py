"""Networks of Koo & Ploenzke 2021 with a first layer made otherwise, for the controls."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import torch
from safetensors import torch as safetensors
from torch import Tensor, nn

from cislens.errors import UserError
from cislens.jobs.store import Result
from cislens.models import spec
from cislens.models.activations import Exponential

WEIGHTS = "model.safetensors"


class _Shifted(nn.Module):
    """Give e to the power of x less a shift."""

    def __init__(self, shift: float) -> None:
        super().__init__()
        self.shift = shift

    def forward(self, x: Tensor) -> Tensor:  # numpydoc ignore=PR01,RT01
        """Apply it to every element."""
        return torch.exp(x - self.shift)


def _fans(weight: Tensor) -> tuple[int, int]:
    return weight[0].numel(), weight.shape[0] * weight[0, 0].numel()


def _draw(weight: Tensor, variance: float, shape: str) -> None:
    """Draw from a normal or a uniform distribution of some variance."""
    if shape == "uniform":
        nn.init.uniform_(weight, -math.sqrt(3 * variance), math.sqrt(3 * variance))
    else:
        nn.init.normal_(weight, std=math.sqrt(variance))


VARIANCES: dict[str, Callable[[int, int], float]] = {
    "glorot": lambda fan_in, fan_out: 2 / (fan_in + fan_out),
    "he": lambda fan_in, _: 2 / fan_in,
    "lecun": lambda fan_in, _: 1 / fan_in,
}
"""Variances of initial weights by the numbers of inputs and outputs of a unit."""


def build(recipe: spec.Recipe, *, first: Mapping[str, Any], seed: int) -> nn.Module:
    """Build a network and change its first layer.

    Parameters
    ----------
    recipe
        The network.
    first
        What is changed: "initialiser" ("glorot-normal" to "lecun-uniform"), "sd" (of normal initial
        weights), "scale" (of the exponent), "shift" (of the exponent), "normalised" (False takes
        the batch normalisation out).
    seed
        Seed of all weights; the global state of the generators is left as it was.

    Returns
    -------
    Module
        The untrained network.

    Raises
    ------
    UserError
        If a change is not known.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = spec.build(recipe)
        block: Any = model.get_submodule("layer1")
        for name, value in first.items():
            if name == "initialiser":
                kind, _, shape = value.partition("-")
                _draw(
                    block.convolution.weight,
                    VARIANCES[kind](*_fans(block.convolution.weight)),
                    shape,
                )
            elif name == "sd":
                nn.init.normal_(block.convolution.weight, std=value)
            elif name == "scale":
                block.activation = Exponential(scale=value)
            elif name == "shift":
                block.activation = _Shifted(value)
            elif name == "normalised" and not value:
                block.normalisation = nn.Identity()
            else:
                raise UserError(f"first layer: {name}={value!r} is no known change")
    return model


def trained(recipe: spec.Recipe, given: Mapping[str, Any], trial: Result) -> nn.Module:
    """Build the network of a trial and give it the weights it has learnt.

    Parameters
    ----------
    recipe
        The network.
    given
        Options of the trial: seed, and first where its first layer is another.
    trial
        Its result.

    Returns
    -------
    Module
        The network, in evaluation mode.
    """
    model = build(recipe, first=given.get("first", {}), seed=given["seed"])
    model.load_state_dict(safetensors.load_file(trial.folder / WEIGHTS))
    return model.eval()
