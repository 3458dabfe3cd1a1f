"""Rules of functions that pick elements or share a total: maxima, conditions, softmax."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from cislens.attribution import _kernels, _slopes
from cislens.attribution._calls import Call, Value
from cislens.attribution._pointwise import share_of
from cislens.attribution._rules import Memory, differs, moves, replaced


@dataclass(frozen=True)
class MaxPool:
    """The change of a maximum goes to one element: where the larger of the two maxima stands.

    That element changes by at least as much, so its multiplier is at most 1. Windows may overlap,
    be padded or dilated. ``axes`` is how many last axes are pooled.
    """

    axes: int
    adaptive: bool = False
    with_indices: bool = False

    def remember(self, call: Call) -> tuple[Value, Memory]:
        """Keep input, maxima and where they stand."""
        value, places = self._pool(call)
        return self._result(value, places), [call.tensors()[0], value, places]

    def explain(self, call: Call, memory: Memory) -> Value:
        """Send the gradient to the chosen elements."""
        value, places = self._pool(call.detached())
        moving, chosen, share = self._shared(call.tensors()[0], memory, value, places)

        def backward(gradient: Tensor) -> Tensor:
            spread = torch.zeros_like(moving).flatten(-self.axes)
            spread.scatter_add_(-1, chosen, gradient.flatten(-self.axes) * share)
            return spread.view(moving.shape)

        return self._result(replaced(moving, value, backward), places)

    def _shared(
        self, moving: Tensor, memory: Memory, value: Tensor, places: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Give what answers for the maxima, which of its elements, and their multipliers."""
        ours, our_value, our_places = memory
        source = getattr(moving, "explained_source", None)
        if source is not None and self.axes == 1:
            inputs = source.rectified()
            if inputs is not None and _kernels.fit(*inputs, our_value, value):
                pairs = (our_value, value), (our_places, places)
                return source.moving, *_kernels.pooled(inputs, *pairs)
        chosen = torch.where(our_value >= value, our_places, places).flatten(-self.axes)

        def pick(tensor: Tensor) -> Tensor:
            return tensor.flatten(-self.axes).gather(-1, chosen)

        maxima = our_value.flatten(-self.axes), value.flatten(-self.axes)
        if source is not None:
            # Past the activation that was pooled, straight to what went into it.
            return source.moving, chosen, source.shares(pick, *maxima)
        step = pick(ours) - pick(moving.detach())
        return moving, chosen, share_of(maxima[0] - maxima[1], step)

    def _pool(self, call: Call) -> tuple[Tensor, Tensor]:
        if self.axes == 1 and not self.adaptive:
            window = _window(*call.args, **call.options)
            if window is not None:
                return _kernels.highest(*window)
        kind = "adaptive_max_pool" if self.adaptive else "max_pool"
        pool = getattr(functional, f"{kind}{self.axes}d")
        options = {**call.options, "return_indices": True}
        value, places = pool(*call.args, **options)
        return value, places

    def _result(self, value: Tensor, places: Tensor) -> Value:
        return (value, places) if self.with_indices else value


def _window(
    input: Tensor,  # noqa: A002, the names PyTorch has
    kernel_size: Value,
    stride: Value = None,
    padding: Value = 0,
    dilation: Value = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> tuple[Tensor, int, int, int] | None:
    """Give tensor, size, stride and padding of a pool that the compiled loop can do."""
    given = (kernel_size, stride or kernel_size, padding, dilation)
    size, step, margin, gap = (n[0] if isinstance(n, (tuple, list)) else n for n in given)
    plain = gap == 1 and not ceil_mode and 2 * margin <= size <= input.shape[-1]
    return (input, size, step, margin) if plain and _kernels.fit(input) else None


class Max:
    """The maximum along one axis, as of a pool with one window."""

    def remember(self, call: Call) -> tuple[Value, Memory]:
        """Keep input, maxima and where they stand."""
        tensor, dim, keepdim = _along(*call.args, **call.options)
        value, places = tensor.max(dim, keepdim=True)
        result = value if keepdim else value.squeeze(dim)
        return result, [tensor, value, places]

    def explain(self, call: Call, memory: Memory) -> Value:
        """Send the gradient to the chosen elements."""
        tensor, dim, keepdim = _along(*call.args, **call.options)
        value, places = tensor.detach().max(dim, keepdim=True)
        ours, our_value, our_places = memory
        chosen = torch.where(our_value >= value, our_places, places)
        step = ours.gather(dim, chosen) - tensor.detach().gather(dim, chosen)
        share = share_of(our_value - value, step)

        def backward(gradient: Tensor) -> Tensor:
            return torch.zeros_like(tensor).scatter_(dim, chosen, gradient * share)

        result = replaced(tensor, value, backward) if moves(tensor) else value
        return result if keepdim else result.squeeze(dim)


def _along(
    input: Tensor,  # noqa: A002, the name PyTorch has
    dim: int | tuple[int, ...],
    keepdim: bool = False,
) -> tuple[Tensor, int, bool]:
    assert isinstance(dim, int)
    return input, dim, keepdim


class Where:
    """Where a condition differs, the whole change goes to the two values, by their own changes."""

    def remember(self, call: Call) -> tuple[Value, Memory]:
        """Keep condition, values and output."""
        value = call.run()
        return value, [*call.tensors(), value]

    def explain(self, call: Call, memory: Memory) -> Value:
        """Scale the gradients of both values."""
        condition, first, second = _choice(*call.args, **call.options)
        if not differs(memory[0], condition):
            return call.run()
        ours = _choice(*call.on(memory[:-1]).args, **call.on(memory[:-1]).options)
        value = call.detached().run()
        same = memory[0] == condition
        steps = [_step(a, b, value) for a, b in zip(ours[1:], (first, second), strict=True)]
        total = steps[0] ** 2 + steps[1] ** 2
        push = torch.where(total == 0, 0.0, (memory[-1] - value) / total)
        picks = (condition, ~condition)
        result = value
        for tensor, step, pick in zip((first, second), steps, picks, strict=True):
            if isinstance(tensor, Tensor) and moves(tensor):
                multiplier = torch.where(same, pick.to(step.dtype), push * step)
                share = replaced(
                    tensor.expand(value.shape), torch.zeros_like(value), multiplier.mul
                )
                result = result + share
        return result


def _choice(condition: Tensor, input: Value, other: Value) -> tuple[Tensor, Value, Value]:  # noqa: A002
    return condition, input, other


def _step(ours: Value, theirs: Value, value: Tensor) -> Tensor:
    if not isinstance(theirs, Tensor) or not moves(theirs):
        return torch.zeros_like(value)
    step: Tensor = (ours - theirs.detach()).expand(value.shape)
    return step


@dataclass(frozen=True)
class Softmax:
    """Softmax, its logarithm, or the logarithm of its sum, by logarithmic means.

    With p and q the two softmaxes and L = (p - q) / (log p - log q), the change of log sum exp is
    exactly the mean of the changes of the inputs weighted by L; a softmax changes by L times the
    change of its logarithm. At p = q these are the derivatives; nothing overflows.
    """

    kind: str

    def remember(self, call: Call) -> tuple[Value, Memory]:
        """Keep the input."""
        return call.run(), [call.tensors()[0]]

    def explain(self, call: Call, memory: Memory) -> Value:
        """Share out by logarithmic means."""
        value = call.detached().run()
        moving = call.tensors()[0]
        dim, keepdim = _axis(self.kind, *call.args, **call.options)
        theirs = moving.detach().log_softmax(dim)
        mean = _slopes.logarithmic_mean(memory[0].log_softmax(dim), theirs)
        weight = mean / mean.sum(dim, keepdim=True)

        def backward(gradient: Tensor) -> Tensor:
            if self.kind == "logsumexp":
                return weight * (gradient if keepdim else gradient.unsqueeze(dim))
            scaled = gradient * mean if self.kind == "softmax" else gradient
            return scaled - weight * scaled.sum(dim, keepdim=True)

        return replaced(moving, value, backward) if moves(moving) else value


def _axis(
    kind: str,
    input: Tensor,  # noqa: A002
    dim: Value = None,
    keepdim: Value = False,
    _stacklevel: int = 3,
    dtype: torch.dtype | None = None,
) -> tuple[int, bool]:
    if dim is None:
        dim = 0 if input.ndim in {0, 1, 3} else 1
    if isinstance(dim, (tuple, list)):
        (dim,) = dim
    return dim, bool(keepdim) and kind == "logsumexp"
