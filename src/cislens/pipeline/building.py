"""From a genome and peaks to a dataset."""

import re
from pathlib import Path

import pandas as pd

from cislens.data import (
    bed,
    chromosomes,
    dividing,
    folds,
    genome,
    genome_build,
    peak_build,
    splits,
)
from cislens.data.bins import Grid
from cislens.data.genome import Genome
from cislens.data.genome_build import Binning
from cislens.data.peak_build import Centring
from cislens.errors import UserError
from cislens.motifs import database
from cislens.pipeline import (
    card,
    folder,
    genome_options,
    options,
    profile_building,
    progress,
    transcript_building,
    verbs,
)

_NONE = pd.DataFrame(columns=["chrom", "written"])


def run(chosen: verbs.Build) -> str:
    """Write the dataset.

    Parameters
    ----------
    chosen
        The options of `cislens data build`.

    Returns
    -------
    str
        What was written, for the user.
    """
    if chosen.out.exists() and not chosen.overwrite:
        # Said before a genome and a hundred files of peaks are read.
        raise UserError(
            f"out={chosen.out}: exists already; add --overwrite true to replace it, or choose "
            "another --out"
        )
    write(
        chosen.genome,
        chosen,
        chosen.out,
        split=chosen.split,
        seed=chosen.seed,
        overwrite=chosen.overwrite,
    )
    folder.write_options(folder.beside(chosen.out), chosen)
    return card.describe(chosen.out)


def write(
    path: Path,
    chosen: genome_options.GenomeOptions,
    out: Path,
    *,
    split: options.SplitOptions,
    seed: int,
    overwrite: bool = False,
) -> None:
    """Write a dataset of the bins of a genome, or of windows around peaks.

    Parameters
    ----------
    path
        The genome, a file as `cislens.data.genome.open` reads it.
    chosen
        Peaks, bins or windows, and names of chromosomes.
    out
        The dataset to write (.zarr).
    split
        How bins are divided.
    seed
        Seed of the choice of negatives and of random splits.
    overwrite
        Replace an existing dataset.

    Raises
    ------
    UserError
        If a file is not as said, no factor is left, or names of chromosomes do not fit.
    """
    reference = genome.open(path)
    located = [_located(reference, place, chosen) for place in chosen.exclude]
    excluded = pd.concat(located) if located else None
    plan = _plan(split, reference)
    if chosen.transcripts is not None:
        transcript_building.write(
            reference, chosen, out, excluded=excluded, split=plan, seed=seed, overwrite=overwrite
        )
        return
    peaks = _peaks(reference, chosen)
    provenance = {
        "format": "genome",
        "genome": str(path),
        "peaks": {task: len(table) for task, table in peaks.items()},
        "seed": seed,
    }
    if chosen.profile is not None:
        profile_building.write(
            reference,
            peaks,
            chosen,
            out,
            excluded=excluded,
            split=plan,
            seed=seed,
            overwrite=overwrite,
        )
        return
    if chosen.windows is not None:
        built = peak_build.from_peaks(
            reference,
            peaks,
            out,
            centring=Centring(**vars(chosen.windows), excluded=excluded),
            split=plan,
            provenance={**provenance, "windows": vars(chosen.windows)},
            seed=seed,
            overwrite=overwrite,
        )
        _tell_built(built)
        return
    genome_build.from_bins(
        reference,
        peaks,
        out,
        binning=_binning(chosen.bins, excluded),
        split=plan,
        provenance={**provenance, "bins": vars(chosen.bins)},
        seed=seed,
        overwrite=overwrite,
    )


def _binning(chosen: genome_options.BinOptions, excluded: pd.DataFrame | None) -> Binning:
    return Binning(
        grid=Grid(chosen.width, chosen.stride, chosen.context),
        rule=chosen.rule,
        margin=chosen.margin,
        negatives=chosen.negatives,
        excluded=excluded,
    )


def _tell_built(built: peak_build.Built) -> None:
    left = f", {built.left_out:,} places of peaks left out" if built.left_out else ""
    progress.step(f"{built.windows:,} windows around peaks{left}")
    found = built.negatives
    short = f" of {found['asked']:,} asked for" if found["found"] != found["asked"] else ""
    text = f"{found['found']:,} negatives{short}"
    if found["found"]:
        text += (
            f", GC content {found['gc_negatives']:.1%} against {found['gc_positives']:.1%}; AUROC "
            f"of GC content alone {found['auroc_of_gc']:.3f} (windows drawn at random: "
            f"{found['auroc_of_gc_at_random']:.3f})"
        )
    if found["dinucleotide_gap"] is not None:
        text += (
            f", no dinucleotide's share is off by more than {found['dinucleotide_gap']:.2%} "
            f"({found['dinucleotide_gap_at_random']:.2%})"
        )
    progress.step(text)


def _peaks(reference: Genome, chosen: genome_options.GenomeOptions) -> dict[str, pd.DataFrame]:
    """Read the peaks of the factors that the options choose, by name of the factor."""
    assert chosen.peaks is not None
    known = _named(chosen.peaks)
    places = _files(chosen.peaks)
    wanted = {
        task: place for task, place in places.items() if known is None or task.upper() in known
    }
    tables = {task: _located(reference, place, chosen) for task, place in wanted.items()}
    kept = {task: table for task, table in tables.items() if len(table) >= chosen.peaks.least}
    _tell_names(pd.concat([table[["chrom", "written"]] for table in tables.values()] or [_NONE]))
    if not kept:
        raise UserError(
            f"peaks: of {len(places)} files, {len(wanted)} have a motif as wanted and none of "
            f"these {chosen.peaks.least} peaks; loosen peaks.least or peaks.motif_in"
        )
    total = sum(map(len, kept.values()))
    progress.step(f"{len(kept)} of {len(places)} factors, {total:,} peaks: {', '.join(kept)}")
    return kept


def _tell_names(table: pd.DataFrame) -> None:
    pairs = table.drop_duplicates()
    told = chromosomes.renamed(dict(zip(pairs["written"], pairs["chrom"], strict=True)))
    if told:
        progress.step(f"chromosomes by other names: {told}")


def _files(chosen: genome_options.PeakOptions) -> dict[str, Path]:
    """Find the files and name their tasks."""
    found: dict[str, Path] = {}
    for place in chosen.files:
        if not place.exists():
            raise UserError(f"{place}: no such file or folder; check peaks.files")
        for path in _in_folder(place, chosen.pattern) if place.is_dir() else [place]:
            task = _task(path, chosen.pattern)
            if task in found:
                raise UserError(f"{path}: {task!r} is the name of {found[task]} too; rename one")
            found[task] = path
    if not found:
        raise UserError(f"peaks.pattern={chosen.pattern!r}: no such file in the folders given")
    return found


def _in_folder(folder_: Path, pattern: str) -> list[Path]:
    """List the files of a folder; a factor without any peak has an empty one, which is told."""
    paths = sorted(folder_.glob(pattern))
    if empty := [path.name for path in paths if not path.stat().st_size]:
        progress.step(f"{folder_}: empty, and left out: {', '.join(empty)}")
    return [path for path in paths if path.stat().st_size]


def _task(path: Path, pattern: str) -> str:
    """Name a task by what the star of the pattern stands for, or by the name without endings."""
    expression = re.escape(pattern).replace(r"\*", "(.+)", 1).replace(r"\*", ".*")
    match = re.fullmatch(expression, path.name)
    return match[1] if match and match.groups() else path.name.split(".")[0]


def _named(chosen: genome_options.PeakOptions) -> set[str] | None:
    """List the factors that have a motif, in capitals; None where all are taken."""
    if chosen.motif_in is None:
        return None
    motifs = database.load(chosen.motif_in, taxon=chosen.taxon, option="--peaks.motif_in")
    return {(motif.label or motif.name).upper() for motif in motifs}


def _located(reference: Genome, path: Path, chosen: genome_options.GenomeOptions) -> pd.DataFrame:
    """Read intervals under the genome's names of chromosomes."""
    table = bed.read(path)
    aliases = chromosomes.read_aliases(chosen.aliases) if chosen.aliases else None
    sizes = reference.sizes
    lines = table.groupby("chrom")["line"].min().to_dict()
    found = chromosomes.match(lines, sizes, aliases=aliases, lines=lines, where=str(path))
    table["written"] = table["chrom"]
    table["chrom"] = table["chrom"].map(found)
    beyond = table[table["end"] > table["chrom"].map(sizes)]
    if len(beyond):
        first = beyond.iloc[0]
        raise UserError(
            f"{path}, line {first['line']}: ends at {first['end']}, {first['chrom']} has "
            f"{sizes[first['chrom']]} bp; is this the right genome?"
        )
    return table


def _plan(chosen: options.SplitOptions, reference: Genome) -> dividing.Plan:
    if chosen.by in {None, "random"}:
        return splits.ByFraction(*chosen.fractions)
    held = chosen.held_out("validation"), chosen.held_out("test")
    if chosen.by == "folds":
        table = None
        if chosen.file is not None:
            table = folds.read(chosen.file)
            names = chromosomes.match(table, reference.sizes, where=str(chosen.file))
            table = {names[chrom]: fold for chrom, fold in table.items()}
        return folds.ByFolds(*held, table, chosen.folds)
    if chosen.by != "chromosome":
        raise UserError(
            f"split.by={chosen.by}: bins of a genome are split by chromosome, folds or random"
        )
    parts = []
    for name, asked in zip(("validation", "test"), held, strict=True):
        found = chromosomes.match(asked, reference.sizes, where=f"split.{name}")
        parts.append([found[chrom] for chrom in asked])
    return splits.ByChromosome(*parts)
