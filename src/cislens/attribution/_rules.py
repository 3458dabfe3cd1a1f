"""Rules of DeepLIFT: how the change of an output is shared out among the inputs of a function.

A rule meets each call twice. For the sequences it is asked to ``remember`` what it will need; for
each block of references it gives the value there, with a backward pass in which derivatives are
replaced by multipliers: numbers m such that the sum of m × (change of input) is the change of the
output. Calls are compared position by position, so both runs see tensors of one shape.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
import torch
from torch import Tensor

from cislens.attribution._calls import Call, Value, leaves, mapped

Memory = list[Tensor]


@runtime_checkable
class Rule(Protocol):
    """What the engine asks of a rule."""

    def remember(self, call: Call) -> tuple[Value, Memory]:
        """Give the result of the call on the sequences, and what to keep of it."""

    def explain(self, call: Call, memory: Memory) -> Value:
        """Give the result of the call on references, with multipliers for derivatives."""


class Bends(Exception):  # noqa: N818, a signal and no error
    """Says why a rule misses part of a change, and what it gives for the rest."""

    def __init__(self, reason: str, result: Value) -> None:
        super().__init__(reason)
        self.result = result


@dataclass
class _Held:
    """Tensors that pass into an autograd function unseen."""

    value: Tensor
    backward: Callable[[Tensor], Tensor]


class _Explained(torch.autograd.Function):
    """Gives one tensor forward, and anything linear backward."""

    @staticmethod
    def forward(ctx: Value, input: Tensor, held: _Held) -> Tensor:  # noqa: A002
        ctx.held_backward = held.backward
        # An alias: the tensor itself would hold, by way of its history, what computes the gradient.
        return held.value.detach()

    @staticmethod
    def backward(ctx: Value, *gradients: Value) -> Value:
        return ctx.held_backward(gradients[0]), None


def replaced(moving: Tensor, value: Tensor, backward: Callable[[Tensor], Tensor]) -> Tensor:
    """Give a value whose gradient reaches ``moving`` by a linear map of our own."""
    # A view could not be changed in place afterwards, as the user's forward pass may do.
    value = value.clone() if value._is_view() else value
    result: Tensor = _Explained.apply(moving, _Held(value, backward))  # type: ignore[no-untyped-call]
    return result


def moves(tensor: Tensor) -> bool:
    """Say whether a tensor depends on the sequence, in the run of the references."""
    return tensor.requires_grad


def differs(ours: Tensor, theirs: Tensor) -> bool:
    """Say whether two tensors hold different numbers."""
    same_memory = ours.data_ptr() == theirs.data_ptr() and ours.shape == theirs.shape
    return not same_memory and not torch.equal(ours, theirs)


class Linear:
    """The map is linear, or affine: derivatives are multipliers as they are."""

    def remember(self, call: Call) -> tuple[Value, Memory]:
        """Keep nothing."""
        return call.run(), []

    def explain(self, call: Call, memory: Memory) -> Value:
        """Leave the backward pass to PyTorch."""
        return call.run()


class Picking(Linear):
    """Linear if the same elements are picked, or put, for the sequence and for the reference."""

    def remember(self, call: Call) -> tuple[Value, Memory]:
        """Keep which elements, and the shape of what they are picked from."""
        kept = [_shape_of(t) if t.is_floating_point() else t for t in call.tensors()]
        return call.run(), kept

    def explain(self, call: Call, memory: Memory) -> Value:
        """Leave the backward pass to PyTorch."""
        pairs = zip(memory, call.tensors(), strict=True)
        if any(differs(a, b) for a, b in pairs if not b.is_floating_point()):
            raise Bends("picks other elements for a reference than for the sequence", call.run())
        return call.run()


def _shape_of(tensor: Tensor) -> Tensor:
    """Stand in for a tensor of which only the shape counts."""
    return tensor.new_empty(()).expand(tensor.shape)


class BatchNorm(Linear):
    """Affine with the statistics of training; with those of the batch, rows see each other."""

    def explain(self, call: Call, memory: Memory) -> Value:
        """Leave the backward pass to PyTorch."""
        # Sixth in both torch.nn.functional and torch.
        if call.options.get("training", call.args[5] if len(call.args) > 5 else False):
            raise Bends("takes the statistics of the batch", call.run())
        return call.run()


@dataclass(frozen=True)
class Path:
    """Gradients averaged on the straight line between the inputs (Aumann and Shapley 1974).

    With n Gauss-Legendre points it is exact for polynomials of degree 2 n, so one point, the
    middle, does for products of two inputs. For functions of one number it is the rescale rule.
    """

    points: int

    def remember(self, call: Call) -> tuple[Value, Memory]:
        """Keep the inputs."""
        return call.run(), call.tensors()

    def explain(self, call: Call, memory: Memory) -> Value:
        """Run the call at the points too, and let the gradient pass through those."""
        tensors = call.tensors()
        value = call.detached().run()
        if not any(moves(tensor) for tensor in tensors):
            return value
        places, weights = np.polynomial.legendre.leggauss(self.points)
        runs = [
            list(leaves(call.on(_between(memory, tensors, float(place))).run()))
            for place in (places + 1) / 2
        ]
        carriers = iter(
            [
                _weighted(column, weights / 2)
                if len(column) > 1 and column[0].is_floating_point()
                else column[0]
                for column in zip(*runs, strict=True)
            ]
        )

        def carried(result: Tensor) -> Tensor:
            carrier = next(carriers)
            if not result.is_floating_point() or not carrier.requires_grad:
                return result
            return replaced(carrier, result, lambda gradient: gradient)

        return mapped(value, carried)


def _weighted(column: tuple[Tensor, ...], weights: np.ndarray) -> Tensor:
    return torch.stack([float(w) * c for w, c in zip(weights, column, strict=True)]).sum(dim=0)


def _between(ours: Memory, theirs: Memory, share: float) -> Memory:
    """Go a share of the way from the reference, where the gradient passes unchanged."""
    return [
        b + (a - b.detach()) * share if b.is_floating_point() and a is not b else b
        for a, b in zip(ours, theirs, strict=False)
    ]


LINEAR = Linear()


@dataclass(frozen=True)
class Rewrite:
    """The function is the same as one of simpler calls, which have rules of their own."""

    simpler: Callable[..., Value]
