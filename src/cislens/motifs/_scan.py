"""The scan of activation maps for sites, compiled.

The values of a filter are compared twice, with its maximum and with its threshold, both in vectors
and while they are in the cache; only sites are looked at one by one.
"""

from typing import no_type_check

import numba
import numpy as np

from cislens.motifs import _store
from cislens.motifs._store import Plan, State

_LANES = 64

# The same word gives activations that differ by rounding.
_NEAR = np.float32(1e-6)

# The bits of this number from any place on are a different number below 64 (de Bruijn).
_SEQUENCE = 0x03F79D71B4CB0A89
_PLACES = np.zeros(64, np.uint32)
for _bit in range(64):
    _PLACES[((_SEQUENCE << _bit) & (2**64 - 1)) >> 58] = _bit


@numba.njit(nogil=True, cache=True)
@no_type_check
def collect(
    maps: np.ndarray, row_triplets: np.ndarray, plan: Plan, state: State, filters: tuple[int, int]
) -> None:
    """Take the sites of a batch of maps (row, filter, position) for some of the filters."""
    high, low = np.empty(_LANES, np.float32), np.empty(_LANES, np.float32)
    sites = np.empty(maps.shape[2], np.uint32)
    best = np.empty(plan.cap, np.int64)
    for f in range(filters[0], filters[1]):
        for row in range(maps.shape[0]):
            maximum = state.maximum[f]
            margin = abs(maximum) * _NEAR
            limit = maximum - margin if state.reached[f] < _store.OFTEN else maximum
            # The minimum only tells whether the filter varies: most rows need not be asked.
            varies = state.minimum[f] < maximum
            if not varies or _exceeds(maps[row, f], limit):
                largest, smallest, undefined = _extremes(maps[row, f], high, low)
                state.maximum[f] = max(maximum, largest)
                state.minimum[f] = min(state.minimum[f], smallest)
                state.undefined[f] |= undefined
                if largest > limit:
                    state.reached[f] = 1 if largest > maximum + margin else state.reached[f] + 1
        if plan.fraction > 0:
            _store.raise_threshold(f, plan, state)
        if not state.stale[f]:
            _collect_filter(maps, row_triplets, f, plan, state, sites, best)


@numba.njit(nogil=True, cache=True)
@no_type_check
def _collect_filter(
    maps: np.ndarray,
    row_triplets: np.ndarray,
    f: int,
    plan: Plan,
    state: State,
    sites: np.ndarray,
    best: np.ndarray,
) -> None:
    """Take the sites of a batch for one filter.

    What a row needs is taken out of plan and state beforehand: handing these on for each of
    millions of rows would cost more than the rows.
    """
    first, end, jump, weighted = plan.first, plan.end, np.uint64(plan.jump), plan.weighted
    threshold, ceiling = state.threshold[f], state.ceiling[f]
    values, windows, table = state.values[f], state.windows[f], state.tables[f]
    stored, counted, kept = state.stored[f], 0, 0
    for row in range(maps.shape[0]):
        if stored + maps.shape[2] > len(values) and ceiling > threshold:
            state.stored[f] = stored
            _store.make_room(f, plan, state)
            threshold, ceiling, stored = state.threshold[f], state.ceiling[f], state.stored[f]
        sure = max(ceiling, threshold)
        over, found = 0, 0
        if plan.cap > 0:
            if row % plan.strands == 0:
                kept = _best(maps[row : row + plan.strands], f, plan, threshold, sites, best)
            found = _of_strand(best[:kept], row % plan.strands, maps.shape[2], sites)
            over = _bring_forward(maps[row, f], sure, sites[:found])
        else:
            if sure < np.inf:
                over = _between(maps[row, f], first, end, sure, np.float32(np.inf), sites)
            found = over
            if threshold < sure:
                found += _between(maps[row, f], first, end, threshold, sure, sites[over:])
        _count(maps[row, f], row_triplets[row], sites, over, jump, weighted, table)
        for i in range(over, found):
            place = sites[i] * jump
            values[stored] = maps[row, f, sites[i]]
            for part in range(windows.shape[1]):
                windows[stored, part] = row_triplets[row, place + np.uint64(_store.TRIPLET * part)]
            stored += 1
        counted += over
    state.stored[f] = stored
    state.sites[f] += counted


@numba.njit(nogil=True, cache=True)
@no_type_check
def _exceeds(row: np.ndarray, limit: np.float32) -> bool:
    """Say whether a value is above a limit, or NaN."""
    above = np.int32(0)
    for at in range(len(row)):
        above += np.int32(not row[at] <= limit)
    return above > 0


@numba.njit(nogil=True, cache=True)
@no_type_check
def _extremes(row: np.ndarray, high: np.ndarray, low: np.ndarray) -> tuple[float, float, bool]:
    """Give maximum, minimum, and whether a value is NaN; lanes let the compiler use vectors."""
    blocks = len(row) - len(row) % _LANES
    largest, smallest, undefined = row[0], row[0], 0
    high[:] = largest
    low[:] = smallest
    for at in range(0, blocks, _LANES):
        for lane in range(_LANES):
            value = row[at + lane]
            high[lane] = value if value > high[lane] else high[lane]
            low[lane] = value if value < low[lane] else low[lane]
            undefined |= value != value
    for lane in range(_LANES):
        largest, smallest = max(largest, high[lane]), min(smallest, low[lane])
    for at in range(blocks, len(row)):
        value = row[at]
        largest, smallest = max(largest, value), min(smallest, value)
        undefined |= value != value
    return largest, smallest, undefined != 0


@numba.njit(nogil=True, cache=True)
@no_type_check
def _between(
    row: np.ndarray, first: int, end: int, low: np.float32, high: np.float32, sites: np.ndarray
) -> int:
    """List the positions above ``low`` and not above ``high``; give their number."""
    found = 0
    whole = first + (end - first) // _LANES * _LANES
    for at in range(first, whole, _LANES):
        # A slice tells the compiler that no index is negative, so that it can use vectors.
        block = row[at : at + _LANES]
        mask = np.uint64(0)
        for lane in range(_LANES):
            inside = (block[lane] > low) & (block[lane] <= high)
            mask |= np.uint64(inside) << np.uint64(lane)
        while mask != 0:
            lowest = mask & (~mask + np.uint64(1))
            sites[found] = at + _PLACES[(lowest * np.uint64(_SEQUENCE)) >> np.uint64(58)]
            found += 1
            mask ^= lowest
    for position in range(whole, end):
        if low < row[position] <= high:
            sites[found] = position
            found += 1
    return found


@numba.njit(nogil=True, cache=True)
@no_type_check
def _best(
    maps: np.ndarray, f: int, plan: Plan, threshold: np.float32, sites: np.ndarray, best: np.ndarray
) -> int:
    """List the best positions of a sequence, counted on from strand to strand."""
    kept, length = 0, maps.shape[2]
    for strand in range(maps.shape[0]):
        row = maps[strand, f]
        found = _between(row, plan.first, plan.end, threshold, np.float32(np.inf), sites)
        for position in sites[:found]:
            rank, value = kept, row[position]
            while rank > 0 and maps[best[rank - 1] // length, f, best[rank - 1] % length] < value:
                rank -= 1
            if rank < len(best):
                kept = min(kept + 1, len(best))
                for later in range(kept - 1, rank, -1):
                    best[later] = best[later - 1]
                best[rank] = strand * length + np.int64(position)
    return kept


@numba.njit(nogil=True, cache=True)
@no_type_check
def _of_strand(best: np.ndarray, strand: int, length: int, sites: np.ndarray) -> int:
    """List those of the best positions that lie on one strand."""
    found = 0
    for place in best:
        if place // length == strand:
            sites[found] = place % length
            found += 1
    return found


@numba.njit(nogil=True, cache=True)
@no_type_check
def _bring_forward(row: np.ndarray, limit: np.float32, sites: np.ndarray) -> int:
    """Bring the sites above a limit to the front; give their number."""
    over = 0
    for i in range(len(sites)):
        site = sites[i]
        if row[site] > limit:
            sites[i] = sites[over]
            sites[over] = site
            over += 1
    return over


@numba.njit(nogil=True, cache=True)
@no_type_check
def _count(
    row: np.ndarray,
    row_triplets: np.ndarray,
    sites: np.ndarray,
    found: int,
    jump: np.uint64,
    weighted: bool,
    table: np.ndarray,
) -> None:
    for part in range(len(table)):
        shift = np.uint64(_store.TRIPLET * part)
        for i in range(found):
            triplet = row_triplets[sites[i] * jump + shift]
            if weighted:
                table[part, triplet] += max(row[sites[i]], np.float32(0))
            else:
                table[part, triplet] += 1
