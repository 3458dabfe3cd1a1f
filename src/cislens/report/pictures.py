"""Figures of a benchmark that are drawn from the files of its pieces."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from markupsafe import Markup

from cislens.errors import UserError
from cislens.jobs.store import Store
from cislens.report import (
    _picture_curves,
    _picture_gradients,
    _picture_histories,
    _picture_logos,
    _picture_maps,
    _picture_spread,
    files,
)
from cislens.report._picture import Part, Picture


class Drawing(NamedTuple):
    """A figure of several panels."""

    title: str
    caption: str
    panels: dict[str, Markup]
    note: str = ""
    """What its signs mean."""


class Pictures(NamedTuple):
    """The figures of a folder."""

    drawn: list[Drawing]
    absent: dict[str, list[str]]
    """Titles of figures, and the labels of the pieces that they lack."""


KINDS: dict[str, Callable[[Picture], dict[str, str]]] = {
    "curves": _picture_curves.draw,
    "logos": _picture_logos.draw,
    "maps": _picture_maps.draw,
    "examples": _picture_maps.draw_examples,
    "traces": _picture_maps.draw_traces,
    "histories": _picture_histories.draw,
    "gradients": _picture_gradients.draw,
    "spread": _picture_spread.draw,
}
"""How pictures are drawn: each gives panels, and none where too little is there."""


def read(run_folder: Path, planned: Sequence[Any]) -> Pictures:
    """Draw what the results of a folder allow.

    Parameters
    ----------
    run_folder
        The folder of a benchmark.
    planned
        Its pictures, as ``benchmark.json`` has them.

    Returns
    -------
    Pictures
        Those that can be drawn, and what the others lack.

    Raises
    ------
    UserError
        If a picture is not one, its kind is not known, or a result was changed.
    """
    store, drawn, absent = Store(run_folder), [], {}
    for number, given in enumerate(planned):
        picture, missing = _picture(given, store, place=f"benchmark.json: pictures[{number}]")
        panels = KINDS[picture.kind](picture)
        if panels:
            safe = {name: Markup(panel) for name, panel in panels.items()}  # noqa: S704  our own
            drawn.append(Drawing(picture.title, picture.caption, safe))
        if missing:
            absent[picture.title] = missing
    return Pictures(drawn, absent)


def _picture(given: object, store: Store, *, place: str) -> tuple[Picture, list[str]]:
    """Find the results of a picture, and name those that are not there."""
    if not isinstance(given, Mapping):
        raise UserError(f"{place}: is {given!r}; an object is wanted")
    texts = dict.fromkeys(("title", "kind", "caption"), files.TEXT)
    files.check_keys(
        given, wanted={**texts, "settings": files.OBJECT, "parts": files.LIST}, place=place
    )
    if given["kind"] not in KINDS:
        raise UserError(f"{place}: kind={given['kind']!r}; known are {', '.join(KINDS)}")
    parts, missing = [], []
    for row in given["parts"]:
        found = store.find(row["result"])
        if found is None:
            missing.append(str(row["label"]))
        else:
            parts.append(Part(row["name"], row["panel"], row["role"], found, row["settings"]))
    return Picture(
        given["title"], given["kind"], given["caption"], given["settings"], parts
    ), missing
