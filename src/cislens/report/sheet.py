"""Several drawings on one sheet of SVG, and a drawing as a file of its own."""

import html
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cislens.report import glyphs

Px = float | int

GAP = 20.0
"""Room between drawings, in px."""
_OPENING = re.compile(r"<svg\b[^>]*>")
_PLACING = re.compile(r'\s(?:xmlns|x|y|width|height)="[^"]*"')
_FONT = 'font-family="system-ui,sans-serif" fill="currentColor"'


class Placed(NamedTuple):
    """A piece of a sheet: an ``<svg>`` or a text, and where its upper left corner is, in px."""

    markup: str
    x: Px
    y: Px


def size(svg: str) -> tuple[float, float]:
    """Read how large a drawing is.

    Parameters
    ----------
    svg
        One ``<svg>`` element with a viewBox.

    Returns
    -------
    tuple of float
        Width and height, in px.
    """
    opening = _OPENING.match(svg)
    box = opening and re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', opening[0])
    assert box, "drawings have a viewBox"
    return float(box[1]), float(box[2])


def text(words: str, x: Px, y: Px, *, height: Px = 11.0, look: str = "") -> Placed:
    """Write a line of text.

    Parameters
    ----------
    words
        The text; it is escaped here.
    x
        Where it begins, in px.
    y
        Its baseline, in px.
    height
        Of the letters, in px.
    look
        Further attributes, such as ``font-weight="600"``.

    Returns
    -------
    Placed
        To be put on a sheet.
    """
    return Placed(
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{height:g}" {look}>{html.escape(words)}</text>',
        0,
        0,
    )


def make(placed: Iterable[Placed], *, extent: tuple[Px, Px], words: str) -> str:
    """Put drawings and texts on one sheet.

    Parameters
    ----------
    placed
        What stands where.
    extent
        Width and height, in px.
    words
        What a screen reader says.

    Returns
    -------
    str
        One ``<svg>`` element with others inside; letters are those of ``glyphs.sheet()``.
    """
    width, height = extent
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="sheet" role="img" '
        f'aria-label="{html.escape(words)}" width="{width:g}" height="{height:g}" '
        f'viewBox="0 0 {width:g} {height:g}" {_FONT}>'
        + "".join(_moved(one) if one.markup.startswith("<svg") else one.markup for one in placed)
        + "</svg>"
    )


def beside(drawings: Sequence[str], *, words: str, width: Px = 1280) -> str:
    """Put drawings side by side, in as many rows as they need.

    Parameters
    ----------
    drawings
        ``<svg>`` elements.
    words
        What a screen reader says.
    width
        Most room for a row, in px; a drawing that is wider has a row of its own.

    Returns
    -------
    str
        One ``<svg>`` element.
    """
    placed, x, y, row, widest = [], 0.0, 0.0, 0.0, 0.0
    for drawing in drawings:
        wide, high = size(drawing)
        if x and x + wide > width:
            x, y, row = 0.0, y + row + GAP, 0.0
        placed.append(Placed(drawing, x, y))
        widest, row = max(widest, x + wide), max(row, high)
        x += wide + GAP
    return make(placed, extent=(widest, y + row), words=words)


def titled(svg: str, *, title: str, note: str = "") -> str:
    """Put a title above a drawing, for a file that leaves its page.

    Parameters
    ----------
    svg
        One ``<svg>`` element.
    title
        The title.
    note
        A line below it, such as what the signs mean.

    Returns
    -------
    str
        One ``<svg>`` element.
    """
    lines = [text(title, 0, 16, height=15, look='font-weight="600"')]
    if note:
        lines.append(text(note, 0, 36, height=12, look='fill-opacity=".7"'))
    top = 20.0 * len(lines) + GAP / 2
    wide, high = size(svg)
    widest = max(wide, 8.5 * len(title), 6.5 * len(note))
    return make([*lines, Placed(svg, 0, top)], extent=(widest, top + high), words=title)


def complete(svg: str) -> str:
    """Make a drawing a file of its own: with its name space, and with the letters it points to.

    Parameters
    ----------
    svg
        One ``<svg>`` element.

    Returns
    -------
    str
        The contents of an SVG file.
    """
    used = [letter for letter in glyphs.OUTLINES if f'href="#base-{letter}"' in svg]
    letters = "" if 'id="base-' in svg or not used else glyphs.definitions(used)
    opening = _OPENING.match(svg)
    assert opening, "a drawing is an <svg> element"
    head = opening[0]
    if "xmlns=" not in head:
        head = head.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    return head + letters + svg[opening.end() :]


def _moved(one: Placed) -> str:
    """Give a drawing its place and the size that its viewBox says."""
    wide, high = size(one.markup)
    opening = _OPENING.match(one.markup)
    assert opening
    head = _PLACING.sub("", opening[0]).replace(
        "<svg", f'<svg x="{one.x:.1f}" y="{one.y:.1f}" width="{wide:g}" height="{high:g}"', 1
    )
    return head + one.markup[opening.end() :]
