"""Datasets of profiles, cut out of a genome at peaks and beside them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cislens.data import dividing, profile_windows
from cislens.data.genome import Genome
from cislens.data.profile_windows import Windowing
from cislens.data.store import Header, ProfileLayout
from cislens.data.tracks import Track
from cislens.data.writer import DatasetWriter
from cislens.errors import UserError
from cislens.sequence.alphabet import DNA, N_CODE

_BLOCK = 512
SHARED = "shared"
"""Name under which control tracks stand that serve all tasks."""


@dataclass(frozen=True)
class Source:
    """What windows are cut out of.

    Attributes
    ----------
    genome
        The genome.
    peaks
        Peaks of all tasks: chrom (as the genome names it) and summit.
    signals
        For each task its tracks: one, or those of the plus and the minus strand.
    control
        For each task its control tracks; or those under `SHARED`, for all; or nothing.
    at_most
        Counts above this are taken as this: copies of one fragment, made by amplification, say
        where it lies no better than one does.

    Raises
    ------
    UserError
        If tasks have different numbers of tracks, or controls do not fit the tasks.
    """

    genome: Genome
    peaks: pd.DataFrame
    signals: Mapping[str, Sequence[Track]]
    control: Mapping[str, Sequence[Track]]
    at_most: float | int | None = None

    def __post_init__(self) -> None:
        if self.at_most is not None and not self.at_most > 0:
            raise UserError(f"at_most={self.at_most:g}: a count above 0 is wanted, such as 1")
        for name, given in {**self.signals, **self.control}.items():
            if len(given) != self.strands or self.strands not in (1, 2):
                raise UserError(
                    f"tracks of {name}: {len(given)} files; all tasks and controls want one each, "
                    "or two each, plus strand first"
                )
        if self.control and self.kind == "matched" and self.control.keys() != self.signals.keys():
            raise UserError(
                f"control: tracks for {', '.join(self.control)}; wants {SHARED!r} alone, or one "
                f"entry for each of {', '.join(self.signals)}"
            )

    @property
    def strands(self) -> int:
        """Count the tracks of a task.

        Returns
        -------
        int
            1 or 2.
        """
        return len(next(iter(self.signals.values())))

    @property
    def kind(self) -> Literal["none", "shared", "matched"]:
        """Tell which tasks the control tracks are of.

        Returns
        -------
        str
            As `ProfileLayout` has it.
        """
        if not self.control:
            return "none"
        return "shared" if list(self.control) == [SHARED] else "matched"


def from_peaks(
    source: Source,
    out: Path,
    *,
    windowing: Windowing,
    split: dividing.Plan,
    provenance: dict[str, Any],
    seed: int = 0,
    overwrite: bool = False,
) -> None:
    """Write a dataset of profiles: windows around summits, and some beside all peaks.

    Windows lie on the plus strand, whatever the strand of a peak, with the first base of a profile
    at ``summit - positions // 2``; one summit makes one window. Windows that, moved by the whole
    jitter, do not lie on their chromosome are left out, as are those that touch an excluded
    interval or hold too much N. Background windows touch neither the profile of a peak, jitter
    included, nor each other. Targets of the dataset are the totals of each task.

    Parameters
    ----------
    source
        Genome, peaks and tracks.
    out
        The dataset to write (.zarr).
    windowing
        Which windows.
    split
        How windows are divided; by chromosome keeps neighbours together.
    provenance
        Where the data come from, for the dataset's attributes.
    seed
        Seed of the background and of random splits.
    overwrite
        Replace a dataset that stands there.

    Raises
    ------
    UserError
        If no window is left, a track holds values below 0, or the split does not fit.
    """
    drawing, splitting = np.random.default_rng(seed).spawn(2)
    table = profile_windows.choose(
        source.peaks, source.genome.sizes, windowing=windowing, rng=drawing
    )
    layout = ProfileLayout(windowing.positions, source.strands, windowing.jitter, source.kind)
    header = Header(
        0, windowing.context, DNA, tuple(source.signals), "profile", (), provenance, layout
    )
    chroms: list[str] = []
    with DatasetWriter(out, header, overwrite=overwrite) as writer:
        for first in range(0, len(table), _BLOCK):
            some = table.iloc[first : first + _BLOCK]
            chroms += _append(writer, source, some, windowing)
        if not chroms:
            raise UserError("peaks: no window at a peak holds enough known bases")
        writer.set_split(dividing.assign(chroms, split, rng=splitting))


def _append(
    writer: DatasetWriter, source: Source, table: pd.DataFrame, windowing: Windowing
) -> list[str]:
    """Write some windows; name the chromosome of each."""
    chrom, start = table["chrom"].to_numpy(), table["start"].to_numpy(np.int64)
    codes = source.genome.windows(chrom, start, length=windowing.stored)
    known = (codes == N_CODE).mean(axis=1) <= windowing.most_unknown
    chrom, start, codes = chrom[known], start[known], codes[known]
    is_peak = table["is_peak"].to_numpy(bool)[known]
    # Both ends of a profile lie by half of what the context is longer inside the sequence.
    inside = (windowing.context - windowing.positions) // 2
    length = windowing.positions + 2 * windowing.jitter
    read = partial(
        _counts, chrom=chrom, start=start + inside, length=length, at_most=source.at_most
    )
    counts = read(source.signals.values())
    begin = start + windowing.jitter
    middle = slice(windowing.jitter, windowing.jitter + windowing.positions)
    totals = counts[:, :, middle].sum(axis=2, dtype=np.float64)
    writer.append(
        codes,
        totals.reshape(len(codes), len(source.signals), source.strands).sum(axis=2),
        ids=[
            f"{'peak' if at_peak else 'background'}:{name}:{place}-{place + windowing.positions}"
            for at_peak, name, place in zip(is_peak, chrom, begin + inside, strict=True)
        ],
        chrom=list(chrom),
        start=begin,
        end=begin + windowing.context,
        strand=["+"] * len(codes),
    )
    control = source.control.values()
    writer.append_tracks(
        counts,
        is_peak=is_peak,
        control=read(control) if control else None,
    )
    return list(chrom)


def _counts(
    tasks: Iterable[Sequence[Track]],
    *,
    chrom: np.ndarray,
    start: np.ndarray,
    length: int,
    at_most: float | int | None,
) -> NDArray[np.float32]:
    """Read the tracks of all tasks, those of a task side by side; refuse what is no count."""
    found = []
    for track in (track for pair in tasks for track in pair):
        values = track.values(chrom, start, length=length)
        if (values < 0).any():
            row, place = np.argwhere(values < 0)[0]
            raise UserError(
                f"{track.path}: {values[row, place]:g} at {chrom[row]}:{start[row] + place}; "
                "counts are at least 0, those of the minus strand too"
            )
        found.append(values if at_most is None else np.minimum(values, np.float32(at_most)))
    return np.stack(found, axis=1)
