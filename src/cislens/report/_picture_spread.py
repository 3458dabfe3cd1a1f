"""Distributions of the first layer before and after its activation."""

from cislens.report import files, histogram
from cislens.report._picture import Picture

AXES = {"before": "before the activation", "after": "after the activation"}


def draw(picture: Picture) -> dict[str, str]:
    """Draw two panels a part, of ``before.csv`` and ``after.csv``."""
    panels = {}
    for part in picture.parts:
        for name, axis in AXES.items():
            rows = files.csv_rows(
                part.folder / f"{name}.csv",
                texts=[],
                numbers=["low", "high", "untrained", "trained"],
            )
            title = f"{part.name}, {axis}"
            panels[title] = histogram.svg(
                {which: [row[which] for row in rows] for which in ("untrained", "trained")},
                title=title,
                axis=f"first layer, {axis}",
                limits=(rows[0]["low"], rows[-1]["high"]),
                log=name == "after",
            )
    return panels
