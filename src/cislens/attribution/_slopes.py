"""Multipliers of functions of one number in closed form, exact however near the inputs are.

Each takes the inputs of sequence and reference and the outputs of both.
"""

import math
from collections.abc import Callable

import torch
from torch import Tensor

Slope = Callable[[Tensor, Tensor, Tensor, Tensor], Tensor]


def relu(ours: Tensor, theirs: Tensor, our_value: Tensor, their_value: Tensor) -> Tensor:
    """Share of the way between the inputs that lies above 0."""
    step = ours - theirs
    share = (our_value - their_value).div_(step)
    # Equal inputs give 0 / 0. They are rare, and one sum finds them in less time than a mask.
    if share.sum().isfinite():
        return share
    return torch.where(step == 0, theirs > 0, share)


def exp(ours: Tensor, theirs: Tensor, our_value: Tensor, their_value: Tensor) -> Tensor:
    """Take the larger value times (1 - e^-d) / d, d the distance: nothing cancels or overflows."""
    return torch.maximum(our_value, their_value) * _fading((ours - theirs).abs())


def _fading(distance: Tensor) -> Tensor:
    share = torch.expm1(-distance).neg_() / distance
    return torch.where(distance == 0, 1.0, share)


def expm1(ours: Tensor, theirs: Tensor, our_value: Tensor, their_value: Tensor) -> Tensor:
    """As exp, from values less 1."""
    return exp(ours, theirs, our_value + 1, their_value + 1)


def exp2(ours: Tensor, theirs: Tensor, our_value: Tensor, their_value: Tensor) -> Tensor:
    """As exp, to the base 2."""
    base = math.log(2)
    return exp(base * ours, base * theirs, our_value, their_value) * base


def square(ours: Tensor, theirs: Tensor, _a: Tensor, _b: Tensor) -> Tensor:
    """Sum of the inputs."""
    return ours + theirs


def reciprocal(_ours: Tensor, _theirs: Tensor, our_value: Tensor, their_value: Tensor) -> Tensor:
    """Minus the product of the outputs."""
    return -our_value * their_value


def sqrt(_ours: Tensor, _theirs: Tensor, our_value: Tensor, their_value: Tensor) -> Tensor:
    """One over the sum of the outputs; 0 where both are 0."""
    total = our_value + their_value
    return torch.where(total == 0, 0.0, 1 / total)


def rsqrt(_ours: Tensor, _theirs: Tensor, our_value: Tensor, their_value: Tensor) -> Tensor:
    """Minus the product of the outputs squared over their sum, each once."""
    product = our_value * their_value
    return -product * product / (our_value + their_value)


def log(ours: Tensor, theirs: Tensor, our_value: Tensor, their_value: Tensor) -> Tensor:
    """Logarithm of the ratio over the distance, by log1p where the ratio is near 1."""
    step = ours - theirs
    excess = step / theirs
    near = torch.where(step == 0, 1.0, torch.log1p(excess) / excess) / theirs
    return torch.where(excess.abs() < 0.5, near, (our_value - their_value) / step)


def log1p(ours: Tensor, theirs: Tensor, our_value: Tensor, their_value: Tensor) -> Tensor:
    """As log, of inputs plus 1."""
    return log(ours + 1, theirs + 1, our_value, their_value)


def log2(ours: Tensor, theirs: Tensor, our_value: Tensor, their_value: Tensor) -> Tensor:
    """As log, to the base 2."""
    base = math.log(2)
    return log(ours, theirs, our_value * base, their_value * base) / base


def log10(ours: Tensor, theirs: Tensor, our_value: Tensor, their_value: Tensor) -> Tensor:
    """As log, to the base 10."""
    base = math.log(10)
    return log(ours, theirs, our_value * base, their_value * base) / base


def logarithmic_mean(ours: Tensor, theirs: Tensor) -> Tensor:
    """Give (p - q) / (log p - log q) of two tensors of log p and log q; 0 where one p is 0."""
    distance = (ours - theirs).abs()
    mean = torch.maximum(ours, theirs).exp() * _fading(distance)
    return torch.where(distance.isfinite(), mean, 0.0)


SLOPES: dict[str, Slope] = {
    "relu": relu,
    "exp": exp,
    "expm1": expm1,
    "exp2": exp2,
    "square": square,
    "reciprocal": reciprocal,
    "sqrt": sqrt,
    "rsqrt": rsqrt,
    "log": log,
    "log1p": log1p,
    "log2": log2,
    "log10": log10,
}
"""By the name of the function."""
