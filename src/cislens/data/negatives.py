"""Windows without a peak that are made of what the windows with one are made of."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from jaxtyping import Float
from scipy import stats

from cislens.data import composition, matching
from cislens.data.genome import Genome
from cislens.sequence.alphabet import N_CODE
from cislens.sequence.shapes import Codes

Matched = Literal["gc", "dinucleotide", "none"]
MATCHED: tuple[Matched, ...] = ("gc", "dinucleotide", "none")
Features = Float[np.ndarray, "windows features"]
_OFFERS = 20
"""Windows looked at for each one wanted, if there are as many."""
_BLOCK = 2048


class Wanted(NamedTuple):
    """What negatives shall be like, one row for each."""

    features: Features
    """From `features`, of windows with a peak."""
    strand: np.ndarray
    """Their strands, "+" or "-"; negatives are read on the same."""


class Tally:
    """What was wanted, found and offered is made of, to say how well it was matched."""

    def __init__(self) -> None:
        self._asked = 0
        self._gc: dict[str, list[np.ndarray]] = {"wanted": [], "found": [], "offered": []}
        self._sums: dict[str, np.ndarray | float] = dict.fromkeys(self._gc, 0.0)

    def ask(self, count: int) -> None:
        """Note how many are wanted.

        Parameters
        ----------
        count
            Number of negatives.
        """
        self._asked += count

    def add(self, wanted: Features, found: Features, offered: Features) -> None:
        """Note a block.

        Parameters
        ----------
        wanted
            Features of windows with a peak.
        found
            Features of their negatives.
        offered
            Features of as many windows that were drawn at random.
        """
        for name, rows in (("wanted", wanted), ("found", found), ("offered", offered)):
            self._gc[name].append(rows[:, 0])
            self._sums[name] = self._sums[name] + rows[:, 1:].sum(axis=0)

    def summary(self) -> dict[str, float | int | None]:
        """Put the match in numbers.

        Returns
        -------
        dict
            ``asked`` and ``found``; mean GC content of both kinds, ``gc_positives`` and
            ``gc_negatives``; ``auroc_of_gc``, the probability that a positive has more GC than a
            negative, ties as half, so that 0.5 is a perfect match; ``dinucleotide_gap``, the
            largest difference of the mean share of a dinucleotide, where these were matched. The
            last two also ``_at_random``: against windows that were matched to nothing. None where
            nothing was found.
        """
        wanted, found, offered = (np.concatenate([[], *parts]) for parts in self._gc.values())
        known = len(found) > 0
        return {
            "asked": self._asked,
            "found": len(found),
            "gc_positives": float(wanted.mean()) if known else None,
            "gc_negatives": float(found.mean()) if known else None,
            "auroc_of_gc": _auroc(wanted, found) if known else None,
            "auroc_of_gc_at_random": _auroc(wanted, offered) if known else None,
            "dinucleotide_gap": self._gap("found", len(found)),
            "dinucleotide_gap_at_random": self._gap("offered", len(found)),
        }

    def _gap(self, name: str, count: int) -> float | None:
        gaps = np.abs(np.atleast_1d(self._sums["wanted"] - self._sums[name]))
        return float(gaps.max() / count) if count and gaps.size else None


def features(codes: Codes, matched: Matched) -> Features:
    """Measure what windows are matched by.

    Parameters
    ----------
    codes
        Base codes of the windows.
    matched
        What they shall be alike in.

    Returns
    -------
    Features
        GC content in the first column; then the shares of 16 dinucleotides for "dinucleotide".
    """
    gc = composition.gc(codes)
    return np.hstack([gc, composition.dinucleotides(codes)]) if matched == "dinucleotide" else gc


def draw(
    genome: Genome,
    offers: pd.DataFrame,
    wanted: Wanted,
    *,
    length: int,
    matched: Matched,
    rng: np.random.Generator,
    tally: Tally,
) -> Iterator[tuple[pd.DataFrame, Codes]]:
    """Draw windows, as alike to the wanted ones as those on offer allow, each at most once.

    Block by block, each wanted window gets the likest of up to 20 times as many that are offered
    at random; memory does not grow with their number.

    Parameters
    ----------
    genome
        The genome.
    offers
        Windows that may be taken, chrom and start; those with an N never are.
    wanted
        What the negatives shall be like.
    length
        Length of the windows, in bp.
    matched
        What they shall be alike in.
    rng
        Source of randomness.
    tally
        Is told of what was wanted and found.

    Yields
    ------
    pandas.DataFrame
        chrom, start and strand of a block of negatives; in all as many as are wanted,
        or fewer where those without an N run short.
    Codes
        Their bases.
    """
    tally.ask(len(wanted.features))
    order = rng.permutation(len(wanted.features))
    offers = offers.iloc[rng.permutation(len(offers))]
    share = min(_OFFERS, len(offers) / max(1, len(order)))
    for first in range(0, len(order), _BLOCK):
        rows = order[first : first + _BLOCK]
        block = offers.iloc[int(first * share) : int((first + len(rows)) * share)]
        block = block.assign(strand=rng.choice(wanted.strand[rows], len(block)))
        block, looks = _look(genome, block, length, matched)
        rows = rows[: len(block)]
        asked = wanted.features[rows]
        found = np.arange(len(rows))
        if matched != "none":
            found = matching.nearest(asked, looks, rng=rng)
        tally.add(asked, looks[found], looks[: len(rows)])
        chosen = block.iloc[found]
        yield chosen, _read(genome, chosen, length)


def _look(
    genome: Genome, block: pd.DataFrame, length: int, matched: Matched
) -> tuple[pd.DataFrame, Features]:
    """Leave out windows with an N, and measure the others."""
    known, measured = [], []
    for first in range(0, max(1, len(block)), _BLOCK):
        codes = _read(genome, block.iloc[first : first + _BLOCK], length)
        whole = (codes < N_CODE).all(axis=1)
        known.append(whole)
        measured.append(features(codes[whole], matched))
    return block[np.concatenate(known)], np.concatenate(measured)


def _read(genome: Genome, block: pd.DataFrame, length: int) -> Codes:
    columns = (block[name].to_numpy() for name in ("chrom", "start", "strand"))
    chrom, start, strand = columns
    return genome.windows(chrom, start, length=length, strand=strand)


def _auroc(high: np.ndarray, low: np.ndarray) -> float:
    """Count pairs in order, ties as half."""
    ranks = stats.rankdata(np.concatenate([high, low]))[: len(high)]
    return float((ranks.sum() / len(high) - (len(high) + 1) / 2) / len(low))
