"""The sites of each filter while they are collected, compiled: a store, and counts of windows.

A window travels as the numbers of its triplets, three codes A C G T N outside = 0..5 as one number
in base 6, so that counting a window of 19 bp is seven additions, N and missing columns included.
The columns that a last triplet has too many are dropped when counts are read. Tables of longer
words would not stay in the innermost cache.

Sites of a filter whose final threshold is not yet known wait in its store. When that is full, the
best ones are counted at once; `State.ceiling` is what lies below them. Only if the running
threshold later passes the ceiling are the counts wrong: then the filter is stale. So few are
counted as long as the maximum may well rise, and most of them once it has come back often, as that
of a short filter does, whose best word is met again and again.
"""

from typing import NamedTuple, no_type_check

import numba
import numpy as np

BASE = 6
N_CODE = 4
OUTSIDE = 5
TRIPLET = 3

OFTEN = 8
"""A maximum that so many rows reach, or nearly, is taken for the highest there is."""

_SAMPLE = 1000


@no_type_check
class Plan(NamedTuple):
    """What is a site, and where windows lie; the same for every filter.

    ``fraction`` above 0: the threshold is this times the running maximum. ``best`` above 0: only as
    many of the best sites are kept. Neither: thresholds stand. ``cap``: most sites a sequence
    gives, 0 for all. Positions ``first`` to ``end`` may be sites; a window begins ``jump`` × the
    position into the triplets of its row. ``strands`` rows make one sequence.
    """

    fraction: float
    best: int
    cap: int
    weighted: bool
    strands: int
    jump: int
    first: int
    end: int


@no_type_check
class State(NamedTuple):
    """What is known of each filter; every array's first axis is the filter.

    ``minimum`` is the smallest value up to the row that was the first to show two values;
    ``reached`` counts the rows that came near the maximum, up to `OFTEN`.
    """

    maximum: np.ndarray
    reached: np.ndarray
    minimum: np.ndarray
    undefined: np.ndarray
    threshold: np.ndarray
    ceiling: np.ndarray
    stale: np.ndarray
    sites: np.ndarray
    tables: np.ndarray
    stored: np.ndarray
    values: np.ndarray
    windows: np.ndarray


@numba.njit(nogil=True, cache=True)
@no_type_check
def triplets(codes: np.ndarray, start: int, out: np.ndarray) -> None:
    """Write the triplet at each position from ``start`` on, which may lie before the sequence."""
    length = codes.shape[1]
    for row in range(codes.shape[0]):
        word = 0
        for i in range(out.shape[1] + TRIPLET - 1):
            at = start + i
            code = min(codes[row, at], N_CODE) if 0 <= at < length else OUTSIDE
            word = (word * BASE + code) % BASE**TRIPLET
            if i >= TRIPLET - 1:
                out[row, i - TRIPLET + 1] = word


@numba.njit(nogil=True, cache=True)
@no_type_check
def below(value: float) -> np.float32:
    """Give the largest float32 that does not exceed a float64: the same values lie above both."""
    rounded = np.float32(value)
    if np.float64(rounded) > value:
        rounded = np.nextafter(rounded, np.float32(-np.inf))
    return rounded


@numba.njit(nogil=True, cache=True)
@no_type_check
def raise_threshold(f: int, plan: Plan, state: State) -> None:
    maximum = np.float64(state.maximum[f])
    # A share of a negative maximum lies above it or says nothing: no site.
    state.threshold[f] = below(plan.fraction * maximum) if maximum > 0 else np.float32(np.inf)
    state.stale[f] |= maximum > 0 and state.threshold[f] > state.ceiling[f]


@numba.njit(nogil=True, cache=True)
@no_type_check
def make_room(f: int, plan: Plan, state: State) -> None:
    """Empty at least an eighth of a store."""
    if plan.best > 0:
        keep_best(f, plan.best, state)
        return
    room = state.values.shape[1]
    while 8 * state.stored[f] > 7 * room:
        stored = state.stored[f]
        sample = np.sort(state.values[f, : stored : max(1, stored // _SAMPLE)])
        waiting = sample[sample > state.threshold[f]]
        if 2 * len(waiting) > len(sample):
            quarters = 1 if state.reached[f] >= OFTEN else 3
            state.ceiling[f] = min(state.ceiling[f], waiting[quarters * len(waiting) // 4])
        sweep(f, plan, state)
        if state.stored[f] == stored:
            # All have one value, as of an activation that saturates: they go, too.
            state.ceiling[f] = np.nextafter(state.ceiling[f], np.float32(-np.inf))
            sweep(f, plan, state)


@numba.njit(nogil=True, cache=True)
@no_type_check
def sweep(f: int, plan: Plan, state: State) -> None:
    """Drop stored sites up to the threshold, count those above the ceiling, keep the others."""
    values, windows, table = state.values[f], state.windows[f], state.tables[f]
    threshold, ceiling = state.threshold[f], state.ceiling[f]
    kept, counted = 0, 0
    for slot in range(state.stored[f]):
        value = values[slot]
        if value > ceiling:
            weight = max(value, np.float32(0)) if plan.weighted else np.float32(1)
            for part in range(len(table)):
                table[part, windows[slot, part]] += weight
            counted += 1
        elif value > threshold:
            values[kept] = value
            for part in range(windows.shape[1]):
                windows[kept, part] = windows[slot, part]
            kept += 1
    state.stored[f] = kept
    state.sites[f] += counted


@numba.njit(nogil=True, cache=True)
@no_type_check
def keep_best(f: int, best: int, state: State) -> None:
    """Keep the best stored sites, the earlier of equals; their lowest value is the threshold."""
    values, stored = state.values[f], state.stored[f]
    if stored < best:
        return
    lowest = np.partition(values[:stored], stored - best)[stored - best]
    ties = best - (values[:stored] > lowest).sum()
    state.stored[f] = _keep(values, state.windows[f], stored, lowest, ties)
    state.threshold[f] = lowest


@numba.njit(nogil=True, cache=True)
@no_type_check
def _keep(
    values: np.ndarray, windows: np.ndarray, stored: int, threshold: np.float32, ties: int
) -> int:
    """Keep the stored sites above a threshold, and the first few at it; give their number."""
    kept = 0
    for slot in range(stored):
        level = values[slot] == threshold and ties > 0
        if values[slot] > threshold or level:
            ties -= level
            values[kept] = values[slot]
            windows[kept] = windows[slot]
            kept += 1
    return kept
