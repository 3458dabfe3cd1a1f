"""From the peaks of many factors to the places that windows are centred on."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from jaxtyping import Float

from cislens.data import bins
from cislens.data.bins import Rule


def find(peaks: Mapping[str, pd.DataFrame], *, merge: int = 0) -> pd.DataFrame:
    """List where the peaks of all tasks lie, each place once on each strand.

    Parameters
    ----------
    peaks
        For each task its peaks: chrom, summit, strand; without a strand they stand on "+".
    merge
        From left to right, summits that lie as near as this to the first of a group, in bp, become
        one place: their median.

    Returns
    -------
    pandas.DataFrame
        Columns chrom, centre and strand ("+" or "-"), in order of chromosome, strand and centre.
    """
    columns = ["chrom", "strand", "summit"]
    every = pd.concat([oriented(table)[columns] for table in peaks.values()])
    rows = [
        (chrom, centre, strand)
        for (chrom, strand), group in every.groupby(["chrom", "strand"], sort=True)
        for centre in _medians(np.sort(group["summit"].to_numpy(np.int64)), merge)
    ]
    return pd.DataFrame(rows, columns=["chrom", "centre", "strand"])


def oriented(table: pd.DataFrame) -> pd.DataFrame:
    """Put intervals without a strand on "+".

    Parameters
    ----------
    table
        Intervals, with a column strand or without.

    Returns
    -------
    pandas.DataFrame
        The same with "+" or "-" for each.
    """
    return table.assign(strand=np.where(_strands(table) == "-", "-", "+"))


def labels(
    centres: pd.DataFrame,
    peaks: Mapping[str, pd.DataFrame],
    *,
    width: int,
    rule: Rule = "summit",
    margin: int = 0,
    context: int | None = None,
) -> Float[np.ndarray, "centres tasks"]:
    """Label places by the peaks of every task around them.

    Parameters
    ----------
    centres
        What `find` gave, or rows of it in its order.
    peaks
        What it was given.
    width
        Length of the stretch around a place that the rule looks at, in bp.
    rule
        As for `cislens.data.bins.labels`.
    margin
        As for `cislens.data.bins.labels`.
    context
        Length of a window around a place, in bp: evidence inside it but outside of the stretch is
        ambiguous too. Without it only `margin` says what is.

    Returns
    -------
    Float[np.ndarray, "centres tasks"]
        1 bound, 0 not, NaN ambiguous. A peak labels places on its own strand; one without a strand
        those on both.
    """
    out = np.zeros((len(centres), len(peaks)), np.float32)
    for (chrom, strand), rows in centres.groupby(["chrom", "strand"]).indices.items():
        other = "+" if strand == "-" else "-"
        tables = {
            task: table[(table["chrom"] == chrom) & (_strands(table) != other)]
            for task, table in peaks.items()
        }
        middles = centres["centre"].to_numpy()[rows]
        found = bins.labels(middles - width // 2, tables, width=width, rule=rule, margin=margin)
        if context is not None:
            inside = bins.labels(middles - context // 2, tables, width=context, rule=rule) > 0
            found[inside & (found == 0)] = np.nan
        out[rows] = found
    return out


def _strands(table: pd.DataFrame) -> pd.Series:
    return table["strand"] if "strand" in table else pd.Series(".", table.index)


def _medians(summits: np.ndarray, merge: int) -> list[int]:
    """Group sorted places from left to right; give the lower median of each group."""
    places, first = [], 0
    while first < len(summits):
        behind = int(np.searchsorted(summits, summits[first] + merge, side="right"))
        places.append(int(summits[(first + behind - 1) // 2]))
        first = behind
    return places
