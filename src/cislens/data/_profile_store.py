"""Tracks of counts in a dataset: the columns they fill, and what they must be like."""

import numpy as np
import zarr
from numpy.typing import NDArray

from cislens.data import store
from cislens.data.columns import Column
from cislens.errors import UserError


def columns(group: zarr.Group, header: store.Header) -> dict[str, Column]:
    """Make the columns of a dataset of profiles; none for another."""
    found = {}
    for name, shape in _shapes(header).items():
        dtype = np.uint8 if name == store.IS_PEAK else "<f4"
        found[name] = Column(group, name, dtype, row_shape=shape, compressed=False)
    return found


def rows(
    header: store.Header,
    counts: NDArray[np.float32],
    is_peak: NDArray[np.bool_],
    control: NDArray[np.float32] | None,
) -> dict[str, NDArray]:
    """Check a batch of tracks; give what goes into each column."""
    given: dict[str, NDArray] = {store.COUNTS: counts, store.IS_PEAK: np.asarray(is_peak, np.uint8)}
    if control is not None:
        given[store.CONTROL] = control
    wanted = _shapes(header)
    if given.keys() != wanted.keys():
        raise UserError(f"tracks: got {', '.join(given)}; the layout wants {', '.join(wanted)}")
    for name, values in given.items():
        if values.shape != (len(is_peak), *wanted[name]):
            raise UserError(
                f"{name}: got shape {values.shape}; {(len(is_peak), *wanted[name])} is wanted"
            )
        if not (np.isfinite(values) & (values >= 0)).all():
            raise UserError(f"{name}: holds NaN, infinity or a number below 0; wants counts")
    return given


def check_complete(written: dict[str, Column], header: store.Header) -> None:
    """Refuse a dataset whose rows have not all got their tracks."""
    for name in _shapes(header):
        if len(written[name]) != len(written["codes"]):
            raise UserError(
                f"{name}: tracks of {len(written[name])} rows where {len(written['codes'])} were "
                "appended; call append_tracks after each append"
            )


def _shapes(header: store.Header) -> dict[str, tuple[int, ...]]:
    """Tell the shape of a row of each column."""
    if header.profile is None:
        return {}
    layout, tasks = header.profile, len(header.tasks)
    stored = layout.positions + 2 * layout.jitter
    controls = {"none": 0, "shared": 1, "matched": tasks}[layout.control]
    shapes: dict[str, tuple[int, ...]] = {
        store.COUNTS: (tasks * layout.strands, stored),
        store.IS_PEAK: (),
    }
    if controls:
        shapes[store.CONTROL] = (controls * layout.strands, stored)
    return shapes
