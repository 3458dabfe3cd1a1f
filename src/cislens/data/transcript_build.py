"""Datasets of windows at the ends of transcripts, with measurements of each."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from cislens.data import dividing, transcript_windows
from cislens.data.annotation import Transcript
from cislens.data.genome import Genome
from cislens.data.transcript_windows import Cutting, Window
from cislens.data.writer import ABSENT, DatasetWriter
from cislens.errors import UserError

_BLOCK = 512


class Measured(NamedTuple):
    """A transcript and what was measured of it."""

    transcript: Transcript
    targets: tuple[float, ...]


class Built(NamedTuple):
    """What became of the transcripts."""

    windows: int
    """Transcripts that have a window."""
    left_out: int
    """Transcripts whose window leaves the chromosome or touches an excluded interval."""


def write(
    writer: DatasetWriter,
    genome: Genome,
    measured: Sequence[Measured],
    *,
    cutting: Cutting,
    split: dividing.Plan,
    seed: int = 0,
    excluded: pd.DataFrame | None = None,
) -> Built:
    """Write a dataset of windows of transcripts.

    A transcript whose window does not lie whole on its chromosome, or touches an excluded interval,
    is left out. Intervals of the dataset are those of the windows; where introns were left out, or
    N filled up, start and end are not known. Names are the transcripts' identifiers.

    Parameters
    ----------
    writer
        A dataset begun by `dataset.create`, of sequences as long as ``cutting`` says; it is
        written and closed.
    genome
        The genome.
    measured
        Transcripts, under the genome's names of chromosomes, and their measurements.
    cutting
        What is taken of a transcript.
    split
        How windows are divided; by chromosome keeps overlapping genes together.
    seed
        Seed of random splits.
    excluded
        Intervals (chrom, start, end) that no window may touch.

    Returns
    -------
    Built
        How many windows there are.

    Raises
    ------
    UserError
        If no transcript has a window, targets are not of the kind, or the split does not fit.
    """
    chroms: list[str] = []
    with writer:
        fitting = _fitting(genome, measured, cutting, excluded)
        while block := list(itertools.islice(fitting, _BLOCK)):
            _append(writer, genome, block)
            chroms += [one.transcript.chrom for one, _ in block]
        if not chroms:
            raise UserError(
                f"transcripts: none of {len(measured)} has a window of {cutting.length} bp that "
                "lies on its chromosome, outside of what is excluded; take less upstream or "
                "downstream"
            )
        writer.set_split(dividing.assign(chroms, split, rng=np.random.default_rng(seed)))
    return Built(len(chroms), len(measured) - len(chroms))


def _fitting(
    genome: Genome,
    measured: Iterable[Measured],
    cutting: Cutting,
    excluded: pd.DataFrame | None,
) -> Iterator[tuple[Measured, Window]]:
    """Place windows, and pass over those that may not be taken."""
    sizes = genome.sizes
    barred = {} if excluded is None else dict(iter(excluded.groupby("chrom")))
    for one in measured:
        window = transcript_windows.place(one.transcript, cutting)
        chrom = one.transcript.chrom
        lies_on = window.pieces[0][0] >= 0 and window.pieces[-1][1] <= sizes[chrom]
        if lies_on and not (chrom in barred and _touches(window, barred[chrom])):
            yield one, window


def _touches(window: Window, intervals: pd.DataFrame) -> bool:
    start, end = intervals["start"].to_numpy(), intervals["end"].to_numpy()
    return any(((start < last) & (end > first)).any() for first, last in window.pieces)


def _append(writer: DatasetWriter, genome: Genome, block: list[tuple[Measured, Window]]) -> None:
    transcripts = [one.transcript for one, _ in block]
    windows = [window for _, window in block]
    whole = [len(window.pieces) == 1 and not window.missing for window in windows]
    pairs = list(zip(transcripts, windows, strict=True))
    writer.append(
        np.stack([transcript_windows.read(genome, *pair) for pair in pairs]),
        np.array([one.targets for one, _ in block], np.float32),
        ids=[transcript.id for transcript in transcripts],
        chrom=[transcript.chrom for transcript in transcripts],
        start=[
            w.pieces[0][0] if known else ABSENT for w, known in zip(windows, whole, strict=True)
        ],
        end=[w.pieces[0][1] if known else ABSENT for w, known in zip(windows, whole, strict=True)],
        strand=[transcript.strand for transcript in transcripts],
    )
