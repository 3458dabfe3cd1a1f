"""The page of a dataset: what is in it, with figures, in one file that opens offline."""

import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from markupsafe import Markup

import cislens
from cislens import files
from cislens.report import _templates, dataset_text, histogram, numerals

PANELS = 24
"""Tasks whose measurements are drawn."""
NAMES = {"without": "no positive label", "with": "a positive label"}


def render(found: Mapping[str, Any], out: Path) -> Path:
    """Write the page.

    Parameters
    ----------
    found
        What `cislens.pipeline.inspecting` counted.
    out
        The file; it appears when it is complete.

    Returns
    -------
    Path
        The file.
    """
    with files.whole(out) as partial:
        partial.write_text(html(found), encoding="utf-8")
    return out


def html(found: Mapping[str, Any]) -> str:
    """Return the page as text.

    Parameters
    ----------
    found
        What was counted.

    Returns
    -------
    str
        A complete HTML document without any reference outside itself.
    """
    template = _templates.environment().get_template("dataset.html")
    return template.render(
        found=found,
        style=Markup(_templates.text("style.css")),  # noqa: S704  our own file
        unit="nt" if found["alphabet"] == "RNA" else "bp",
        binary=found["target_kind"] == "binary",
        letters=[Markup(panel) for panel in _letters(found)],  # noqa: S704  escapes its texts
        values=[Markup(panel) for panel in _values(found)],  # noqa: S704  escapes its texts
        profiles=[Markup(panel) for panel in _profiles(found)],  # noqa: S704  escapes its texts
        labels=_labels(found),
        means={name: dataset_text.mean(found, name) for name in found["tasks"]},
        version=cislens.__version__,
        number=numerals,
    )


def _letters(found: Mapping[str, Any]) -> list[str]:
    """Draw GC content by split, and by label where there are both kinds of sequences."""
    parts, width = found["gc"]["counts"], found["gc"]["width"]
    splits = {name: _sum(part["without"], part["with"]) for name, part in parts.items()}
    classes = {text: _sum(*(part[name] for part in parts.values())) for name, text in NAMES.items()}
    limits = (0.0, width * len(next(iter(splits.values()))))
    drawn = {"By split": splits}
    if all(sum(counts) for counts in classes.values()):
        drawn["By label"] = classes
    return [
        histogram.svg(series, title=title, axis="G + C of a sequence", limits=limits, percent=True)
        for title, series in drawn.items()
    ]


def _values(found: Mapping[str, Any]) -> list[str]:
    """Draw the measurements of each task by split."""
    return [
        histogram.svg(
            task["counts"],
            title=name,
            axis="total of a window" if found["profile"] else "measurement",
            limits=(task["low"], task["high"] if task["high"] > task["low"] else task["low"] + 1),
            log=task["log"],
        )
        for name, task in itertools.islice(found["values"].items(), PANELS)
    ]


def _profiles(found: Mapping[str, Any]) -> list[str]:
    """Draw what lies along the windows at peaks, on each strand."""
    profile = found["profile"]
    if not profile:
        return []
    names = ("plus", "minus") if profile["strands"] == 2 else ("both strands",)
    half = profile["positions"] / 2
    return [
        histogram.svg(
            dict(zip(names, tracks, strict=True)),
            title=name,
            axis="position from the middle of the window, bp",
            limits=(-half, profile["bar"] * len(tracks[0]) - half),
        )
        for name, tracks in itertools.islice(profile["mean"].items(), PANELS)
    ]


def _labels(found: Mapping[str, Any]) -> list[tuple[str, list[int]]]:
    """Count sequences by the number of their positive labels, without empty rows at the end."""
    rows = list(zip(*found["labels"].values(), strict=True))
    if len(found["tasks"]) < 2:
        return []
    last = max((place for place, row in enumerate(rows) if any(row)), default=-1)
    return [
        (f"more than {place - 1}" if place == len(rows) - 1 else str(place), list(row))
        for place, row in enumerate(rows[: last + 1])
    ]


def _sum(*rows: list[int]) -> list[int]:
    return [sum(column) for column in zip(*rows, strict=True)]
