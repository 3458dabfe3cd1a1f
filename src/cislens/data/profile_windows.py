"""Which windows of a genome a dataset of profiles holds: at peaks, and beside all of them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cislens.data import bins, vacant
from cislens.errors import UserError


@dataclass(frozen=True)
class Windowing:
    """Which windows are taken.

    Attributes
    ----------
    positions
        Positions of a profile, in bp.
    context
        Length of the sequence around their middle that a network sees, in bp.
    jitter
        By how many bp a window may be moved in training, to either side.
    background
        Windows beside all peaks, per window at a peak.
    most_unknown
        Windows with a larger share of N are left out.
    excluded
        Intervals (chrom, start, end) that no window may touch, as of a blacklist.

    Raises
    ------
    UserError
        If the numbers do not fit each other.
    """

    positions: int
    context: int
    jitter: int = 0
    background: float = 1.0
    most_unknown: float = 0.1
    excluded: pd.DataFrame | None = None

    def __post_init__(self) -> None:
        if not 0 < self.positions <= self.context or self.jitter < 0 or self.background < 0:
            raise UserError(
                f"positions={self.positions}, context={self.context}, jitter={self.jitter}, "
                f"background={self.background}: a context at least as long as the profile is "
                "wanted, and nothing below 0"
            )
        if (self.context - self.positions) % 2:
            raise UserError(
                f"context={self.context}: wants an even difference from positions="
                f"{self.positions}, so that the profile lies in the middle; {self.context + 1} "
                "would do"
            )

    @property
    def stored(self) -> int:
        """Tell how much sequence is stored for a window.

        Returns
        -------
        int
            In bp.
        """
        return self.context + 2 * self.jitter


def choose(
    peaks: pd.DataFrame,
    sizes: Mapping[str, int],
    *,
    windowing: Windowing,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """List the windows of a dataset.

    Parameters
    ----------
    peaks
        Peaks of all tasks: chrom and summit; one summit makes one window.
    sizes
        Lengths of the chromosomes, in bp, by name.
    windowing
        Which windows.
    rng
        Source of randomness, for the background.

    Returns
    -------
    pandas.DataFrame
        Of what is stored of each window chrom, start and is_peak, along the genome.

    Raises
    ------
    UserError
        If no peak has a window, or there is no room for so much background.
    """
    summits = peaks[["chrom", "summit"]].drop_duplicates()
    first = summits["summit"] - windowing.positions // 2
    margin = (windowing.stored - windowing.positions) // 2
    at_peaks = pd.DataFrame({"chrom": summits["chrom"], "start": first - margin, "is_peak": True})
    at_peaks = at_peaks[_fits(at_peaks, sizes, windowing)]
    if not len(at_peaks):
        raise UserError(
            f"peaks: none of {len(summits)} leaves room for {windowing.stored} bp on its "
            "chromosome outside of what is excluded; take a shorter context or less jitter"
        )
    beside = _background(summits["chrom"], first, sizes, windowing, rng)
    count = round(windowing.background * len(at_peaks))
    if len(beside) < count:
        raise UserError(
            f"background={windowing.background:g}: beside the peaks there is room for "
            f"{len(beside)} windows of {windowing.stored} bp, {count} are wanted; ask for fewer"
        )
    chosen = np.sort(rng.choice(len(beside), count, replace=False))
    table = pd.concat([at_peaks, beside.iloc[chosen].assign(is_peak=False)], ignore_index=True)
    number = table["chrom"].map({name: place for place, name in enumerate(sizes)})
    return table.iloc[np.lexsort((table["start"], number))]


def _fits(table: pd.DataFrame, sizes: Mapping[str, int], windowing: Windowing) -> NDArray[np.bool_]:
    """Say which windows lie whole on their chromosome and touch nothing that is excluded."""
    start = table["start"].to_numpy(np.int64)
    fits: NDArray[np.bool_] = start >= 0
    fits &= start + windowing.stored <= table["chrom"].map(sizes).to_numpy(np.int64)
    if windowing.excluded is not None:
        for name, here in windowing.excluded.groupby("chrom"):
            mine = np.flatnonzero(table["chrom"] == name)
            touched = bins.labels(start[mine], {"": here}, width=windowing.stored, rule="any")
            fits[mine[touched[:, 0] > 0]] = False
    return fits


def _background(
    chrom: pd.Series,
    first: pd.Series,
    sizes: Mapping[str, int],
    windowing: Windowing,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """List windows of which no base that is stored lies in a profile at a peak, however moved."""
    begin = first - windowing.jitter
    end = first + windowing.positions + windowing.jitter
    taken = pd.DataFrame({"chrom": chrom, "start": begin, "end": end})
    if windowing.excluded is not None:
        taken = pd.concat([taken, windowing.excluded])
    return vacant.windows(taken, sizes, length=windowing.stored, rng=rng)
