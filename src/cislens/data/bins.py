"""Labels of a binned genome: which bins of which chromosome are bound by which factor."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from jaxtyping import Float, Int
from numpy.typing import NDArray

from cislens.errors import UserError

Rule = Literal["summit", "half", "any"]


@dataclass(frozen=True)
class Grid:
    """How a genome is cut.

    Attributes
    ----------
    width
        Length of a bin, in bp.
    stride
        Distance from one bin to the next.
    context
        Length of the sequence around the middle of a bin that a network sees.
    """

    width: int = 200
    stride: int = 200
    context: int = 1000

    def __post_init__(self) -> None:
        if not (0 < self.width <= self.context and self.stride > 0):
            raise UserError(
                f"width={self.width}, stride={self.stride}, context={self.context}: a stride of 1 "
                "or more is wanted, and a context at least as wide as a bin"
            )
        if (self.context - self.width) % 2:
            raise UserError(
                f"context={self.context}: wants an even difference from width={self.width}, so "
                f"that the bin lies in the middle; {self.context + 1} would do"
            )

    @property
    def flank(self) -> int:
        """Sequence on each side of a bin.

        Returns
        -------
        int
            In bp.
        """
        return (self.context - self.width) // 2

    def starts(self, size: int) -> Int[np.ndarray, " bins"]:
        """List the bins of a chromosome whose whole context lies on it.

        Parameters
        ----------
        size
            Length of the chromosome, in bp.

        Returns
        -------
        Int[np.ndarray, " bins"]
            First base of each bin.
        """
        first = -(-self.flank // self.stride) * self.stride
        return np.arange(first, size - self.width - self.flank + 1, self.stride)


def labels(
    starts: Int[np.ndarray, " bins"],
    peaks: Mapping[str, pd.DataFrame],
    *,
    width: int,
    rule: Rule = "summit",
    margin: int = 0,
) -> Float[np.ndarray, "bins tasks"]:
    """Label the bins of one chromosome.

    Parameters
    ----------
    starts
        First base of each bin, in order.
    peaks
        For each task its peaks on this chromosome: start, end, summit.
    width
        Length of a bin, in bp.
    rule
        When a bin is bound: "summit", if it holds the summit of a peak; "half", if peaks cover more
        than half of it (Zhou and Troyanskaya 2015); "any", if a peak covers a base of it.
    margin
        Bins that are not bound but of which a base lies as near as this to one that makes a bin
        bound are ambiguous: a summit for "summit", else a covered base. In bp.

    Returns
    -------
    Float[np.ndarray, "bins tasks"]
        1 bound, 0 not, NaN ambiguous.
    """
    out = np.zeros((len(starts), len(peaks)), np.float32)
    for task, table in enumerate(peaks.values()):
        if not len(table) or not len(starts):
            continue
        if rule == "summit":
            begin = table["summit"].to_numpy(np.int64)
            end = begin + 1
        else:
            begin, end = (table[name].to_numpy(np.int64) for name in ("start", "end"))
        covered = _covered(starts, starts + width, begin, end)
        bound = covered > (width / 2 if rule == "half" else 0)
        near = _covered(starts, starts + width, begin - margin, end + margin) > 0
        ambiguous = near & ~bound & ((margin > 0) | (rule == "half"))
        out[:, task] = np.where(ambiguous, np.nan, bound)
    return out


def _covered(
    starts: NDArray[np.int64], ends: NDArray[np.int64], begin: NDArray, end: NDArray
) -> Int[np.ndarray, " bins"]:
    """Count the bases of each bin that lie in any of some intervals."""
    begin, end = merged(begin, end)
    lengths = np.concatenate([[0], np.cumsum(end - begin)])

    def before(place: NDArray[np.int64]) -> NDArray[np.int64]:
        """Count covered bases left of a place."""
        number = np.searchsorted(begin, place, side="right")
        overhang = np.where(number > 0, end[number - 1] - place, 0).clip(min=0)
        count: NDArray[np.int64] = lengths[number] - overhang
        return count

    return before(ends) - before(starts)


def merged(begin: NDArray, end: NDArray) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Join intervals that overlap or touch.

    Parameters
    ----------
    begin
        First bases, in any order.
    end
        One past the last bases.

    Returns
    -------
    begin
        First bases, in order.
    end
        One past the last bases.
    """
    order = np.argsort(begin, kind="stable")
    begin, reach = begin[order], np.maximum.accumulate(end[order])
    fresh = np.concatenate([[True], begin[1:] > reach[:-1]])
    last = np.concatenate([np.flatnonzero(fresh)[1:] - 1, [len(begin) - 1]])
    return begin[fresh].astype(np.int64), reach[last].astype(np.int64)


def by_chromosome(
    peaks: Mapping[str, pd.DataFrame], chromosomes: Sequence[str]
) -> Iterator[tuple[str, dict[str, pd.DataFrame]]]:
    """Sort the peaks of all tasks by chromosome.

    Parameters
    ----------
    peaks
        For each task its peaks: chrom, start, end, summit.
    chromosomes
        Names of the genome, in its order.

    Yields
    ------
    str
        Name of a chromosome.
    dict[str, pandas.DataFrame]
        For each task its peaks there, perhaps none.
    """
    grouped = {task: dict(iter(table.groupby("chrom"))) for task, table in peaks.items()}
    for name in chromosomes:
        yield name, {task: groups.get(name, peaks[task][:0]) for task, groups in grouped.items()}


def chosen(
    labelled: Float[np.ndarray, "bins tasks"], *, negatives: float, rng: np.random.Generator
) -> Int[np.ndarray, " kept"]:
    """Choose the bins of a dataset: all that any factor binds, and some that none does.

    Parameters
    ----------
    labelled
        1 bound, 0 not, NaN ambiguous.
    negatives
        Bins without a bound or ambiguous label, per bin with a bound one; as many as there are if
        there are fewer.
    rng
        Source of randomness.

    Returns
    -------
    Int[np.ndarray, " kept"]
        Rows that are kept, in order.
    """
    bound = np.flatnonzero((labelled == 1).any(axis=1))
    free = np.flatnonzero((labelled == 0).all(axis=1))
    count = min(len(free), round(negatives * len(bound)))
    return np.sort(np.concatenate([bound, rng.choice(free, count, replace=False)]))
