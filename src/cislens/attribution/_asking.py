"""Ask a network about many variants of each sequence, a batch at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor, nn

from cislens.attribution import _targets
from cislens.errors import UserError
from cislens.models import heads, inference
from cislens.models.inference import Device, Target
from cislens.sequence import onehot as onehots
from cislens.sequence.shapes import OneHot

Variants = Float[Tensor, "batch variants 4 length"]


@dataclass(frozen=True)
class Network:
    """A network that is held for the questions of one method, and what is explained of it."""

    model: nn.Module
    target: Target
    batch_size: int
    form: Tensor

    def here(self, tensor: Tensor) -> Tensor:
        """Bring a tensor to the network, in its precision but no lower than float32."""
        return tensor.to(self.form)

    def blocks(self, sequences: int, variants: int) -> Iterator[tuple[slice, slice]]:
        """Cut sequences by variants into rectangles of at most one batch.

        A rectangle has all variants of some sequences or some variants of one, so results are
        summed in the same order on every device.
        """
        if variants < self.batch_size:
            rows = self.batch_size // variants
            for start in range(0, sequences, rows):
                yield slice(start, min(start + rows, sequences)), slice(0, variants)
            return
        for row in range(sequences):
            for start in range(0, variants, self.batch_size):
                yield slice(row, row + 1), slice(start, min(start + self.batch_size, variants))

    def pages(self, sequences: int) -> Iterator[slice]:
        """Cut sequences into as many as are worth holding references of at once."""
        for start in range(0, sequences, self.batch_size):
            yield slice(start, min(start + self.batch_size, sequences))

    def gradients(self, variants: Variants) -> Variants:
        """Differentiate the explained number of each variant by its columns."""
        flat = variants.flatten(0, 1)
        gradients = inference.gradient(
            self.model, flat, target=self.target, batch_size=self.batch_size
        )
        return gradients.view_as(variants)

    def numbers(self, variants: Variants) -> Float[Tensor, "batch variants"]:
        """Give the explained number of each variant, on the CPU."""
        return self.plain(variants.flatten(0, 1)).view(variants.shape[:2])

    def plain(self, onehot: OneHot) -> Float[Tensor, " batch"]:
        """Give the explained number of each sequence, on the CPU."""
        outputs = inference.predict(self.model, onehot, batch_size=self.batch_size)
        # Where and as the gradient sees them: a function may hold weights of that kind.
        return heads.explained(outputs.to(self.form), self.target).cpu()


@contextmanager
def held(model: nn.Module, *, target: Target, batch_size: int, device: Device) -> Iterator[Network]:
    """Hold the network for the questions of a method."""
    if not isinstance(batch_size, int) or batch_size < 1:
        raise UserError(f"batch_size={batch_size!r}: wants a whole number, at least 1")
    with inference.preserved(model, device):
        weights = (p for p in model.parameters() if p.is_floating_point())
        first = next(weights, torch.empty(0))
        precision = torch.promote_types(first.dtype, torch.float32)
        form = torch.empty(0, device=first.device, dtype=precision)
        yield Network(model, target, batch_size, form)


def checked(onehot: Tensor, *, target: Target) -> OneHot:
    """Refuse what is no one-hot sequence or cannot be a target; give sequences to compute with.

    Maps take the number type of the sequences, so whole numbers and half precision are left here.
    """
    onehots.check(onehot)
    if not len(onehot):
        raise UserError("onehot: got no sequences; wants at least one")
    _targets.label(target)
    return onehot.detach().to(torch.promote_types(onehot.dtype, torch.float32))
