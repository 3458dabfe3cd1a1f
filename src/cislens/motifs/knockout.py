"""How much a network needs each filter: predictions with its activation map replaced."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple, get_args

import numpy as np
import pandas as pd
import torch
from jaxtyping import Float
from torch import Tensor, nn

from cislens.errors import UserError
from cislens.models import inference, layers
from cislens.models._sequences import Sequences
from cislens.models.inference import Device
from cislens.motifs import _knockout_work, _tail, importance_measures
from cislens.motifs import intact as intacts
from cislens.motifs.importance_measures import Measure
from cislens.motifs.intact import Choice, Intact, Targets
from cislens.motifs.knockout_options import Replacement

REPLACEMENTS: tuple[str, ...] = get_args(Replacement)

_MOST_FLOATS = 1 << 25
"""Predictions held at once: 256 MB."""
_CELLS = 4096
"""About so many changes of predictions are kept of each filter."""


@dataclass(frozen=True)
class Comparison:
    """What is compared with and without a filter.

    Attributes
    ----------
    prediction
        What is compared, of the network's outputs, such as ``torch.sigmoid``; in double precision.
    measures
        By name, what gives one number a task.
    overall
        By name, what gives one number in all.
    targets
        Measurements, for measures that need them; NaN was not measured.
    on
        Which sequences count, by their predictions and measurements.
    """

    prediction: Callable[[Tensor], Tensor] = lambda outputs: outputs
    measures: Mapping[str, Measure] = field(default_factory=lambda: importance_measures.MEASURES)
    overall: Mapping[str, Measure] = field(default_factory=lambda: importance_measures.OVERALL)
    targets: Targets | None = None
    on: Choice = intacts.everything


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
    overall
        For each measure over all tasks an array (filters).
    counted
        How many sequences count for each task.
    changes
        By how much predictions fall, for some thousand sequences and tasks, the same for each
        filter: what `filter_groups` are found by.
    """

    layer: str
    replacement: str
    values: dict[str, Float[np.ndarray, "filters tasks"]]
    overall: dict[str, Float[np.ndarray, " filters"]]
    counted: np.ndarray
    changes: Float[np.ndarray, "filters cells"]

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

    def summary(self) -> pd.DataFrame:
        """List what is known over all tasks.

        Returns
        -------
        pandas.DataFrame
            One row a filter: filter (its number), and a column for each measure over all tasks.
        """
        filters = len(next(iter(self.values.values())))
        return pd.DataFrame({"filter": np.arange(filters), **self.overall})


def filter_importance(  # noqa: PLR0913, each is a choice of its own
    model: nn.Module,
    sequences: Sequences,
    *,
    layer: str | None = None,
    replacement: str = "mean",
    groups: Sequence[Sequence[int]] | None = None,
    comparison: Comparison | None = None,
    batch_size: int | None = None,
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
    groups
        Filters that are replaced together, by number; each alone where none are given.
    comparison
        What is made of predictions before and after; changes of the outputs where it is not given.
    batch_size
        Sequences per batch, which bounds the memory beside the predictions of some filters; None
        finds 32 to 512 by the size of the map.
    device
        Where to run; None is where the network is.
    rng
        Deals the maps for "shuffle"; None is seed 0.
    progress
        Called with the number of batches done and their total.

    Returns
    -------
    FilterImportance
        A value for each measure, filter (or group) and task.

    Raises
    ------
    UserError
        If the layer is unknown or its map has no filters, the replacement is none, there are no
        sequences, or measurements do not fit the predictions.

    References
    ----------
    Kelley et al. 2016, doi:10.1101/gr.200535.115 (Basset), for the mean in place of the map and the
    fall over the variance. Maslova et al. 2020, doi:10.1073/pnas.2011795117 (AI-TAC), put in the
    mean of another tensor than the one they replace; here both are one.
    """
    if replacement not in REPLACEMENTS:
        raise UserError(f"replacement={replacement!r}: known are {', '.join(REPLACEMENTS)}")
    if not len(sequences):
        raise UserError("sequences: got none; wants at least one")
    chosen = Comparison() if comparison is None else comparison
    name = _readout(model, layer)
    draws = np.random.default_rng(0) if rng is None else rng
    if batch_size is None:
        batch_size = _knockout_work.rows_at_once(model, name, sequences, device)
    with inference.preserved(model, device), _tail.of(model, layers.find(model, name)) as tail:
        work = _knockout_work.Work(
            tail, sequences, batch_size, _knockout_work.form(model), chosen.prediction
        )
        orders = _orders(sequences, batch_size, draws)
        without = _knockout_work.Knockout(work, work.means(), replacement, orders)
        together = _checked(groups, len(without.means))
        intact, rows = _compare(without, together, chosen, progress)
    return FilterImportance(
        layer=name,
        replacement=replacement,
        values={key: np.stack([row.values[key] for row in rows]) for key in chosen.measures},
        overall={key: np.array([row.overall[key] for row in rows]) for key in chosen.overall},
        counted=intact.counted.sum(axis=0),
        changes=np.stack([row.changes for row in rows]),
    )


def _orders(sequences: Sequences, batch_size: int, draws: np.random.Generator) -> list[Tensor]:
    return [
        torch.from_numpy(draws.permutation(min(batch_size, len(sequences) - start)))
        for start in range(0, len(sequences), batch_size)
    ]


class _Row(NamedTuple):
    values: dict[str, np.ndarray]
    overall: dict[str, float]
    changes: np.ndarray


def _compare(
    without: _knockout_work.Knockout,
    groups: Sequence[Sequence[int]],
    chosen: Comparison,
    progress: Callable[[int, int], None],
) -> tuple[Intact, list[_Row]]:
    """Measure so many at once as their predictions can be held."""
    work, batches = without.work, len(without.orders)
    held = max(1, _MOST_FLOATS // max(1, len(work.sequences) * work.outputs))
    total = batches * -(-len(groups) // held)
    intact: Intact | None = None
    rows: list[_Row] = []
    for first in range(0, len(groups), held):
        tell = partial(_tell, progress, first // held * batches, total)
        before, after = without.predict(groups[first : first + held], tell)
        intact = _intact(before, chosen) if intact is None else intact
        rows += [_row(intact, one, chosen) for one in after]
    assert intact is not None
    return intact, rows


def _row(intact: Intact, without: np.ndarray, chosen: Comparison) -> _Row:
    return _Row(
        {key: measure(intact, without) for key, measure in chosen.measures.items()},
        {key: float(measure(intact, without)[0]) for key, measure in chosen.overall.items()},
        _spread(intact.predictions - without),
    )


def _spread(changes: np.ndarray) -> np.ndarray:
    """Take cells all over the sequences and tasks."""
    flat = changes.ravel()
    # A step that shares no factor with the number of tasks meets every task.
    step = max(1, flat.size // _CELLS)
    while np.gcd(step, changes.shape[1]) > 1:
        step += 1
    return np.asarray(flat[::step], np.float32)


def _checked(groups: Sequence[Sequence[int]] | None, filters: int) -> Sequence[Sequence[int]]:
    if groups is None:
        return [[number] for number in range(filters)]
    for group in groups:
        if not group or not all(0 <= number < filters for number in group):
            raise UserError(
                f"groups: {list(group)}; wants numbers of filters from 0 to {filters - 1}"
            )
    return groups


def _tell(progress: Callable[[int, int], None], before: int, total: int, done: int) -> None:
    progress(before + done, total)


def _intact(before: np.ndarray, chosen: Comparison) -> Intact:
    targets = chosen.targets
    if targets is not None and targets.shape != before.shape:
        raise UserError(
            f"targets: {list(targets.shape)}; predictions are {list(before.shape)} (sequences, "
            "tasks): give one measurement for each"
        )
    return Intact(before, targets, chosen.on(before, targets))


def _readout(model: nn.Module, layer: str | None) -> str:
    known = layers.convolutions(model)
    if not known:
        raise UserError(
            "model: no convolution of sequences (nn.Conv1d) in it; give another network"
        )
    wanted = next(iter(known)) if layer is None else layer
    layers.find(model, wanted)
    return layers.readout(model, wanted)
