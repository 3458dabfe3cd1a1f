"""Datasets cut out of a genome: bins with a label for each factor."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Float, Int

from cislens.data import bins, dataset, dividing
from cislens.data.bins import Grid, Rule
from cislens.data.genome import Genome
from cislens.data.writer import DatasetWriter
from cislens.errors import UserError
from cislens.sequence.alphabet import DNA, N_CODE

_BLOCK = 1024


@dataclass(frozen=True)
class Binning:
    """Which bins are taken and how they are labelled.

    Attributes
    ----------
    grid
        How the genome is cut.
    rule
        When a bin is bound; see `cislens.data.bins.labels`.
    margin
        How near to a bound bin's evidence another is ambiguous, in bp.
    negatives
        Bins that nothing binds, per bin that something binds.
    most_unknown
        Windows with a larger share of N are left out.
    excluded
        Intervals (chrom, start, end) that no window may touch, as of a blacklist.
    """

    grid: Grid
    rule: Rule = "summit"
    margin: int = 0
    negatives: float = 1.0
    most_unknown: float = 0.1
    excluded: pd.DataFrame | None = None


def from_bins(
    genome: Genome,
    peaks: Mapping[str, pd.DataFrame],
    out: Path,
    *,
    binning: Binning,
    split: dividing.Plan,
    provenance: dict[str, Any],
    seed: int = 0,
    overwrite: bool = False,
) -> None:
    """Write a binary dataset of many tasks from bins of a genome.

    All bins with a bound label are taken, and bins that nothing binds as `Binning` says. Windows
    reach beyond their bin by the flanks of the grid; a bin whose window does not lie whole on its
    chromosome is left out. Intervals of the dataset are those of the windows, names those of the
    bins. Ambiguous labels are NaN, which losses and metrics pass over.

    Parameters
    ----------
    genome
        The genome.
    peaks
        For each task its peaks: chrom (as the genome names it), start, end, summit.
    out
        The dataset to write (.zarr).
    binning
        Which bins, and their labels.
    split
        How bins are divided; by chromosome keeps neighbours together.
    provenance
        Where the data come from, for the dataset's attributes.
    seed
        Seed of the choice of negatives and of random splits.
    overwrite
        Replace a dataset that stands there.

    Raises
    ------
    UserError
        If no bin is bound, or the split does not fit the chromosomes.
    """
    choosing, splitting = np.random.default_rng(seed).spawn(2)
    writer = dataset.create(
        out,
        length=binning.grid.context,
        alphabet=DNA,
        tasks=tuple(peaks),
        target_kind="binary",
        provenance=provenance,
        overwrite=overwrite,
    )
    chroms: list[str] = []
    sizes = genome.sizes
    with writer:
        for name, tables in bins.by_chromosome(peaks, list(sizes)):
            starts = _allowed(binning.grid.starts(sizes[name]), name, binning)
            labelled = bins.labels(
                starts, tables, width=binning.grid.width, rule=binning.rule, margin=binning.margin
            )
            kept = bins.chosen(labelled, negatives=binning.negatives, rng=choosing)
            chroms += _append(writer, genome, name, starts[kept], labelled[kept], binning)
        if not chroms:
            raise UserError("peaks: no bin of the genome is bound; is the rule of labels right?")
        writer.set_split(dividing.assign(chroms, split, rng=splitting))


def _allowed(
    starts: Int[np.ndarray, " bins"], chrom: str, binning: Binning
) -> Int[np.ndarray, " allowed"]:
    """Leave out bins whose window touches an excluded interval."""
    if binning.excluded is None:
        return starts
    here = binning.excluded[binning.excluded["chrom"] == chrom]
    if not len(here):
        return starts
    grid = binning.grid
    touched = bins.labels(starts - grid.flank, {"": here}, width=grid.context, rule="any")
    allowed: Int[np.ndarray, " allowed"] = starts[touched[:, 0] == 0]
    return allowed


def _append(
    writer: DatasetWriter,
    genome: Genome,
    chrom: str,
    starts: Int[np.ndarray, " bins"],
    labelled: Float[np.ndarray, "bins tasks"],
    binning: Binning,
) -> list[str]:
    """Write the bins of a chromosome block by block; give its name once for each."""
    grid, written = binning.grid, 0
    for first in range(0, len(starts), _BLOCK):
        some = starts[first : first + _BLOCK]
        codes = genome.windows([chrom] * len(some), some - grid.flank, length=grid.context)
        known = (codes == N_CODE).mean(axis=1) <= binning.most_unknown
        some, codes = some[known], codes[known]
        writer.append(
            codes,
            labelled[first : first + _BLOCK][known],
            ids=[f"{chrom}:{start}-{start + grid.width}" for start in some],
            chrom=[chrom] * len(some),
            start=some - grid.flank,
            end=some - grid.flank + grid.context,
            strand=["+"] * len(some),
        )
        written += len(some)
    return [chrom] * written
