"""All filters of a layer as logos, in rows, with the factor that each matches."""

from cislens.report import files, logo, sheet
from cislens.report._picture import Part, Picture
from cislens.report.sheet import Placed
from cislens.sequence import meme
from cislens.sequence.pwm import Pwm

HEIGHT = 26.0
"""Of a logo of 2 bits, in px."""
ACROSS = 8
CELL, ROW, HEAD = 160.0, 56.0, 34.0
"""Width and height of the place of a logo, and room for the title, in px."""
GREY = 'fill-opacity=".55"'


def draw(picture: Picture) -> dict[str, str]:
    """Draw one panel a part."""
    return {part.name: _panel(part) for part in picture.parts}


def _panel(part: Part) -> str:
    rows = files.csv_rows(
        part.folder / "named.csv",
        texts=["name", "state", "planted", "best"],
        numbers=["motif", "q"],
    )
    motifs = {}
    if any(row["motif"] for row in rows):
        motifs = {motif.name: motif for motif in meme.read(part.folder / "filters.meme")}
    matched = [row for row in rows if row["planted"]]
    factors = sorted({row["planted"] for row in matched}, key=str.casefold)
    told = f"{len(matched)} of {len(rows)} filters match a planted motif"
    if factors:
        told += f", {len(factors)} factors: {', '.join(factors)}"
    placed = [
        sheet.text(part.name, 0, 13, height=12.5, look='font-weight="600"'),
        sheet.text(told, 0, 28, look=GREY),
    ]
    for number, row in enumerate(rows):
        x, y = CELL * (number % ACROSS), HEAD + ROW * (number // ACROSS)
        placed += _cell(row, motifs.get(row["name"]), x, y)
    extent = (CELL * min(ACROSS, len(rows)), HEAD + ROW * -(-len(rows) // ACROSS))
    return sheet.make(placed, extent=extent, words=f"{part.name}: {told}")


def _cell(row: files.Row, motif: Pwm | None, x: float, y: float) -> list[Placed]:
    number = row["name"].rpartition("_")[2]
    if motif is None:
        return [sheet.text(f"{number} {row['state']}", x, y + 12, height=10, look=GREY)]
    drawing = logo.svg(motif, height=HEIGHT, shared=True)
    label = row["planted"] or row["best"] or "no match"
    look = 'font-weight="600"' if row["planted"] else GREY
    wide = 8 + 6.0 * len(number)
    return [
        sheet.text(number, x, y + 12, height=10, look=GREY),
        sheet.text(label, x + wide, y + 12, height=10.5, look=look),
        Placed(drawing, x, y + 18),
    ]
