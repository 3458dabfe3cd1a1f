"""First-layer activations: the standard ones and those of Koo & Ploenzke 2021, as modules.

Every activation is an ``nn.Module`` of its own, so hooks see it, and holds no weights. Only the
functions that PyTorch lacks are defined here.

References
----------
Koo & Ploenzke 2021, Nature Machine Intelligence 3:258, doi 10.1038/s42256-020-00291-x: the
modified, shifted and scaled forms. The form called "scaled relu" there cubes, and is named
``cubed-relu`` here.
"""

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor, nn

from cislens.models import _names, _precision


class Exponential(nn.Module):
    """Give e to the power of scale x, where x may be cut off above.

    Under autocast it is evaluated in float32: float16 overflows at x = 11.1.

    Parameters
    ----------
    scale
        Factor of x.
    ceiling
        Largest x let through; infinity lets through all, and float32 then overflows at x = 88.
    """

    def __init__(self, *, scale: float = 1.0, ceiling: float = float("inf")) -> None:
        super().__init__()
        self.scale = scale
        self.ceiling = ceiling

    def forward(self, x: Tensor) -> Tensor:  # numpydoc ignore=PR01,RT01
        """Apply it to every element."""
        if _precision.autocasts(x):
            x = x.float()
        if self.ceiling < float("inf"):
            x = x.clamp(max=self.ceiling)
        return torch.exp(x if self.scale == 1 else self.scale * x)

    def extra_repr(self) -> str:  # numpydoc ignore=RT01
        """Show the two constants."""
        return f"scale={self.scale:g}, ceiling={self.ceiling:g}"


class ScaledSigmoid(nn.Module):
    """Give height times the sigmoid of x - shift.

    Parameters
    ----------
    height
        Upper limit of the output.
    shift
        The x of half the height.
    """

    def __init__(self, *, height: float = 1.0, shift: float = 0.0) -> None:
        super().__init__()
        self.height = height
        self.shift = shift

    def forward(self, x: Tensor) -> Tensor:  # numpydoc ignore=PR01,RT01
        """Apply it to every element."""
        return self.height * torch.sigmoid(x - self.shift)

    def extra_repr(self) -> str:  # numpydoc ignore=RT01
        """Show the two constants."""
        return f"height={self.height:g}, shift={self.shift:g}"


class ScaledTanh(nn.Module):
    """Give height times the hyperbolic tangent of x - shift, plus offset.

    Parameters
    ----------
    height
        Half the distance between the two limits of the output.
    shift
        The x of the steepest slope.
    offset
        The output there.
    """

    def __init__(self, *, height: float = 1.0, shift: float = 0.0, offset: float = 0.0) -> None:
        super().__init__()
        self.height = height
        self.shift = shift
        self.offset = offset

    def forward(self, x: Tensor) -> Tensor:  # numpydoc ignore=PR01,RT01
        """Apply it to every element."""
        return self.height * torch.tanh(x - self.shift) + self.offset

    def extra_repr(self) -> str:  # numpydoc ignore=RT01
        """Show the three constants."""
        return f"height={self.height:g}, shift={self.shift:g}, offset={self.offset:g}"


class PowerRelu(nn.Module):
    """Give the positive part of x - shift, raised to a power.

    Parameters
    ----------
    power
        The power, a positive whole number.
    shift
        The largest x whose output is 0.
    """

    def __init__(self, *, power: int = 1, shift: float = 0.0) -> None:
        super().__init__()
        self.power = power
        self.shift = shift

    def forward(self, x: Tensor) -> Tensor:  # numpydoc ignore=PR01,RT01
        """Apply it to every element."""
        return torch.relu(x - self.shift) ** self.power

    def extra_repr(self) -> str:  # numpydoc ignore=RT01
        """Show the two constants."""
        return f"power={self.power}, shift={self.shift:g}"


class FlattenedExponential(nn.Module):
    """Give the positive part of e to the power of x / 10, minus 1: an exponential made weak."""

    def forward(self, x: Tensor) -> Tensor:  # numpydoc ignore=PR01,RT01
        """Apply it to every element."""
        return torch.relu(torch.expm1(0.1 * x))


class LogMagnitude(nn.Module):
    """Give the natural logarithm of abs(x) + 1e-10."""

    def forward(self, x: Tensor) -> Tensor:  # numpydoc ignore=PR01,RT01
        """Apply it to every element."""
        return _log_magnitude(x)


class LogRelu(nn.Module):
    """Give the positive part of the natural logarithm of abs(x) + 1e-10."""

    def forward(self, x: Tensor) -> Tensor:  # numpydoc ignore=PR01,RT01
        """Apply it to every element."""
        return torch.relu(_log_magnitude(x))


def _log_magnitude(x: Tensor) -> Tensor:
    # 1e-10 is 0 in float16.
    if _precision.autocasts(x):
        x = x.float()
    return torch.log(x.abs() + 1e-10)


ACTIVATIONS: dict[str, Callable[[], nn.Module]] = {
    "relu": nn.ReLU,
    "exponential": Exponential,
    "exponential-clamped": partial(Exponential, ceiling=10.0),
    "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh,
    "softplus": nn.Softplus,
    "linear": nn.Identity,
    "elu": nn.ELU,
    "gelu": nn.GELU,
    "silu": nn.SiLU,
    "threshold": partial(nn.Threshold, 0.0, 1e-6),
    "modified-sigmoid": partial(ScaledSigmoid, height=4000.0, shift=8.0),
    "shifted-sigmoid": partial(ScaledSigmoid, shift=8.0),
    "scaled-sigmoid": partial(ScaledSigmoid, height=4000.0),
    "modified-tanh": partial(ScaledTanh, height=500.0, shift=6.0, offset=500.0),
    "shifted-tanh": partial(ScaledTanh, shift=6.0),
    "scaled-tanh": partial(ScaledTanh, height=500.0, offset=500.0),
    "modified-relu": partial(PowerRelu, power=3, shift=0.2),
    "shifted-relu": partial(PowerRelu, shift=0.2),
    "cubed-relu": partial(PowerRelu, power=3),
    "modified-exponential": FlattenedExponential,
    "log-relu": LogRelu,
    "log": LogMagnitude,
}
"""Makers of activations by name."""


def build(name: str) -> nn.Module:
    """Make an activation.

    Parameters
    ----------
    name
        A key of `ACTIVATIONS`.

    Returns
    -------
    nn.Module
        A new module, without weights.

    Raises
    ------
    UserError
        If there is no activation of that name.
    """
    if name not in ACTIVATIONS:
        raise _names.unknown("activation", name, ACTIVATIONS)
    return ACTIVATIONS[name]()
