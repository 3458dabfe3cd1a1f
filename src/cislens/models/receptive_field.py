"""Which bases each position of a layer sees, measured and not worked out from the architecture.

A base is set to NaN and the positions of the layer that become NaN are those that see it: NaN
passes through every operation, zero weights included. So padding, stride, dilation and pools of any
network are accounted for.
"""

import bisect
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Bool
from torch import nn

from cislens.errors import UserError
from cislens.models import _sequences, inference

_CHECKED_BASES = 64
_CHECKED_POSITIONS = 3
_CHUNK = 16

Probe = Callable[[Bool[np.ndarray, "row base"]], Bool[np.ndarray, "row position"]]


class ReceptiveField(NamedTuple):
    """The windows that the positions of a layer see.

    Position p sees the bases from ``start + p * jump`` to ``start + p * jump + width``, the latter
    not included. Windows may reach over the ends of the sequence, into padding.
    """

    start: int
    """Start of the first window, in bp; negative where the layer is padded on the left."""
    jump: int
    """Distance between two neighbouring windows, in bp."""
    width: int
    """Length of a window, in bp, gaps between the bases it uses included."""


def measure(model: nn.Module, *, layer: str, input_length: int) -> ReceptiveField:
    """Measure the windows of a layer.

    Runs on the CPU, some two hundred sequences up to the layer.

    Parameters
    ----------
    model
        The network, given back as it came.
    layer
        Dotted name of a layer whose output is (batch, channels, positions).
    input_length
        Length of the sequences, in bp.

    Returns
    -------
    ReceptiveField
        The windows.

    Raises
    ------
    UserError
        If the layer has no such windows: its output has no positions or fewer than two, a position
        sees one of the ends from everywhere, or windows are not evenly spaced.
    """
    with inference.preserved(model, "cpu"), torch.no_grad():

        def probe(masked: Bool[np.ndarray, "row base"]) -> Bool[np.ndarray, "row position"]:
            return _probe(model, layer, masked)

        clean = probe(np.zeros((1, input_length), dtype=bool))[0]
        if clean.any():
            raise UserError(f"layer={layer!r}: is NaN for a sequence of N; train or load the model")
        field = _fit(probe, input_length, len(clean), layer)
        _verify(probe, field, input_length, len(clean), layer)
    return field


def _fit(probe: Probe, length: int, positions: int, layer: str) -> ReceptiveField:
    """Take left edges from the last two windows and right edges from the first two.

    Those are the edges that the ends of the sequence cut off last.
    """
    if positions < 2:
        raise _no_windows(layer, "it has one position")
    left = [_left_edge(probe, length, p) for p in (positions - 2, positions - 1)]
    right = [_right_edge(probe, length, p) for p in (0, 1)]
    if left[1] == length or right[0] < 0:
        raise _no_windows(layer, "a position sees no base")
    if left[1] == 0 or right[0] == length - 1:
        raise _no_windows(layer, "a position at one end sees the other end")
    jump = left[1] - left[0]
    if jump != right[1] - right[0] or jump < 1:
        raise _no_windows(layer, "its windows are not evenly spaced")
    start = left[1] - jump * (positions - 1)
    return ReceptiveField(start, jump, right[0] + 1 - start)


def _verify(probe: Probe, field: ReceptiveField, length: int, positions: int, layer: str) -> None:
    bases = np.unique(np.linspace(0, length - 1, _CHECKED_BASES).astype(int))
    seen = probe(bases[:, None] == np.arange(length))
    starts = field.start + field.jump * np.arange(positions)
    inside = (starts <= bases[:, None]) & (bases[:, None] < starts + field.width)
    whole = np.flatnonzero((starts >= 0) & (starts + field.width <= length))
    chosen = whole[:: max(1, len(whole) // _CHECKED_POSITIONS)]
    edges = all(
        _left_edge(probe, length, p) == starts[p]
        and _right_edge(probe, length, p) == starts[p] + field.width - 1
        for p in chosen.tolist()
    )
    if (seen & ~inside).any() or not edges:
        raise _no_windows(layer, "its windows are not evenly spaced")


def _left_edge(probe: Probe, length: int, position: int) -> int:
    """Give the first base seen, or the length if none is."""

    def spoilt(base: int) -> bool:
        return bool(probe(np.arange(length)[None] <= base)[0, position])

    return bisect.bisect_left(range(length), True, key=spoilt)


def _right_edge(probe: Probe, length: int, position: int) -> int:
    """Give the last base seen, or -1 if none is."""

    def spoilt(back: int) -> bool:
        return bool(probe(np.arange(length)[None] >= length - 1 - back)[0, position])

    return length - 1 - bisect.bisect_left(range(length), True, key=spoilt)


def _probe(
    model: nn.Module, layer: str, masked: Bool[np.ndarray, "row base"]
) -> Bool[np.ndarray, "row position"]:
    """Set bases to NaN and say which positions of the layer become NaN."""
    spoilt = []
    for rows in np.array_split(masked, max(1, len(masked) // _CHUNK)):
        onehot = torch.zeros(len(rows), 4, rows.shape[1])
        onehot.masked_fill_(torch.from_numpy(rows)[:, None], torch.nan)
        onehot = onehot.to(_sequences.form(model).dtype)
        output = inference.output_at(model, onehot, layer=layer)
        if output.ndim != 3:
            raise _no_windows(layer, f"its output has shape (batch, {list(output.shape[1:])})")
        spoilt.append(output.isnan().any(dim=1).numpy())
    return np.concatenate(spoilt)


def _no_windows(layer: str, reason: str) -> UserError:
    return UserError(
        f"layer={layer!r}: no fixed windows over the sequence, {reason}; choose an earlier layer "
        "or give longer sequences"
    )
