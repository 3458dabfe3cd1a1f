"""Motifs of filters behind pools: the best windows of each, lined up by their bases.

A position behind a pool sees its window shifted by up to the width of the pool, so windows lined up
by position smear a motif. Here each window may shift by as much, to where it fits the others best.
"""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from torch import nn

from cislens.errors import UserError
from cislens.models import inference, layers
from cislens.models._sequences import Sequences
from cislens.motifs import _source, filter_motifs
from cislens.motifs._collector import Windows
from cislens.motifs.filter_motifs import FilterMotif, FilterMotifs
from cislens.motifs.options import FilterOptions
from cislens.sequence.shapes import Codes

_ROUNDS = 50
_N = 4


def extract(
    model: nn.Module,
    sequences: Sequences,
    *,
    layer: str,
    sites: int = 200,
    batch_size: int = 64,
    device: inference.Device = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> FilterMotifs:
    """Turn the filters of a deeper layer into motifs.

    The best position of each sequence is taken, of these the best of all sequences, and their
    windows, as wide as what a position sees, are shifted in turn to where they score best under the
    motif of all, until none moves. One pass over the sequences; memory grows with the number of
    filters and sites alone.

    Parameters
    ----------
    model
        The network; given back as it came.
    sequences
        One-hot sequences, or base codes that are sliced batch by batch.
    layer
        Dotted name of a convolution, read after its activation where that is known, or of any layer
        that gives (batch, filter, position).
    sites
        Most sites of a filter.
    batch_size
        Sequences per batch.
    device
        Where to run; None is where the network is.
    progress
        Called with the sequences done and their total.

    Returns
    -------
    FilterMotifs
        Every filter of the layer. Letting windows shift makes even noise a little alike: read
        information of some tenths of a bit as none.

    Raises
    ------
    UserError
        If there is no such layer, or it gives no map with windows over the sequence.
    """
    if sites < 1:
        raise UserError(f"sites={sites}: wants at least 1")
    is_convolution = isinstance(layers.find(model, layer), nn.Conv1d)
    readout = layers.readout(model, layer) if is_convolution else layer
    windows = _source.windows(model, sequences, readout, device)
    best = _Best.empty(windows, sites)
    stream = inference.stream_activations(
        model, sequences, layer=readout, batch_size=batch_size, device=device
    )
    for start, codes, activation in stream:
        best.take(codes, activation.float().cpu().numpy())
        progress(start + len(codes), len(sequences))
    options = FilterOptions(rule="top", threshold=sites, selection="best-per-sequence")
    return FilterMotifs(
        layer=layer,
        readout=readout,
        start=windows.start,
        jump=windows.jump,
        width=windows.width,
        sequences=len(sequences),
        passes=1,
        options=options,
        filters=tuple(best.motif(number, options) for number in range(windows.filters)),
    )


def line_up(codes: Codes, width: int) -> np.ndarray:
    """Find where in each row a window fits the windows of the other rows best.

    Parameters
    ----------
    codes
        Rows of one length, with the windows somewhere inside.
    width
        Width of the windows, in bp.

    Returns
    -------
    ndarray
        The start of each window; the middle one where rows say nothing.
    """
    shifts = codes.shape[1] - width + 1
    rows = np.arange(len(codes))
    every = np.lib.stride_tricks.sliding_window_view(codes, width, axis=1)
    starts = np.full(len(codes), shifts // 2)
    for _ in range(_ROUNDS):
        chosen = every[rows, starts]
        counts = np.stack([(chosen == base).sum(axis=0) for base in range(4)]) + 0.5
        odds = np.log(counts / counts.sum(axis=0) / 0.25)
        odds = np.concatenate([odds, np.zeros((1, width))])  # an N says nothing
        scores = odds[every, np.arange(width)].sum(axis=2)
        # Where a window scores the same elsewhere it stays.
        scores[rows, starts] += 1e-9
        moved = scores.argmax(axis=1)
        if np.array_equal(moved, starts):
            break
        starts = moved
    return starts


@dataclass
class _Best:
    """The best sites of each filter so far: values, and the bases around."""

    windows: Windows
    values: np.ndarray
    around: np.ndarray
    lowest: np.ndarray

    @classmethod
    def empty(cls, windows: Windows, sites: int) -> "_Best":
        width = windows.width + 2 * (windows.jump - 1)
        return cls(
            windows,
            np.full((windows.filters, sites), -np.inf, np.float32),
            np.full((windows.filters, sites, width), _N, np.uint8),
            np.full(windows.filters, np.inf, np.float32),
        )

    def take(self, codes: Codes, maps: np.ndarray) -> None:
        """Look at a batch: codes (row, base) and maps (row, filter, position)."""
        margin, width = self.windows.jump - 1, self.around.shape[2]
        places = maps.argmax(axis=2)
        values = np.take_along_axis(maps, places[:, :, None], axis=2)[:, :, 0]
        self.lowest = np.minimum(self.lowest, maps.min(axis=(0, 2)))
        first = self.windows.start + self.windows.jump * places - margin
        # Windows may reach over the ends, where there is nothing.
        padded = np.pad(codes, ((0, 0), (width, width)), constant_values=_N)
        columns = (first + width)[:, :, None] + np.arange(width)
        found = padded[np.arange(len(codes))[:, None, None], columns]
        together = np.concatenate([self.values, values.T], axis=1)
        around = np.concatenate([self.around, found.transpose(1, 0, 2)], axis=1)
        kept = np.argsort(-together, axis=1, kind="stable")[:, : self.values.shape[1]]
        self.values = np.take_along_axis(together, kept, axis=1)
        self.around = np.take_along_axis(around, kept[:, :, None], axis=1)

    def motif(self, number: int, options: FilterOptions) -> FilterMotif:
        """Line the sites of a filter up and judge it."""
        values = self.values[number]
        real = np.isfinite(values) & (values > self.lowest[number])
        codes = self.around[number][real]
        counts = np.zeros((4, self.windows.width))
        if len(codes):
            starts = line_up(codes, self.windows.width)
            columns = starts[:, None] + np.arange(self.windows.width)
            chosen = np.take_along_axis(codes, columns, axis=1)
            counts = np.stack([(chosen == base).sum(axis=0) for base in range(4)]).astype(float)
        highest = float(values.max())
        made = FilterMotif(
            filter=number,
            state="ok",
            reason="" if counts.any() else f"its activation is {highest:g} everywhere",
            nsites=int(real.sum()),
            threshold=float(values[real].min()) if real.any() else float("nan"),
            max_activation=highest,
            counts=counts,
            full=None,
            trimmed=None,
        )
        if made.reason:
            return dataclasses.replace(made, state="dead")
        return filter_motifs.judge(made, np.full(4, 0.25), options)
