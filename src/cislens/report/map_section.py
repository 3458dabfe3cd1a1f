"""The section of maps: each sequence with its planted truth and one track a map."""

from pathlib import Path
from typing import NamedTuple

from markupsafe import Markup

from cislens.report import map_folder, tracks, truth_track
from cislens.report.map_folder import Made, MapFolder, Scores, Shown

OPEN = 3
"""Sequences that stand open on the page."""


class Row(NamedTuple):
    """One map as it stands on the page."""

    name: str
    model: str
    drawing: Markup
    output: float
    missed: float | None
    auroc: float
    aupr: float


class Sequence(NamedTuple):
    """One sequence as it stands on the page."""

    target: str
    id: str
    open: bool
    length: int
    start: int
    """First base drawn in letters, counted from 1."""
    end: int
    planted: bool
    """Whether anything was planted in it."""
    truth: Markup
    rows: list[Row]


class Section(NamedTuple):
    """All maps of the page."""

    sequences: list[Sequence]
    scores: list[Scores]
    made: list[Made]
    selections: list[str]
    held: bool
    """Whether a method has a sum rule."""
    located: bool
    """Whether there is planted truth."""
    chosen: bool
    """Whether the user named the sequences."""


def read(run: Path, *, letters: str, sequences: list[str]) -> Section | None:
    """Draw the maps of a run folder.

    Parameters
    ----------
    run
        The run folder.
    letters
        One letter for each row of the maps.
    sequences
        Names of the sequences to show; those with the highest outputs where none is given.

    Returns
    -------
    Section | None
        None if there are no maps.

    Raises
    ------
    UserError
        If a store is damaged, or a named sequence has no map.
    """
    found = map_folder.read(run, sequences=sequences)
    return None if found is None else _section(found, letters=letters, chosen=bool(sequences))


def _section(found: MapFolder, *, letters: str, chosen: bool) -> Section:
    drawn = [
        _sequence(shown, letters=letters, is_open=place < OPEN)
        for place, shown in enumerate(found.shown)
    ]
    rows = [row for sequence in drawn for row in sequence.rows]
    return Section(
        sequences=drawn,
        scores=found.scores,
        made=found.made,
        selections=found.selections,
        held=any(row.missed is not None for row in rows),
        located=any(sequence.planted for sequence in drawn),
        chosen=chosen,
    )


def _sequence(shown: Shown, *, letters: str, is_open: bool) -> Sequence:
    where = tracks.stretch([track.scores for track in shown.tracks])
    rows = [
        Row(
            track.name,
            track.model,
            Markup(  # noqa: S704  our own drawing, escapes its texts
                tracks.svg(
                    track.scores,
                    shown.codes,
                    shown=where,
                    words=f"{track.name} of {track.model} for {shown.target}",
                    letters=letters,
                )
            ),
            track.output,
            track.missed,
            track.auroc,
            track.aupr,
        )
        for track in shown.tracks
    ]
    truth = truth_track.svg(shown.sites, length=len(shown.codes), shown=where, mine=shown.mine)
    return Sequence(
        target=shown.target,
        id=shown.id,
        open=is_open,
        length=len(shown.codes),
        start=where[0] + 1,
        end=where[1],
        planted=bool(shown.sites),
        truth=Markup(truth),  # noqa: S704  our own drawing, escapes its texts
        rows=rows,
    )
