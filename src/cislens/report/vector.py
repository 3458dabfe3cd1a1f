"""SVG drawings as PDF and PNG files.

typst does it: one wheel without further needs, Apache 2.0, that keeps paths as paths and text as
text, and is the same on every system.
"""

import tempfile
from pathlib import Path
from typing import Literal

import typst

from cislens import files
from cislens.report import sheet

DENSITY = 192
"""Of PNG files, in dots per inch: two for each px of the drawing, of which an inch has 96."""
FONTS = "Arial,Helvetica,Liberation Sans,DejaVu Sans"
"""Looked for in this order; without any, the serif letters that come with typst."""
_PAGE = """#set page(width: auto, height: auto, margin: 8pt, fill: white)
#set document(title: sys.inputs.title, date: none)
#image("drawing.svg", alt: sys.inputs.title)
"""


def write(svg: str, path: Path, *, kind: Literal["pdf", "png"], title: str) -> None:
    """Write a drawing as PDF or PNG; the same drawing gives the same file.

    Parameters
    ----------
    svg
        One ``<svg>`` element.
    path
        The file to make or replace.
    kind
        What it becomes.
    title
        What a reader of the PDF calls it.
    """
    drawing = sheet.complete(svg).replace("system-ui,sans-serif", FONTS)
    with tempfile.TemporaryDirectory() as folder, files.whole(path) as partial:
        (Path(folder) / "drawing.svg").write_text(drawing, encoding="utf-8")
        source = Path(folder) / "page.typ"
        source.write_text(_PAGE, encoding="utf-8")
        partial.write_bytes(
            typst.compile(source, format=kind, ppi=DENSITY, sys_inputs={"title": title})
        )
