"""Intervals of one split that lie over intervals of another."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def covered(intervals: pd.DataFrame, others: pd.DataFrame) -> NDArray[np.bool_]:
    """Tell which intervals share at least one base with one of the others, on either strand.

    Parameters
    ----------
    intervals
        ``chrom start end``, 0-based, half-open.
    others
        The same; rows without a chromosome or with a negative start, which lie nowhere known, are
        passed over in both.

    Returns
    -------
    NDArray[np.bool_]
        True where an interval shares a base.
    """
    result = np.zeros(len(intervals), bool)
    places = {str(chrom): rows for chrom, rows in _known(others).groupby("chrom", sort=False)}
    numbered = _known(intervals.reset_index(drop=True))
    for chrom, rows in numbered.groupby("chrom", sort=False):
        if str(chrom) in places:
            result[rows.index] = _covered(rows, places[str(chrom)])
    return result


def _known(intervals: pd.DataFrame) -> pd.DataFrame:
    """Keep the intervals whose place is known."""
    return intervals[(intervals["chrom"].astype(str) != "") & (intervals["start"] >= 0)]


def _covered(rows: pd.DataFrame, others: pd.DataFrame) -> NDArray[np.bool_]:
    """Compare intervals of one chromosome.

    Of the others that begin before an interval ends, the one that reaches farthest decides.
    """
    order = np.argsort(others["start"].to_numpy())
    starts = others["start"].to_numpy()[order]
    reach = np.maximum.accumulate(others["end"].to_numpy()[order])
    before = np.searchsorted(starts, rows["end"].to_numpy(), side="left")
    found: NDArray[np.bool_] = before > 0
    found &= reach[np.maximum(before - 1, 0)] > rows["start"].to_numpy()
    return found
