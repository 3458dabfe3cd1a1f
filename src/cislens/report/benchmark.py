"""The page of a benchmark: our numbers beside the published ones, and figures of both."""

import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from cislens import files as whole_files
from cislens.report import (
    _templates,
    dots,
    files,
    glyphs,
    numerals,
    pictures,
    scatter,
    sheet,
    vector,
)
from cislens.report.files import Row
from cislens.report.pictures import Drawing

SIGNS = "A dot is one seed, a bar the median of ours, a diamond the published value."
SIGNS_OF_SCATTER = "A dot is the median of ours with the range of its seeds, a diamond published."


def render(run_folder: Path) -> Path:
    """Write ``report.html`` and the figures as SVG, PDF and PNG into the folder of a benchmark.

    Parameters
    ----------
    run_folder
        A folder of `cislens benchmark run`.

    Returns
    -------
    Path
        The page. In ``figures`` each panel is an SVG file, each figure a PDF and a PNG file.

    Raises
    ------
    UserError
        If a file of the folder is missing or broken.
    """
    run_folder = Path(run_folder)
    page = _read(run_folder)
    out = run_folder / "report.html"
    with whole_files.whole(run_folder / "figures") as folder:
        folder.mkdir()
        for number, figure in enumerate([*page["pictures"], *page["drawings"]], start=1):
            _write_figure(figure, folder, number)
    with whole_files.whole(out) as partial:
        partial.write_text(_write(page), encoding="utf-8")
    return out


def html(run_folder: Path) -> str:
    """Return the page as text.

    Parameters
    ----------
    run_folder
        A folder of `cislens benchmark run`.

    Returns
    -------
    str
        A complete HTML document without any reference outside itself.
    """
    return _write(_read(run_folder))


def _write_figure(figure: Drawing, folder: Path, number: int) -> None:
    """Write panels as SVG, and all of them side by side with a title as PDF and PNG."""
    # Plain text: what is added to Markup is escaped.
    panels = {name: str(panel) for name, panel in figure.panels.items()}
    for name, panel in panels.items():
        path = folder / f"{number:02d} {_as_file_name(f'{figure.title} {name}')}.svg"
        path.write_text(sheet.complete(panel), encoding="utf-8")
    beside = sheet.beside(list(panels.values()), words=figure.title)
    whole = sheet.titled(beside, title=figure.title, note=figure.note)
    stem = folder / f"{number:02d} {_as_file_name(figure.title)}"
    vector.write(whole, stem.with_name(f"{stem.name}.pdf"), kind="pdf", title=figure.title)
    vector.write(whole, stem.with_name(f"{stem.name}.png"), kind="png", title=figure.title)


def _write(page: dict[str, Any]) -> str:
    template = _templates.environment().get_template("benchmark.html")
    return template.render(style=Markup(_templates.text("style.css")), number=numerals, **page)  # noqa: S704  our own file


def _read(run_folder: Path) -> dict[str, Any]:
    """Read what the template shows."""
    head = files.json_object(
        run_folder / "benchmark.json",
        wanted={
            "title": files.TEXT,
            "reference": files.TEXT,
            "labels": files.LIST,
            "pieces": files.OBJECT,
            "published": files.LIST,
            "figures": files.LIST,
            "pictures": files.LIST,
            "notes": files.LIST,
            "settings": files.OBJECT,
        },
    )
    labels = [str(label) for label in head["labels"]]
    records = files.csv_rows(
        run_folder / "records.csv", texts=[*labels, "metric"], numbers=["seed", "value"]
    )
    summary = files.csv_rows(
        run_folder / "summary.csv",
        texts=[*labels, "metric", "source"],
        numbers=[
            "seeds",
            "undefined",
            "median",
            "q1",
            "q3",
            "lowest",
            "highest",
            "failures",
            "published",
        ],
    )
    failed = files.csv_rows(run_folder / "failed.csv", texts=["piece", "error"], numbers=[])
    environment = files.json_object(
        run_folder / "environment.json", wanted={"cislens": files.TEXT, "command": files.TEXT}
    )
    run = [row for row in summary if row["seeds"]]
    drawn = {figure["title"]: drawing(figure, records, head) for figure in head["figures"]}
    seen = pictures.read(run_folder, head["pictures"])
    return {
        "head": head,
        "signs": SIGNS,
        "letters": Markup(glyphs.sheet()),  # noqa: S704  our own drawing
        "pictures": seen.drawn,
        "absent": seen.absent,
        "labels": [label for label in labels if any(row[label] for row in run)],
        "environment": environment,
        "drawings": [one for one in drawn.values() if one],
        "unseen": [title for title, one in drawn.items() if not one],
        "compared": [row for row in run if not math.isnan(row["published"])],
        "others": [row for row in run if math.isnan(row["published"])],
        "failed": failed,
        "done": len(records),
    }


def _as_file_name(text: str) -> str:
    return re.sub(r"[^\w .-]+", "", text).strip()[:140]


def drawing(
    figure: Mapping[str, Any], records: Sequence[Row], head: Mapping[str, Any]
) -> Drawing | None:
    """Draw a figure from the records that it is of.

    Parameters
    ----------
    figure
        Title, metric, across, panels, where and caption, as `cislens.benchmarks` plans them.
    records
        All records.
    head
        The benchmark, for its published values.

    Returns
    -------
    Drawing or None
        None where no record is of it yet.
    """
    chosen = [row for row in records if _is_of(row, row["metric"], figure)]
    if not chosen:
        return None
    if "pair" in figure:
        return _scatter(figure, chosen, head)
    published = [
        (row["labels"], row["value"])
        for row in head["published"]
        if _is_of(row["labels"], row["metric"], figure)
    ]
    across, panels = figure["across"], figure["panels"]
    names = list(dict.fromkeys(str(row[panels]) for row in chosen)) if panels else [""]
    order = sorted({str(row[across]) for row in chosen}, key=_natural)
    content = {
        name: dots.columns_of(
            [
                {"name": row[across], "value": row["value"]}
                for row in chosen
                if not panels or row[panels] == name
            ],
            {at[across]: value for at, value in published if not panels or at[panels] == name},
            order,
        )
        for name in names
    }
    axis = dots.limits([column for columns in content.values() for column in columns])
    return Drawing(
        title=figure["title"],
        caption=figure["caption"],
        panels={
            name: Markup(dots.svg(columns, title=name or figure["metric"], axis=axis))  # noqa: S704
            for name, columns in content.items()
        },
        note=SIGNS,
    )


def _scatter(
    figure: Mapping[str, Any], chosen: Sequence[Row], head: Mapping[str, Any]
) -> Drawing | None:
    """Draw names against each other on two axes; None where no name has values on both."""
    across, axes, pair = figure["across"], figure["axes"], figure["pair"]
    paper = {
        (row["labels"][across], row["labels"][axes]): row["value"]
        for row in head["published"]
        if _is_of(row["labels"], row["metric"], figure)
    }
    points = []
    found = {str(row[across]) for row in chosen}
    for name in (*figure["order"], *sorted(found - set(figure["order"]))):
        values = [
            [row["value"] for row in chosen if row[across] == name and row[axes] == model]
            for model in pair
        ]
        both = [paper[name, model] for model in pair if (name, model) in paper]
        if all(values):
            published = (both[0], both[1]) if len(both) == 2 else None
            points.append(scatter.Point(name, values[0], values[1], published))
    if not points:
        return None
    drawn = scatter.svg(points, title=figure["metric"], across=pair[0], along=pair[1])
    panels = {"": Markup(drawn)}  # noqa: S704  our own
    return Drawing(figure["title"], figure["caption"], panels, SIGNS_OF_SCATTER)


def _natural(name: str) -> list[tuple[float, str]]:
    """Sort numbers in names by their size."""
    parts = re.split(r"(-?\d+(?:\.\d+)?)", name)
    return [(float(part), "") if n % 2 else (0.0, part) for n, part in enumerate(parts)]


def _is_of(labels: Mapping[str, Any], metric: str, figure: Mapping[str, Any]) -> bool:
    wanted: Mapping[str, list[str]] = figure["where"]
    return metric == figure["metric"] and all(
        labels[name] in allowed for name, allowed in wanted.items()
    )
