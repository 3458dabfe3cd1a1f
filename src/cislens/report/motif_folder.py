"""Discovered motifs of a run folder as the page sees them: every file read and checked once."""

from pathlib import Path
from typing import NamedTuple

from cislens.errors import UserError
from cislens.report import files
from cislens.sequence import meme
from cislens.sequence.pwm import Pwm

FOLDER = "motifs"
MAPS = "attributions"
MOTIF_TEXTS = ("name", "consensus", "target", "label", "family")
MOTIF_NUMBERS = ("sign", "seqlets", "information", "contribution", "cosine", "e", "q")
MATCH_TEXTS = ("query", "target", "target_label", "strand")
MATCH_NUMBERS = ("e", "offset")
MERGED_TEXTS = (
    "name", "label", "family", "target", "consensus", "sources", "tasks", "found_as",
)  # fmt: skip
MERGED_NUMBERS = ("e", "q", "information", "trainings", "of_trainings", "members")


class TargetMotifs(NamedTuple):
    """The motifs of one target of one model."""

    model: str
    maps: str
    """What the maps are called, usually the method."""
    target: str
    table: list[files.Row]
    """One row a motif."""
    motifs: dict[str, Pwm]
    """By name."""
    matches: dict[str, files.Row]
    """The best known motif by name, where there is one."""
    matched: dict[str, Pwm]
    """Known motifs by name."""
    places: dict[str, list[float]]
    """Middle of every site in its sequence, in bp, by name of the motif."""
    hits: dict[str, files.Row]
    """Counts of hits by name; empty where hits were not called."""


class MotifFolder(NamedTuple):
    """All discovered motifs of a run."""

    targets: list[TargetMotifs]
    merged: list[files.Row]
    """Motifs of filters and maps in one table; empty where they were not merged."""
    merged_motifs: dict[str, Pwm]
    """By name."""
    undone: list[tuple[str, str, str]]
    """Model, name and target of maps that the discovery has not come to."""


def read(run: Path) -> MotifFolder | None:
    """Read the discovered motifs of a run folder.

    Parameters
    ----------
    run
        The run folder.

    Returns
    -------
    MotifFolder | None
        None if nothing was discovered.

    Raises
    ------
    UserError
        If a file is missing or broken; names the file.
    """
    tables = sorted((run / FOLDER).glob("*/*/*/motifs.csv"))
    if not tables:
        return None
    merged = run / FOLDER / "merged.csv"
    known = merged.exists()
    return MotifFolder(
        [_target(table.parent) for table in tables],
        files.csv_rows(merged, texts=MERGED_TEXTS, numbers=MERGED_NUMBERS) if known else [],
        _motifs(merged.with_name("merged.meme")) if known else {},
        _undone(run, [table.parent.parts[-3:] for table in tables]),
    )


def _undone(run: Path, done: list[tuple[str, ...]]) -> list[tuple[str, str, str]]:
    """Find the maps without a table of motifs; of names only that have one for other maps."""
    begun = {name for _, name, _ in done}
    there = sorted((run / MAPS).glob("*/*/*.zarr"))
    every = [(path.parts[-3], path.parts[-2], path.stem) for path in there]
    return [each for each in every if each[1] in begun and each not in done]


def _target(place: Path) -> TargetMotifs:
    matches: dict[str, files.Row] = {}
    for row in files.csv_rows(place / "matches.csv", texts=MATCH_TEXTS, numbers=MATCH_NUMBERS):
        matches.setdefault(row["query"], row)
    model, maps, target = place.parts[-3:]
    found = TargetMotifs(
        model=model,
        maps=maps,
        target=target,
        table=files.csv_rows(place / "motifs.csv", texts=MOTIF_TEXTS, numbers=MOTIF_NUMBERS),
        motifs=_motifs(place / "motifs.meme"),
        matches=matches,
        matched=_motifs(place / "matched.meme"),
        places=_places(place / "seqlets.csv"),
        hits=_hits(place / "motif_hits.csv"),
    )
    for row in found.table:
        if row["name"] not in found.motifs:
            raise UserError(
                f"{place / 'motifs.meme'}: no motif {row['name']!r}, which is in motifs.csv; write "
                "both again with `cislens discover`"
            )
    return found


def _places(path: Path) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for row in files.csv_rows(path, texts=("motif",), numbers=("motif_start", "motif_end")):
        if row["motif"]:
            middle = (row["motif_start"] + row["motif_end"]) / 2
            found.setdefault(row["motif"], []).append(middle)
    return found


def _hits(path: Path) -> dict[str, files.Row]:
    if not path.exists():
        return {}
    rows = files.csv_rows(path, texts=("name",), numbers=("hits", "matches", "acting"))
    return {row["name"]: row for row in rows}


def _motifs(path: Path) -> dict[str, Pwm]:
    """Read a motif file, which has no motif where nothing was found."""
    if "\nMOTIF " not in files.text(path):
        return {}
    return {motif.name: motif for motif in meme.read(path)}
