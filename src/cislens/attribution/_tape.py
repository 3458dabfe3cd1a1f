"""What the rules keep of the run on the sequences, call by call."""

from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from cislens.attribution._calls import Function, Value
from cislens.errors import UserError


class Overwritten(Exception):  # noqa: N818, a signal and no error
    """Says that the model has changed a kept tensor in place, so that copies must be kept."""


@dataclass
class Tape:
    """Tensors kept at each call, given back in the same order.

    With ``copying`` the tensors are copied, for models that overwrite them.
    """

    copying: bool = False
    _kept: list[tuple[Function, list[tuple[Tensor, int]]]] = field(default_factory=list)
    _place: int = 0

    def keep(self, function: Function, tensors: list[Tensor]) -> None:
        """Keep the tensors of one call."""
        self._kept.append((function, [self._entry(tensor) for tensor in tensors]))

    def _entry(self, tensor: Tensor) -> tuple[Tensor, int]:
        if self.copying and not isinstance(tensor, nn.Parameter):
            tensor = tensor.clone()
        return tensor, tensor._version

    def rewind(self) -> None:
        """Start over with the first call."""
        self._place = 0

    def next(self, function: Function, like: list[Tensor]) -> list[Tensor]:
        """Give what was kept at the next call, whose tensors have shapes like these."""
        if self._place >= len(self._kept) or self._kept[self._place][0] is not function:
            raise _strayed(function)
        tensors = [tensor for tensor, _ in self._kept[self._place][1]]
        if any(a.shape != b.shape for a, b in zip(tensors, like, strict=False)):
            raise _strayed(function)
        if any(tensor._version != version for tensor, version in self._kept[self._place][1]):
            raise Overwritten
        self._place += 1
        return tensors


def _strayed(function: Function) -> UserError:
    return UserError(
        f"model: at {name(function)} it runs other operations for a reference than for the "
        "sequence, so they cannot be compared; wants a forward pass that does not branch on values"
    )


def name(function: Value) -> str:
    """Call a torch function by the name a user knows."""
    resolved = torch.overrides.resolve_name(function)
    return str(resolved or getattr(function, "__name__", function))
