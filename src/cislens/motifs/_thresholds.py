"""Thresholds that need passes of their own over the maps: from the mean, and from a quantile."""

import math
from collections.abc import Callable, Iterator
from typing import no_type_check

import numba
import numpy as np

from cislens.motifs.options import FilterOptions
from cislens.sequence.shapes import Codes

Stream = Callable[[], Iterator[tuple[Codes, np.ndarray]]]
"""Starts a pass over the network: base codes, and maps (row, filter, position) in float32."""

_LANES = 16
_DIGITS = (11, 11, 10)
"""Bits of a float32 that each pass of the quantile settles, the highest first."""


def passes(options: FilterOptions) -> int:
    """Say how many passes a rule takes before sites are collected."""
    return {"mean-to-maximum": 1, "quantile": len(_DIGITS)}.get(options.rule, 0)


def find(stream: Stream, options: FilterOptions, filters: int) -> np.ndarray | None:
    """Give the threshold of each filter in float64; None if it comes of collecting the sites."""
    if options.rule == "absolute":
        return np.full(filters, options.level)
    if options.rule == "mean-to-maximum":
        return _between(stream, options.level, filters)
    if options.rule == "quantile":
        return _quantile(stream, options.level, filters)
    return None


def of_maximum(maxima: np.ndarray, level: float) -> np.ndarray:
    """Take a share of the maximum; NaN where that is not above 0, so that nothing exceeds it."""
    return np.where(maxima > 0, level * maxima.astype(np.float64), np.nan)


def _between(stream: Stream, level: float, filters: int) -> np.ndarray:
    """Go a share of the way from the mean to the maximum."""
    sums, maxima, count = np.zeros(filters), np.full(filters, -np.inf), 0
    for _, maps in stream():
        _sum_rows(maps, sums)
        np.maximum(maxima, maps.max(axis=(0, 2)), out=maxima)
        count += maps.shape[0] * maps.shape[2]
    means = sums / count
    return means + level * (maxima - means)


def _quantile(stream: Stream, level: float, filters: int) -> np.ndarray:
    """Find the smallest value that a share of all values does not exceed, exactly.

    A radix selection: each pass settles some bits of the value, highest first, so that memory does
    not grow with the number of sequences.
    """
    prefix, rank = np.zeros(filters, np.uint32), np.zeros(filters, np.int64)
    shift = 32
    for bits in _DIGITS:
        shift -= bits
        counts = np.zeros((filters, 2**bits), np.int64)
        for _, maps in stream():
            _count_digits(maps, prefix, shift, bits, counts)
        if shift + bits == 32:
            rank[:] = max(math.ceil(level * counts[0].sum()), 1)
        for f in range(filters):
            running = counts[f].cumsum()
            digit = int(np.searchsorted(running, rank[f]))
            rank[f] -= running[digit - 1] if digit else 0
            prefix[f] |= np.uint32(digit << shift)
    # Undo `_ordered`.
    flipped = np.where(prefix >> 31, prefix ^ np.uint32(0x80000000), ~prefix)
    return flipped.astype(np.uint32).view(np.float32).astype(np.float64)


@numba.njit(nogil=True, cache=True)
@no_type_check
def _sum_rows(maps: np.ndarray, sums: np.ndarray) -> None:
    """Add up each filter's values row by row, so that the batch size changes nothing."""
    lanes = np.empty(_LANES)
    for f in range(maps.shape[1]):
        for row in range(maps.shape[0]):
            values = maps[row, f]
            whole = len(values) - len(values) % _LANES
            lanes[:] = 0
            for at in range(0, whole, _LANES):
                for lane in range(_LANES):
                    lanes[lane] += values[at + lane]
            total = lanes.sum()
            for at in range(whole, len(values)):
                total += values[at]
            sums[f] += total


@numba.njit(nogil=True, cache=True)
@no_type_check
def _count_digits(
    maps: np.ndarray, prefix: np.ndarray, shift: int, bits: int, counts: np.ndarray
) -> None:
    """Count the values with the settled high bits by their next bits."""
    mask = np.uint32(2**bits - 1)
    settled = np.uint64(shift + bits)
    for row in range(maps.shape[0]):
        for f in range(maps.shape[1]):
            # Adding 0 makes -0 and 0 the same bits; they are the same value.
            keys = (maps[row, f] + np.float32(0)).view(np.uint32)
            for at in range(len(keys)):
                key = _ordered(keys[at])
                if np.uint64(key) >> settled == np.uint64(prefix[f]) >> settled:
                    counts[f, (key >> np.uint32(shift)) & mask] += 1


@numba.njit(nogil=True, cache=True, inline="always")
@no_type_check
def _ordered(bits: np.uint32) -> np.uint32:
    """Map the bits of a float32 so that unsigned order is the order of the values."""
    sign = np.uint32(0x80000000)
    return np.uint32(~bits) if bits & sign else np.uint32(bits | sign)
