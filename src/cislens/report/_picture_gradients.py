"""The gradient of a layer over the epochs of several trainings."""

from cislens.report import files, lines
from cislens.report._picture import Part, Picture
from cislens.report.lines import Line

COLUMNS = {"validation_loss": "validation loss", "validation_aupr": "validation AUPR"}


def draw(picture: Picture) -> dict[str, str]:
    """Draw mean and SD for each name, then SD, loss and AUPR of all of them."""
    held = [(part, _rows(part)) for part in picture.parts]
    if not held:
        return {}
    names = list(dict.fromkeys(part.name for part in picture.parts))
    bands = [_band(part.name, rows) for part, rows in held]
    frame = lines.axes(bands)
    panels = {}
    for name in names:
        title = f"{name}: mean and SD of the gradient"
        panels[title] = lines.svg(
            [line for line in bands if line.name == name],
            title=title,
            across="epoch",
            along="gradient of the first kernels",
            frame=frame,
            names=names,
        )
    for column, words in {"sd": "SD of the gradient", **COLUMNS}.items():
        every = [_line(part.name, rows, column) for part, rows in held]
        panels[words] = lines.svg(
            every,
            title=words,
            across="epoch",
            along=words,
            frame=lines.axes(every, log=column == "sd"),
            names=names,
        )
    return panels


def _rows(part: Part) -> list[files.Row]:
    numbers = ["epoch", "mean", "sd", *COLUMNS]
    return files.csv_rows(part.folder / "gradients.csv", texts=[], numbers=numbers)


def _line(name: str, rows: list[files.Row], column: str) -> Line:
    return Line(name, [row["epoch"] for row in rows], [row[column] for row in rows])


def _band(name: str, rows: list[files.Row]) -> Line:
    return _line(name, rows, "mean")._replace(
        low=[row["mean"] - row["sd"] for row in rows],
        high=[row["mean"] + row["sd"] for row in rows],
    )
