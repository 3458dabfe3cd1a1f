"""Profiles of a dataset: windows of sequence with the counts that lie along them."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float32
from numpy.typing import NDArray

from cislens.data import store
from cislens.data.dataset import SequenceView
from cislens.errors import UserError
from cislens.sequence.shapes import Codes

Counts = Float32[np.ndarray, "batch tracks positions"]


class Windows(NamedTuple):
    """Some windows of a dataset."""

    codes: Codes
    """Base codes."""
    counts: Counts
    """What was measured in the middle of each; the strands of a task stand side by side."""
    control: Counts | None
    """The same of the control tracks; None where there are none."""
    is_peak: Bool[np.ndarray, " batch"]
    """Whether each lies at a peak, and not in the background."""


def layout(view: SequenceView) -> store.ProfileLayout:
    """Tell how the tracks of a dataset lie.

    Parameters
    ----------
    view
        Sequences of a dataset of profiles.

    Returns
    -------
    ProfileLayout
        Positions, strands, jitter, and kind of control.

    Raises
    ------
    UserError
        If the dataset has no profiles.
    """
    found = view.dataset.profile
    if found is None:
        raise UserError(
            f"{view.dataset.path}: holds no profiles; write one that does with `cislens data build`"
        )
    return found


def read(
    view: SequenceView, rows: slice | NDArray[np.integer], *, shift: int | NDArray[np.integer] = 0
) -> Windows:
    """Read windows, moved along the genome where that is asked for.

    Parameters
    ----------
    view
        Sequences of a dataset of profiles.
    rows
        A slice, or positions in the view in any order.
    shift
        By how many bp each window, or all of them, lie to the right of their place; sequence and
        counts move together.

    Returns
    -------
    Windows
        In the order asked for.

    Raises
    ------
    UserError
        If the dataset has no profiles, or a shift is larger than its jitter.
    """
    kept = layout(view)
    places = view.indices[rows]
    shifts = np.broadcast_to(np.asarray(shift, np.int64), places.shape)
    if np.abs(shifts).max(initial=0) > kept.jitter:
        raise UserError(
            f"shift={int(np.abs(shifts).max())}: windows were stored with a jitter of "
            f"{kept.jitter} bp"
        )
    arrays, first = view.dataset.rows, shifts + kept.jitter
    has_control = store.CONTROL in arrays
    return Windows(
        _cut(arrays["codes"].read(places), first, view.length),
        _cut(arrays[store.COUNTS].read(places), first, kept.positions),
        _cut(arrays[store.CONTROL].read(places), first, kept.positions) if has_control else None,
        arrays[store.IS_PEAK].read(places).astype(bool),
    )


def at_peaks(view: SequenceView) -> Bool[np.ndarray, " windows"]:
    """Tell which windows lie at a peak, and not in the background.

    Parameters
    ----------
    view
        Sequences of a dataset of profiles.

    Returns
    -------
    Bool[np.ndarray, " windows"]
        In the order of the view.
    """
    layout(view)
    is_peak: Bool[np.ndarray, " windows"] = view.dataset.rows[store.IS_PEAK].read(view.indices) > 0
    return is_peak


def blocks(view: SequenceView, *, size: int = 1024) -> Iterator[Windows]:
    """Read all windows, some at a time.

    Parameters
    ----------
    view
        Sequences of a dataset of profiles.
    size
        Windows at a time.

    Yields
    ------
    Windows
        In the order of the view.
    """
    for start in range(0, len(view), size):
        yield read(view, slice(start, start + size))


def _cut(values: NDArray, first: NDArray[np.int64], length: int) -> NDArray:
    """Cut each row's last axis to its own window."""
    out = np.empty((*values.shape[:-1], length), values.dtype)
    for row, start in enumerate(first):
        out[row] = values[row, ..., start : start + length]
    return out
