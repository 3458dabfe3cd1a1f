"""Positions and moves in one number each, so that a sampler of plain numbers carries both."""

import numpy as np
from numpy.typing import NDArray

from cislens.sequence.alphabet import N_CODE
from cislens.sequence.shapes import Codes


def joined(places: NDArray[np.int64], moves: NDArray[np.int64], *, count: int) -> NDArray[np.int64]:
    """Join positions below ``count`` with moves; a position with no move stays as it is."""
    folded = np.where(moves > 0, 2 * moves - 1, -2 * moves)
    keys: NDArray[np.int64] = places + folded * count
    return keys


def parted(keys: NDArray[np.int64], *, count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Take positions and moves apart again."""
    folded, places = np.divmod(keys, count)
    return places, np.where(folded % 2 == 1, (folded + 1) // 2, -(folded // 2))


def moved(codes: Codes, moves: NDArray[np.int64]) -> Codes:
    """Move each sequence to the right (to the left below 0); N comes in at the other end."""
    most = int(np.abs(moves).max(initial=0))
    if not most:
        return codes
    length = codes.shape[1]
    padded = np.full((len(codes), length + 2 * most), N_CODE, np.uint8)
    padded[:, most : most + length] = codes
    windows = np.lib.stride_tricks.sliding_window_view(padded, length, axis=1)
    result: Codes = windows[np.arange(len(codes)), most - moves]
    return result
