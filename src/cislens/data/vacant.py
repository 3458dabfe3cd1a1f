"""Where windows of a genome fit without touching any of some intervals."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from jaxtyping import Int

from cislens.data import bins

Places = Int[np.ndarray, " places"]


def starts(
    taken: pd.DataFrame,
    size: int,
    *,
    length: int,
    distance: int = 0,
    rng: np.random.Generator,
) -> Places:
    """List windows of one chromosome that touch none of some intervals, nor each other.

    The gaps between the intervals are filled with windows end to end; what a gap has left over is
    shared out at random before the first and behind the last.

    Parameters
    ----------
    taken
        Intervals of the chromosome: start and end.
    size
        Length of the chromosome, in bp.
    length
        Length of the windows, in bp.
    distance
        Bases that must lie between a window and an interval.
    rng
        Source of randomness.

    Returns
    -------
    Places
        First base of each window, in order.
    """
    # The ends of the chromosome stand among them as intervals without a base.
    begin = np.array([0, *(taken["start"] - distance), size], np.int64).clip(0, size)
    end = np.array([0, *(taken["end"] + distance), size], np.int64).clip(0, size)
    begin, end = bins.merged(begin, end)
    gaps = begin[1:] - end[:-1]
    counts = gaps // length
    first = end[:-1] + rng.integers(0, gaps - counts * length + 1)
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    places: Places = np.repeat(first, counts) + within * length
    return places


def windows(
    taken: pd.DataFrame,
    sizes: Mapping[str, int],
    *,
    length: int,
    distance: int = 0,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """List windows of several chromosomes, as `starts` does for one.

    Parameters
    ----------
    taken
        Intervals: chrom, start and end.
    sizes
        Lengths of the chromosomes by name, in bp.
    length
        As for `starts`.
    distance
        As for `starts`.
    rng
        As for `starts`.

    Returns
    -------
    pandas.DataFrame
        Columns chrom and start, one row a window.
    """
    groups = dict(iter(taken.groupby("chrom")))
    found = {
        name: starts(groups.get(name, taken[:0]), size, length=length, distance=distance, rng=rng)
        for name, size in sizes.items()
    }
    names = np.repeat(np.array([*found], dtype=object), [len(places) for places in found.values()])
    places = np.concatenate([np.empty(0, np.int64), *found.values()])
    return pd.DataFrame({"chrom": names, "start": places})
