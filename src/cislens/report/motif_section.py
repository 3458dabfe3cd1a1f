"""The section of discovered motifs: logos, names, where they lie, and who else found them."""

from pathlib import Path
from typing import NamedTuple

from markupsafe import Markup

from cislens.report import alignment, files, logo, motif_folder, position_strip
from cislens.report.motif_folder import MotifFolder, TargetMotifs
from cislens.sequence.pwm import Pwm

LOGO_HEIGHT = 34.0
"""Height of a logo in the table, in px."""
BINS = 20
"""Parts of a sequence in the drawing of positions."""
MOST = 40
"""Merged motifs on the page at most; the file has all."""


class MotifRow(NamedTuple):
    """One motif as it stands on the page."""

    model: str
    maps: str
    target: str
    name: str
    sign: str
    logo: Markup
    consensus: str
    information: float
    seqlets: float
    contribution: float
    label: str
    known: str
    family: str
    e: float
    q: float
    positions: Markup
    hits: files.Row | None


class MergedRow(NamedTuple):
    """One motif of several sources as it stands on the page."""

    logo: Markup
    row: files.Row


class Section(NamedTuple):
    """All discovered motifs of the page."""

    rows: list[MotifRow]
    empty: list[str]
    """Maps without a motif, in words."""
    undone: list[str]
    """Maps that were not searched for motifs, though others of their name were, in words."""
    merged: list[MergedRow]
    of_merged: int
    called: bool
    """Whether hits were called."""


def read(run: Path, *, letters: str, length: float | int | None) -> Section | None:
    """Draw the discovered motifs of a run folder.

    Parameters
    ----------
    run
        The run folder.
    letters
        One letter for each row of a motif.
    length
        Length of the sequences, in bp; None where they differ.

    Returns
    -------
    Section | None
        None if nothing was discovered.

    Raises
    ------
    UserError
        If a file is missing or broken.
    """
    found = motif_folder.read(run)
    return None if found is None else _section(found, letters=letters, length=length)


def _section(found: MotifFolder, *, letters: str, length: float | int | None) -> Section:
    rows = [
        _row(mine, row, letters=letters, length=length)
        for mine in found.targets
        for row in mine.table
    ]
    empty = [f"{t.target} ({t.maps} of {t.model})" for t in found.targets if not t.table]
    merged = [
        MergedRow(_logo(found.merged_motifs[row["name"]], letters=letters), row)
        for row in found.merged[:MOST]
        if row["name"] in found.merged_motifs
    ]
    undone = [f"{target} ({maps} of {model})" for model, maps, target in found.undone]
    called = any(t.hits for t in found.targets)
    return Section(rows, empty, undone, merged, len(found.merged), called)


def _row(
    mine: TargetMotifs, row: files.Row, *, letters: str, length: float | int | None
) -> MotifRow:
    name = row["name"]
    places = mine.places.get(name, [])
    span = length or max(places, default=0.0) + 1
    strip = position_strip.svg(
        position_strip.counts(places, length=span, bins=BINS), name=f"{name} of {mine.target}"
    )
    return MotifRow(
        model=mine.model,
        maps=mine.maps,
        target=mine.target,
        name=name,
        sign="for" if row["sign"] > 0 else "against",
        logo=_drawing(mine, row, letters=letters),
        consensus=row["consensus"],
        information=row["information"],
        seqlets=row["seqlets"],
        contribution=row["contribution"],
        label=row["label"],
        known=row["target"],
        family=row["family"],
        e=row["e"],
        q=row["q"],
        positions=Markup(strip),  # noqa: S704  our own drawing, escapes its texts
        hits=mine.hits.get(name),
    )


def _drawing(mine: TargetMotifs, row: files.Row, *, letters: str) -> Markup:
    """Draw a motif above the known one that names it."""
    name, match = row["name"], mine.matches.get(row["name"])
    if not row["target"] or match is None or match["target"] not in mine.matched:
        return _logo(mine.motifs[name], letters=letters)
    drawing = alignment.svg(
        mine.motifs[name],
        mine.matched[match["target"]],
        offset=int(match["offset"]),
        strand=match["strand"],
        height=LOGO_HEIGHT,
        letters=letters,
    )
    return Markup(drawing)  # noqa: S704  our own drawing, escapes its texts


def _logo(motif: Pwm, *, letters: str) -> Markup:
    drawing = logo.svg(motif, height=LOGO_HEIGHT, letters=letters, shared=True)
    return Markup(drawing)  # noqa: S704  our own drawing, escapes its texts
