"""From a genome, peaks and tracks of counts to a dataset of profiles."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from cislens.data import chromosomes, dividing, profile_build, tracks
from cislens.data.genome import Genome
from cislens.data.profile_windows import Windowing
from cislens.data.tracks import Track
from cislens.pipeline import genome_options, progress


def write(
    reference: Genome,
    peaks: Mapping[str, pd.DataFrame],
    chosen: genome_options.GenomeOptions,
    out: Path,
    *,
    excluded: pd.DataFrame | None,
    split: dividing.Plan,
    seed: int,
    overwrite: bool,
) -> None:
    """Write a dataset of profiles.

    Parameters
    ----------
    reference
        The genome.
    peaks
        Peaks of each factor: chrom (as the genome names it) and summit; windows of all tasks lie
        at the peaks of all factors.
    chosen
        Tracks, windows and names of chromosomes.
    out
        The dataset to write (.zarr).
    excluded
        Intervals that no window may touch.
    split
        How windows are divided.
    seed
        Seed of the background and of random splits.
    overwrite
        Replace an existing dataset.

    Raises
    ------
    UserError
        If a file is not as said.
    """
    options = chosen.profile
    assert options is not None
    profile_build.from_peaks(
        profile_build.Source(
            reference,
            pd.concat(peaks.values()),
            _opened(options.tracks, reference, chosen),
            _opened(options.control, reference, chosen),
            options.at_most,
        ),
        out,
        windowing=Windowing(
            positions=options.positions,
            context=options.context,
            jitter=options.jitter,
            background=options.background,
            excluded=excluded,
        ),
        split=split,
        provenance={
            "format": "genome",
            "genome": str(reference.path),
            "peaks": {task: len(table) for task, table in peaks.items()},
            "profile": {
                **vars(options),
                "tracks": _texts(options.tracks),
                "control": _texts(options.control),
            },
            "seed": seed,
        },
        seed=seed,
        overwrite=overwrite,
    )


def _opened(
    files: Mapping[str, list[Path]], reference: Genome, chosen: genome_options.GenomeOptions
) -> dict[str, list[Track]]:
    """Open tracks under the genome's names of chromosomes, and tell of names that differ."""
    aliases = chromosomes.read_aliases(chosen.aliases) if chosen.aliases else None
    opened = {
        task: [tracks.open(path, sizes=reference.sizes, aliases=aliases) for path in paths]
        for task, paths in files.items()
    }
    for track in (track for pair in opened.values() for track in pair):
        if track.renamed:
            progress.step(f"{track.path.name}: chromosomes by other names: {track.renamed}")
    return opened


def _texts(files: Mapping[str, list[Path]]) -> dict[str, list[str]]:
    return {task: [str(path) for path in paths] for task, paths in files.items()}
