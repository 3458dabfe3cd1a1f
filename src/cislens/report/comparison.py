"""The page of a comparison: scores, tests, agreement of trainings, and their maps side by side."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from cislens import files as whole_files
from cislens.report import _templates, bars, dots, files, numerals
from cislens.report.files import Row

NOT_SCORES = ("training", "condition", "seed")
SHORT = {
    "high-frequency share": "HF share",
    "motif-base auPRC": "motif auPRC",
    "share in motifs": "in motifs",
}
"""Titles that fit above a panel of two columns."""


def render(folder: Path) -> Path:
    """Write ``comparison.html`` into the folder of a comparison.

    Parameters
    ----------
    folder
        A folder of `cislens compare`.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    UserError
        If a file of the folder is missing or broken.
    """
    out = Path(folder) / "comparison.html"
    text = html(Path(folder))
    with whole_files.whole(out) as partial:
        partial.write_text(text, encoding="utf-8")
    return out


def html(folder: Path) -> str:
    """Return the page as text.

    Parameters
    ----------
    folder
        A folder of `cislens compare`.

    Returns
    -------
    str
        A complete HTML document without any reference outside itself.
    """
    head = files.json_object(
        folder / "comparison.json",
        wanted={
            "data": files.TEXT,
            "split": files.TEXT,
            "task": files.TEXT,
            "method": files.TEXT,
            "metric": files.TEXT,
            "sequences": files.NUMBER,
            "conditions": files.LIST,
            "tracks": files.LIST,
        },
    )
    trainings = files.csv_rows(
        folder / "trainings.csv",
        texts=["training", "condition"],
        numbers=["seed", head["metric"]],
        more_numbers=True,
    )
    tests = files.csv_rows(
        folder / "tests.csv",
        texts=["condition", "against", "metric", "across"],
        numbers=["pairs", "first", "second", "difference", "effect", "p"],
    )
    agreement = files.csv_rows(
        folder / "agreement.csv",
        texts=["first", "second", "condition"],
        numbers=["jaccard", "jaccard by chance", "cosine", "cosine by chance"],
    )
    conditions = [str(name) for name in head["conditions"]]
    return (
        _templates.environment()
        .get_template("comparison.html")
        .render(
            head=head,
            style=Markup(_templates.text("style.css")),  # noqa: S704  our own file
            trainings=trainings,
            scores=[name for name in trainings[0] if name not in NOT_SCORES],
            tests=tests,
            differences=files.csv_rows(
                folder / "conditions.csv", texts=["option", *conditions], numbers=[]
            ),
            agreement=agreement,
            panels=_panels(trainings, conditions),
            tracks=_tracks(head["tracks"]),
            number=numerals,
        )
    )


def _panels(trainings: Sequence[Row], conditions: Sequence[str]) -> list[Markup]:
    """Draw each score, seed by seed."""
    drawn = []
    for score in trainings[0]:
        if score in NOT_SCORES:
            continue
        columns = dots.columns_of(
            [{"name": row["condition"], "value": row[score]} for row in trainings], {}, conditions
        )
        panel = dots.svg(columns, title=SHORT.get(score, score), axis=dots.limits(columns))
        drawn.append(Markup(panel))  # noqa: S704  escapes its texts
    return drawn


def _tracks(tracks: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "sequence": track["sequence"],
            "strips": [
                (name, _strip([float(value) for value in values], name, track["sites"]))
                for name, values in track["importance"].items()
            ],
        }
        for track in tracks
    ]


def _strip(values: Sequence[float], name: str, sites: Sequence[int]) -> Markup:
    return Markup(bars.svg(values, name=name, sites=sites))  # noqa: S704  escapes its texts
