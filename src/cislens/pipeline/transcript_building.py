"""From a genome, an annotation and a table of measurements to a dataset of transcripts."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from cislens.data import (
    annotation,
    bed_transcripts,
    chromosomes,
    dataset,
    dividing,
    kinds,
    table,
    transcript_build,
)
from cislens.data.annotation import Transcript
from cislens.data.genome import Genome
from cislens.data.transcript_build import Measured
from cislens.data.transcript_windows import Cutting
from cislens.errors import UserError
from cislens.pipeline import genome_options, progress
from cislens.pipeline.transcript_options import TranscriptOptions
from cislens.sequence import alphabet


def write(
    reference: Genome,
    chosen: genome_options.GenomeOptions,
    out: Path,
    *,
    excluded: pd.DataFrame | None,
    split: dividing.Plan,
    seed: int,
    overwrite: bool,
) -> None:
    """Write a dataset of windows of transcripts.

    Parameters
    ----------
    reference
        The genome.
    chosen
        Annotation, table, windows and names of chromosomes.
    out
        The dataset to write (.zarr).
    excluded
        Intervals that no window may touch.
    split
        How transcripts are divided.
    seed
        Seed of random splits.
    overwrite
        Replace an existing dataset.

    Raises
    ------
    UserError
        If a file is not as said, or no transcript is left.
    """
    options = chosen.transcripts
    assert options is not None
    cutting = Cutting(options.anchor, options.upstream, options.downstream, options.spliced)
    measured = _measured(_targets(options), _transcripts(reference, chosen), options)
    writer = dataset.create(
        out,
        length=cutting.length,
        alphabet=alphabet.by_name(options.alphabet),
        tasks=tuple(options.target_columns),
        target_kind=options.target_kind or _kind(measured),
        provenance={
            "format": "transcripts",
            "genome": str(reference.path),
            "annotation": str(options.file),
            "table": str(options.table),
            "windows": vars(cutting),
            "seed": seed,
        },
        overwrite=overwrite,
    )
    built = transcript_build.write(
        writer, reference, measured, cutting=cutting, split=split, seed=seed, excluded=excluded
    )
    left = f", {built.left_out:,} left out: off the end, or excluded" if built.left_out else ""
    progress.step(f"{built.windows:,} windows{left}")


def _transcripts(reference: Genome, chosen: genome_options.GenomeOptions) -> list[Transcript]:
    """Read the transcripts of the kinds that are wanted."""
    options = chosen.transcripts
    assert options is not None
    found = _read(options.file)
    if found.left_out:
        progress.step(f"{len(found.left_out):,} transcripts left out, such as {found.left_out[0]}")
    kept = [t for t in found.transcripts if options.kinds is None or t.kind in options.kinds]
    if not kept:
        known = ", ".join(sorted({t.kind for t in found.transcripts})[:20])
        raise UserError(f"transcripts.kinds={options.kinds}: {options.file} has {known}")
    aliases = chromosomes.read_aliases(chosen.aliases) if chosen.aliases else None
    return annotation.located(kept, reference.sizes, aliases=aliases, where=str(options.file))


def _read(path: Path) -> annotation.Annotation:
    if path.name.lower().removesuffix(".gz").endswith(".bed"):
        return annotation.Annotation(bed_transcripts.read(path), [])
    return annotation.read(path)


def _targets(options: TranscriptOptions) -> dict[str, tuple[float, ...]]:
    """Read the table: measurements by name."""
    # Tables of sequences are read the same way; here the name stands for the sequence.
    columns = table.Columns(
        sequence=options.id_column, id=options.id_column, targets=options.target_columns
    )
    found: dict[str, tuple[float, ...]] = {}
    for row in table.rows(options.table, columns):
        if row.id in found:
            raise UserError(f"{options.table}, line {row.line}: {row.id} stands there twice")
        found[row.id] = row.targets
    return found


def _measured(
    targets: dict[str, tuple[float, ...]],
    transcripts: Sequence[Transcript],
    options: TranscriptOptions,
) -> list[Measured]:
    """Give transcripts their measurements; of those that share a name, the longest gets them."""
    longest: dict[str, Transcript] = {}
    for transcript in transcripts:
        name = getattr(transcript, options.match)
        other = longest.get(name)
        if other is None or transcript.spliced_length > other.spliced_length:
            longest[name] = transcript
    found = [Measured(t, targets[name]) for name, t in longest.items() if name in targets]
    if not found:
        raise UserError(
            f"{options.table}: no {options.id_column} such as {next(iter(targets))!r} is a "
            f"transcript's {options.match} in {options.file}, such as {next(iter(longest))!r}; "
            "choose another transcripts.match"
        )
    progress.step(
        f"{len(found):,} of {len(targets):,} rows of {options.table.name} have a transcript, "
        f"of {len(transcripts):,} in {options.file.name}"
    )
    return found


def _kind(measured: Sequence[Measured]) -> str:
    inference = kinds.Inference()
    inference.see(np.array([one.targets for one in measured], np.float32))
    return inference.kind
