"""Datasets of windows around peaks, with negatives from the rest of the genome."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from jaxtyping import Float

from cislens.data import bins, centres, dataset, dividing, negatives, vacant
from cislens.data.bins import Rule
from cislens.data.genome import Genome
from cislens.data.negatives import Matched, Tally, Wanted
from cislens.data.writer import DatasetWriter
from cislens.errors import UserError
from cislens.sequence.alphabet import DNA, N_CODE
from cislens.sequence.shapes import Codes

_BLOCK = 1024


@dataclass(frozen=True)
class Centring:
    """Which windows are taken and how they are labelled.

    Attributes
    ----------
    context
        Length of the windows, in bp.
    width
        The stretch in their middle whose peaks label them, in bp.
    rule
        When it is bound; see `cislens.data.bins.labels`.
    margin
        How near to it other evidence is ambiguous, in bp; None for as far as the window reaches.
    merge
        Summits as near as this share a window, in bp; less than half of `width`.
    negatives
        Windows without a peak, for each window with one.
    matched
        What negatives and positives are alike in.
    distance
        Bases that must lie between a negative and a peak of any task.
    most_unknown
        Windows with a larger share of N are left out; negatives have none.
    excluded
        Intervals (chrom, start, end) that no window may touch, as of a blacklist.
    """

    context: int = 500
    width: int = 100
    rule: Rule = "summit"
    margin: int | None = None
    merge: int = 0
    negatives: float = 1.0
    matched: Matched = "gc"
    distance: int = 0
    most_unknown: float = 0.1
    excluded: pd.DataFrame | None = None

    def __post_init__(self) -> None:
        if not 0 < self.width <= self.context:
            raise UserError(
                f"width={self.width}, context={self.context}: a context at least as wide as the "
                "stretch that labels it is wanted"
            )
        if not 0 <= 2 * self.merge < self.width:
            raise UserError(
                f"merge={self.merge}: wants less than half of width={self.width}, so that every "
                "peak labels the window it is merged into"
            )
        if self.rule == "half":
            raise UserError("rule=half: is for bins; windows around peaks want summit or any")
        if min(self.negatives, self.margin or 0, self.distance) < 0:
            raise UserError(
                f"negatives={self.negatives}, margin={self.margin}, distance={self.distance}: "
                "numbers of 0 or more are wanted"
            )


class Built(NamedTuple):
    """What became of the peaks."""

    windows: int
    """Windows with a peak."""
    left_out: int
    """Places of peaks without a window: off the end, excluded, or too much N."""
    negatives: dict[str, float | int | None]
    """How many negatives there are and how well they match: `Tally.summary`."""


def from_peaks(
    genome: Genome,
    peaks: Mapping[str, pd.DataFrame],
    out: Path,
    *,
    centring: Centring,
    split: dividing.Plan,
    provenance: dict[str, Any],
    seed: int = 0,
    overwrite: bool = False,
) -> Built:
    """Write a binary dataset of many tasks from windows around peaks.

    Each place of a peak is the middle of a window, reverse-complemented for peaks on "-"; one that
    does not lie whole on its chromosome, or touches an excluded interval, is left out. Negatives
    touch no peak of any task, no excluded interval, no N, and not each other; where chromosomes
    are held out, those of a split are matched to the positives of that split. Positives come
    first. Intervals of the dataset are those of the windows.

    Parameters
    ----------
    genome
        The genome.
    peaks
        For each task its peaks: chrom (as the genome names it), start, end, summit, strand.
    out
        The dataset to write (.zarr).
    centring
        Which windows, and their labels.
    split
        How windows are divided; by chromosome keeps neighbours together.
    provenance
        Where the data come from, for the dataset's attributes; `Built.negatives` joins it as
        ``negatives``.
    seed
        Seed of the choice of negatives and of random splits.
    overwrite
        Replace a dataset that stands there.

    Returns
    -------
    Built
        How many windows there are, and how well negatives match.

    Raises
    ------
    UserError
        If no peak has a window, or the split does not fit the chromosomes.
    """
    drawing, splitting = np.random.default_rng(seed).spawn(2)
    writer = dataset.create(
        out,
        length=centring.context,
        alphabet=DNA,
        tasks=tuple(peaks),
        target_kind="binary",
        provenance=provenance,
        overwrite=overwrite,
    )
    with writer:
        work = _Work(genome, peaks, centring, writer)
        wanted = work.write_positives()
        positives = np.array(work.chroms, dtype=object)
        # Folds are packed by the windows with a peak, so that negatives can be drawn fold by fold.
        plan = dividing.settled(positives, split)
        for group in dividing.groups(positives, plan):
            rows = np.flatnonzero(np.isin(positives, group))
            work.write_negatives(
                _repeated(wanted, rows, centring.negatives, drawing), group, drawing
            )
        built = Built(len(positives), work.left_out, work.tally.summary())
        provenance = {**provenance, "negatives": built.negatives}
        writer.header = writer.header._replace(provenance=provenance)
        writer.set_split(dividing.assign(work.chroms, plan, rng=splitting))
    return built


class _Work:
    """A dataset of windows in the making."""

    def __init__(
        self,
        genome: Genome,
        peaks: Mapping[str, pd.DataFrame],
        centring: Centring,
        writer: DatasetWriter,
    ) -> None:
        self._genome, self._peaks, self._how, self._writer = genome, peaks, centring, writer
        self.chroms: list[str] = []
        self.left_out = 0
        self.tally = Tally()

    def write_positives(self) -> Wanted:
        """Write the windows around peaks; tell what they are made of."""
        places = centres.find(self._peaks, merge=self._how.merge)
        windows = _fitting(places, self._genome.sizes, self._how)
        labels = centres.labels(
            windows,
            self._peaks,
            width=self._how.width,
            rule=self._how.rule,
            margin=self._how.margin or 0,
            context=self._how.context if self._how.margin is None else None,
        )
        made, strands = [], []
        for first in range(0, len(windows), _BLOCK):
            block = windows.iloc[first : first + _BLOCK]
            codes = self._genome.windows(
                block["chrom"].to_numpy(),
                block["start"].to_numpy(),
                length=self._how.context,
                strand=block["strand"].to_numpy(),
            )
            known = (codes == N_CODE).mean(axis=1) <= self._how.most_unknown
            self._append(block[known], codes[known], labels[first : first + _BLOCK][known])
            made.append(negatives.features(codes[known], self._how.matched))
            strands.append(block["strand"].to_numpy()[known])
        self.left_out = len(places) - len(self.chroms)
        if not self.chroms:
            raise UserError(
                f"peaks: none of {len(places)} has a window of {self._how.context} bp that lies on "
                "its chromosome, outside of what is excluded; give a smaller context"
            )
        return Wanted(np.concatenate(made), np.concatenate(strands))

    def write_negatives(
        self, wanted: Wanted, chroms: Sequence[str], rng: np.random.Generator
    ) -> None:
        """Write windows of some chromosomes that have no peak."""
        sizes = {name: self._genome.sizes[name] for name in chroms}
        length = self._how.context
        excluded = [] if self._how.excluded is None else [self._how.excluded]
        taken = pd.concat([*self._peaks.values(), *excluded])[["chrom", "start", "end"]]
        offers = vacant.windows(taken, sizes, length=length, distance=self._how.distance, rng=rng)
        drawn = negatives.draw(
            self._genome,
            offers,
            wanted,
            length=length,
            matched=self._how.matched,
            rng=rng,
            tally=self.tally,
        )
        for block, codes in drawn:
            self._append(block, codes, np.zeros((len(block), len(self._peaks)), np.float32))

    def _append(
        self, block: pd.DataFrame, codes: Codes, labels: Float[np.ndarray, "windows tasks"]
    ) -> None:
        chrom, start, strand = (block[name].tolist() for name in ("chrom", "start", "strand"))
        end = [first + self._how.context for first in start]
        rows = zip(chrom, start, end, strand, strict=True)
        self._writer.append(
            codes,
            labels,
            ids=[f"{c}:{a}-{b}" + "(-)" * (s == "-") for c, a, b, s in rows],
            chrom=chrom,
            start=start,
            end=end,
            strand=strand,
        )
        self.chroms += chrom


def _fitting(places: pd.DataFrame, sizes: Mapping[str, int], how: Centring) -> pd.DataFrame:
    """Give the places a window that lies on its chromosome and touches nothing excluded."""
    windows = places.assign(start=places["centre"] - how.context // 2)
    end = windows["start"] + how.context
    kept = (windows["start"] >= 0) & (end <= windows["chrom"].map(sizes))
    if how.excluded is not None:
        for chrom, here in how.excluded.groupby("chrom"):
            rows = np.flatnonzero(windows["chrom"] == chrom)
            starts = windows["start"].to_numpy()[rows]
            touched = bins.labels(starts, {"": here}, width=how.context, rule="any")[:, 0] > 0
            kept.iloc[rows[touched]] = False
    return windows[kept]


def _repeated(wanted: Wanted, rows: np.ndarray, times: float, rng: np.random.Generator) -> Wanted:
    """Ask for some rows, each as often as said; a fraction is drawn."""
    whole, part = divmod(round(times * len(rows)), max(1, len(rows)))
    chosen = np.concatenate([np.tile(rows, whole), rng.choice(rows, part, replace=False)])
    return Wanted(wanted.features[chosen], wanted.strand[chosen])
