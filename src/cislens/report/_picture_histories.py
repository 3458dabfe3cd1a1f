"""Learning curves of many trainings, the seeds of an activation in one colour."""

from cislens.report import files, lines
from cislens.report._picture import Picture
from cislens.report.lines import Line


def draw(picture: Picture) -> dict[str, str]:
    """Draw a panel for each network and column of ``history.csv``; columns share their axes."""
    columns = picture.settings["columns"]
    found: dict[tuple[str, str], list[Line]] = {}
    for part in picture.parts:
        rows = files.csv_rows(part.folder / "history.csv", texts=[], numbers=["epoch", *columns])
        epochs = [row["epoch"] for row in rows]
        for column in columns:
            line = Line(part.name, epochs, [row[column] for row in rows])
            found.setdefault((part.panel, column), []).append(line)
    names = list(dict.fromkeys(part.name for part in picture.parts))
    panels = {}
    for (network, column), drawn in found.items():
        every = [line for (_, one), more in found.items() if one == column for line in more]
        title = f"{network}: {columns[column]}"
        panels[title] = lines.svg(
            drawn,
            title=title,
            across="epoch",
            along=columns[column],
            frame=lines.axes(every),
            names=names,
        )
    return panels
