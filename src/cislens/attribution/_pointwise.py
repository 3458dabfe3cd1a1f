"""Rules of functions that work element by element, and of products."""

from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch import Tensor

from cislens.attribution import _kernels, _slopes
from cislens.attribution._calls import Call, Value
from cislens.attribution._rules import Bends, Memory, Path, differs, moves, replaced
from cislens.attribution._slopes import Slope
from cislens.attribution._tape import Overwritten

_DETACHED = "a factor differs between sequence and reference but has no gradient"


@dataclass(frozen=True)
class Pointwise:
    """The rescale rule of Shrikumar et al. 2017: change of output / change of input, by element.

    Where the change of input is small, the quotient is rounding noise: there a ``smooth`` function
    is differentiated in the middle, which differs by the square of the change. A function with
    kinks or steps is differentiated only where the change is 0.
    """

    smooth: bool = True
    slope: Slope | None = None

    def remember(self, call: Call) -> tuple[Value, Memory]:
        """Keep inputs and output."""
        value = call.run()
        return value, [*call.tensors(), value]

    def explain(self, call: Call, memory: Memory) -> Value:
        """Scale the gradient by the quotient."""
        tensors = call.tensors()
        moving = [i for i, tensor in enumerate(tensors) if moves(tensor)]
        if len(moving) > 1:
            return Path(16).explain(call, memory)
        value = call.detached().run()
        if not moving:
            return value
        here = moving[0]
        changed = any(
            differs(ours, theirs)
            for i, (ours, theirs) in enumerate(zip(memory[:-1], tensors, strict=True))
            if i != here
        )
        theirs, ours = (t[here].expand(value.shape) for t in (tensors, memory))
        source = Source(
            ours, theirs, memory[-1], value, self._multiplier(call, here, changed=changed)
        )
        if call.lasting and not changed:
            result = replaced(theirs, value, source.backward)
            # Most elements of what is pooled next get no gradient: `MaxPool` asks for the rest.
            if sum(tensor.ndim > 0 for tensor in tensors) == 1:
                result.explained_source = source  # type: ignore[attr-defined]
            return result
        result = replaced(theirs, value, source.multipliers().mul)
        if changed and ((ours == theirs) & (memory[-1] != value)).any():
            raise Bends(_DETACHED, result)
        return result

    def _multiplier(self, call: Call, here: int, *, changed: bool) -> Slope:
        if self.slope is not None and not changed:
            return self.slope
        derivative = _Derivative(call, here)
        smooth = self.smooth and not changed

        def quotient(
            ours: Tensor, theirs: Tensor, our_value: Tensor, their_value: Tensor
        ) -> Tensor:
            return _quotient(ours, theirs, our_value - their_value, derivative, smooth=smooth)

        return quotient


@dataclass(frozen=True)
class Source:
    """Where the result of a function of one number came from; multipliers wait until asked for."""

    ours: Tensor
    moving: Tensor
    our_value: Tensor
    value: Tensor
    multiplier: Slope
    versions: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "versions", self._versions())

    def _versions(self) -> tuple[int, ...]:
        return tuple(t._version for t in (self.ours, self.moving, self.our_value, self.value))

    def _check(self) -> None:
        if self._versions() != self.versions:
            raise Overwritten

    def multipliers(self, pick: Callable[[Tensor], Tensor] = lambda tensor: tensor) -> Tensor:
        """Give the multipliers of all or some elements."""
        self._check()
        tensors = (self.ours, self.moving.detach(), self.our_value, self.value)
        return self.multiplier(*(pick(tensor) for tensor in tensors))

    def backward(self, gradient: Tensor) -> Tensor:
        """Scale the gradient."""
        tensors = (gradient, self.ours, self.moving)
        if self.multiplier is _slopes.relu and _kernels.fit(*tensors):
            self._check()
            return _kernels.rectified(*tensors)
        return gradient * self.multipliers()

    def rectified(self) -> tuple[Tensor, Tensor] | None:
        """Give the inputs of sequence and reference if the function is max(0, x)."""
        if self.multiplier is not _slopes.relu:
            return None
        self._check()
        return self.ours, self.moving.detach()

    def shares(self, pick: Callable[[Tensor], Tensor], our_value: Tensor, value: Tensor) -> Tensor:
        """Give multipliers for another change, of which picked elements are the cause."""
        inputs = self.rectified()
        if inputs is not None:
            ours, theirs = inputs
            return _slopes.relu(pick(ours), pick(theirs), our_value, value)
        share = share_of(our_value - value, pick(self.our_value) - pick(self.value))
        return share * self.multipliers(pick)


@dataclass(frozen=True)
class _Derivative:
    """Derivative of a call by the tensor at one place, at some of its elements."""

    call: Call
    here: int

    def __call__(self, point: Tensor, chosen: Tensor) -> Tensor:
        tensors = [tensor.detach() for tensor in self.call.tensors()]
        alone = sum(tensor.ndim > 0 for tensor in tensors) == 1
        with torch.enable_grad():
            at = (point[chosen] if alone else point.clone()).requires_grad_()
            tensors[self.here] = at
            total = self.call.on(tensors).run().sum()
            if not total.requires_grad:
                return torch.zeros_like(point[chosen])
            (slope,) = torch.autograd.grad(total, at)
        return slope if alone else slope[chosen]


def _quotient(
    ours: Tensor, theirs: Tensor, change: Tensor, derivative: _Derivative, *, smooth: bool
) -> Tensor:
    step = ours - theirs
    if not smooth:
        quotient = change.div_(step)
        # 0 / 0 is rare; one sum finds it in less time than a mask.
        if quotient.sum().isfinite():
            return quotient
        close = step == 0
    else:
        # The cube root of the rounding error balances it against the error of the midpoint.
        close = step.abs() <= torch.finfo(step.dtype).eps ** (1 / 3)
        quotient = change.div_(step)
    if close.any():
        quotient[close] = derivative((theirs + 0.5 * step).contiguous(), close)
    return quotient


@dataclass(frozen=True)
class Product:
    """A function that is linear in each of its tensors.

    One that moves alone is left to PyTorch, unless the others differ between sequence and
    reference without a gradient of their own, as a mask or a detached weight does: then it answers
    for the whole change, element by element.
    """

    elementwise: bool = False

    def remember(self, call: Call) -> tuple[Value, Memory]:
        """Keep inputs and output."""
        value = call.run()
        return value, [*call.tensors(), value]

    def explain(self, call: Call, memory: Memory) -> Value:
        """Multiply by the factors in the middle."""
        tensors = call.tensors()
        moving = sum(moves(tensor) for tensor in tensors)
        if moving > 1:
            return Path((len(tensors) + 1) // 2).explain(call, memory)
        if not moving:
            return call.run()
        fixed = [i for i, tensor in enumerate(tensors) if not moves(tensor)]
        if not any(differs(memory[i], tensors[i]) for i in fixed):
            return call.run()
        if not self.elementwise:
            raise Bends(_DETACHED, call.run())
        return Pointwise(smooth=False).explain(call, memory)


def share_of(change: Tensor, step: Tensor) -> Tensor:
    """Divide; no change of the input passes all of the gradient."""
    return torch.where(step == 0, 1.0, change / step)


SMOOTH = Pointwise()
KINKED = Pointwise(smooth=False)
