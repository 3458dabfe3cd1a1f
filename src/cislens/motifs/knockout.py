"""How much a network needs each filter: predictions with its activation map replaced."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
from jaxtyping import Float
from torch import Tensor, nn

from cislens.errors import UserError
from cislens.models import inference, layers
from cislens.models._sequences import Sequences
from cislens.models.inference import Device
from cislens.motifs import _tail
from cislens.sequence import onehot as onehots

Predictions = Float[np.ndarray, "sequences tasks"]
Measure = Callable[[Predictions, Predictions], Float[np.ndarray, " tasks"]]
REPLACEMENTS = ("mean", "zero", "shuffle")

_MOST_FLOATS = 1 << 26
"""Predictions held at once: 256 MB."""


def _scaled(measure: Measure) -> Measure:
    """Divide by the variance of the predictions, so that rare tasks can be compared."""

    def scaled(before: Predictions, after: Predictions) -> Float[np.ndarray, " tasks"]:
        variance = before.var(axis=0)
        value = measure(before, after)
        nothing = np.full_like(value, np.nan)
        return np.asarray(np.divide(value, variance, out=nothing, where=variance > 0))

    return scaled


def _absolute(before: Predictions, after: Predictions) -> Float[np.ndarray, " tasks"]:
    return np.asarray(np.abs(after - before).mean(axis=0))


def _squared(before: Predictions, after: Predictions) -> Float[np.ndarray, " tasks"]:
    return np.asarray(((after - before) ** 2).mean(axis=0))


def _fall(before: Predictions, after: Predictions) -> Float[np.ndarray, " tasks"]:
    return np.asarray((before - after).mean(axis=0))


MEASURES: dict[str, Measure] = {
    "absolute": _absolute,
    "squared": _squared,
    "fall": _fall,
    "absolute_scaled": _scaled(_absolute),
    "squared_scaled": _scaled(_squared),
    "fall_scaled": _scaled(_fall),
}
"""Mean absolute change of the prediction, mean squared change, mean fall (positive where the filter
raises the prediction), and each over the variance of the predictions."""


@dataclass(frozen=True)
class FilterImportance:
    """What replacing each filter does to each task.

    Attributes
    ----------
    layer
        Dotted name of the layer whose map was replaced.
    replacement
        What stood in its place.
    values
        For each measure an array (filters, tasks).
    """

    layer: str
    replacement: str
    values: dict[str, Float[np.ndarray, "filters tasks"]]

    def table(self, tasks: tuple[str, ...]) -> pd.DataFrame:
        """List every value.

        Parameters
        ----------
        tasks
            Names of the tasks.

        Returns
        -------
        pandas.DataFrame
            One row a filter and task: filter (its number), task, and a column for each measure.
        """
        filters = len(next(iter(self.values.values())))
        keys = {
            "filter": np.repeat(np.arange(filters), len(tasks)),
            "task": np.tile(np.array(tasks, object), filters),
        }
        return pd.DataFrame({**keys, **{name: v.ravel() for name, v in self.values.items()}})


def filter_importance(  # noqa: PLR0913, each is a choice of its own
    model: nn.Module,
    sequences: Sequences,
    *,
    layer: str | None = None,
    replacement: str = "mean",
    measures: Mapping[str, Measure] = MEASURES,
    prediction: Callable[[Tensor], Tensor] = lambda outputs: outputs,
    batch_size: int = 64,
    device: Device = None,
    rng: np.random.Generator | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> FilterImportance:
    """Replace the activation map of each filter in turn and compare the predictions.

    The map is replaced at the very tensor on which the mean is measured: behind the activation for
    networks of the zoo (see `cislens.models.layers.readout`). Layers before it run once per batch;
    of the first convolution behind it only the change is computed.

    Parameters
    ----------
    model
        The network; given back as it came.
    sequences
        One-hot sequences, or base codes that are sliced batch by batch.
    layer
        Dotted name of a convolution; the first one where it is not given.
    replacement
        "mean": the filter's mean over all sequences and positions; "zero"; "shuffle": the maps of
        the filter, dealt anew among the sequences of a batch.
    measures
        What is made of predictions before and after, by name: functions of two arrays
        (sequences, tasks) that give one number a task.
    prediction
        What is compared, of the network's outputs, such as ``torch.sigmoid``.
    batch_size
        Sequences per batch, which bounds the memory beside the predictions of some filters.
    device
        Where to run; None is where the network is.
    rng
        Deals the maps for "shuffle"; None is seed 0.
    progress
        Called with the number of batches done and their total.

    Returns
    -------
    FilterImportance
        A value for each measure, filter and task.

    Raises
    ------
    UserError
        If the layer is unknown or its map has no filters, or the replacement is none.

    References
    ----------
    Kelley et al. 2016, doi:10.1101/gr.200535.115 (Basset), for the mean in place of the map and the
    fall over the variance. Maslova et al. 2020, doi:10.1073/pnas.2011795117 (AI-TAC), put in the
    mean of another tensor than the one they replace; here both are one.
    """
    if replacement not in REPLACEMENTS:
        raise UserError(f"replacement={replacement!r}: known are {', '.join(REPLACEMENTS)}")
    name = _readout(model, layer)
    starts = range(0, len(sequences), batch_size)
    draws = np.random.default_rng(0) if rng is None else rng
    orders = [
        torch.from_numpy(draws.permutation(min(batch_size, len(sequences) - s))) for s in starts
    ]
    with inference.preserved(model, device), _tail.of(model, layers.find(model, name)) as tail:
        work = _Work(tail, sequences, batch_size, _form(model), prediction)
        means = work.means()
        group = max(1, _MOST_FLOATS // max(1, len(sequences) * work.outputs))
        rows = []
        filters = len(means)
        total = len(starts) * -(-filters // group)
        for first in range(0, filters, group):
            some = range(first, min(first + group, filters))
            before, after = [], []
            for number, start in enumerate(starts):
                whole, base = work.batch(start)
                before.append(base)
                after.append(
                    torch.stack(
                        [work.without(whole, f, replacement, means, orders[number]) for f in some]
                    )
                )
                progress(first // group * len(starts) + number + 1, total)
            found = torch.cat(after, dim=1).double().numpy()
            base_all = torch.cat(before).double().numpy()
            rows += [{key: m(base_all, one) for key, m in measures.items()} for one in found]
    values = {key: np.stack([row[key] for row in rows]) for key in measures}
    return FilterImportance(layer=name, replacement=replacement, values=values)


def _readout(model: nn.Module, layer: str | None) -> str:
    known = layers.convolutions(model)
    if not known:
        raise UserError(
            "model: no convolution of sequences (nn.Conv1d) in it; give another network"
        )
    wanted = next(iter(known)) if layer is None else layer
    layers.find(model, wanted)
    return layers.readout(model, wanted)


def _form(model: nn.Module) -> Tensor:
    weights = (p for p in model.parameters() if p.is_floating_point())
    first = next(weights, torch.empty(0))
    return torch.empty(0, device=first.device, dtype=first.dtype)


@dataclass
class _Work:
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
        return whole, self.prediction(outputs).cpu()

    def without(
        self, whole: Tensor, number: int, replacement: str, means: Tensor, order: Tensor
    ) -> Tensor:
        """Predict the batch with one filter replaced."""
        changed = whole.clone()
        if replacement == "shuffle":
            changed[:, number] = whole[order.to(whole.device), number]
        else:
            changed[:, number] = means[number] if replacement == "mean" else 0.0
        return self.prediction(self.tail.run(changed)).cpu()
