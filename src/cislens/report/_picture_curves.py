"""Functions of one number, each a line."""

from cislens.report import files, lines
from cislens.report._picture import Picture
from cislens.report.lines import Line

SCALES = {False: "linear axis", True: "logarithmic axis"}


def draw(picture: Picture) -> dict[str, str]:
    """Draw the columns of ``curves.csv`` over its column x, on each axis of the settings."""
    panels = {}
    for part in picture.parts:
        rows = files.csv_rows(
            part.folder / "curves.csv", texts=[], numbers=["x"], more_numbers=True
        )
        x = [row["x"] for row in rows]
        names = [name for name in rows[0] if name != "x"]
        every = [Line(name, x, [row[name] for row in rows]) for name in names]
        axes = picture.settings["axes"]
        for low, high, log in axes:
            title = SCALES[log] if len(axes) > 1 else ""
            panels[title] = lines.svg(
                every,
                title=title,
                across=picture.settings["across"],
                along=picture.settings["along"],
                frame=lines.axes(every, log=log, along=(low, high)),
            )
    return panels
