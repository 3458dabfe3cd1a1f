"""Batches of sequences through a network without one of its filters."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from cislens.errors import UserError
from cislens.models import inference
from cislens.models._sequences import Sequences
from cislens.models.inference import Device
from cislens.motifs import _tail
from cislens.sequence import onehot as onehots

_MAP_BYTES = 64_000_000
_ROWS = (32, 512)


def rows_at_once(model: nn.Module, layer: str, sequences: Sequences, device: Device) -> int:
    """Find a number of sequences that keeps dense layers busy and the map in bounds."""
    one = inference.activations(model, sequences[0:1], layer=layer, device=device)
    fewest, most = _ROWS
    return int(np.clip(_MAP_BYTES // (one.numel() * one.element_size()), fewest, most))


def form(model: nn.Module) -> Tensor:
    weights = (p for p in model.parameters() if p.is_floating_point())
    first = next(weights, torch.empty(0))
    return torch.empty(0, device=first.device, dtype=first.dtype)


@dataclass
class Work:
    """Batches of sequences through a watched network."""

    tail: _tail.Tail
    sequences: Sequences
    batch_size: int
    form: Tensor
    prediction: Callable[[Tensor], Tensor]
    outputs: int = 0

    def means(self) -> Tensor:
        """Give the mean of each filter over all sequences and positions."""
        total, count = torch.zeros(()), 0
        for start in range(0, len(self.sequences), self.batch_size):
            whole, base = self.batch(start)
            if whole.ndim != 3:
                raise UserError(f"layer: its output has {whole.ndim} axes; wants a map of filters")
            self.outputs = base.shape[1]
            total = total + whole.double().sum(dim=(0, 2))
            count += len(whole) * whole.shape[2]
        return (total / count).to(self.form)

    def batch(self, start: int) -> tuple[Tensor, Tensor]:
        """Run a batch whole; give the map and the predictions."""
        rows = self.sequences[start : start + self.batch_size]
        batch = rows if isinstance(rows, Tensor) else onehots.from_codes(np.asarray(rows))
        whole, outputs = self.tail.record(batch.to(self.form))
        return whole, self.read(outputs)

    def read(self, outputs: object) -> Tensor:
        """Make predictions of outputs, in double precision so that sure ones stay apart."""
        if not isinstance(outputs, Tensor) or outputs.ndim != 2:
            raise UserError(
                "model: gives no tensor (batch, outputs); take one number a task of it with "
                "cislens.models.heads"
            )
        return self.prediction(outputs.cpu().double())


@dataclass
class Knockout:
    """Predictions without each of some groups of filters."""

    work: Work
    means: Tensor
    replacement: str
    orders: list[Tensor]

    def predict(
        self, groups: Sequence[Sequence[int]], tell: Callable[[int], None]
    ) -> tuple[np.ndarray, np.ndarray]:
        """Predict all sequences with every filter, and without each group."""
        before, after = [], []
        for number, order in enumerate(self.orders):
            whole, base = self.work.batch(number * self.work.batch_size)
            before.append(base)
            after.append(torch.stack([self._without(whole, g, order) for g in groups]))
            tell(number + 1)
        return torch.cat(before).double().numpy(), torch.cat(after, dim=1).double().numpy()

    def _without(self, whole: Tensor, group: Sequence[int], order: Tensor) -> Tensor:
        channels = torch.tensor(list(group), device=whole.device)
        values = whole[:, channels]
        if self.replacement == "shuffle":
            values = values[order.to(whole.device)]
        else:
            means = self.means.to(values)[channels]
            constants = means if self.replacement == "mean" else torch.zeros_like(means)
            values = constants[:, None].expand_as(values)
        return self.work.read(self.work.tail.run(channels, values))
