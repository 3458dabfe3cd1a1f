"""Whether one training is better than another: paired tests and sizes of effect."""

from typing import Literal, NamedTuple

import numpy as np
from jaxtyping import Shaped
from scipy import stats

from cislens.errors import UserError

Alternative = Literal["two-sided", "greater", "less"]
Vector = Shaped[np.ndarray, " _"]


class Comparison(NamedTuple):
    """How the scores of a second condition differ from those of a first."""

    pairs: int
    """Number of pairs (or, unpaired, of both groups) where both scores are defined."""
    first: float
    """Mean score of the first."""
    second: float
    """Mean score of the second."""
    difference: float
    """Mean of second - first."""
    effect: float
    """Rank-biserial correlation, -1 to 1: what speaks for the second less what speaks against."""
    p: float
    """p-value; NaN where nothing differs or there is too little."""


def paired(first: Vector, second: Vector, *, alternative: Alternative = "two-sided") -> Comparison:
    """Compare two conditions on the same examples, by Wilcoxon's signed ranks.

    Parameters
    ----------
    first
        A score of each example under one condition; NaN leaves the pair out.
    second
        Under the other, in the same order.
    alternative
        What is held against no difference, such as "greater": that the second is.

    Returns
    -------
    Comparison
        Means, matched-pairs rank-biserial correlation, and p-value.

    Raises
    ------
    UserError
        If the numbers of examples differ.
    """
    if first.shape != second.shape:
        raise UserError(
            f"{len(first)} scores of one condition and {len(second)} of the other; a paired test "
            "wants the same examples"
        )
    known = ~(np.isnan(first) | np.isnan(second))
    first, second = first[known].astype(np.float64), second[known].astype(np.float64)
    change = second - first
    moved = change[change != 0]
    effect = p = float("nan")
    if moved.size:
        ranks = stats.rankdata(np.abs(moved))
        effect = float((ranks * np.sign(moved)).sum() / ranks.sum())
        p = float(stats.wilcoxon(moved, alternative=alternative).pvalue)
    return Comparison(int(known.sum()), _mean(first), _mean(second), _mean(change), effect, p)


def unpaired(
    first: Vector, second: Vector, *, alternative: Alternative = "two-sided"
) -> Comparison:
    """Compare two groups of trainings, such as seeds, by Mann and Whitney's U.

    Parameters
    ----------
    first
        A score of each training of one group; NaN is left out.
    second
        Of the other; the groups may differ in size.
    alternative
        What is held against no difference, such as "greater": that the second is.

    Returns
    -------
    Comparison
        Means, rank-biserial correlation (Cliff's delta), and p-value.
    """
    first, second = (x[~np.isnan(x)].astype(np.float64) for x in (first, second))
    effect = p = float("nan")
    if first.size and second.size:
        result = stats.mannwhitneyu(second, first, alternative=alternative)
        effect = float(2 * result.statistic / (first.size * second.size) - 1)
        p = float(result.pvalue)
    means = _mean(first), _mean(second)
    return Comparison(first.size + second.size, *means, means[1] - means[0], effect, p)


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if values.size else float("nan")
