"""The report of a run: one HTML file that opens offline and holds everything it shows."""

import base64
import hashlib
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from markupsafe import Markup

from cislens import files
from cislens.errors import UserError
from cislens.report import (
    _templates,
    curves,
    filter_table,
    folder,
    glyphs,
    importance,
    map_section,
    motif_section,
    numerals,
    prior_curves,
    profile_section,
    tables,
)
from cislens.report.folder import ModelFolder, RunFolder
from cislens.sequence import alphabet


class Section(NamedTuple):
    """The filters of one model."""

    name: str
    anchor: str
    rows: list[filter_table.FilterRow]
    silent: dict[str, list[str]]
    total: int
    importance: importance.Section | None


def render(run_folder: Path, *, out: Path | None = None, sequences: Collection[str] = ()) -> Path:
    """Write the report of a run folder.

    Parameters
    ----------
    run_folder
        A folder written by `cislens run`.
    out
        The file to write; ``report.html`` in the run folder where it is not given. It appears
        complete or not at all.
    sequences
        Names of the sequences whose maps are shown; those with the highest outputs where none is
        given.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    UserError
        If a file of the run folder is missing or broken, or ``out`` cannot be written.
    """
    run_folder = Path(run_folder)
    out = run_folder / "report.html" if out is None else Path(out)
    text = html(folder.read(run_folder), sequences=sequences)
    if not out.parent.is_dir():
        raise UserError(f"out={str(out)!r}: {out.parent} is no folder; make it first")
    with files.whole(out) as partial:
        partial.write_text(text, encoding="utf-8")
    return out


def html(run: RunFolder, *, sequences: Collection[str] = ()) -> str:
    """Return the report as text.

    Parameters
    ----------
    run
        What ``folder.read`` found.
    sequences
        Names of the sequences whose maps are shown.

    Returns
    -------
    str
        A complete HTML document without any reference outside itself.
    """
    script = _templates.text("table.js")
    letters = alphabet.by_name(run.data["alphabet"]).letters
    return (
        _templates.environment()
        .get_template("report.html")
        .render(
            run=run,
            style=Markup(_templates.text("style.css")),  # noqa: S704  our own file
            script=Markup(script),  # noqa: S704  our own file
            script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
            sheet=Markup(glyphs.sheet()),  # noqa: S704  our own drawing
            curves=_curves(run.models),
            priors=_priors(run.models),
            card=tables.card(run.models),
            metrics=tables.metrics(run.models),
            recovery=tables.recovery(run.models),
            sections=_sections(run),
            profiles=profile_section.read(run.path),
            maps=map_section.read(run.path, letters=letters, sequences=list(sequences)),
            motifs=motif_section.read(run.path, letters=letters, length=run.data["length"]),
            likely_e=filter_table.LIKELY_E,
            number=numerals,
        )
    )


def _curves(models: list[ModelFolder]) -> list[Markup]:
    frame = curves.axes([model.history for model in models])
    return [
        Markup(  # noqa: S704  escapes its texts
            curves.svg(
                model.history, name=model.name, best_epoch=model.card["best_epoch"], frame=frame
            )
        )
        for model in models
    ]


def _priors(models: list[ModelFolder]) -> list[Markup]:
    """Draw the priors of the models that were trained with one."""
    frame = prior_curves.axes([model.history for model in models])
    drawn = [prior_curves.svg(model.history, name=model.name, frame=frame) for model in models]
    return [Markup(panel) for panel in drawn if panel]  # noqa: S704  escapes its texts


def _sections(run: RunFolder) -> list[Section]:
    letters = alphabet.by_name(run.data["alphabet"]).letters
    return [
        Section(
            name=model.name,
            anchor=f"filters-{place}",
            rows=filter_table.rows(model, letters=letters),
            silent=filter_table.silent(model),
            total=len(model.filters),
            importance=importance.section(model, likely_e=filter_table.LIKELY_E),
        )
        for place, model in enumerate(run.models, start=1)
    ]
